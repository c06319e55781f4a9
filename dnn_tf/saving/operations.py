"""Operations of TensorFlow that a saved graph may hold: those that only compute.

What is not listed is refused: access to files and the network, Python calls, printing, queues,
tables, datasets, decoders, compiled code, and whatever TensorFlow gains. The tests build every
public layer and every layer of Keras that a network file may name, and find its operations here.
"""

_COMPUTING = """
    CheckNumerics Const EnsureShape Identity IdentityN NoOp Placeholder PreventGradient StopGradient

    AssignAddVariableOp AssignSubVariableOp AssignVariableOp DisableCopyOnRead ReadVariableOp
    ResourceGather ResourceGatherNd VarHandleOp VarIsInitializedOp

    Case If PartitionedCall StatefulPartitionedCall StatelessCase StatelessIf StatelessWhile While

    EmptyTensorList TensorListConcatV2 TensorListElementShape TensorListFromTensor TensorListGather
    TensorListGetItem TensorListLength TensorListPopBack TensorListPushBack TensorListReserve
    TensorListResize TensorListScatterV2 TensorListSetItem TensorListSplit TensorListStack

    Abs Acos Acosh Add AddN AddV2 Angle Asin Asinh Atan Atan2 Atanh BesselI0 BesselI0e BesselI1
    BesselI1e Ceil ClipByValue Complex ComplexAbs Conj Cos Cosh Digamma Div DivNoNan Erf Erfc Erfinv
    Exp Expm1 Floor FloorDiv FloorMod Igamma Igammac Imag Inv Invert IsFinite IsInf IsNan LeftShift
    Lgamma Log Log1p Maximum Minimum Mod Mul MulNoNan Ndtri Neg NextAfter Pow Real RealDiv
    Reciprocal RightShift Rint Round Rsqrt Sigmoid Sign Sin Sinh Sqrt Square SquaredDifference Sub
    Tan Tanh TruncateDiv TruncateMod Xdivy Xlog1py Xlogy

    ApproximateEqual BitwiseAnd BitwiseOr BitwiseXor Equal Greater GreaterEqual Less LessEqual
    LogicalAnd LogicalNot LogicalOr NotEqual Select SelectV2

    All Any ArgMax ArgMin Bincount Cumprod Cumsum CumulativeLogsumexp DenseBincount EuclideanNorm
    InTopKV2 L2Loss Max Mean Min Prod SegmentMaxV2 SegmentMinV2 SegmentSumV2 Sum TopKV2 Unique
    UniqueV2 UnsortedSegmentMax UnsortedSegmentMin UnsortedSegmentProd UnsortedSegmentSum

    BatchToSpaceND Bitcast BroadcastArgs BroadcastGradientArgs BroadcastTo Bucketize Cast Concat
    ConcatOffset ConcatV2 DepthToSpace DynamicStitch ExpandDims ExtractImagePatches Fill Gather
    GatherNd GatherV2 InvertPermutation LinSpace LowerBound MatrixBandPart MatrixDiag
    MatrixDiagPartV3 MatrixDiagV3 MatrixSetDiagV3 MirrorPad OneHot OnesLike Pack Pad PadV2
    ParallelDynamicStitch Range Rank Reshape ReverseSequence ReverseV2 Roll ScatterNd Shape ShapeN
    Size Slice SpaceToBatchND SpaceToDepth Split SplitV Squeeze StridedSlice TensorScatterAdd
    TensorScatterMax TensorScatterMin TensorScatterSub TensorScatterUpdate TensorStridedSliceUpdate
    Tile Transpose Unpack UnravelIndex UpperBound Where ZerosLike

    AvgPool AvgPool3D BiasAdd Conv2D Conv2DBackpropInput Conv3D Conv3DBackpropInputV2
    DepthwiseConv2dNative Dilation2D Elu FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3 LRN
    LeakyRelu LogSoftmax MaxPool MaxPool3D MaxPoolV2 Relu Relu6 Selu Softmax Softplus Softsign

    BatchMatMul BatchMatMulV2 BatchMatMulV3 Cholesky Cross Eig Einsum LogMatrixDeterminant Lu MatMul
    MatrixDeterminant MatrixInverse MatrixSolve MatrixSolveLs MatrixTriangularSolve Qr
    SelfAdjointEigV2 Svd

    BatchFFT FFT FFT2D FFT3D IFFT IFFT2D IFFT3D IRFFT IRFFT2D RFFT RFFT2D

    AdjustContrastv2 AdjustHue AdjustSaturation CropAndResize HSVToRGB ImageProjectiveTransformV2
    ImageProjectiveTransformV3 RGBToHSV ResizeArea ResizeBicubic ResizeBilinear
    ResizeNearestNeighbor ScaleAndTranslate

    Multinomial RandomShuffle RandomStandardNormal RandomUniform RandomUniformInt
    StatelessMultinomial StatelessRandomBinomial StatelessRandomGammaV3 StatelessRandomGetAlg
    StatelessRandomGetKeyCounter StatelessRandomNormalV2 StatelessRandomUniformFullIntV2
    StatelessRandomUniformIntV2 StatelessRandomUniformV2 StatelessShuffle StatelessTruncatedNormalV2
    TruncatedNormal
"""

ALLOWED = frozenset(_COMPUTING.split())

SAVER = frozenset(
    {
        "MergeV2Checkpoints",
        "RestoreV2",
        "SaveV2",
        "ShardedFilename",
        "StaticRegexFullMatch",
        "StringJoin",
    }
)
"""What reads and writes the variables of a SavedModel. `saved_model_graph` says where it may be."""

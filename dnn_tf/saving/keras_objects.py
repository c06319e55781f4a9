"""What a network file may name: the parts of Keras that only compute.

A new part of Keras is refused until it stands here. What was judged and left out because it runs
code or reads files stands in `RUNS_CODE`.
"""

RUNS_CODE = {
    "Lambda": "runs Python code out of the file",
    "__lambda__": "is Python code in the file",
    "TFSMLayer": "runs a SavedModel from another folder",
    "TorchModuleWrapper": "unpickles, which runs code out of the file",
    "JaxLayer": "calls functions out of the file",
    "FlaxLayer": "calls functions out of the file",
    "StringLookup": "reads a vocabulary file that the network names",
    "IntegerLookup": "reads a vocabulary file that the network names",
    "TextVectorization": "reads a vocabulary file that the network names",
    "FeatureSpace": "reads files that the network names",
}
"""Class and why: refused wherever it stands."""

LEFT_OUT = {
    "Hashing": "makes texts of numbers, which a saved graph cannot hold",
    "HashedCrossing": "makes texts of numbers, which a saved graph cannot hold",
    "QuantizedDTypePolicy": "belongs to a quantized network: save it before model.quantize(...)",
    "keras.quantizers": "belongs to a quantized network: save it before model.quantize(...)",
}
"""Class or module and why: harmless, and of no use here."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LAYERS = _names("""
    Activation ActivityRegularization AdaptiveAveragePooling1D AdaptiveAveragePooling2D
    AdaptiveAveragePooling3D AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D Add
    AdditiveAttention AlphaDropout Attention AugMix AutoContrast Average AveragePooling1D
    AveragePooling2D AveragePooling3D BatchNormalization Bidirectional CategoryEncoding CenterCrop
    Concatenate Conv1D Conv1DTranspose Conv2D Conv2DTranspose Conv3D Conv3DTranspose ConvLSTM1D
    ConvLSTM2D ConvLSTM3D Cropping1D Cropping2D Cropping3D CutMix Dense DepthwiseConv1D
    DepthwiseConv2D Discretization Dot Dropout ELU EinsumDense Embedding Equalization Flatten GRU
    GRUCell GaussianDropout GaussianNoise GlobalAveragePooling1D GlobalAveragePooling2D
    GlobalAveragePooling3D GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D
    GroupNormalization GroupQueryAttention Identity InputLayer LSTM LSTMCell
    LayerNormalization LeakyReLU Masking MaxNumBoundingBoxes MaxPooling1D MaxPooling2D MaxPooling3D
    Maximum MelSpectrogram Minimum MixUp MultiHeadAttention Multiply Normalization PReLU Permute
    RMSNormalization RNN RandAugment RandomBrightness RandomColorDegeneration RandomColorJitter
    RandomContrast RandomCrop RandomElasticTransform RandomErasing RandomFlip RandomGaussianBlur
    RandomGrayscale RandomHue RandomInvert RandomPerspective RandomPosterization RandomRotation
    RandomSaturation RandomSharpness RandomShear RandomTranslation RandomZoom ReLU RepeatVector
    Rescaling Reshape Resizing ReversibleEmbedding STFTSpectrogram SeparableConv1D SeparableConv2D
    SimpleRNN SimpleRNNCell Softmax Solarization SpatialDropout1D SpatialDropout2D SpatialDropout3D
    SpectralNormalization StackedRNNCells Subtract TimeDistributed UnitNormalization UpSampling1D
    UpSampling2D UpSampling3D ZeroPadding1D ZeroPadding2D ZeroPadding3D
""")

_INITIALIZERS = _names("""
    Constant GlorotNormal GlorotUniform HeNormal HeUniform Identity IdentityInitializer
    LecunNormal LecunUniform Ones Orthogonal OrthogonalInitializer RandomNormal RandomUniform STFT
    STFTInitializer TruncatedNormal VarianceScaling Zeros
""")

_LOSSES = _names("""
    BinaryCrossentropy BinaryFocalCrossentropy CTC CategoricalCrossentropy
    CategoricalFocalCrossentropy CategoricalGeneralizedCrossEntropy CategoricalHinge Circle
    CosineSimilarity Dice Hinge Huber KLDivergence LogCosh MeanAbsoluteError
    MeanAbsolutePercentageError MeanSquaredError MeanSquaredLogarithmicError Poisson
    SparseCategoricalCrossentropy SquaredHinge Tversky
""")

_METRICS = _names("""
    AUC Accuracy BinaryAccuracy BinaryCrossentropy BinaryIoU CategoricalAccuracy
    CategoricalCrossentropy CategoricalHinge ConcordanceCorrelation CosineSimilarity F1Score
    FBetaScore FalseNegatives FalsePositives Hinge IoU KLDivergence LogCoshError Mean
    MeanAbsoluteError MeanAbsolutePercentageError MeanIoU MeanMetricWrapper MeanSquaredError
    MeanSquaredLogarithmicError OneHotIoU OneHotMeanIoU PearsonCorrelation Poisson Precision
    PrecisionAtRecall R2Score Recall RecallAtPrecision RootMeanSquaredError
    SensitivityAtSpecificity SparseCategoricalAccuracy SparseCategoricalCrossentropy
    SparseTopKCategoricalAccuracy SpecificityAtSensitivity SquaredHinge Sum
    TopKCategoricalAccuracy TrueNegatives TruePositives
""")

_OPTIMIZERS = _names("""
    Adadelta Adafactor Adagrad Adam AdamW Adamax Ftrl Lamb Lion LossScaleOptimizer Muon Nadam
    RMSprop SGD ScheduleFreeAdamW
""")

_SCHEDULES = _names("""
    CosineDecay CosineDecayRestarts ExponentialDecay InverseTimeDecay PiecewiseConstantDecay
    PolynomialDecay
""")

_NUMPY = _names("""
    Abs Absolute Add All Amax Amin Any Arccos Arccosh Arcsin Arcsinh Arctan Arctan2 Arctanh Argmax
    Argmin Argsort Average BroadcastTo Cbrt Ceil Clip Concatenate Conj Copy Cos Cosh CountNonzero
    Cross Cumprod Cumsum Diag Diagonal Diff Digitize Divide DivideNoNan Dot Einsum Equal Exp Exp2
    ExpandDims Expm1 Flip Floor FloorDivide FullLike GetItem Greater GreaterEqual Heaviside Hypot
    Imag Inner Isclose Isfinite Isinf Isnan Less LessEqual Log Log10 Log1p Log2 Logaddexp
    LogicalAnd LogicalNot LogicalOr LogicalXor Matmul Max Maximum Mean Median Min Minimum Mod
    Moveaxis Multiply NanToNum Negative NotEqual OnesLike Outer Pad Power Prod Quantile Ravel Real
    Reciprocal Repeat Reshape Roll Rot90 Round Select Sign Sin Sinh Sort Split Sqrt Square Squeeze
    Stack Std Subtract Sum Swapaxes Take TakeAlongAxis Tan Tanh Tensordot Tile Trace Transpose
    Tril Triu TrueDivide Trunc Var Vdot Vstack Where ZerosLike
""")

_NN = _names("""
    AdaptiveAveragePool AdaptiveMaxPool AveragePool BatchNorm BinaryCrossentropy
    CategoricalCrossentropy Celu Conv ConvTranspose DepthToSpace DepthwiseConv DotProductAttention
    Elu Gelu Glu HardShrink HardSigmoid HardSilu HardTanh LayerNorm LeakyRelu LogSigmoid LogSoftmax
    MaxPool Moments MultiHot Normalize OneHot RMSNorm Relu Relu6 Selu SeparableConv Sigmoid Silu
    SoftShrink Softmax Softplus Softsign SpaceToDepth SparseCategoricalCrossentropy SparsePlus
    SparseSigmoid Sparsemax Squareplus TanhShrink Threshold
""")

_POLICIES = _names("DTypePolicy FloatDTypePolicy")

PARTS = {
    "keras": _POLICIES | {"Model", "Sequential"},
    "keras.constraints": _names("MaxNorm MinMaxNorm NonNeg UnitNorm"),
    "keras.dtype_policies": _POLICIES | {"DTypePolicyMap"},
    "keras.initializers": _INITIALIZERS,
    "keras.layers": _LAYERS,
    "keras.models": _names("Model Sequential"),
    "keras.random": _names("SeedGenerator"),
    "keras.regularizers": _names("L1 L1L2 L2 OrthogonalRegularizer"),
    "keras.src.models.functional": _names("Functional"),
    "keras.src.ops.core": _names("Cast SaturateCast Slice StopGradient Unstack"),
    "keras.src.ops.linalg": _names("Det Inv Norm Solve"),
    "keras.src.ops.math": _names("Erf Logsumexp Rsqrt TopK"),
    "keras.src.ops.nn": _NN,
    "keras.src.ops.numpy": _NUMPY,
    "keras.src.random.seed_generator": _names("SeedGenerator"),
}
"""What a network is built of: `{module: class names}`, as Keras writes them."""

COMPILED_WITH = {
    "keras": _POLICIES,
    "keras.dtype_policies": _POLICIES,
    "keras.losses": _LOSSES,
    "keras.metrics": _METRICS,
    "keras.optimizers": _OPTIMIZERS,
    "keras.optimizers.schedules": _SCHEDULES,
}
"""What stands in a `compile_config` alone: none of it makes more than `network_size` bounds."""

CLASSES = {
    module: PARTS.get(module, frozenset()) | COMPILED_WITH.get(module, frozenset())
    for module in PARTS | COMPILED_WITH
}
"""All of them."""

FUNCTIONS = _names("""
    celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_tanh leaky_relu linear
    log_sigmoid log_softmax mish relu relu6 selu sigmoid silu soft_shrink softmax softplus softsign
    sparse_plus sparse_sigmoid sparsemax squareplus tanh tanh_shrink threshold

    binary_accuracy binary_crossentropy binary_focal_crossentropy categorical_accuracy
    categorical_crossentropy categorical_focal_crossentropy categorical_generalized_cross_entropy
    categorical_hinge circle concordance_correlation cosine_similarity ctc dice hinge huber
    kl_divergence log_cosh mean_absolute_error mean_absolute_percentage_error mean_squared_error
    mean_squared_logarithmic_error pearson_correlation poisson sparse_categorical_accuracy
    sparse_categorical_crossentropy sparse_top_k_categorical_accuracy squared_hinge
    top_k_categorical_accuracy tversky
""")
"""Activations, losses and metrics that Keras knows by these names."""

FUNCTION_MODULES = _names("builtins keras.activations keras.losses keras.metrics")

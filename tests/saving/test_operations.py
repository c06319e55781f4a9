"""Every layer that can be saved is built of operations that only compute."""

import keras
import pytest
import tensorflow as tf
from tensorflow.core.protobuf import meta_graph_pb2
from tensorflow.python.framework import op_def_registry

import dnn_tf
from conformance.cases import ACTIVATIONS, LAYERS
from dnn_tf.saving import saved_model_graph
from dnn_tf.saving.operations import ALLOWED, SAVER
from dnn_tf.saving.signatures import ServedNetwork

layers = keras.layers


def check(make, *shape, dtype="float32"):
    """The graph that serves a network of that layer, as `save` would write it."""
    inputs = keras.Input(shape, dtype=dtype)
    outputs = keras.ops.cast(make(inputs), "float32")
    served = ServedNetwork(keras.Model(inputs, outputs), None)
    graph = served.features.get_concrete_function().graph.as_graph_def()
    saved_model_graph._check_operations(
        meta_graph_pb2.MetaGraphDef(graph_def=graph),
        "add it to saving/operations.py if it only computes",
    )


@pytest.mark.parametrize("row", LAYERS)
def test_layers(row):
    check(LAYERS[row].make(), *LAYERS[row].input_shape)


@pytest.mark.parametrize("row", ACTIVATIONS)
def test_activations(row):
    check(dnn_tf.layers.NeuronLayer(3, activation=ACTIVATIONS[row].function), 4)


ROW = [
    layers.Dense(3, "relu"), layers.Dense(3, "gelu"), layers.Dense(3, "mish"), layers.ELU(),
    layers.Dense(3, "log_softmax"), layers.Dense(3, "softplus"), layers.Dense(3, "hard_sigmoid"),
    layers.BatchNormalization(), layers.LayerNormalization(), layers.UnitNormalization(),
    layers.RMSNormalization(), layers.Normalization(mean=0.0, variance=1.0), layers.Softmax(),
    layers.Dropout(0.5), layers.GaussianDropout(0.5), layers.GaussianNoise(0.1), layers.LeakyReLU(),
    layers.PReLU(), layers.ReLU(6.0), layers.RepeatVector(3), layers.Reshape((2, 4)),
    layers.Rescaling(2.0), layers.SpectralNormalization(layers.Dense(3)),
]  # fmt: skip
SEQUENCE = [
    layers.Conv1D(3, 3, padding="causal"), layers.Conv1D(3, 3, dilation_rate=2),
    layers.Conv1DTranspose(3, 3), layers.SeparableConv1D(3, 3), layers.DepthwiseConv1D(3),
    layers.LSTM(5), layers.GRU(5, return_sequences=True), layers.SimpleRNN(5),
    layers.LSTM(5, unroll=True), layers.Bidirectional(layers.LSTM(3)),
    layers.RNN([layers.LSTMCell(3), layers.GRUCell(3)]), layers.TimeDistributed(layers.Dense(3)),
    layers.AveragePooling1D(2), layers.MaxPooling1D(2), layers.GlobalAveragePooling1D(),
    layers.GlobalMaxPooling1D(), layers.ZeroPadding1D(), layers.Cropping1D(), layers.UpSampling1D(),
    layers.Permute((2, 1)), layers.EinsumDense("abc,cd->abd", (None, 5)), layers.Flatten(),
]  # fmt: skip
IMAGE = [
    layers.Conv2D(3, 3), layers.Conv2D(3, 3, dilation_rate=2), layers.Conv2DTranspose(3, 3),
    layers.SeparableConv2D(3, 3), layers.DepthwiseConv2D(3), layers.AveragePooling2D(2),
    layers.MaxPooling2D(2), layers.GlobalAveragePooling2D(), layers.GlobalMaxPooling2D(),
    layers.GroupNormalization(3), layers.BatchNormalization(), layers.ZeroPadding2D(),
    layers.Cropping2D(), layers.UpSampling2D(), layers.UpSampling2D(interpolation="bilinear"),
    layers.Resizing(4, 4), layers.Resizing(4, 4, "nearest"), layers.Resizing(4, 4, "bicubic"),
    layers.CenterCrop(4, 4), layers.RandomFlip(), layers.RandomRotation(0.1),
    layers.RandomZoom(0.1),
    layers.RandomTranslation(0.1, 0.1), layers.RandomContrast(0.1), layers.RandomCrop(4, 4),
]  # fmt: skip


@pytest.mark.parametrize(
    ("shape", "rooms"),
    [((8,), ROW), ((8, 4), SEQUENCE), ((8, 8, 3), IMAGE)],
    ids=["row", "sequence", "image"],
)
def test_layers_of_keras(shape, rooms):
    def all_of_them(x):
        return layers.Concatenate()(
            [layers.Flatten()(keras.ops.cast(f(x), "float32")) for f in rooms]
        )

    check(all_of_them, *shape)


def test_attention_embedding_and_arithmetic():
    check(lambda x: layers.MultiHeadAttention(2, 3)(x, x), 8, 4)
    check(lambda x: layers.Attention()([x, x]), 8, 4)
    check(layers.Conv3D(3, 3), 4, 8, 8, 3)
    check(lambda x: layers.GRU(3)(layers.Masking()(x)), 8, 4)
    check(lambda x: layers.LSTM(3)(layers.Embedding(9, 4, mask_zero=True)(x)), 5, dtype="int32")
    check(lambda x: x[:, 1:3] * 2 - keras.ops.sin(x[..., :2]) / 3, 8)


def test_operations_exist():
    """A name that TensorFlow does not have is a slip of the pen."""
    assert [name for name in sorted(ALLOWED | SAVER) if op_def_registry.get(name) is None] == []


@pytest.mark.parametrize(
    "name",
    [
        "ReadFile", "WriteFile", "MatchingFiles", "SaveV2", "RestoreV2", "Restore", "PyFunc",
        "PyFuncStateless", "EagerPyFunc", "Print", "PrintV2", "DecodePng", "DecodeRaw",
        "TFRecordDataset", "TextLineDataset", "HashTableV2", "InitializeTableFromTextFileV2",
        "XlaCallModule", "XlaHostCompute", "RemoteCall", "QueueEnqueueV2", "WholeFileReaderV2",
        "WriteSummary", "CreateSummaryFileWriter", "DebugIdentityV2", "Send", "Recv", "Rpc",
    ],
)  # fmt: skip
def test_what_reaches_out_is_not_listed(name):
    assert name not in ALLOWED


def test_no_listed_operation_reads_files_by_its_words():
    """By the definitions of TensorFlow: none takes a text, but for constants and placeholders."""
    texts = {
        name
        for name in ALLOWED
        for argument in op_def_registry.get(name).input_arg
        if argument.type == tf.string.as_datatype_enum
    }
    assert texts == set()

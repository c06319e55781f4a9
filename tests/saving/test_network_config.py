"""Which objects a network file may name."""

import json

import keras
import pytest

import dnn_tf.saving  # registers the package's own classes
from dnn_tf.saving.network_config import check_config
from dnn_tf.types import InputError


def layer(name, module="keras.layers", /, **config):
    return {"module": module, "class_name": name, "config": config, "registered_name": None}


def function(name, module="builtins"):
    return {"module": module, "class_name": "function", "config": name, "registered_name": name}


def network(*layers, **more):
    return layer("Sequential", "keras", name="m", layers=list(layers)) | more


def check(config):
    return check_config(json.dumps(config).encode(), "m")


def refused(config, said):
    with pytest.raises(InputError, match=said) as caught:
        check(config)
    assert str(caught.value).isprintable()


DENSE = layer("Dense", units=3)

HARMLESS = [
    {"class_name": "__keras_tensor__", "config": {"shape": [None, 3], "dtype": "float32"}},
    {"class_name": "__tensor__", "config": {"value": [1.0], "dtype": "float32"}},
    {"class_name": "__numpy__", "config": {"value": [1, 2], "dtype": "int64"}},
    {"class_name": "__bytes__", "config": {"value": "abc"}},
    {"class_name": "__ellipsis__", "config": {}},
    {"class_name": "__slice__", "config": {"start": 1, "stop": None, "step": None}},
    function("relu"),
    function("mean_squared_error", "keras.losses"),
    function("dnn_tf>accuracy"),
    layer("L2", "keras.regularizers", l2=0.1),
    layer("GetItem", "keras.src.ops.numpy"),
    layer("NeuronLayer", "dnn_tf.layers") | {"registered_name": "dnn_tf>NeuronLayer"},
    "relu",
    None,
    [[1, {"a": "b"}]],
]


@pytest.mark.parametrize("value", HARMLESS, ids=str)
def test_what_only_computes_is_taken(value):
    assert check(network(DENSE, layer("Dense", units=3, extra=value)))


def test_what_keras_writes_is_taken():
    model = dnn_tf.models.dnn(6, (8,), 3, activation="prelu", dropout=0.5, batch_norm=True)
    model.compile("adam", "mse", metrics=["mae", keras.metrics.AUC()])
    assert check(keras.saving.serialize_keras_object(model))


RUNS_CODE = [
    layer("Lambda", function="x"),
    layer("TFSMLayer", filepath="x"),
    layer("TorchModuleWrapper", module="x"),
    layer("JaxLayer", call_fn="x"),
    layer("StringLookup", vocabulary="x"),
    layer("IntegerLookup", vocabulary="x"),
    layer("TextVectorization", vocabulary="x"),
    {"class_name": "__lambda__", "config": {"value": "x"}},
    {"class_name": "__lambda__", "config": {"value": "x"}, "registered_name": "dnn_tf>NeuronLayer"},
    {"class_name": "__typespec__", "config": ["x"], "registered_name": "dnn_tf>NeuronLayer"},
    {"class_name": "__new__", "config": {}},
    {"class_name": "Lambda", "config": {}},
    function("system", "os"),
    layer("Popen", "subprocess", args="x"),
    layer("Dense", units=3) | {"safe_mode": False},
    {"safe_mode": False},
]


@pytest.mark.parametrize("part", RUNS_CODE, ids=str)
@pytest.mark.parametrize("where", ["layer", "inside", "loss", "metric", "aside"])
def test_what_would_run_code_is_refused_wherever_it_stands(part, where):
    refused(
        {
            "layer": network(part),
            "inside": network(layer("Dense", units=3, activation=part)),
            "loss": network(DENSE, compile_config={"loss": part}),
            "metric": network(DENSE, compile_config={"metrics": [[{"a": [part]}]]}),
            "aside": network(DENSE, build_config={"input_shape": part}),
        }[where],
        "and is refused|which no network has to",
    )


UNKNOWN = [
    layer("Nice", "somebody.elses") | {"registered_name": "somebody>Nice"},
    layer("Nice", None),
    layer("NeuronLayer", "dnn_tf.layers"),  # not by the name under which it is registered
    layer("KerasFileEditor", "keras.src.saving.file_editor"),
    layer("Dense", "keras.src.layers.core.dense"),
    layer("Layer"),
    function("eval"),
    function("nice"),
    function("relu", "keras.ops"),
    function("get_file", "keras.utils"),
    function("enable_unsafe_deserialization", "keras.config"),
    {"class_name": "NeuronLayer", "config": {}, "registered_name": "dnn_tf>NeuronLayer"},
    {"class_name": "Dense", "config": {"units": 3}},
    {"class_name": "function", "config": ["relu"], "module": "builtins"},
    {"class_name": "Dense", "module": ["keras.layers"], "config": {}},
    {"class_name": ["Dense"], "module": "keras.layers", "config": {}},
    {"class_name": "__numpy__", "config": {"value": ["a"], "dtype": "U2000000000"}},
    {"class_name": "__tensor__", "config": {"value": ["a"], "dtype": "string"}},
    {"class_name": "__numpy__", "config": {"value": [1], "dtype": ["int64"]}},
    {"class_name": "__numpy__", "config": "x"},
]


@pytest.mark.parametrize("part", UNKNOWN, ids=str)
def test_what_is_unknown_is_no_part_of_a_network(part):
    refused(network(DENSE, part), "is not registered with Keras in this process; only networks")
    inner = network(DENSE, compile_config={"loss": part})  # Keras would compile it at once
    refused(network(inner), "is not registered with Keras in this process")


MISPLACED = [
    layer("AUC", "keras.metrics"),
    layer("MeanIoU", "keras.metrics", num_classes=3),
    layer("Huber", "keras.losses"),
    layer("Adam", "keras.optimizers"),
    layer("CosineDecay", "keras.optimizers.schedules"),
]


@pytest.mark.parametrize("part", MISPLACED, ids=str)
def test_what_a_network_is_compiled_with_is_no_part_of_it(part):
    refused(network(DENSE, part), "stands where Keras writes none such")
    assert check(network(DENSE, compile_config={"metrics": [part]})) is True
    inner = network(DENSE, compile_config={"metrics": [part]})
    assert check(network(inner, compile_config={"loss": "mse"})) is True


@pytest.mark.parametrize("part", [DENSE, network(DENSE), layer("Erf", "keras.src.ops.math")])
def test_what_a_network_is_built_of_is_no_loss(part):
    assert check(network(DENSE, compile_config={"loss": part})) is False
    inner = network(DENSE, compile_config={"loss": part})
    refused(network(inner), "stands where Keras writes none such")


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (layer("Hashing"), "'Hashing' .* makes texts of numbers"),
        (layer("HashedCrossing"), "makes texts of numbers"),
        (layer("Int8QuantizationConfig", "keras.quantizers"), "quantized network: save it before"),
        (layer("QuantizedDTypePolicy", "keras.dtype_policies"), "a quantized network"),
    ],
    ids=str,
)
def test_why_a_part_of_keras_is_left_out(part, said):
    refused(network(part), said)


def test_the_size_is_looked_at():
    refused(network(layer("AugMix", num_chains=10**9)), "more than 50,000 steps to build")


@pytest.mark.parametrize("part", UNKNOWN, ids=str)
def test_an_unknown_loss_costs_only_the_compiling(part):
    assert check(network(DENSE, compile_config={"loss": part})) is False
    assert check(network(DENSE, compile_config={"loss": "mse"})) is True
    assert check(network(DENSE, compile_config=None)) is True


def test_what_the_process_registers_becomes_known():
    class Mine(keras.layers.Layer):
        pass

    part = layer("Mine", "elsewhere") | {"registered_name": "test_network_config>Mine"}
    refused(network(part), "'Mine' of 'elsewhere' is not registered")
    keras.saving.register_keras_serializable("test_network_config")(Mine)
    assert check(network(part))


def test_a_class_of_the_users_may_have_any_name():
    @keras.saving.register_keras_serializable("test_network_config")
    class Lambda(keras.layers.Layer):
        pass

    assert check(network(layer("Lambda") | {"registered_name": "test_network_config>Lambda"}))


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b"[" * 100_000, b"1" * 10_000])
def test_no_json(text):
    with pytest.raises(InputError, match=r"m: its config\.json is no JSON text"):
        check_config(text, "m")


@pytest.mark.parametrize("text", [b"[]", b"{}", b"null", b'"x"'])
def test_no_network(text):
    with pytest.raises(InputError, match="describes no network"):
        check_config(text, "m")


def test_not_too_deep():
    value = 1
    for _ in range(200):
        value = [value]
    refused(network(layer("Dense", units=value)), "nested deeper than 128 levels")


def test_what_a_file_says_stays_in_one_line():
    refused(network(layer("a\n\x1b[2J" * 999, "b\n" * 999)), "is not registered")

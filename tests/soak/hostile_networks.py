"""Hostile Keras files: zips that reach out or swell, and networks that name what they may not."""

import json
import stat
import struct
import warnings
import zipfile
from pathlib import Path

import keras

from dnn_tf.saving.contents import MODEL
from soak.artefact_kit import change_config, make_artefact, read_parts, reseal, write_parts


def _writer(canary: Path):
    """A lambda that writes into the canary when it is called."""
    write = f"__import__('pathlib').Path({str(canary)!r}).write_text('lambda')"
    return eval(f"lambda x: ({write}, x)[1]")


def _code(canary: Path) -> dict:
    """It, as Keras writes one."""
    return _lambda_layer(canary)["config"]["function"]


def _layer(name: str, module: str = "keras.layers", /, **config) -> dict:
    return {"module": module, "class_name": name, "config": config, "registered_name": None}


def _function(name: str, module: str = "builtins") -> dict:
    return {"module": module, "class_name": "function", "config": name, "registered_name": name}


def _lambda_layer(canary: Path) -> dict:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return keras.saving.serialize_keras_object(keras.layers.Lambda(_writer(canary)))


def _insert(folder: Path, layer: dict) -> None:
    """The network as a Sequential one that begins with this layer."""
    start = _layer("InputLayer", batch_shape=[None, 6], dtype="float32", name="X")
    last = _layer("Dense", name="outputs", units=3)
    layers = {"name": "dnn", "layers": [start, layer, last]}
    change_config(folder, lambda config: _layer("Sequential", "keras", **layers))


def _activation(folder: Path, value) -> None:
    def change(config):
        config["config"]["layers"][1]["config"]["activation"] = value

    change_config(folder, change)


def _members(folder: Path, *more, **changed) -> None:
    parts = read_parts(folder) | {name.replace("_", "."): text for name, text in changed.items()}
    write_parts(folder, [*parts.items(), *more])


# --- the zip


def member_parent(folder: Path, canary: Path) -> None:
    _members(folder, ("../" * 9 + str(canary).lstrip("/"), b"evil"))


def member_absolute(folder: Path, canary: Path) -> None:
    _members(folder, (str(canary), b"evil"))


def member_backslash(folder: Path, canary: Path) -> None:
    _members(folder, ("..\\..\\canary.txt", b"evil"))


def member_zero_byte(folder: Path, canary: Path) -> None:
    """Its name is cut at the zero byte by one reader, and not by another."""
    _members(folder, ("assets/xconfig.json", b"{}"))
    content = (folder / MODEL).read_bytes()
    (folder / MODEL).write_bytes(content.replace(b"assets/xconfig.json", b"config.json\0assets"))
    reseal(folder)


def member_twice(folder: Path, canary: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _members(folder, ("config.json", b"{}"))


def _special(folder: Path, kind: int, content: bytes) -> None:
    member = zipfile.ZipInfo("model.weights.h5")
    member.external_attr = (kind | 0o777) << 16
    parts = read_parts(folder)
    del parts["model.weights.h5"]
    write_parts(folder, [*parts.items(), (member, content)])


def member_link(folder: Path, canary: Path) -> None:
    _special(folder, stat.S_IFLNK, str(canary).encode())


def member_device(folder: Path, canary: Path) -> None:
    _special(folder, stat.S_IFCHR, b"")


def member_asset(folder: Path, canary: Path) -> None:
    _members(folder, ("assets/layers/lookup/vocabulary.txt", b"zero\none\n"))


def member_pickle(folder: Path, canary: Path) -> None:
    """NumPy's format, which can hold pickles, in the place of HDF5."""
    pickled = b"cos\nsystem\n(S'echo pickle >> " + str(canary).encode() + b"'\ntR."
    parts = read_parts(folder)
    del parts["model.weights.h5"]
    write_parts(folder, [*parts.items(), ("model.weights.npz", pickled)])


def no_weights(folder: Path, canary: Path) -> None:
    parts = read_parts(folder)
    del parts["model.weights.h5"]
    write_parts(folder, parts.items())


def only_a_pickle(folder: Path, canary: Path) -> None:
    (folder / MODEL).write_bytes(b"cos\nsystem\n(S'touch " + str(canary).encode() + b"'\ntR.")
    reseal(folder)


def _deflated(folder: Path, name: str, content: bytes) -> None:
    member = zipfile.ZipInfo(name)
    member.compress_type = zipfile.ZIP_DEFLATED
    parts = read_parts(folder)
    del parts[name]
    write_parts(folder, [*parts.items(), (member, content)])


def bomb_of_weights(folder: Path, canary: Path) -> None:
    """100 MiB in 100 kB."""
    _deflated(folder, "model.weights.h5", bytes(100 * 2**20))


def bomb_of_config(folder: Path, canary: Path) -> None:
    _deflated(folder, "config.json", b" " * (100 * 2**20) + b"{}")


def _patched(folder: Path, offset: int, value: bytes) -> None:
    """Bytes of the entry of the weights in the directory of the zip."""
    content = bytearray((folder / MODEL).read_bytes())
    entry = content.rindex(b"model.weights.h5") - 46
    content[entry + offset : entry + offset + len(value)] = value
    (folder / MODEL).write_bytes(content)
    reseal(folder)


def declared_too_large(folder: Path, canary: Path) -> None:
    """3.9 GiB by the directory, 17 kB in the file."""
    _patched(folder, 20, struct.pack("<LL", 0xF8000000, 0xF8000000))


def encrypted(folder: Path, canary: Path) -> None:
    _patched(folder, 8, struct.pack("<H", 1))


# --- the network


def lambda_layer(folder: Path, canary: Path) -> None:
    _insert(folder, _lambda_layer(canary))


def nested_lambda(folder: Path, canary: Path) -> None:
    inner = _layer("Sequential", "keras", name="inner", layers=[_lambda_layer(canary)])
    _insert(folder, _layer("TimeDistributed", name="time", layer=inner))


def lambda_without_module(folder: Path, canary: Path) -> None:
    """Keras reads what names no module by the rules of its old format."""
    _insert(folder, {"class_name": "Lambda", "config": _lambda_layer(canary)["config"]})


def lambda_as_activation(folder: Path, canary: Path) -> None:
    _activation(folder, _code(canary))


def lambda_under_a_good_name(folder: Path, canary: Path) -> None:
    _activation(folder, {**_code(canary), "registered_name": "dnn_tf>NeuronLayer", "module": None})


def lambda_as_loss(folder: Path, canary: Path) -> None:
    def change(config):
        config["compile_config"]["loss"] = _code(canary)

    change_config(folder, change)


def lambda_in_a_metric(folder: Path, canary: Path) -> None:
    def change(config):
        metric = _layer("MeanMetricWrapper", "keras.metrics", fn=_code(canary))
        config["compile_config"]["metrics"] = [[{"deep": [metric]}]]

    change_config(folder, change)


def unsafe_by_the_file(folder: Path, canary: Path) -> None:
    """A file that turns safe mode off for itself."""
    config = _lambda_layer(canary) | {"registered_name": "dnn_tf>NeuronLayer", "safe_mode": False}
    _insert(folder, config)


def unsafe_by_a_function(folder: Path, canary: Path) -> None:
    _activation(folder, _function("enable_unsafe_deserialization", "keras.config"))


def system(folder: Path, canary: Path) -> None:
    _activation(folder, _function("system", "os"))


def evaluate(folder: Path, canary: Path) -> None:
    _activation(folder, _function("eval"))


def popen(folder: Path, canary: Path) -> None:
    _insert(folder, _layer("Popen", "subprocess", args=["touch", str(canary)]))


def popen_as_loss(folder: Path, canary: Path) -> None:
    def change(config):
        config["compile_config"]["loss"] = _layer(
            "Popen", "subprocess", args=["touch", str(canary)]
        )

    change_config(folder, change)


def get_file(folder: Path, canary: Path) -> None:
    _activation(folder, _function("get_file", "keras.utils"))


def keras_inside(folder: Path, canary: Path) -> None:
    """A class of Keras that is no part of a network, and reads a file."""
    _insert(
        folder,
        _layer("KerasFileEditor", "keras.src.saving.file_editor", filepath=str(canary)),
    )


def module_of_the_attacker(folder: Path, canary: Path) -> None:
    """A module that can be imported from here, and touches the canary when it is."""
    (folder.parent / "attackers_module.py").write_text(
        f"open({str(canary)!r}, 'a').write('imported')\nimport keras\nclass L(keras.Layer): ...\n"
    )
    _insert(folder, _layer("L", "attackers_module"))


def unregistered_class(folder: Path, canary: Path) -> None:
    _insert(folder, _layer("Nice", "somebody.elses", registered_name="somebody>Nice"))


def unregistered_function(folder: Path, canary: Path) -> None:
    _activation(folder, _function("somebody>nice"))


def savedmodel_layer(folder: Path, canary: Path) -> None:
    """A real SavedModel whose signature writes into the canary."""
    import tensorflow as tf

    class Writer(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec((None, 6))])
        def serve(self, x):
            tf.io.write_file(str(canary), "savedmodel")
            return x

    place = folder.parent / f"{folder.name} outside"
    tf.saved_model.save(Writer(), str(place), signatures=Writer().serve)
    _insert(folder, _layer("TFSMLayer", filepath=str(place), call_endpoint="serve"))


def torch_layer(folder: Path, canary: Path) -> None:
    _insert(folder, _layer("TorchModuleWrapper", module="cos\nsystem\n(S'id'\ntR."))


def jax_layer(folder: Path, canary: Path) -> None:
    _insert(folder, _layer("JaxLayer", call_fn=_code(canary)))


def _vocabulary(folder: Path, name: str, canary: Path) -> None:
    _insert(folder, _layer(name, vocabulary=str(canary)))


def string_lookup(folder: Path, canary: Path) -> None:
    _vocabulary(folder, "StringLookup", canary)


def integer_lookup(folder: Path, canary: Path) -> None:
    _vocabulary(folder, "IntegerLookup", canary)


def text_vectorization(folder: Path, canary: Path) -> None:
    _vocabulary(folder, "TextVectorization", canary)


def type_spec(folder: Path, canary: Path) -> None:
    spec = {"class_name": "__typespec__", "spec_name": "TensorSpec", "module": "tensorflow",
            "config": [[1], "float32"], "registered_name": None}  # fmt: skip
    _activation(folder, spec)


def array_of_texts(folder: Path, canary: Path) -> None:
    """8 GB for one letter."""
    array = {"class_name": "__numpy__", "config": {"value": ["a"], "dtype": "U2000000000"}}
    _insert(folder, _layer("Normalization", mean=array, variance=array))


def too_many_units(folder: Path, canary: Path) -> None:
    """Four terabytes of weights, by one number of the network."""

    def change(config):
        config["config"]["layers"][-1]["config"]["units"] = 10**12

    change_config(folder, change)


def too_many_units_in_steps(folder: Path, canary: Path) -> None:
    """No number in it is large."""
    _insert(folder, _layer("Sequential", "keras", name="wide", layers=[
        _layer("Dense", name=f"d{i}", units=60_000) for i in range(3)
    ]))  # fmt: skip


# --- what swells


def _metric(folder: Path, name: str, **config) -> None:
    def change(network):
        network["compile_config"]["metrics"] = [_layer(name, "keras.metrics", **config)]

    change_config(folder, change)


def metric_of_many_thresholds(folder: Path, canary: Path) -> None:
    _metric(folder, "AUC", num_thresholds=10**8)


def metric_of_many_classes(folder: Path, canary: Path) -> None:
    """A confusion matrix of 5 GB."""
    _metric(folder, "MeanIoU", num_classes=25_000)


def metric_as_a_layer(folder: Path, canary: Path) -> None:
    _insert(folder, _layer("AUC", "keras.metrics", name="a"))


def _wide() -> dict:
    """3.2 GB that are no weights of the network."""
    built = {"build_config": {"input_shape": [1, 1000]}}
    return _layer("Dense", units=800_000, use_bias=False) | built


def wide_loss_of_an_inner_network(folder: Path, canary: Path) -> None:
    """Keras compiles what stands inside at once, and the loss is made by that."""
    inner = _layer("Sequential", "keras", name="inner", layers=[_layer("ReLU", name="r")])
    _insert(folder, inner | {"compile_config": {"optimizer": "sgd", "loss": _wide()}})


def wide_activation(folder: Path, canary: Path) -> None:
    _insert(folder, _layer("Activation", activation=_wide()))


def wide_initializer(folder: Path, canary: Path) -> None:
    """No variable of the network, and made all the same."""
    constant = _layer("Constant", "keras.initializers", value=_wide())
    _insert(folder, _layer("Dense", units=6, bias_initializer=constant))


def wide_regularizer(folder: Path, canary: Path) -> None:
    _insert(folder, _layer("Dense", units=6, kernel_regularizer=_wide()))


TENSOR = {
    "class_name": "__keras_tensor__",
    "config": {"shape": [None, 6], "dtype": "float32", "keras_history": ["X", 0, 0]},
}
NUMBER = {"class_name": "__tensor__", "config": {"value": 1.0, "dtype": "float32"}}


def _operation(folder: Path, name: str, given=TENSOR, room="numpy", kwargs=(), **config) -> None:
    """An operation after the inputs, whose outputs nobody takes."""

    def change(network):
        node = _layer(name, f"keras.src.ops.{room}", name="evil", **config)
        node |= {"name": "evil", "inbound_nodes": [{"args": [given], "kwargs": dict(kwargs)}]}
        network["config"]["layers"].insert(1, node)

    change_config(folder, change)


def broadcast_at_once(folder: Path, canary: Path) -> None:
    """8 GB: on a number of the file Keras carries an operation out."""
    _operation(folder, "BroadcastTo", NUMBER, shape=[2_000_000_000])


def repeat_at_once(folder: Path, canary: Path) -> None:
    _operation(folder, "Repeat", NUMBER, repeats=2_000_000_000)


def layer_at_once(folder: Path, canary: Path) -> None:
    def change(network):
        node = _layer("UpSampling1D", name="evil", size=10**9)
        node |= {"name": "evil", "inbound_nodes": [{"args": [NUMBER], "kwargs": {}}]}
        network["config"]["layers"].insert(1, node)

    change_config(folder, change)


def metric_for_an_operation(folder: Path, canary: Path) -> None:
    metric = _layer("AUC", "keras.metrics", num_thresholds=10**8)
    _operation(folder, "Square", kwargs={"x": metric})


def split_into_millions(folder: Path, canary: Path) -> None:
    _operation(folder, "Split", indices_or_sections=3_000_000)


def unstack_into_millions(folder: Path, canary: Path) -> None:
    _operation(folder, "Unstack", room="core", num=3_000_000)


def chains_without_end(folder: Path, canary: Path) -> None:
    _insert(folder, _layer("AugMix", num_chains=10**9))


def augmentations_without_end(folder: Path, canary: Path) -> None:
    _insert(folder, _layer("RandAugment", num_ops=10**9))


def iterations_without_end(folder: Path, canary: Path) -> None:
    dense = _layer("Dense", units=6)
    _insert(folder, _layer("SpectralNormalization", layer=dense, power_iterations=10**9))


def calls_of_calls(folder: Path, canary: Path) -> None:
    """Each network calls the next one twice, on inputs of another shape: a million calls."""

    def change(network):
        network["config"]["layers"].insert(1, _doubling(20))

    change_config(folder, change)


def _doubling(levels: int) -> dict:
    """A network that calls one inside twice, and so on; on any batch, and 5 features at first."""
    start = _layer("InputLayer", batch_shape=[None, 5], dtype="float32", name="X")
    start |= {"name": "X", "inbound_nodes": []}
    inner = _doubling(levels - 1) if levels else _layer("ReLU", name="n")
    inner |= {"name": "n", "inbound_nodes": [{"args": [TENSOR], "kwargs": {}}] * 2}
    config = {"layers": [start, inner], "input_layers": ["X", 0, 0], "output_layers": ["n", 1, 0]}
    made = _layer("Functional", "keras.src.models.functional", name="n", **config)
    return made | {"name": "n", "inbound_nodes": [{"args": [TENSOR], "kwargs": {}}]}


def too_deep(folder: Path, canary: Path) -> None:
    text = b'{"class_name": ' + b"[" * 5_000 + b"]" * 5_000 + b', "config": {}}'
    _members(folder, config_json=text)


def too_long(folder: Path, canary: Path) -> None:
    _members(folder, config_json=b" " * (17 * 2**20) + b"{}")


def no_network(folder: Path, canary: Path) -> None:
    _members(folder, config_json=json.dumps(_layer("Dense", units=3)).encode())


def other_weights(folder: Path, canary: Path) -> None:
    """The weights of another network: sound, and of no use."""
    other = make_artefact(folder.parent / f"{folder.name} outside")
    change_config(other, lambda config: None)
    _activation(folder, "relu")

    def change(config):
        config["config"]["layers"][1]["config"]["units"] = 7
        config["config"]["layers"][2]["build_config"]["input_shape"] = [None, 7]

    change_config(folder, change)


KINDS = [
    member_parent, member_absolute, member_backslash, member_zero_byte, member_twice, member_link,
    member_device, member_asset, member_pickle, no_weights, only_a_pickle, bomb_of_weights,
    bomb_of_config, declared_too_large, encrypted,
    lambda_layer, nested_lambda, lambda_without_module, lambda_as_activation,
    lambda_under_a_good_name, lambda_as_loss, lambda_in_a_metric, unsafe_by_the_file,
    unsafe_by_a_function, system, evaluate, popen, popen_as_loss, get_file, keras_inside,
    module_of_the_attacker, unregistered_class, unregistered_function, savedmodel_layer,
    torch_layer, jax_layer, string_lookup, integer_lookup, text_vectorization, type_spec,
    array_of_texts, too_many_units, too_many_units_in_steps, metric_of_many_thresholds,
    metric_of_many_classes, metric_as_a_layer, wide_loss_of_an_inner_network, wide_activation,
    wide_initializer, wide_regularizer, broadcast_at_once, repeat_at_once, layer_at_once,
    metric_for_an_operation,
    split_into_millions, unstack_into_millions, chains_without_end, augmentations_without_end,
    iterations_without_end, calls_of_calls, too_deep, too_long, no_network, other_weights,
]  # fmt: skip

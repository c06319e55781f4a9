"""A `.keras` file, from its bytes to a model."""

import io
import json
import zipfile
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from keras.src.backend.common import global_state
from keras.src.saving import saving_lib

import dnn_tf
from dnn_tf.saving import keras_file
from dnn_tf.saving.keras_file import read_keras
from dnn_tf.types import InputError


@pytest.fixture
def content(small_model, tmp_path):
    small_model.compile(dnn_tf.optimizers.GradientDescent(0.1), dnn_tf.losses.huber)
    small_model.save(tmp_path / "m.keras")
    return (tmp_path / "m.keras").read_bytes()


def changed(content, change, **parts):
    """The file with another network in it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(members["config.json"])
    members["config.json"] = json.dumps(change(config) or config).encode()
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, text in (members | parts).items():
            archive.writestr(name, text)
    return memory.getvalue()


def test_the_model_as_it_was(content, small_model):
    again = read_keras(content, "m")
    for one, other in zip(again.weights, small_model.weights, strict=True):
        np.testing.assert_array_equal(one, other)
    assert again.compiled
    assert again.loss is dnn_tf.losses.huber


def test_without_an_unknown_loss(content, monkeypatch):
    def change(config):
        config["compile_config"]["loss"]["config"] = "mine"

    seen = []

    def load_model(*words, compile=True):
        seen.append(compile)
        return saving_lib.load_model(*words, compile=compile)

    monkeypatch.setattr(keras_file, "saving_lib", SimpleNamespace(load_model=load_model))
    again = read_keras(changed(content, change), "m")
    assert not again.compiled
    assert seen == [False]  # Keras was not even asked


def test_without_a_loss_that_cannot_be_made(content):
    def change(config):
        config["compile_config"]["optimizer"]["config"]["learning_rate"] = "fast"

    assert not read_keras(changed(content, change), "m").compiled


@pytest.mark.parametrize("part", ["archive", "config", "weights"])
def test_every_part_is_vetted(content, monkeypatch, part):
    names = {"archive": "open_archive", "config": "check_config", "weights": "check_weights"}

    def refuse(*_):
        raise InputError("vetted")

    def never(*_, **__):
        raise AssertionError("given to Keras")

    monkeypatch.setattr(keras_file, names[part], refuse)
    monkeypatch.setattr(keras_file.saving_lib, "load_model", never)
    with pytest.raises(InputError, match="vetted"):
        read_keras(content, "m")


def test_nothing_is_made_of_what_is_refused(content, monkeypatch):
    monkeypatch.setattr(keras.saving, "deserialize_keras_object", lambda *_, **__: 1 / 0)

    def change(config):
        config["config"]["layers"][1] |= {"registered_name": None, "module": "os"}

    with pytest.raises(InputError, match="belongs to Python itself, and is refused"):
        read_keras(changed(content, change), "m")


def test_no_memory_is_taken_for_weights_that_are_not_there(content):
    def change(config):
        config["config"]["layers"][-1]["config"]["units"] = 10**12

    with pytest.raises(
        InputError, match=r"its network has 6,000,000,000,101 weights, and the file holds"
    ):
        read_keras(changed(content, change), "m")
    # Keras makes all weights that were put off when the next scope ends: these must be forgotten
    with keras.StatelessScope():
        pass
    assert not global_state.get_global_attribute("uninitialized_variables")


def test_weights_that_others_wait_for_are_not_forgotten(content):
    with keras.StatelessScope():
        variable = keras.Variable(lambda shape, dtype: keras.ops.ones(shape, dtype), shape=(2,))
        keras_file._count_weights(zipfile.ZipFile(io.BytesIO(content)).read("config.json"))
    np.testing.assert_array_equal(variable, [1, 1])


def compiled(*layers):
    model = keras.Sequential([keras.Input((6,)), *layers])
    model.compile("adam", "mse", metrics=["mae"])
    model.fit(np.ones((4, 6)), np.ones((4, *model.output_shape[1:])), verbose=0)
    return model


def test_a_compiled_network_in_a_network(tmp_path):
    outer = compiled(compiled(keras.layers.Dense(4)), keras.layers.Dense(3))
    outer.save(tmp_path / "m.keras")
    again = read_keras((tmp_path / "m.keras").read_bytes(), "m")
    for one, other in zip(again.weights, outer.weights, strict=True):
        np.testing.assert_array_equal(one, other)
    assert again.compiled
    assert again.layers[0].compiled


def part(name, module="keras.layers", /, **config):
    return {"module": module, "class_name": name, "config": config, "registered_name": None}


def test_what_is_no_weight_of_the_network_is_counted_too(content):
    """Keras would make it with the initializer, which is no layer."""
    wide = part("Dense", units=10**9) | {"build_config": {"input_shape": [1, 1000]}}
    hidden = part("Constant", "keras.initializers", value=wide)
    layer = part("Dense", units=3, bias_initializer=hidden)
    start = part("InputLayer", batch_shape=[None, 6])
    network = part("Sequential", "keras", name="m", layers=[start, layer])
    with pytest.raises(InputError, match=r"its network has 1,001,000,000,0\d\d weights"):
        read_keras(changed(content, lambda _: network), "m")


def test_a_loss_that_is_a_layer_is_not_made(content, monkeypatch):
    def change(config):
        config["compile_config"]["loss"] = {
            "module": "keras.layers",
            "class_name": "Dense",
            "config": {"units": 10**9},
            "build_config": {"input_shape": [1, 1000]},
        }

    assert not read_keras(changed(content, change), "m").compiled


def test_counting_makes_nothing(content, small_model):
    config = zipfile.ZipFile(io.BytesIO(content)).read("config.json")
    assert keras_file._count_weights(config) == small_model.count_params()


def test_a_layer_is_no_model(content):
    layer = {"module": "keras.layers", "class_name": "Dense", "config": {"units": 3}}
    with pytest.raises(InputError, match="it holds a Dense and no model"):
        read_keras(changed(content, lambda config: layer), "m")


def test_factors_of_lora_are_no_damage(tmp_path):
    """Keras writes the kernel merged, and makes new factors when it loads it."""
    model = keras.Sequential([keras.Input((2000,)), keras.layers.Dense(200)])
    model.layers[0].enable_lora(60)
    model.save(tmp_path / "m.keras")
    assert read_keras((tmp_path / "m.keras").read_bytes(), "m").layers[0].lora_enabled


@pytest.mark.parametrize(
    ("version", "newer"),
    [
        (f"{keras.__version__}", False),
        ("3.2.0", False),
        ("3.900.0", True),
        ("4.0.0.dev2026", True),
        ("9" * 99, False),
        ("\x1b[2J", False),
        ("new", False),
        (4, False),
        (None, False),
    ],
)
def test_a_later_keras_is_told_of(content, version, newer):
    def change(config):
        config["config"]["layers"][-1]["config"]["units"] = 4

    text = json.dumps({"keras_version": version}).encode()
    said = "saved by Keras .*, and this is .*: update Keras" if newer else "do not belong together"
    with pytest.raises(InputError, match=f"^m cannot be loaded .*{said}") as caught:
        read_keras(changed(content, change, **{"metadata.json": text}), "m")
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("text", [b"", b"[]", b"\xff", b"[" * 50_000])
def test_metadata_that_says_nothing(content, text):
    def change(config):
        config["config"]["layers"][-1]["config"]["units"] = 4

    with pytest.raises(InputError, match="do not belong together"):
        read_keras(changed(content, change, **{"metadata.json": text}), "m")


def test_the_weights_of_another_network(content):
    def change(config):
        config["config"]["layers"][-1]["config"]["units"] = 4

    with pytest.raises(InputError, match=r"^m cannot be loaded .* do not belong together"):
        read_keras(changed(content, change), "m")


@pytest.mark.parametrize("name", ["\ud800", "\x1b[2J", "a\nb"])
def test_what_keras_repeats_from_the_file_is_printable(content, name):
    def change(config):
        config["config"]["layers"][0]["config"]["dtype"] = name

    with pytest.raises(InputError, match="cannot be loaded") as caught:
        read_keras(changed(content, change), "m")
    assert str(caught.value).isprintable()


def test_what_our_own_layers_say_is_one_line_too(content):
    """Keras puts several lines around it."""

    def change(config):
        own = config["config"]["layers"]
        own[1] |= {"class_name": "Convolution", "registered_name": "dnn_tf>Convolution"}
        own[1]["config"] = {"filters": 2, "kernel_size": 3}

    with pytest.raises(InputError, match="^m cannot be loaded") as caught:
        read_keras(changed(content, change), "m")
    assert str(caught.value).isprintable()


def test_what_a_registered_class_raises_is_one_line(content):
    @keras.saving.register_keras_serializable("test_keras_file")
    class Broken(keras.layers.Layer):
        def build(self, shape):
            raise RuntimeError("\x1b[2Jone\ntwo\n" * 999)

    part = {
        "module": None,
        "class_name": "Broken",
        "config": {},
        "registered_name": "test_keras_file>Broken",
        "build_config": {"input_shape": [None, 6]},
    }

    def change(config):
        config["config"]["layers"][1] |= part

    with pytest.raises(InputError, match="cannot be loaded") as caught:
        read_keras(changed(content, change), "m")
    assert str(caught.value).isprintable()

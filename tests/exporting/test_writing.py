"""Export, in the runtimes that the files are for."""

import shutil
import sys

import keras
import numpy as np
import onnxruntime
import pytest
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter

import dnn_tf
from dnn_tf.exporting import litert, onnx, savedmodel, writing
from dnn_tf.exporting.writing import FORMATS, export
from dnn_tf.layers import GRUCell, LSTMCell
from dnn_tf.models import cnn, dnn, perceptron, rnn
from dnn_tf.types import InputError

ENDINGS = {"onnx": ".onnx", "litert": ".tflite", "savedmodel": "-savedmodel"}
MODULES = {"onnx": onnx, "litert": litert, "savedmodel": savedmodel}

MODELS = {
    "relu": lambda: dnn(6, (5, 4), 3),
    "elu, batch norm, dropout": lambda: dnn(
        6, (5, 4), 3, activation="elu", batch_norm=True, dropout=0.5
    ),
    "selu, alpha dropout": lambda: dnn(
        6, (5, 4), 3, activation="selu", dropout=dnn_tf.layers.AlphaDropout(0.1)
    ),
    "leaky relu": lambda: dnn(6, (5,), 3, activation="leaky_relu"),
    "sigmoid": lambda: dnn(6, (5,), 3, activation="sigmoid"),
    "gelu": lambda: dnn(6, (5,), 3, activation="gelu", layer=keras.layers.Dense),
    "maxout": lambda: dnn(6, (5,), 3, activation="maxout"),
    "prelu": lambda: dnn(6, (5,), 3, activation="prelu"),
    "rrelu": lambda: dnn(6, (5,), 3, activation="rrelu"),
    "cnn": lambda: cnn((12, 12, 3), (2, 3), (4,), 3, activation="prelu", dropout=0.2),
    "perceptron": lambda: perceptron(6),
    "rnn": lambda: rnn((4, 3), (5, 4), 3, activation="relu"),
    "lstm": lambda: rnn((4, 3), (5,), 3, cell=LSTMCell),
    "gru": lambda: rnn((4, 3), (5,), 3, cell=GRUCell),
}


def ask(exported, features):
    """Without this package: what its users write."""
    if exported.format == "onnx":
        session = onnxruntime.InferenceSession(str(exported.path))
        return session.run(["logits"], {"features": features})[0]
    if exported.format == "litert":
        runner = Interpreter(str(exported.path)).get_signature_runner()
        return runner(features=features)["logits"]
    loaded = tf.saved_model.load(str(exported.path))
    return loaded.signatures["serving_default"](features=tf.constant(features))["logits"]


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("kind", MODELS)
def test_answers_as_the_model_does(kind, format, tmp_path):
    model = MODELS[kind]()
    rng = np.random.default_rng(1)
    for variable in model.trainable_variables:  # biases and batch norms, too, as if trained
        variable.assign_add(0.1 * rng.standard_normal(variable.shape))
    exported = export(model, tmp_path / f"m{ENDINGS[format]}", format=format)
    assert exported.difference <= 1e-5
    assert exported.samples == 66
    for n in (1, 32, 7):
        features = rng.standard_normal((n, *model.input_shape[1:]), "float32")
        np.testing.assert_allclose(ask(exported, features), model(features), rtol=1e-5, atol=1e-5)
    assert [path.name for path in tmp_path.iterdir()] == [exported.path.name]


@pytest.fixture
def digits(saved, tmp_path):
    """A saved model in a folder of its own."""
    return shutil.copytree(saved, tmp_path / "digits")


@pytest.mark.parametrize("format", FORMATS)
def test_a_saved_model_is_exported_beside_it(digits, sample, format):
    exported = export(digits, format=format)
    assert exported.path == digits.with_name(f"digits{ENDINGS[format]}")
    parts = exported.path.rglob("*") if exported.path.is_dir() else [exported.path]
    assert exported.size == sum(part.stat().st_size for part in parts if part.is_file())
    assert exported.size > 4 * 266_610
    x = sample.test.x[:200]
    np.testing.assert_allclose(ask(exported, x), dnn_tf.load(digits)(x), rtol=1e-5, atol=1e-5)


def test_a_keras_file_too(small_model, tmp_path):
    small_model.save(tmp_path / "m.keras")
    exported = export(tmp_path / "m.keras")
    assert exported.path == tmp_path / "m.onnx"
    x = np.ones((2, 6), "float32")
    np.testing.assert_allclose(ask(exported, x), small_model(x), rtol=1e-5, atol=1e-5)


def test_the_savedmodel_takes_raw_images_and_trains_no_further(digits):
    exported = export(digits, format="savedmodel")
    assert exported.samples == 99
    assert set(tf.saved_model.load(str(exported.path)).signatures) == {"serving_default", "images"}
    assert not list(exported.path.rglob("*.keras"))


@pytest.fixture
def old(tmp_path):
    """Exports of another network, by format, and what is in them."""

    def content(format):
        path = tmp_path / f"m{ENDINGS[format]}"
        files = sorted(file for file in (path, *path.rglob("*")) if file.is_file())
        return [(file, file.read_bytes()) for file in files]

    for format in FORMATS:
        export(dnn(6, (2,), 3), tmp_path / f"m{ENDINGS[format]}", format=format)
    return content


@pytest.mark.parametrize("format", FORMATS)
def test_its_own_kind_is_replaced(old, small_model, tmp_path, format):
    before = old(format)
    exported = export(small_model, tmp_path / f"m{ENDINGS[format]}", format=format)
    assert old(format) != before
    x = np.ones((2, 6), "float32")
    np.testing.assert_allclose(ask(exported, x), small_model(x), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("format", FORMATS)
def test_a_wrong_export_replaces_nothing(old, small_model, tmp_path, monkeypatch, format):
    """One weight of the network that is written is off by 1e-3."""
    wrong = keras.models.clone_model(small_model)
    wrong.set_weights(small_model.get_weights())
    wrong.layers[-1].kernel.assign_add(np.eye(5, 3) * 1e-3)
    write = MODULES[format].write
    monkeypatch.setitem(
        writing._FORMATS,
        format,
        writing._Format(
            ENDINGS[format], (), lambda _, *rest: write(wrong, *rest), MODULES[format].load
        ),
    )
    before = old(format)
    with pytest.raises(InputError, match=r"differs by \d\.\de-0\d from itself, and 1e-05 is"):
        export(small_model, tmp_path / f"m{ENDINGS[format]}", format=format)
    assert old(format) == before
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_an_interrupted_one_replaces_nothing(
    old, small_model, tmp_path, monkeypatch, format, error
):
    def interrupted(*_):
        raise error

    monkeypatch.setattr(writing, "compare", interrupted)
    before = old(format)
    with pytest.raises(type(error)):
        export(small_model, tmp_path / f"m{ENDINGS[format]}", format=format)
    assert old(format) == before
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize(
    ("format", "package"),
    [("onnx", "onnx"), ("onnx", "tf2onnx"), ("onnx", "onnxruntime"), ("litert", "ai_edge_litert")],
)
def test_a_missing_package_is_named(small_model, tmp_path, monkeypatch, format, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(InputError, match=rf"the format {format} needs .*{package.split('_')[-1]}"):
        export(small_model, tmp_path / f"m{ENDINGS[format]}", format=format)
    assert not list(tmp_path.iterdir())
    export(small_model, tmp_path / "m", format="savedmodel")


@pytest.mark.parametrize(
    ("name", "format", "message"),
    [
        ("m.bin", "onnx", r"m\.bin does not end in \.onnx: name it m\.onnx"),
        ("m", "litert", r"m does not end in \.tflite: name it m\.tflite"),
        ("saved", "savedmodel", r"holds a saved model, and its assets\.extra would be lost"),
        ("m", "pmml", "format is one of onnx, litert, savedmodel, and got 'pmml'"),
    ],
)
def test_where_it_cannot_go(small_model, tmp_path, name, format, message):
    folder = dnn_tf.save(small_model, tmp_path / "saved")
    before = sorted(tmp_path.rglob("*"))
    for model in (small_model, folder):
        with pytest.raises(InputError, match=message):
            export(model, tmp_path / name, format=format)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_model_in_memory_has_no_place_beside_it(small_model):
    with pytest.raises(InputError, match="out is missing"):
        export(small_model)


def test_no_model_there(tmp_path):
    with pytest.raises(InputError, match="no such folder"):
        export(tmp_path / "none")
    with pytest.raises(InputError, match="a Keras model was expected, and got int"):
        export(3, tmp_path / "m.onnx")


def test_a_free_shape_is_refused(tmp_path):
    inputs = keras.Input((None, 3))
    model = keras.Model(inputs, keras.layers.GlobalAveragePooling1D()(inputs))
    with pytest.raises(InputError, match=r"samples of any shape \(None, 3\), and"):
        export(model, tmp_path / "m.onnx")


def embedding(dtype, size=3):
    layers = [keras.layers.Embedding(size, 4), keras.layers.Flatten(), keras.layers.Dense(3)]
    return keras.Sequential([keras.Input((5,), dtype=dtype), *layers])


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("dtype", ["int32", "int64", "float32"])
def test_rows_of_an_embedding(tmp_path, dtype, format):
    model = embedding(dtype)
    exported = export(model, tmp_path / f"m{ENDINGS[format]}", format=format)
    rows = np.random.default_rng(1).integers(3, size=(7, 5)).astype(dtype)
    np.testing.assert_allclose(ask(exported, rows), model(rows), rtol=1e-5, atol=1e-5)


def test_other_integers_are_refused(tmp_path):
    inputs = keras.Input((4,), dtype="int32")
    model = keras.Model(inputs, keras.layers.Rescaling(0.5)(inputs), name="whole")
    with pytest.raises(InputError, match="'whole' takes int32, and float32 was expected, or the"):
        export(model, tmp_path / "m.onnx")


@pytest.mark.parametrize("format", FORMATS)
def test_half_precision_is_refused(tmp_path, format):
    inputs = keras.Input((4,))
    outputs = keras.layers.Dense(2, dtype="mixed_float16", name="outputs")(inputs)
    model = keras.Model(inputs, outputs, name="half")
    with pytest.raises(
        InputError, match="'half' computes in float16, float32, and an export in float32"
    ):
        export(model, tmp_path / f"m{ENDINGS[format]}", format=format)


def test_half_precision_within_is_refused(tmp_path):
    within = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, dtype="mixed_float16")])
    inputs = keras.Input((4,))
    with pytest.raises(InputError, match="computes in float16, float32, and an export"):
        export(keras.Model(inputs, keras.layers.Dense(2)(within(inputs))), tmp_path / "m.onnx")


@pytest.mark.parametrize("format", FORMATS)
def test_a_full_disk_is_told_of_the_target(small_model, tmp_path, monkeypatch, format):
    def full(model, path, image_format):
        raise OSError(28, "No space left on device", str(path))

    path = tmp_path / f"m{ENDINGS[format]}"
    chosen = writing._FORMATS[format]
    monkeypatch.setitem(
        writing._FORMATS, format, writing._Format(chosen.ending, (), full, chosen.load)
    )
    with pytest.raises(OSError, match=r"written \(No space left on device\), and is as") as caught:
        export(small_model, path, format=format)
    assert str(caught.value).startswith(f"{path} could not be")
    assert ".tmp" not in str(caught.value)


def test_what_onnx_has_no_operation_for(tmp_path):
    inputs = keras.Input((4,))
    model = keras.Model(inputs, keras.ops.erfinv(inputs))
    with pytest.raises(
        InputError, match=r"as onnx \(No Op registered .*: take litert or savedmodel$"
    ):
        export(model, tmp_path / "m.onnx")
    assert not list(tmp_path.iterdir())

"""From a model to a folder."""

import json
import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

import dnn_tf
from dnn_tf import pretraining
from dnn_tf.data import Dataset, Split
from dnn_tf.saving import artefact, read_card
from dnn_tf.types import InputError

SERVE = """
import json, sys
import numpy as np
import tensorflow as tf

loaded = tf.saved_model.load(sys.argv[1])
x = np.load(sys.argv[2])
answer = loaded.signatures["serving_default"](features=tf.constant(x))
pixels = np.uint8(np.round(x * 255)).reshape(-1, 28, 28, 1)
from_images = loaded.signatures["images"](images=tf.constant(pixels))
print(json.dumps({
    "signatures": sorted(loaded.signatures),
    "outputs": sorted(answer),
    "logits": answer["logits"].numpy().tolist(),
    "from_images": from_images["logits"].numpy().tolist(),
    "dnn_tf": any(name.split(".")[0] == "dnn_tf" for name in sys.modules),
}))
"""


def test_loads_to_the_same_bits(saved, sample, tmp_path):
    one = dnn_tf.load(saved)
    again = dnn_tf.load(dnn_tf.save(one, tmp_path / "copy", data=sample))
    for a, b in zip(one.weights, again.weights, strict=True):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(one(sample.test.x[:50]), again(sample.test.x[:50]))


def test_goes_on_training(saved, sample):
    model = dnn_tf.load(saved)
    assert int(model.optimizer.iterations) == 3 * 90
    history = model.fit(sample.train.x, sample.train.y, epochs=1, verbose=0).history
    assert history["accuracy"][0] > 0.85


def test_a_savedmodel_that_needs_no_dnn_tf(saved, sample, tmp_path):
    x = sample.test.x[:20]
    np.save(tmp_path / "x.npy", x)
    out = subprocess.run(
        [sys.executable, "-c", SERVE, saved, tmp_path / "x.npy"],
        capture_output=True, text=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    served = json.loads(out.stdout)
    assert served["signatures"] == ["images", "serving_default"]
    assert served["outputs"] == ["classes", "logits", "probabilities"]
    assert served["dnn_tf"] is False
    logits = dnn_tf.load(saved)(x)
    np.testing.assert_allclose(served["logits"], logits, atol=1e-5)
    np.testing.assert_allclose(served["from_images"], logits, atol=1e-5)


def test_card(saved, sample):
    card = read_card(saved)
    assert card.class_names == sample.class_names
    assert card.image_format == sample.image_format
    assert card.source == sample.source
    assert card.parameters == 266_610
    assert card.versions["keras"] == keras.__version__
    assert card.created.endswith("+00:00")


def test_without_data(small_model, tmp_path):
    folder = dnn_tf.save(small_model, tmp_path / "m", measured={"accuracy": 0.5})
    card = read_card(folder)
    assert card.class_names == ("0", "1", "2")
    assert card.image_format is None
    assert card.metrics == {"accuracy": 0.5}


def my_own_loss(y, z):
    return dnn_tf.losses.sparse_softmax_cross_entropy(y, z)


def test_everything_of_the_package_loads_in_a_process_of_its_own(tmp_path):
    """Keras finds only what has been imported."""
    model = dnn_tf.models.dnn(
        4,
        (3,),
        2,
        activation="prelu",
        kernel_initializer="he_average_normal",
        batch_norm=True,
        dropout=0.5,
        kernel_regularizer=dnn_tf.regularizers.L2(1e-3),
        kernel_constraint=dnn_tf.constraints.MaxNorm(1.0),
    )
    folder = dnn_tf.save(model, tmp_path / "m")
    program = "import sys, dnn_tf; print(dnn_tf.load(sys.argv[1]).count_params())"
    done = subprocess.run(
        [sys.executable, "-c", program, folder], capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == [str(model.count_params())], done.stderr[-500:]

    model.compile(  # the README's way, with bare Keras
        dnn_tf.optimizers.GradientDescent(),
        dnn_tf.losses.Configured(dnn_tf.losses.huber, delta=2.0),
        metrics=[dnn_tf.metrics.mean_bias_error],
    )
    model.save(tmp_path / "m.keras")
    program = (
        "import sys, keras, dnn_tf.saving; "
        "print(keras.saving.load_model(sys.argv[1]).loss.parameters)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "m.keras"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "{'delta': 2.0}", done.stderr[-500:]


def test_a_loss_that_keras_does_not_know_is_left_behind(fit_blobs, small_model, tmp_path):
    fit_blobs(small_model, loss=my_own_loss, epochs=1)
    again = dnn_tf.load(dnn_tf.save(small_model, tmp_path / "m"))
    np.testing.assert_array_equal(again.get_weights()[0], small_model.get_weights()[0])
    assert not again.compiled


def test_a_model_with_two_inputs_is_refused(tmp_path):
    inputs = [keras.Input((2,)), keras.Input((2,))]
    model = keras.Model(inputs, keras.layers.Add()(inputs))
    with pytest.raises(InputError, match="not one input and one output"):
        dnn_tf.save(model, tmp_path / "m")


def halved(z):
    return z / 2


def test_what_would_not_load_replaces_nothing(small_model, tmp_path):
    folder = dnn_tf.save(small_model, tmp_path / "m")
    before = read_card(folder)
    inputs = keras.Input((4,))
    unregistered = keras.layers.Dense(2, activation=halved)
    model = keras.Model(inputs, unregistered(inputs))
    with pytest.raises(InputError, match="^functional.*the function 'halved' is not registered"):
        dnn_tf.save(model, folder)
    assert read_card(folder) == before
    assert dnn_tf.load(folder).output_shape == (None, 3)
    assert [path.name for path in tmp_path.iterdir()] == ["m"]


def test_classes_that_do_not_fit(small_model, blobs, tmp_path):
    four = Dataset(Split(blobs.train.x, np.arange(90) % 4), class_names=("a", "b", "c", "d"))
    with pytest.raises(InputError, match="3 outputs, and the data 4 classes"):
        dnn_tf.save(small_model, tmp_path / "m", data=four)


def test_one_logit_tells_two_classes_apart(tmp_path):
    y = np.array([0, 1, 1, 0])
    pairs = pretraining.same_or_different(np.eye(4), y, n_pairs=6)
    network = pretraining.pair_network(4, hidden=(3,), judge=2)
    folder = dnn_tf.save(network, tmp_path / "pairs", data=pairs)
    assert read_card(folder).class_names == ("different", "same")
    np.testing.assert_array_equal(dnn_tf.load(folder)(pairs.train.x), network(pairs.train.x))
    loaded = tf.saved_model.load(str(folder))
    answer = loaded.signatures["serving_default"](features=tf.constant(pairs.train.x, "float32"))
    np.testing.assert_array_equal(answer["classes"], network(pairs.train.x).numpy()[:, 0] >= 0)


def test_one_logit_without_data(tmp_path):
    folder = dnn_tf.save(dnn_tf.models.perceptron(4), tmp_path / "m")
    assert read_card(folder).class_names == ("0", "1")


@pytest.mark.parametrize("n_classes", [1, 3])
def test_one_logit_for_another_number_of_classes(blobs, tmp_path, n_classes):
    data = Dataset(
        Split(blobs.train.x, np.arange(90) % n_classes), class_names=tuple("abc"[:n_classes])
    )
    with pytest.raises(InputError, match=f"has 1 outputs, and the data {n_classes} classes: as ma"):
        dnn_tf.save(dnn_tf.models.perceptron(6), tmp_path / "m", data=data)


class Printing(keras.layers.Layer):
    """What it does when it is called is no business of a network."""

    def call(self, x):
        tf.print("called")
        return x


def test_an_operation_that_does_not_only_compute_is_not_written(small_model, tmp_path):
    folder = dnn_tf.save(small_model, tmp_path / "m")
    keras.saving.register_keras_serializable("test_artefact")(Printing)
    model = keras.Sequential([keras.Input((4,)), Printing(name="loud"), keras.layers.Dense(3)])
    with pytest.raises(InputError, match=r"operation 'StringFormat' \(node .*loud"):
        dnn_tf.save(model, folder)
    assert dnn_tf.load(folder).name == small_model.name
    assert [path.name for path in tmp_path.iterdir()] == ["m"]


def test_a_lambda_is_not_written(tmp_path):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Lambda(lambda x: 2 * x)])
    with pytest.raises(InputError, match="Lambda runs Python code out of the file"):
        dnn_tf.save(model, tmp_path / "m")
    assert not list(tmp_path.iterdir())


def test_a_full_disk_is_told_in_one_line(small_model, tmp_path, monkeypatch):
    folder = dnn_tf.save(small_model, tmp_path / "m")

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(artefact, "write_card", full)
    with pytest.raises(OSError, match=r"could not be written \(No space left .*, and is as it was"):
        dnn_tf.save(small_model, folder)
    assert dnn_tf.load(folder)
    monkeypatch.setattr(tf.saved_model, "save", full)
    with pytest.raises(OSError, match=r"could not be written \(No space left"):
        dnn_tf.save(small_model, folder)
    assert [path.name for path in tmp_path.iterdir()] == ["m"]


def lora():
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, name="d")])
    model.layers[0].enable_lora(2)
    return model


def test_lora_is_to_be_merged_first(tmp_path):
    model = lora()
    model.layers[0].lora_kernel_b.assign(np.ones((2, 3)))
    nested = keras.Sequential([keras.Input((4,)), model])
    for one in (model, nested):
        with pytest.raises(InputError, match="the layer 'd' has LoRA enabled, .*: merge it first"):
            dnn_tf.save(one, tmp_path / "m")
    assert not list(tmp_path.iterdir())
    plain = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])  # as the message says
    plain.layers[0].kernel.assign(model.layers[0].kernel)
    again = dnn_tf.load(dnn_tf.save(plain, tmp_path / "m"))
    np.testing.assert_allclose(again(np.ones((1, 4))), model(np.ones((1, 4))), rtol=1e-5)


def test_settings_of_numpy_and_paths(small_model, tmp_path):
    settings = {"lr": np.float32(0.5), "to": tmp_path, "sizes": (np.int64(3), [np.arange(2)])}
    folder = dnn_tf.save(
        small_model, tmp_path / "m", settings=settings, measured={"loss": np.float32(0.25)}
    )
    card = read_card(folder)
    assert card.settings == {"lr": 0.5, "to": str(tmp_path), "sizes": [3, [[0, 1]]]}
    assert card.metrics == {"loss": 0.25}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"settings": {"f": {"g": object()}}}, r"settings\['f'\]\['g'\] of the card is object"),
        ({"settings": {"f": [1, {2}]}}, r"settings\['f'\]\[1\] of the card is set"),
        ({"settings": {3: 4}}, "settings of the card has the key 3"),
        ({"settings": {"a": "\udcff"}}, "settings.* is '.udcff', which is no Unicode text"),
        ({"settings": {"\udcff": 1}}, "which is no Unicode text"),
        ({"measured": {"a": "b" * 99}}, "measured holds something else than numbers"),
        ({"measured": {"a": None}}, "measured holds something else than numbers"),
    ],
)
def test_what_the_card_cannot_hold_is_refused_before(small_model, tmp_path, words, said):
    with pytest.raises(InputError, match=said) as caught:
        dnn_tf.save(small_model, tmp_path / "m", **words)
    assert str(caught.value).isprintable()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("word", ["class_names", "source"])
def test_names_of_latin_1(small_model, blobs, tmp_path, word):
    """As Linux gives the names of folders that are not UTF-8."""
    names = ("caf\udce9", "b", "c")
    data = {"class_names": Dataset(blobs.train, class_names=names),
            "source": Dataset(blobs.train, source="caf\udce9")}[word]  # fmt: skip
    with pytest.raises(
        InputError, match=f"^{word}.* is 'caf.udce9', which is no Unicode"
    ) as caught:
        dnn_tf.save(small_model, tmp_path / "m", data=data)
    assert str(caught.value).isprintable()
    assert not list(tmp_path.iterdir())

"""What every test shares: quiet TensorFlow, a cache of its own, small networks and data."""

import contextlib
import gc
import os
import shutil
import tempfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ["DNN_TF_CACHE"] = tempfile.mkdtemp(prefix="dnn_tf_cache_")  # never the user's own

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import dnn_tf
from dnn_tf.data import Dataset, Split, tfds
from dnn_tf.pretraining import fit_rbm
from dnn_tf.training import find_learning_rate

# Filtered tracebacks have frames without line numbers, which pytest cannot show.
keras.config.disable_traceback_filtering()
tf.debugging.disable_traceback_filtering()


def pytest_collection_finish():
    """What is there by now stays: the collector need not look through all of TensorFlow again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _no_cache_left_behind():
    folder = os.environ["DNN_TF_CACHE"]
    yield
    shutil.rmtree(folder)


@pytest.fixture(autouse=True)
def _same_random_numbers():
    keras.utils.set_random_seed(0)


@contextlib.contextmanager
def _graphs_alone():
    """`jit_compile` is `False` where nothing is said: in `fit`, `fit_rbm`, ... and Keras."""
    with pytest.MonkeyPatch.context() as patch:
        for function in (dnn_tf.fit, find_learning_rate, fit_rbm):
            assert "jit_compile" in function.__kwdefaults__
            patch.setitem(function.__kwdefaults__, "jit_compile", False)
        patch.setattr(keras.Model, "_resolve_auto_jit_compile", lambda model: False)
        yield


@pytest.fixture
def without_xla():
    """For what is not about XLA: it compiles each network anew, for a second or more."""
    with _graphs_alone():
        yield


@pytest.fixture(scope="module")
def module_without_xla():
    """All tests of a module, and its own fixtures that ask for it."""
    with _graphs_alone():
        yield


@pytest.fixture(scope="session")
def sample() -> Dataset:
    """The bundled digits."""
    return dnn_tf.data.load("mnist-sample")


@pytest.fixture(scope="session")
def full_mnist() -> Dataset:
    """All of MNIST, where it is prepared."""
    if not (tfds.data_dir() / "mnist").is_dir():
        pytest.skip("needs the full MNIST set: prepare TFDS mnist and set TFDS_DATA_DIR")
    return dnn_tf.data.load("tfds:mnist")


@pytest.fixture
def blobs() -> Dataset:
    """Three classes that a small network tells apart at once."""
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(3, 6)) * 3

    def split(n: int) -> Split:
        y = np.arange(n) % 3
        return Split((centres[y] + rng.normal(size=(n, 6))).astype("float32"), y)

    return Dataset(split(90), split(30), split(30), class_names=("a", "b", "c"), source="blobs")


@pytest.fixture
def small_model() -> keras.Model:
    """For the blobs."""
    return dnn_tf.models.dnn(n_inputs=6, hidden=(8, 5), n_outputs=3)


@pytest.fixture
def fit_blobs(blobs):
    """Trains a model on the blobs; keywords replace the usual ones."""

    def fit(model, data=blobs, **changes):
        usual = {
            "loss": dnn_tf.losses.sparse_softmax_cross_entropy,
            "optimizer": dnn_tf.optimizers.GradientDescent(0.05),
            "epochs": 3,
            "batch_size": 10,
            "seed": 1,
        }
        return dnn_tf.fit(model, data, **usual | changes)

    return fit


@pytest.fixture(scope="session")
def saved(tmp_path_factory, sample) -> Path:
    """The folder of a network trained for three epochs on the bundled digits."""
    keras.utils.set_random_seed(0)
    model = dnn_tf.models.dnn()
    dnn_tf.fit(
        model,
        sample,
        loss=dnn_tf.losses.sparse_softmax_cross_entropy,
        optimizer=dnn_tf.optimizers.GradientDescent(0.1),
        epochs=3,
        batch_size=50,
    )
    return dnn_tf.save(model, tmp_path_factory.mktemp("saved") / "digits", data=sample)


DIGIT_NAMES = {5: "五", 6: "six", 7: "sieben 7"}


@pytest.fixture(scope="session")
def write_photos(sample):
    """Writes digits that look as if they were photographed, by class; the same every time.

    Dark ink on light paper, in colour, of odd sizes, PNG and JPEG.
    """

    def write(folder: Path, n: int = 12, names: dict[int, str] = DIGIT_NAMES) -> Path:
        rng = np.random.default_rng(0)
        for digit, name in names.items():
            (folder / name).mkdir(parents=True)
            for number, row in enumerate(np.flatnonzero(sample.train.y == digit)[:n]):
                ink = np.uint8(255 - 220 * sample.train.x[row].reshape(28, 28))
                photo = np.stack([ink, ink, np.uint8(ink * 0.9)], axis=-1)
                size = tuple(int(side) for side in rng.integers(31, 173, 2))
                image = Image.fromarray(photo).resize(size, Image.Resampling.BICUBIC)
                image.save(folder / name / f"{number}.{'png' if number % 2 else 'jpg'}")
        return folder

    return write

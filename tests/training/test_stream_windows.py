"""A training from a stream."""

import signal
import time

import keras
import numpy as np
import pytest
import tensorflow as tf

import dnn_tf
from dnn_tf.data import Dataset, Split, Stream, write_tfrecords
from dnn_tf.optimizers import Adam
from dnn_tf.training import EverySteps, MaxSteps, find_learning_rate
from dnn_tf.training.rows import Resident
from dnn_tf.training.stream_windows import SEEDS, Reading
from dnn_tf.types import DivergenceError, InputError

BYTES_A_ROW = 6 * 4 + 8
LOSS = dnn_tf.losses.sparse_softmax_cross_entropy


@pytest.fixture(autouse=True)
def small_windows(monkeypatch):
    """So that an epoch of 90 rows has some of them, the last of which is not full."""
    monkeypatch.setattr("dnn_tf.training.stream_windows.WINDOW_BYTES", 24 * BYTES_A_ROW)


@pytest.fixture
def shards(blobs, tmp_path):
    folder = write_tfrecords(blobs, tmp_path / "shards", shards=3)
    return Stream.from_tfrecords(folder, shuffle_rows=40)


def as_rows(split):
    return tf.data.Dataset.from_tensor_slices((split.x, split.y))


def trained(fit_blobs, data, **words):
    keras.utils.set_random_seed(3)
    model = dnn_tf.models.dnn(6, (8, 5), 3, dropout=0.3)
    words = {"optimizer": Adam(0.01), "jit_compile": False} | words
    history = fit_blobs(model, data, **words).history
    del history["seconds"]
    return [*model.get_weights(), *(v.numpy() for v in model.optimizer.variables)], history


class InOrderOf(Resident):
    """All rows in memory, taken in the order of a stream."""

    stream: Stream

    def draw(self, order):
        epoch = self.stream.read(90, seed=int(order.integers(SEEDS)))
        (x,) = [x.numpy() for x, _ in epoch]
        at = {row.tobytes(): number for number, row in enumerate(self._x.numpy())}
        return np.array([at[row.tobytes()] for row in x])


WAYS = {
    "xla": {"jit_compile": True, "epochs": 2},
    "graph": {},
    "last smaller batch": {"batch_size": 7},
    "one row": {"batch_size": 1, "epochs": 1},
    "larger than the data": {"batch_size": 100},
    "accumulation": {"batch_size": 4, "gradient_accumulation_steps": 4},
    "counted": {"callbacks": [lambda: MaxSteps(14)]},
    "one by one": {"run_eagerly": True, "epochs": 1},
}


@pytest.mark.parametrize("way", WAYS)
def test_the_same_bits_as_in_memory(fit_blobs, blobs, shards, monkeypatch, way):
    results = []
    for train in (shards, blobs.train):
        words = dict(WAYS[way])
        words["callbacks"] = [make() for make in words.get("callbacks", ())]
        results.append(trained(fit_blobs, Dataset(train, blobs.validation), **words))
        monkeypatch.setattr(InOrderOf, "stream", shards, raising=False)
        monkeypatch.setattr("dnn_tf.training.phase.rows_of", lambda split, _: InOrderOf(split))
    assert results[0][1] == results[1][1]
    for one, other in zip(results[0][0], results[1][0], strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_same_bits_by_the_same_seed(fit_blobs, shards):
    one, same, other = (trained(fit_blobs, shards, seed=seed)[1] for seed in (1, 1, 2))
    assert one == same != other


def test_no_more_traces_than_in_memory(fit_blobs, blobs, shards):
    traces = []

    def loss(y, z):
        traces[-1] += 1
        return LOSS(y, z)

    for train in (blobs.train, shards):
        traces.append(0)
        trained(
            fit_blobs,
            (train.x, train.y) if train is blobs.train else train,
            batch_size=7,
            loss=loss,
        )
    assert traces == [2, 2]


class CtrlC(EverySteps):
    """In the middle of the second epoch."""

    def act(self, logs):
        if self.steps == 13:
            signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize("kind", ["shards", "dataset", "generator"])
def test_broken_off_in_an_epoch(fit_blobs, blobs, shards, tmp_path, kind):
    def rows():
        yield from zip(blobs.train.x, blobs.train.y, strict=True)

    def stream():
        if kind == "shards":
            return shards
        if kind == "dataset":
            return Stream.from_dataset(
                as_rows(blobs.train).batch(13), batched=True, shuffle_rows=40
            )
        return Stream.from_generator(rows, shuffle_rows=40)

    words = {"batch_size": 10, "checkpoint": tmp_path / "kept", "callbacks": [CtrlC(13)]}
    whole, told = trained(fit_blobs, stream())
    with pytest.raises(KeyboardInterrupt, match="epoch 1, step 4"):
        trained(fit_blobs, stream(), **words)
    resumed, history = trained(fit_blobs, stream(), **words)
    assert told == history
    for one, other in zip(whole, resumed, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_checkpoint_of_other_rows(fit_blobs, blobs, shards, tmp_path):
    trained(fit_blobs, shards, checkpoint=tmp_path / "kept", epochs=1)
    folder = write_tfrecords(Split(blobs.train.x + 1, blobs.train.y), tmp_path / "other")
    with pytest.raises(InputError, match="another training, which differs in data"):
        trained(fit_blobs, Stream.from_tfrecords(folder), checkpoint=tmp_path / "kept", epochs=1)


def test_windows_have_one_shape_and_every_row_once(blobs, shards):
    told = list(Reading(shards, 5, 3).windows(7, 0, 0))
    assert [is_rest for _, is_rest in told] == [False] * 4 + [True]
    assert {(*w.x.shape, *w.y.shape, *w.batches.shape) for w, _ in told[:-1]} == {(21, 6, 21, 3, 7)}
    assert [(w.first, w.end) for w, _ in told] == [(0, 3), (3, 6), (6, 9), (9, 12), (12, 13)]
    rows = [w.x.numpy()[w.batches[: w.end - w.first].numpy().ravel()] for w, _ in told]
    np.testing.assert_array_equal(
        np.sort(np.concatenate(rows), axis=0), np.sort(blobs.train.x, axis=0)
    )


def changed(split, row, value):
    x, y = split.x.copy(), split.y.copy()
    if value == 3:
        y[row] = value
    else:
        x[row, 2] = value
    return Split(x, y)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (np.nan, r"mine: row 70: x\[2\] is nan, and finite float32 numbers were expected"),
        (np.inf, r"mine: row 70: x\[2\] is inf"),
        (3, "mine: row 70: y is 3, and a whole number from 0 to 2 was expected"),
    ],
)
def test_a_row_that_cannot_be_used_ends_training_before_its_step(
    fit_blobs, blobs, small_model, value, said
):
    rows = as_rows(changed(blobs.train, 70, value))
    stream = Stream.from_dataset(rows, title="mine", shuffle_rows=0)
    with pytest.raises(InputError, match=said):
        fit_blobs(small_model, stream, jit_compile=False)
    assert all(np.isfinite(weight).all() for weight in small_model.get_weights())
    assert small_model.optimizer.iterations == 6  # of 20 and 20 rows before, in steps of 10


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"batch_size": "all"}, "batch_size='all' takes every row at once"),
        ({"data": lambda b: b.map(lambda x, y: (x[:5], y))}, "a sample has the shape"),
        ({"data": lambda b: b.map(lambda x, y: (x, y[None]))}, r"a label has the shape \(1,\)"),
    ],
)
def test_refused(fit_blobs, blobs, small_model, words, said):
    words = dict(words)
    data = Stream.from_dataset(words.pop("data", lambda b: b)(as_rows(blobs.train)))
    with pytest.raises(InputError, match=said):
        fit_blobs(small_model, data, **words)


def test_others_refuse_it(blobs, small_model):
    stream = Stream.from_dataset(as_rows(blobs.train))
    with pytest.raises(InputError, match="is a stream"):
        find_learning_rate(
            small_model, Dataset(stream), loss=LOSS, optimizer=Adam(), batch_size=10,
            jit_compile=False,
        )  # fmt: skip


def test_a_step_that_diverges(fit_blobs, blobs, small_model):
    stream = Stream.from_dataset(as_rows(Split(blobs.train.x * 1e30, blobs.train.y)))
    with pytest.raises(DivergenceError, match="step . of the epoch"):
        fit_blobs(small_model, stream, jit_compile=False)


def test_rows_that_nobody_has_counted_and_a_bar(fit_blobs, blobs, small_model, capsys):
    stream = Stream.from_generator(lambda: zip(blobs.train.x, blobs.train.y, strict=True))
    history = fit_blobs(small_model, stream, progress=True, jit_compile=False).history
    assert len(history["loss"]) == 3
    assert stream.rows == 90
    assert "3/3" in capsys.readouterr().err


def test_reading_is_left_where_training_stops(fit_blobs, blobs, small_model):
    def rows():
        while True:
            yield from zip(blobs.train.x, blobs.train.y, strict=True)

    stream = Stream.from_generator(rows, rows=10**9)
    began = time.perf_counter()
    fit_blobs(small_model, stream, callbacks=[MaxSteps(5)], epochs=1, jit_compile=False)
    assert small_model.optimizer.iterations == 5
    assert time.perf_counter() - began < 60


def test_wide_rows(without_xla):
    """10,000 features: a window holds a few of them."""
    rng = np.random.default_rng(0)
    y = np.arange(60) % 3
    x = (rng.normal(size=(3, 10_000))[y] + rng.normal(size=(60, 10_000))).astype("float32")
    stream = Stream.from_dataset(as_rows(Split(x, y)), shuffle_rows=30)
    model = dnn_tf.models.dnn(10_000, (20,), 3)
    words = {"loss": LOSS, "optimizer": Adam(0.001), "epochs": 3, "batch_size": 10, "seed": 1}
    history = dnn_tf.fit(model, stream, **words).history
    assert history["accuracy"][-1] > 0.9


def test_a_deep_network(fit_blobs, shards):
    """200 layers. Step by step: TensorFlow takes half a minute to make one graph of them."""
    words = {"activation": "selu", "kernel_initializer": "lecun_normal"}
    model = dnn_tf.models.dnn(6, (20,) * 200, 3, **words)
    weights = [weight.copy() for weight in model.get_weights()]
    words = {"optimizer": Adam(0.001), "run_eagerly": True}
    history = fit_blobs(model, shards, epochs=1, batch_size=45, **words).history
    assert np.isfinite(history["loss"]).all()
    moved = [(a != b).any() for a, b in zip(weights, model.get_weights(), strict=True)]
    assert all(moved[::2])  # every kernel, down to the first


def test_one_step_of_all_rows_is_no_rest_also_where_nobody_counted_them(blobs):
    """Else XLA would not take the first epoch, and other random numbers come."""
    ends = []
    for counted in (None, 90):
        stream = Stream.from_generator(
            lambda: zip(blobs.train.x, blobs.train.y, strict=True), rows=counted, shuffle_rows=0
        )
        ends.append([rest for _, rest in Reading(stream, 1, 3).windows(100, 0, 0)])
    assert ends == [[False], [False]]

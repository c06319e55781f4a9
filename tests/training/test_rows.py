"""The rows that the steps of an epoch use."""

import signal

import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf.data import Dataset, Split, memory
from dnn_tf.optimizers import Adam
from dnn_tf.training import EverySteps, MaxSteps, rows
from dnn_tf.training.rows import Resident, Streamed, rows_of
from dnn_tf.workers import Team

BYTES_A_ROW = 6 * 4 + 8
LOSS = dnn_tf.losses.sparse_softmax_cross_entropy


@pytest.fixture
def on_disk(blobs, tmp_path):
    """The blobs, their features in files that are mapped."""

    def mapped(name, split):
        np.save(tmp_path / f"{name}.npy", split.x)
        return Split(np.load(tmp_path / f"{name}.npy", mmap_mode="r"), split.y)

    splits = {name: mapped(name, split) for name, split in blobs.splits().items()}
    return Dataset(**splits, class_names=blobs.class_names)


@pytest.fixture
def little_memory(monkeypatch):
    """A quarter of it has no room for 90 rows, and a quarter of that has for 22."""
    monkeypatch.setattr(rows, "machine_memory", lambda: 4 * 90 * BYTES_A_ROW - 4)


def batches_of(size, n=90):
    return np.random.default_rng(0).permutation(n)[: n // size * size].reshape(-1, size)


@pytest.mark.parametrize("size", [1, 7, 10, 30, 50, 90])
def test_a_window_has_the_rows_of_its_steps(on_disk, size):
    split, batches = on_disk.train, batches_of(size)
    source, shapes = Streamed(split, 35 * BYTES_A_ROW), set()
    for start in range(len(batches)):
        window = source.window(batches, start)
        assert window.first <= start < window.end <= len(batches)
        for step in range(window.first, window.end):
            places = window.batches[step - window.first]
            np.testing.assert_array_equal(window.x.numpy()[places], split.x[batches[step]])
            np.testing.assert_array_equal(window.y.numpy()[places], split.y[batches[step]])
        shapes.add((*window.x.shape, *window.y.shape, *window.batches.shape))
    (shape,) = shapes
    assert shape[0] == max(35 // size, 1) * size


def test_the_disk_is_read_forwards():
    numbers = np.arange(90.0)
    window = Streamed(Split(numbers[:, None], numbers), 500).window(batches_of(10), 4)
    assert window.end - window.first == 3
    assert (np.diff(window.y) > 0).all()


def test_resident_rows_are_one_window():
    numbers = np.arange(90.0)
    window = Resident(Split(numbers[:, None], numbers)).window(batches_of(10), 4)
    assert (window.first, window.end) == (0, 9)
    np.testing.assert_array_equal(window.x[:, 0], numbers)
    np.testing.assert_array_equal(window.batches, batches_of(10))


@pytest.mark.parametrize(
    ("memory", "kind"),
    [(None, Resident), (4 * 90 * BYTES_A_ROW, Resident), (4 * 90 * BYTES_A_ROW - 4, Streamed)],
)
def test_the_size_of_both_arrays_decides(blobs, monkeypatch, memory, kind):
    monkeypatch.setattr(rows, "machine_memory", lambda: memory)
    source = rows_of(blobs.train)
    assert type(source) is kind
    if kind is Streamed:
        assert len(source.window(batches_of(1), 0).x) == 22


def test_what_a_container_allows_decides(blobs, monkeypatch, tmp_path):
    """Files as Linux writes them for one. How much memory a GPU has is told by nobody here."""
    (tmp_path / "groups").write_text("0::/\n")
    monkeypatch.setattr(memory, "_GROUPS", tmp_path / "groups")
    monkeypatch.setattr(memory, "_MOUNTS", tmp_path)
    for limit, kind in {"max": Resident, 4 * 90 * BYTES_A_ROW - 4: Streamed}.items():
        (tmp_path / "memory.max").write_text(f"{limit}\n")
        assert type(rows_of(blobs.train)) is kind


class Count(EverySteps):
    def act(self, logs):
        pass


class CtrlC(EverySteps):
    """In the middle of the second epoch."""

    def act(self, logs):
        if self.steps == 13:
            signal.raise_signal(signal.SIGINT)


def trained(fit_blobs, data, **words):
    keras.utils.set_random_seed(3)
    model = dnn_tf.models.dnn(6, (8, 5), 3, dropout=0.3)
    history = fit_blobs(model, data, optimizer=Adam(0.01), **words).history
    del history["seconds"]
    return model, history


WAYS = {
    "xla": {"jit_compile": True},
    "graph": {},
    "last smaller batch": {"batch_size": 7},
    "one row": {"batch_size": 1, "epochs": 1},
    "all rows": {"batch_size": "all"},
    "accumulation": {"batch_size": 4, "gradient_accumulation_steps": 4},
    "accumulation under xla": {
        "batch_size": 4,
        "gradient_accumulation_steps": 4,
        "jit_compile": True,
    },
    "counted": {"callbacks": [lambda: Count(2), lambda: MaxSteps(14)]},
    "one by one": {"run_eagerly": True, "epochs": 1},
}


@pytest.mark.parametrize("way", WAYS)
def test_the_same_bits_as_resident(fit_blobs, blobs, on_disk, request, way):
    results = []
    for data in (blobs, on_disk):
        words = {"jit_compile": False} | WAYS[way]
        words["callbacks"] = [make() for make in words.get("callbacks", ())]
        results.append(trained(fit_blobs, data, **words))
        request.getfixturevalue("little_memory")
    # XLA compiles each shape of the rows for itself, and may add up in another order.
    tolerance = 1e-6 if words["jit_compile"] else 0
    for name, told in results[0][1].items():
        np.testing.assert_allclose(told, results[1][1][name], rtol=tolerance)
    for one, other in zip(*(model.get_weights() for model, _ in results), strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=tolerance)


def test_broken_off_in_an_epoch(fit_blobs, on_disk, little_memory, tmp_path):
    words = {"jit_compile": False, "checkpoint": tmp_path / "kept", "callbacks": [CtrlC(13)]}
    whole, told = trained(fit_blobs, on_disk, jit_compile=False)
    with pytest.raises(KeyboardInterrupt, match="epoch 1, step 4"):
        trained(fit_blobs, on_disk, **words)
    resumed, history = trained(fit_blobs, on_disk, **words)
    assert told == history
    for one, other in zip(whole.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_no_more_traces_than_resident(fit_blobs, blobs, on_disk, request):
    """One for the full batches, one for the last; the third is of a measurement."""
    traces = []

    def loss(y, z):
        traces[-1] += 1
        return LOSS(y, z)

    for data in (blobs, on_disk):
        traces.append(0)
        words = {"batch_size": 7, "callbacks": [Count(2)], "jit_compile": False, "loss": loss}
        trained(fit_blobs, data, **words)
        request.getfixturevalue("little_memory")
    assert traces == [3, 3]


@pytest.mark.parametrize(
    "dtype", ["float32", "float64", "float16", "int64", ">i2", "uint8", "bool"]
)
def test_the_rows_are_a_copy_of_the_array(dtype):
    array = np.asfortranarray(np.arange(24).reshape(2, 3, 4) % 2).astype(dtype)
    held, before = Resident(Split(array, np.arange(2))), array.copy()
    array[:] = 0
    window = held.window(np.array([[0], [1]]), 0)
    assert window.x.dtype.name == np.dtype(dtype).name
    np.testing.assert_array_equal(window.x.numpy(), before)


def test_on_a_gpu_the_rows_are_there(monkeypatch):
    monkeypatch.setattr(rows.tf.config, "list_physical_devices", lambda kind: [kind])
    monkeypatch.setattr(rows.tf.experimental.dlpack, "from_dlpack", None)
    assert Resident(Split(np.eye(2), np.arange(2))).window(np.array([[0]]), 0).x.shape == (2, 2)


class Unequal(Team):
    """Two workers, the other of which has little memory."""

    def gathered(self, value, what="a value"):
        return [value, 1000]


def test_workers_hold_what_the_smallest_of_them_can(monkeypatch):
    monkeypatch.setattr(rows, "machine_memory", lambda: 10**12)
    split = Split(np.zeros((100, 10), "float32"), np.zeros(100, "int64"))
    assert isinstance(rows_of(split), Resident)
    assert isinstance(rows_of(split, Unequal()), Streamed)

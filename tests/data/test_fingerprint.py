"""One number for the data of a run."""

import subprocess
import sys

import numpy as np
import pytest

from dnn_tf.data import Dataset, Split, fingerprint

X = np.arange(40, dtype="float32").reshape(10, 4)
Y = np.arange(10) % 2


def test_by_hand():
    import hashlib

    expected = hashlib.sha256(b"train.x <f4 (10, 4)\n" + X.tobytes())
    expected.update(b"train.y <i8 (10,)\n" + Y.tobytes())
    assert fingerprint(Dataset(Split(X, Y))) == expected.hexdigest()


def changed(array, value):
    array = array.copy()
    array.flat[-1] = value
    return array


@pytest.mark.parametrize(
    "other",
    [
        Dataset(Split(changed(X, 0), Y)),
        Dataset(Split(X, changed(Y, 0))),
        Dataset(Split(X.astype("float64"), Y)),
        Dataset(Split(X.reshape(10, 2, 2), Y)),
        Dataset(Split(X, Y), Split(X, Y)),
        Dataset(Split(X[::-1], Y)),
    ],
)
def test_any_change_is_another_one(other):
    assert fingerprint(other) != fingerprint(Dataset(Split(X, Y)))


def test_which_split_it_is_counts():
    split = Split(X, Y)
    assert fingerprint(Dataset(split, validation=split)) != fingerprint(Dataset(split, test=split))


def test_the_layout_in_memory_does_not_count():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(9000, 3))  # more than are copied at once
    y = np.arange(9000)
    for other in (np.asfortranarray(x), np.repeat(x, 2, axis=0)[::2]):
        assert fingerprint(Dataset(Split(other, y))) == fingerprint(Dataset(Split(x, y)))


def test_the_same_in_another_process():
    code = (
        "import numpy as np; from dnn_tf.data import *; "
        "print(fingerprint(Dataset(Split(np.eye(3, dtype='float32'), np.arange(3)))))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    data = Dataset(Split(np.eye(3, dtype="float32"), np.arange(3)))
    assert out.stdout.strip() == fingerprint(data)

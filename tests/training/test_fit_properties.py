"""Whatever is given to fit: sound data trains, any other moves no weight."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

import dnn_tf
from dnn_tf.data import Dataset, Split
from dnn_tf.types import InputError

CLASSES, FEATURES = 3, 4

quick = settings(deadline=None, max_examples=25, derandomize=True, database=None)

NUMBERS = npst.integer_dtypes() | npst.unsigned_integer_dtypes() | npst.floating_dtypes()
LABELS = npst.integer_dtypes() | npst.unsigned_integer_dtypes()


@st.composite
def sound_arrays(draw, dtypes=NUMBERS):
    """`(rows, FEATURES)` of small numbers, and as many labels."""
    rows = draw(st.integers(1, 8))
    small = st.integers(0, 10).map(float)
    x = draw(npst.arrays(draw(dtypes), (rows, FEATURES), elements=small))
    labels = st.integers(0, CLASSES - 1)
    return x, draw(npst.arrays(draw(LABELS), (rows,), elements=labels))


def make_model():
    inputs = keras.Input((FEATURES,))
    return keras.Model(inputs, keras.layers.Dense(CLASSES, kernel_initializer="ones")(inputs))


def fit(model, data, batch_size=3):
    return dnn_tf.fit(
        model,
        data,
        loss=dnn_tf.losses.sparse_softmax_cross_entropy,
        optimizer=dnn_tf.optimizers.GradientDescent(0.01),
        epochs=1,
        batch_size=batch_size,
        run_eagerly=True,
    )


@quick
@given(sound_arrays(), sound_arrays(), st.integers(1, 9) | st.just("all"))
def test_sound_data_trains(train, validation, batch_size):
    model = make_model()
    history = fit(model, Dataset(Split(*train), Split(*validation)), batch_size).history
    assert np.isfinite([history["loss"], history["val_loss"], history["accuracy"]]).all()
    assert all(np.isfinite(weight).all() for weight in model.get_weights())


FLAWS = {
    "nan": (lambda x, y, row: (put(x, (row, 1), np.nan), y), r"x\[{row}, 1\] is nan"),
    "inf": (lambda x, y, row: (put(x, (row, 2), -np.inf), y), r"x\[{row}, 2\] is -inf"),
    "too large": (lambda x, y, row: (put(x, (row, 0), 1e300), y), r"x\[{row}, 0\] is 1e\+300"),
    "object": (lambda x, y, row: (put(x, (row, 3), None, object), y), r"x\[{row}, 3\] is None"),
    "text": (lambda x, y, row: (put(x, (row, 3), "a", object), y), r"x\[{row}, 3\] is 'a'"),
    "masked": (lambda x, y, row: (masked(x, (row, 1)), y), r"x\[{row}, 1\] is masked"),
    "ragged": (lambda x, y, row: ([*x.tolist(), [1.0]], y), r"x\[{rows}\] has the shape \(1,\)"),
    "below": (lambda x, y, row: (x, put(y, row, -1, int)), r"y\[{row}\] is -1"),
    "above": (lambda x, y, row: (x, put(y, row, CLASSES)), r"y\[{row}\] is 3"),
    "fractional": (lambda x, y, row: (x, put(y, row, 0.5, float)), r"y\[{row}\] is 0.5"),
    "missing": (lambda x, y, row: (x, put(y, row, np.nan, float)), r"y\[{row}\] is nan"),
    "none": (lambda x, y, row: (x, put(y, row, None, object)), r"y\[{row}\] is None"),
    "fewer labels": (lambda x, y, row: (x, y[:row]), r"x\[{row}\] has no label"),
    "more labels": (lambda x, y, row: (x[:row], y), "no rows|has no sample"),
    "empty": (lambda x, y, row: (x[:0], y[:0]), "x has no rows"),
    "narrow": (lambda x, y, row: (x[:, 1:], y), r"a sample has the shape \(3,\)"),
    "one-hot": (
        lambda x, y, row: (x, np.eye(CLASSES)[y]),
        "no class numbers|a label has the shape",
    ),
}


def put(array, place, value, dtype=None):
    array = array.astype(dtype or (np.float64 if isinstance(value, float) else array.dtype))
    array[place] = value
    return array


def masked(x, place):
    x = np.ma.array(x)
    x[place] = np.ma.masked
    return x


@pytest.mark.parametrize("flaw", FLAWS)
@settings(quick, max_examples=8)
@given(sound_arrays(), st.data())
def test_unsound_data_moves_no_weight(flaw, arrays, draw):
    row = draw.draw(st.integers(0, len(arrays[0]) - 1))
    spoil, words = FLAWS[flaw]
    words = words.format(row=row, rows=len(arrays[0]))
    model = make_model()
    before = model.get_weights()
    for arrange in (lambda bad: bad, lambda bad: Dataset(Split(*arrays), Split(*bad))):
        with pytest.raises(InputError, match=words) as caught:
            fit(model, arrange(spoil(*arrays, row)))
        assert len(str(caught.value).splitlines()) == 1
    for one, other in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)

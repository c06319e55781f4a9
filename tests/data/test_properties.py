"""Whatever arrives at the door of data comes out sound, or as one line that says what is wrong."""

import csv
import io
import math
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from PIL import Image

from dnn_tf.data import Dataset, Split, fingerprint, load
from dnn_tf.types import InputError

quick = settings(deadline=None, max_examples=60, derandomize=True, database=None)

NUMBERS = npst.integer_dtypes() | npst.unsigned_integer_dtypes() | npst.floating_dtypes()
ANY = st.one_of(
    NUMBERS, npst.boolean_dtypes(), npst.complex_number_dtypes(), npst.unicode_string_dtypes(),
    npst.byte_string_dtypes(), npst.datetime64_dtypes(), npst.timedelta64_dtypes(),
)  # fmt: skip
SHAPES = npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
CELLS = st.none() | st.floats() | st.integers() | st.text(max_size=3) | st.booleans()
NESTED = st.recursive(CELLS, lambda inner: st.lists(inner, max_size=4), max_leaves=12)
WORDS = st.text(st.characters(categories=("L", "Nd")), min_size=1, max_size=6)


def made_or_told(make):
    """The dataset and no message, or none and that of the one error that is allowed."""
    try:
        return make(), ""
    except InputError as error:
        message = str(error)
    assert len(message.splitlines()) == 1
    return None, message


def check_sound(data):
    for split in data.splits().values():
        assert split.x.ndim >= 2
        assert len(split.x) == len(split.y) > 0
        assert np.isfinite(split.x.astype("float32")).all()
        if data.class_names:
            assert set(split.y.tolist()) <= set(range(data.n_classes))
        assert split.x.shape[1:] == data.train.x.shape[1:]
    if data.class_names:
        assert set(data.train.y.tolist()) == set(range(data.n_classes))


@quick
@given(st.data(), st.integers(0, 3))
def test_any_arrays(draw, n_classes):
    x = draw.draw(npst.arrays(draw.draw(ANY), draw.draw(SHAPES)), "x")
    y = draw.draw(npst.arrays(draw.draw(ANY), draw.draw(SHAPES)), "y")
    class_names = tuple("abc"[:n_classes])
    data, _ = made_or_told(lambda: Dataset(Split(x, y), class_names=class_names))
    if data:
        check_sound(data)


@quick
@given(NESTED, NESTED)
def test_any_nested_lists(x, y):
    data, _ = made_or_told(lambda: Dataset(Split(x, y), class_names=("a", "b")))
    if data:
        check_sound(data)


@st.composite
def sound_arrays(draw, dtypes=NUMBERS, n_min=6):
    """Features of any shape and dtype, and two classes or more, three rows of each at least."""
    n = draw(st.integers(n_min, 14))
    shape = (n, *draw(npst.array_shapes(min_dims=1, max_dims=3, max_side=3)))
    small = st.integers(0, 100).map(float)
    x = draw(npst.arrays(draw(dtypes), shape, elements=small))
    y = np.arange(n) % draw(st.integers(2, n // 3))
    return x, draw(st.permutations(y.tolist()).map(np.array))


@quick
@given(sound_arrays())
def test_sound_arrays_pass(arrays):
    x, y = arrays
    data = Dataset(Split(x, y), Split(x, y), class_names=tuple("abcd"[: y.max() + 1]))
    check_sound(data)
    assert data.train.x is x
    assert fingerprint(data) == fingerprint(Dataset(Split(x.copy(), y), Split(x, y)))


@quick
@given(
    sound_arrays(npst.floating_dtypes()),
    st.sampled_from(["train", "validation", "test"]),
    st.sampled_from([np.nan, np.inf, -np.inf]),
    st.data(),
)
def test_a_planted_value_is_named_with_its_place(arrays, where, value, draw):
    x, y = arrays
    bad = x.copy()
    place = draw.draw(st.tuples(*(st.integers(0, side - 1) for side in x.shape)))
    bad[place] = value
    splits = dict.fromkeys(("train", "validation", "test"), Split(x, y)) | {where: Split(bad, y)}
    _, message = made_or_told(lambda: Dataset(**splits))
    index = ", ".join(map(str, place))
    assert message.startswith(f"{where}: x[{index}] is {value} (1 such")


@quick
@given(
    sound_arrays(),
    st.sampled_from([-1, 1.5, 9, np.nan, np.inf, None, "a"]),
    st.data(),
)
def test_a_planted_label_is_named_with_its_row(arrays, value, draw):
    x, y = arrays
    row = draw.draw(st.integers(0, len(y) - 1))
    labels = y.tolist()
    labels[row] = value
    names = tuple("abcd"[: y.max() + 1])
    _, message = made_or_told(lambda: Dataset(Split(x, labels), class_names=names))
    shown = repr(value) if isinstance(value, str) else value
    assert message.startswith(f"train: y[{row}] is {shown}")


def rows_of(data):
    """All rows with the names of their classes, in an order that the draw does not change."""
    rows = []
    for split in data.splits().values():
        flat = split.x.reshape(len(split), -1).tolist()
        rows += [(row, data.class_names[y]) for row, y in zip(flat, split.y, strict=True)]
    return sorted(rows)


@quick
@given(
    st.sampled_from(",;\t"),
    st.lists(WORDS, min_size=2, max_size=3, unique=True),
    st.data(),
)
def test_what_is_written_to_a_csv_file_is_read(mark, words, draw):
    names = [f"class {word}" for word in words]  # no number, and not n/a
    width = draw.draw(st.integers(1, 4))
    finite = st.floats(width=32, allow_nan=False, allow_infinity=False)
    rows = [
        (draw.draw(st.lists(finite, min_size=width, max_size=width)), name)
        for name in names
        for _ in range(4)
    ]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.csv"
        with file.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream, delimiter=mark)
            writer.writerow([*(f"column {mark} {i}" for i in range(width)), "label"])
            writer.writerows([*map(repr, numbers), name] for numbers, name in rows)
        data = load(file)
    assert rows_of(data) == sorted(rows)
    assert data.class_names == tuple(sorted(names))


@quick
@given(sound_arrays(), st.booleans())
def test_what_is_written_to_an_npz_file_is_read(arrays, flat):
    x, y = arrays
    with tempfile.TemporaryDirectory() as folder:
        np.savez(Path(folder) / "a.npz", x=x, y=y)
        data = load(Path(folder) / "a.npz", flat=flat)
    expected = x.astype("float32")
    if data.image_format is not None:
        expected /= np.float32(255)
    expected = expected.reshape(len(x), -1).tolist()
    assert rows_of(data) == sorted(
        (row, str(label)) for row, label in zip(expected, y, strict=True)
    )


def loads_or_tells(name, content):
    """A file of any content: read, or an `InputError` that names it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        data, message = made_or_told(lambda: load(Path(folder) if "/" in name else file))
        assert data or folder in message
        return data


@quick
@given(st.binary(max_size=200) | st.text("ab,;\"'\n\r\t01.-_\0 ", max_size=80).map(str.encode))
def test_any_bytes_as_a_csv_file(content):
    loads_or_tells("a.csv", b"a,label\n" + content)
    loads_or_tells("a.csv", content)


def damaged(content, cut, place, byte):
    content = bytearray(content)
    content[math.floor(place * len(content))] ^= byte
    return bytes(content[: math.ceil(cut * len(content))])


SHARE = st.floats(0, 1, exclude_max=True)


@quick
@given(st.one_of(st.just(1.0), SHARE), SHARE, st.integers(0, 255))
def test_any_damage_to_an_npz_file(cut, place, byte):
    stream = io.BytesIO()
    np.savez(stream, x=np.arange(24.0).reshape(12, 2), y=np.arange(12) % 2)
    if data := loads_or_tells("a.npz", damaged(stream.getvalue(), cut, place, byte)):
        check_sound(data)


@quick
@given(
    st.sampled_from(["png", "jpeg", "gif", "bmp", "tiff", "webp"]),
    st.one_of(st.just(1.0), SHARE),
    SHARE,
    st.integers(0, 255),
)
def test_any_damage_to_an_image(kind, cut, place, byte):
    stream = io.BytesIO()
    Image.fromarray(np.arange(256, dtype="uint8").reshape(16, 16)).save(stream, kind)
    content = damaged(stream.getvalue(), cut, place, byte)
    assert loads_or_tells(f"a/0.{kind}", content) is None  # one class and no more, at best

"""Some classes, and a few rows of each."""

import numpy as np
import pytest

from dnn_tf.data import Dataset, ImageFormat, Split, select
from dnn_tf.types import InputError

NAMES = ("ant", "bee", "cat", "dog")


def rows(each, start=0):
    """So many rows of each class in turn; `x` tells the row and the class."""
    y = np.arange(each * 4) % 4
    return Split(np.stack([start + np.arange(len(y)), y], axis=1).astype("float32"), y)


@pytest.fixture
def data():
    return Dataset(rows(20), rows(5, 1000), rows(7, 2000), class_names=NAMES, source="zoo")


def test_classes_in_the_order_given(data):
    some = select(data, classes=["dog", "ant"])
    assert some.class_names == ("dog", "ant")
    assert [len(split) for split in some.splits().values()] == [40, 10, 14]
    for split in some.splits().values():
        assert [some.class_names[y] for y in split.y] == [NAMES[int(y)] for y in split.x[:, 1]]
        assert (np.diff(split.x[:, 0]) > 0).all()
    assert some.source == "zoo; only the classes dog, ant"


def test_three_classes_turned_round(data):
    """An order that is not its own inverse."""
    some = select(data, classes=("dog", "ant", "cat"))
    assert [some.class_names[y] for y in some.test.y] == [NAMES[int(y)] for y in some.test.x[:, 1]]


def test_few_rows_of_each_class(data):
    few = select(data, per_class=10)
    counts = [np.bincount(split.y).tolist() for split in few.splits().values()]
    assert counts == [[10] * 4, [3] * 4, [7] * 4]
    assert few.test is data.test
    assert few.source == ("zoo; 10 training rows a class and at most 3 for validation by seed 42")
    for split in few.splits().values():
        np.testing.assert_array_equal(split.y, split.x[:, 1])


@pytest.mark.parametrize(("per_class", "validation"), [(1, 1), (2, 1), (5, 2), (20, 5)])
def test_three_validation_rows_for_ten(data, per_class, validation):
    assert len(select(data, per_class=per_class).validation) == 4 * validation


def test_the_seed_decides(data):
    one, same, other = (select(data, per_class=5, seed=seed).train.x for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert one.tolist() != other.tolist()


def test_fewer_are_some_of_more(data):
    few, more = (
        {tuple(row) for row in select(data, per_class=n).train.x.tolist()} for n in (3, 12)
    )
    assert few < more


def test_the_classical_exercise(sample):
    lower = select(sample, classes=["0", "1", "2", "3", "4"])
    upper = select(sample, classes=["5", "6", "7", "8", "9"], per_class=100)
    assert len(lower.train) + len(select(sample, classes=list("56789")).train) == 4500
    assert [np.bincount(split.y).tolist() for split in upper.splits().values()] == [
        [100] * 5, [30] * 5, [100] * 5,
    ]  # fmt: skip
    assert upper.image_format == sample.image_format
    assert upper.class_names == ("5", "6", "7", "8", "9")


def test_a_dataset_of_one_split(data):
    only = Dataset(data.train, class_names=NAMES)
    few = select(only, classes=["ant", "bee"], per_class=4)
    assert list(few.splits()) == ["train"]
    assert few.source.endswith("; only the classes ant, bee; 4 training rows a class by seed 42")


def test_nothing_asked_nothing_done(data):
    assert select(data).splits() == data.splits()
    assert select(data).source == data.source


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"classes": ["ant", "emu"]}, "zoo: no class is called 'emu', and there are ant, bee, cat"),
        ({"classes": [0, 1]}, "no class is called 0"),
        ({"classes": ["ant"]}, "classes names two or more, and got 'ant'"),
        ({"classes": []}, "classes names two or more"),
        ({"classes": "ant"}, r"classes is a sequence of names, and got 'ant': write \['ant'\]"),
        ({"classes": ["ant", "bee", "ant"]}, r"classes\[0\] and \[2\] are both 'ant'"),
        ({"per_class": 21}, "21 training rows a class were asked for, and 'ant' has 20"),
        ({"per_class": 0}, "per_class is a whole number, 1 or more, and got 0"),
        ({"per_class": 2.5}, "per_class is a whole number"),
        ({"per_class": 2, "seed": -1}, "seed is a whole number, 0 or more"),
    ],
)
def test_what_cannot_be_selected(data, options, words):
    with pytest.raises(InputError, match=words) as caught:
        select(data, **options)
    assert str(caught.value).isprintable()


def test_a_split_without_rows_of_them(data):
    test = Split(np.zeros((1, 2), "float32"), np.array([3]))
    lacking = Dataset(data.train, test=test, class_names=NAMES)
    with pytest.raises(InputError, match="test: no row is of one of the classes asked for"):
        select(lacking, classes=["ant", "bee"])


def test_labels_that_are_no_classes():
    with pytest.raises(InputError, match="its labels are no classes"):
        select(Dataset(Split(np.eye(3), np.arange(3.0))), per_class=1)


def test_the_format_of_images_stays():
    image_format = ImageFormat(1, 2)
    data = Dataset(rows(3), class_names=NAMES, image_format=image_format)
    assert select(data, classes=["cat", "bee"], per_class=2).image_format is image_format

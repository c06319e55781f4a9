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


@pytest.mark.parametrize("classes", [NAMES, ("dog", "cat"), ("cat", "ant", "dog"), ("cat", "bee")])
def test_the_rows_of_a_class_do_not_depend_on_the_others(data, classes):
    everything, some = select(data, per_class=5), select(data, classes=classes, per_class=3)
    for few, more in zip(some.splits().values(), everything.splits().values(), strict=True):
        of_cat = few.x[few.x[:, 1] == 2]
        assert len(of_cat)
        assert {tuple(row) for row in of_cat} <= {tuple(row) for row in more.x}


def test_each_class_has_a_draw_of_its_own(data):
    few = select(data, per_class=5).train
    places = {tuple(few.x[few.y == number, 0] // 4) for number in range(4)}
    assert len(places) == 4


def test_the_draw_is_for_good():
    """Figures that were measured on these rows are told in the README."""
    y = np.repeat([0, 1], 50)
    pets = Dataset(Split(np.arange(100.0)[:, None], y), class_names=("cat", "dog"))
    assert select(pets, per_class=3).train.x[:, 0].tolist() == [19, 35, 43, 53, 55, 90]


def test_a_seed_of_any_whole_kind(data):
    one, other = (select(data, per_class=5, seed=seed).train.x for seed in (7, np.int64(7)))
    np.testing.assert_array_equal(one, other)
    assert len(select(data, per_class=5, seed=2**80).train) == 20


@pytest.mark.parametrize(
    "make",
    [list, tuple, iter, np.array, lambda names: (name for name in names)],
    ids=["list", "tuple", "iterator", "array", "generator"],
)
def test_any_ordered_classes(data, make):
    some = select(data, classes=make(["dog", "ant"]), per_class=2)
    assert some.class_names == ("dog", "ant")
    assert {type(name) for name in some.class_names} == {str}
    assert some.source.startswith("zoo; only the classes dog, ant;")


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
        ({"classes": ["ant", "bee", "ant"]}, "classes names 'ant' twice: name each class once"),
        ({"classes": {"ant", "bee"}}, "classes is a sequence of names, and got {'.*: write a list"),
        ({"classes": {"ant": 0}}, "classes is a sequence of names, and got {'ant': 0}"),
        ({"classes": 3}, "classes is a sequence of names, and got 3: write a list, in order"),
        ({"classes": b"ab"}, "classes is a sequence of names, and got b'ab'"),
        ({"classes": np.array([["ant", "bee"]])}, r"no class is called array\(\['ant', 'bee'\]"),
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


@pytest.mark.parametrize("options", [{"classes": ["ant", "bee"]}, {"per_class": 10}])
def test_more_rows_than_the_machine_holds(data, monkeypatch, options):
    """40 training rows of 8 bytes."""
    monkeypatch.setattr("dnn_tf.data.memory.machine_memory", lambda: 40 * 8)
    select(data, **options)
    monkeypatch.setattr("dnn_tf.data.memory.machine_memory", lambda: 40 * 8 - 1)
    with pytest.raises(InputError, match="40 rows of those selected: .* take fewer classes or"):
        select(data, **options)


def test_the_format_of_images_stays():
    image_format = ImageFormat(1, 2)
    data = Dataset(rows(3), class_names=NAMES, image_format=image_format)
    assert select(data, classes=["cat", "bee"], per_class=2).image_format is image_format

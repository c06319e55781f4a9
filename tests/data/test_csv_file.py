"""Tables: read as they are, or refused by line and column."""

import re

import numpy as np
import pytest

from dnn_tf.data import csv_file
from dnn_tf.types import InputError

ROWS = [(i / 4, -i, "cat" if i % 2 else "dog") for i in range(20)]


@pytest.fixture
def write(tmp_path):
    def write(text, encoding="utf-8"):
        file = tmp_path / "pets.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return file

    return write


def table(rows=ROWS, header="length,weight,label", mark=","):
    lines = [header.replace(",", mark), *(mark.join(map(str, row)) for row in rows)]
    return "\n".join(lines) + "\n"


def all_rows(data):
    splits = data.splits().values()
    x, y = (np.concatenate([getattr(split, name) for split in splits]) for name in "xy")
    order = np.argsort(x[:, 0])
    return x[order], y[order]


@pytest.mark.parametrize(
    "text",
    [
        table(),
        table(mark=";"),
        table(mark="\t"),
        "\ufeff" + table(),
        table().replace("\n", "\r\n"),
        table().replace("\n", "\r"),
        table().rstrip("\n"),
        table().replace("\n", "\n\n"),
        "\n" + table(mark=";"),
        table(header='"length"," weight ",label'),
        table([(f'"{a}"', f" {b} ", f'"{c}"') for a, b, c in ROWS]),
    ],
)
def test_the_same_table_written_in_many_ways(text, write):
    data = csv_file.read(write(text))
    x, y = all_rows(data)
    assert x.dtype == np.float32
    np.testing.assert_array_equal(x, [row[:2] for row in ROWS])
    assert data.class_names == ("cat", "dog")
    np.testing.assert_array_equal(y, [0 if row[2] == "cat" else 1 for row in ROWS])
    assert y.dtype == np.int64
    assert [len(split) for split in data.splits().values()] == [14, 2, 4]
    assert data.image_format is None
    assert data.source.endswith(
        "pets.csv (10% for validation and 20% for test drawn from the training rows by seed 42)"
    )


@pytest.mark.parametrize("form", ["{}", "{}.0", "0{}"])
def test_whole_numbers_are_class_numbers(write, form):
    rows = [(i, form.format(i % 3)) for i in range(30)]
    data = csv_file.read(write(table(rows, "x,label")))
    x, y = all_rows(data)
    np.testing.assert_array_equal(x[:, 0] % 3, y)
    assert data.class_names == ("0", "1", "2")


@pytest.mark.parametrize("other", ["01", "1.0", "+1", "1e0"])
def test_one_number_written_in_two_ways(write, other):
    rows = [(i, i % 3) for i in range(30)]
    rows[4] = rows[7] = (4, other)
    words = f"csv, line 6, column 'label': the label is written '{re.escape(other)}', and '1' above"
    with pytest.raises(InputError, match=words):
        csv_file.read(write(table(rows, "x,label")))


def test_labels_that_only_look_like_numbers_are_text(write):
    rows = [(i, f"1_{i % 2}") for i in range(10)]  # float("1_0") is 10
    assert csv_file.read(write(table(rows, "x,label"))).class_names == ("1_0", "1_1")


def test_another_column_and_another_seed(write):
    file = write(table(header="length,label,species"))
    assert csv_file.read(file, label="species").class_names == ("cat", "dog")
    one, other = csv_file.read(file, "species", seed=1), csv_file.read(file, "species", seed=2)
    assert one.test.x.tolist() != other.test.x.tolist()


def with_line(number, line):
    lines = table().splitlines()
    lines[number - 1] = line
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (with_line(5, "1,,cat"), r"line 5, column 'weight': the cell is empty \(''\)"),
        (with_line(5, "1,NA,cat"), r"line 5, column 'weight': the cell is empty \('NA'\)"),
        (with_line(5, "1,NaN,cat"), "line 5, column 'weight': NaN is no finite number"),
        (with_line(6, "heavy,1,cat"), "line 6, column 'length': 'heavy' is no number"),
        (with_line(6, "1_000,1,cat"), "line 6, column 'length': '1_000' is no number"),
        (with_line(6, '"1,5",1,cat'), "line 6, column 'length': '1,5' is no number: .*point"),
        (with_line(7, "1,-inf,cat"), r"line 7, column 'weight': -inf is no finite number \(1 such"),
        (with_line(8, "1e39,1,cat"), "line 8, column 'length': 1e39 is too large for float32"),
        (with_line(9, "1,2"), "line 9: 2 cells, and the header has 3"),
        (with_line(9, "1,2,cat,"), "line 9: 4 cells, and the header has 3"),
        (with_line(10, "1,2,"), r"line 10, column 'label': the label is missing \(''\)"),
        (with_line(10, "1,2,NaN"), r"line 10, column 'label': the label is missing \('NaN'\)"),
        (with_line(10, '1,2,"c\nat"'), r"line 10, column 'label': the label is 'c\\nat', and text"),
        (with_line(11, '1,2,"cat'), "line 11: no CSV .*check its quotes"),
        (with_line(4, '1,"2\n2",cat'), r"line 4, column 'weight': '2\\n2' is no number"),
        ("\n\n".join(with_line(4, "1,a,cat").splitlines()), "line 7, column 'weight': 'a'"),
        (with_line(1, "length,weight,kind"), "line 1: no column is called 'label', and the header "
         "names length, weight, kind: rename"),
        (with_line(1, "weight,weight,label"), "columns 1 and 2 are both called 'weight'"),
        (with_line(1, "label,weight,label"), "columns 1 and 3 are both called 'label'"),
        (with_line(1, ",weight,label"), "line 1: column 1 has no name"),
        ("label\n0\n1\n", "'label' is the only column"),
        ("length,label\n", "no rows below the header"),
        ("", "line 1: no names of columns, and a header was expected"),
        ("\n\n", "line 1: no names of columns, and a header was expected"),
        (",,\n1,2,3\n", "line 1: no names of columns"),
        (f"\n\n{table(header='a;b;kind')}", "line 3: no column is called 'label'"),
        (with_line(3, "1,2,cät").encode("latin-1"), "line 3: not UTF-8"),
        (table().encode("utf-16"), "line 1: not UTF-8"),
        (b"PK\x03\x04\x00\x00", "a binary file, and text was expected"),
        (table([(1, 2, "cat")] * 9), "two classes or more were expected, and there is 'cat'"),
        (table([*ROWS, (1, 2, "emu")]), "line 22: too few rows of class 'emu': 1, and at least 3"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(text, words, write):
    with pytest.raises(InputError, match=f"pets.csv.*{words}") as caught:
        csv_file.read(write(text))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("-1", r"line 3, column 'label': the label is -1 \(1 such"),
        ("0.5", "line 3, column 'label': the label is 0.5"),
        ("inf", "line 3, column 'label': the label is inf"),
        ("4", "line 3: the label is 4, but class 3 has no examples, and the labels go up to 4"),
        ("1e15", r"line 3: the label is 1e\+15, but class 3 has no examples"),
        ("1e300", r"line 3: the label is 1e\+300, but class 3 has no .* go up to 1e\+300: number"),
        ("two", "line 3: too few rows of class 'two': 1"),
    ],
)
def test_numbers_that_are_no_classes(label, words, write):
    rows = [(i, i % 3) for i in range(30)]
    rows[1] = (1, label)
    with pytest.raises(InputError, match=f"pets.csv.*{words}"):
        csv_file.read(write(table(rows, "x,label")))


def test_the_first_of_several_is_named_with_their_number(write):
    rows = [(i, "inf" if i in (7, 3) else 0, "ab"[i % 2]) for i in range(9)]
    with pytest.raises(InputError, match=r"line 5, column 'weight': inf .*\(2 such cells in all"):
        csv_file.read(write(table(rows)))


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(InputError, match=r"gone\.csv cannot be read \(No such file"):
        csv_file.read(tmp_path / "gone.csv")

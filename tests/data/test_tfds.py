"""Sets of TFDS: prepared, absent, damaged, out of reach."""

import shutil
import time
from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf
import tensorflow_datasets as network_tfds

from dnn_tf.data import tfds
from dnn_tf.types import InputError


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    """A prepared set of nine small colour images of three classes, in a folder of its own."""
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "sets"))
    monkeypatch.setenv("DNN_TF_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("DNN_TF_OFFLINE", "1")

    def examples(n):
        return tf.data.Dataset.from_tensor_slices(
            {
                "image": np.repeat(np.arange(n) * 10, 60).reshape(n, 4, 5, 3).astype("uint8"),
                "label": np.arange(n) % 3,
            }
        )

    features = {
        "image": network_tfds.features.Image(shape=(4, 5, 3)),
        "label": network_tfds.features.ClassLabel(names=["a", "b", "c"]),
    }
    network_tfds.dataset_builders.store_as_tfds_dataset(
        name="tiny",
        version="1.0.0",
        features=network_tfds.features.FeaturesDict(features),
        split_datasets={"train": examples(20), "test": examples(9)},
        data_dir=str(tmp_path / "sets"),
    )
    return tmp_path / "sets" / "tiny"


def test_reads_a_prepared_set(tiny):
    arrays, class_names, source = tfds.read("tiny")
    assert arrays["train_images"].shape == (20, 4, 5, 3)
    assert class_names == ("a", "b", "c")
    assert source == "TFDS tiny/1.0.0"
    for split in ("train", "test"):
        shades = arrays[f"{split}_images"][:, 0, 0, 0] // 10
        np.testing.assert_array_equal(shades % 3, arrays[f"{split}_labels"])


def test_second_time_it_is_not_decoded(tiny, monkeypatch):
    tfds.read("tiny")
    monkeypatch.setattr(tfds, "_decode", lambda name: pytest.fail("decoded again"))
    arrays, class_names, _ = tfds.read("tiny")
    assert len(arrays["test_labels"]) == 9
    assert class_names == ("a", "b", "c")


def test_a_set_that_changed_is_decoded_again(tiny):
    tfds.read("tiny")
    before = tfds._fingerprint(tiny)
    next(tiny.rglob("*test.tfrecord*")).touch()
    assert tfds._fingerprint(tiny) != before


@pytest.mark.parametrize("damage", ["flip", "cut", "absent"])
def test_damaged_records_are_named(tiny, damage):
    file = next(tiny.rglob("*train.tfrecord*"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    if damage == "absent":
        file.unlink()
    else:
        file.write_bytes(content if damage == "flip" else content[: len(content) // 2])
    with pytest.raises(InputError, match="TFDS tiny in .* is damaged.*'train'.*remove"):
        tfds.read("tiny")


def test_missing_description_is_named(tiny):
    next(tiny.rglob("dataset_info.json")).unlink()
    with pytest.raises(InputError, match=r"no dataset_info\.json"):
        tfds.read("tiny")


def test_broken_description_is_named(tiny):
    next(tiny.rglob("dataset_info.json")).write_text("{")
    with pytest.raises(InputError, match="TFDS tiny in .* cannot be opened"):
        tfds.read("tiny")


def test_absent_and_offline(tiny):
    shutil.rmtree(tiny)
    with pytest.raises(tfds.UnavailableError, match=r"TFDS tiny is not in .*DNN_TF_OFFLINE is set"):
        tfds.read("tiny")


def test_an_unlucky_name_of_the_folder(tiny, monkeypatch, tmp_path):
    (tmp_path / "sets").rename(tmp_path / "my_incomplete_sets")
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "my_incomplete_sets"))
    assert len(tfds.read("tiny")[0]["train_labels"]) == 20


@pytest.mark.parametrize("name", ["/etc", "../tiny", "tiny/1.0.0", "tiny:1.0.0"])
def test_names_that_are_none(tiny, name):
    with pytest.raises(InputError, match="is no name of a TFDS set"):
        tfds.read(name)


def test_a_user_without_a_home(monkeypatch):
    def none():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("TFDS_DATA_DIR", raising=False)
    monkeypatch.setattr("pathlib.Path.home", none)
    with pytest.raises(InputError, match="no home folder: set HOME"):
        tfds.read("mnist")


def test_a_data_dir_that_is_not_there(monkeypatch, tmp_path):
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "typo"))
    with pytest.raises(InputError, match="typo, which is no folder"):
        tfds.read("mnist")


def test_no_answer_is_known_in_time(monkeypatch):
    """A black hole: the connection is neither made nor refused."""
    monkeypatch.delenv("DNN_TF_OFFLINE", raising=False)
    monkeypatch.setattr("requests.head", lambda *_, **__: time.sleep(60))
    monkeypatch.setattr(tfds, "REACH_SECONDS", 0.2)
    began = time.monotonic()
    assert tfds.unreachable() == "no answer within 0 s"
    assert time.monotonic() - began < 2


def test_refused_and_answered(monkeypatch):
    import requests

    def refuse(*_, **__):
        raise requests.ConnectionError("refused")

    monkeypatch.delenv("DNN_TF_OFFLINE", raising=False)
    monkeypatch.setattr("requests.head", refuse)
    assert tfds.unreachable() == "no network: ConnectionError"
    monkeypatch.setattr("requests.head", lambda *_, **__: None)
    assert tfds.unreachable() is None


def test_a_set_without_images(tmp_path, monkeypatch):
    info = SimpleNamespace(features={"text": None}, splits={"train": None})
    monkeypatch.setattr(tfds, "_builder", lambda name: SimpleNamespace(info=info))
    with pytest.raises(InputError, match="no set of labelled images.*its features are text"):
        tfds._decode("imdb")

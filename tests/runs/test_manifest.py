"""What a run ran on."""

import dataclasses
import json
import os

import keras
import pytest

from dnn_tf.data import fingerprint
from dnn_tf.runs import Manifest


@pytest.fixture
def manifest(blobs):
    return Manifest.of("blobs", blobs, 0.25, "/somewhere/m")


def test_what_it_says(manifest, blobs):
    assert manifest.versions["keras"] == keras.__version__
    assert manifest.machine["device"] == "CPU" or manifest.machine["device"].startswith("GPU")
    assert 1 <= manifest.machine["cores"] <= os.cpu_count()
    assert manifest.arithmetic["floats"] == "float32"
    assert manifest.arithmetic["op_determinism"] is False
    assert manifest.data == {"name": "blobs", "source": "blobs", "sha256": fingerprint(blobs)}


def test_comes_back_from_json(manifest):
    assert Manifest(**json.loads(json.dumps(manifest.to_fields()))) == manifest


def test_nothing_to_tell_of_the_same(manifest):
    manifest.warn_of_differences(manifest)  # warnings are errors


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        ("versions", "tensorflow", "1.15"),
        ("machine", "cores", 96),
        ("arithmetic", "onednn", "0"),
        ("data", "sha256", "00"),
    ],
)
def test_differences_are_named(manifest, part, name, value):
    changed = {**getattr(manifest, part), name: value}
    earlier = dataclasses.replace(manifest, **{part: changed})
    now = getattr(manifest, part)[name]
    with pytest.warns(UserWarning, match=f"{name} {value!r}, now {now!r}$"):
        manifest.warn_of_differences(earlier)


def test_what_an_earlier_version_did_not_tell_is_a_difference(manifest):
    machine = {name: value for name, value in manifest.machine.items() if name != "cores"}
    with pytest.warns(UserWarning, match="cores None, now"):
        manifest.warn_of_differences(dataclasses.replace(manifest, machine=machine))


def test_another_place_is_no_difference(manifest):
    manifest.warn_of_differences(dataclasses.replace(manifest, out="/elsewhere"))

"""The device, with and without GPUs (none is needed: TensorFlow's answers are made up)."""

import pytest
import tensorflow as tf

from dnn_tf.training import prepare_devices


@pytest.fixture
def gpus(monkeypatch):
    """Pretends that TensorFlow sees two GPUs, and records what it is told about them."""
    told = []
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: ["gpu0", "gpu1"])
    monkeypatch.setattr(
        tf.config.experimental, "set_memory_growth", lambda gpu, grow: told.append((gpu, grow))
    )
    monkeypatch.setattr(
        tf.config.experimental, "get_device_details", lambda gpu: {"device_name": "Made Up 1"}
    )
    return told


def test_no_gpu(monkeypatch):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [])
    assert prepare_devices() == "CPU"


def test_memory_grows_on_every_gpu(gpus):
    assert prepare_devices() == "GPU (Made Up 1)"
    assert gpus == [("gpu0", True), ("gpu1", True)]


def test_a_gpu_in_use_is_left_alone(gpus, monkeypatch):
    def too_late(gpu, grow):
        raise RuntimeError("cannot be modified after being initialized")

    monkeypatch.setattr(tf.config.experimental, "set_memory_growth", too_late)
    assert prepare_devices() == "GPU (Made Up 1)"

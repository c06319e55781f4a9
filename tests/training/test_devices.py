"""The device, with and without GPUs (none is needed: TensorFlow's answers are made up)."""

import os
import subprocess
import sys

import tensorflow as tf

from dnn_tf.training import cores, device_name


def test_no_gpu(monkeypatch):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [])
    assert device_name() == "CPU"


def test_gpu(monkeypatch):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: ["gpu0", "gpu1"])
    details = {"gpu0": {"device_name": "Made Up 1"}}
    monkeypatch.setattr(tf.config.experimental, "get_device_details", details.get)
    assert device_name() == "GPU (Made Up 1)"


def test_the_memory_of_a_gpu_may_grow_unless_the_user_says_otherwise():
    """Set before anything can use a GPU: at the import of the package."""
    code = "import dnn_tf, os; print(os.environ['TF_FORCE_GPU_ALLOW_GROWTH'])"
    for given, expected in ((None, "true"), ("false", "false")):
        environment = {k: v for k, v in os.environ.items() if k != "TF_FORCE_GPU_ALLOW_GROWTH"}
        if given:
            environment["TF_FORCE_GPU_ALLOW_GROWTH"] = given
        out = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            env=environment,
            check=True,
        )
        assert out.stdout.strip() == expected


def test_cores_are_those_that_this_process_may_use(monkeypatch):
    assert 1 <= cores() <= (os.cpu_count() or 1)
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)  # as on macOS
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert cores() == 1

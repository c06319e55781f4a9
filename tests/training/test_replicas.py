"""Two replicas take the steps of one; see two_replicas.py, which runs once for all of these."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conformance.optimizer_cases import OPTIMIZERS
from conformance.test_optimizers import looks_ahead
from dnn_tf.training.replicas import n_replicas, sum_over_replicas

HERE = Path(__file__).parent
pytestmark = pytest.mark.timeout(600)  # all of it is one process, which may share two cores


@pytest.fixture(scope="module")
def found():
    """The differences of the weights and of the sums of each step, by case."""
    roads = os.pathsep.join([str(HERE.parents[1]), str(HERE.parent)])
    ran = subprocess.run(
        [sys.executable, HERE / "two_replicas.py"],
        env=os.environ | {"PYTHONPATH": roads, "CUDA_VISIBLE_DEVICES": ""},
        capture_output=True,
        text=True,
        timeout=580,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return json.loads(ran.stdout.splitlines()[-1])


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_step_with_clipping_by_value(found, name):
    weights, sums = found[f"{name} | step"]
    assert weights < 1e-9
    assert sums < 1e-5  # of squares up to 60, in single precision


ONE_OF_EACH = [name for name in OPTIMIZERS if "," not in name or "look-ahead" in name]
"""The step is tried with every option, whole trainings with each optimiser."""


@pytest.mark.parametrize("name", [n for n in ONE_OF_EACH if not looks_ahead(OPTIMIZERS[n])])
def test_model_fit(found, name):
    weights, loss = found[f"{name} | model.fit"]
    assert weights < 1e-9
    assert loss < 1e-6


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_fit_with_clipping_by_the_global_norm(found, name):
    weights, loss = found[f"{name} | dnn_tf.fit"]
    assert weights < 1e-9
    assert loss < 1e-6


@pytest.mark.parametrize("case", ["broken off", "streamed"])
def test_fit_ends_with_the_same_bits(found, case):
    assert found[f"fit, {case}"] == [0, 0]


@pytest.mark.parametrize(
    "case", ["accumulated", "averaged", "measured on the way", "stopped", "effects"]
)
def test_fit_also(found, case):
    weights, loss = found[f"fit, {case}"]
    assert weights < 1e-9
    assert loss < 1e-6


def test_all_work_is_done_on_the_device_of_the_model(found):
    """Under XLA, from outside of the device's scope; TensorFlow would look on the first device."""
    assert found["on the second device"] == [0, 0, ["CPU:1"]]


def test_what_replicas_cannot_share(found):
    assert found["too few rows"] == (
        "40 rows in steps of 13 leave 1 for a step, and 2 replicas need a row each: take another "
        "batch_size"
    )
    assert "make both in the same strategy.scope()" in found["another strategy"]


def test_replicas_go_back_together(found):
    assert "the weights are those of the step before" in found["divergence"]


@pytest.mark.parametrize(
    "case", ["unequal shares", "bounded weights", "slices", "slices of unequal shares"]
)
def test_also_with(found, case):
    weights, sums = found[case]
    assert weights < 1e-6
    assert sums < 1e-5


def test_keras_own_clip_acts_on_each_replica(found):
    """The difference that the step here avoids, and that these tests would see."""
    assert found["Keras' own clip"][0] > 0.01


def test_without_a_strategy_there_is_one():
    assert n_replicas() == 1
    assert sum_over_replicas([2.0]) == [2.0]

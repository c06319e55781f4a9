"""Why a variable is no weight."""

import numpy as np
import pytest

from dnn_tf.tf1.left_out import reason

KERNEL = np.zeros((4, 3), "float32")
SLOTS = [
    "Momentum", "Adam", "Adam_1", "RMSProp", "RMSProp_1", "Adagrad", "Adadelta", "Adadelta_1",
    "Ftrl", "Ftrl_1", "ExponentialMovingAverage", "MyOwnOptimizer",
]  # fmt: skip


@pytest.mark.parametrize("slot", SLOTS)
def test_slots(slot):
    variables = {"hidden1/kernel": KERNEL, f"hidden1/kernel/{slot}": KERNEL}
    assert reason("hidden1/kernel", variables) is None
    assert reason(f"hidden1/kernel/{slot}", variables) == (
        f"{slot}: kept for training, which starts anew"
    )


def test_a_slot_in_the_scope_of_its_optimiser():
    variables = {"hidden1/kernel": KERNEL, "train/hidden1/kernel/Adam_1": KERNEL}
    assert "Adam_1: kept for training" in reason("train/hidden1/kernel/Adam_1", variables)


def test_what_contrib_kept_under_a_moving_average():
    name = "hidden1/BatchNorm/moving_mean"
    under = f"{name}/{name}/biased"
    assert "training" in reason(under, {name: np.zeros(3), under: np.zeros(3)})


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("beta1_power", np.float32(0.9), "one number"),
        ("global_step", np.int64(7), "one number"),
        ("counts", np.zeros(3, "int64"), "int64: weights are floating-point"),
        ("vocabulary", np.array([b"a", b"b"], object), "object: weights are"),
        ("nothing", np.zeros((0, 10), "float32"), "empty"),
        ("bn/renorm_mean", np.zeros(3), "batch renormalisation"),
    ],
)
def test_others(name, value, expected):
    assert expected in reason(name, {name: value})


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_weights_of_any_precision_are_weights(dtype):
    assert reason("kernel", {"kernel": np.zeros((4, 3), dtype)}) is None

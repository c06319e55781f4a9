"""What is stored of a run, beside ours."""

import keras
import pytest

from dnn_tf import models
from dnn_tf.experiments.reference_run import FIRST_TOLERANCE, ReferenceRun
from dnn_tf.experiments.setting import Setting
from dnn_tf.optimizers import GradientDescent

RUN = ReferenceRun(
    7, {0: 0.5, 2: 0.9}, 0.003, lambda: models.dnn(4, (5,), 3), lambda: GradientDescent(0.1),
    10, 3, {"jit_compile": False}, quick_epochs=2, quick_floor=0.6, otherwise="seeds differ",
)  # fmt: skip


def test_every_stored_epoch_is_a_row():
    first, last = RUN.rows("a run", [0.505, 0.8, 0.896], Setting())
    assert (first.name, first.tolerance, first.ok) == ("a run, epoch 0", FIRST_TOLERANCE, True)
    assert (last.name, last.tolerance, last.ok) == ("a run, epoch 2", 0.003, False)
    assert (first.remark, last.remark) == ("cell 7", "cell 7; seeds differ")


def test_on_the_sample_the_last_epoch_must_reach_the_floor():
    (row,) = RUN.rows("a run", [0.5, 0.59], Setting(quick=True))
    assert (row.name, row.told, row.ok) == ("a run, epoch 1", "at least 0.6", False)
    assert "reference is 0.9" in row.note


def test_what_was_left_out_is_told():
    (row,) = RUN.rows("a run", [], Setting(quick=True))
    assert (row.ok, row.reference, row.note) == (None, 0.9, "not run: on all of MNIST only")


def test_same_seed_same_weights():
    one, same, other = (RUN.network(seed).get_weights()[0] for seed in (1, 1, 2))
    assert (one == same).all()
    assert (one != other).any()


def test_trains_what_it_is_told(blobs):
    setting = Setting()
    prepared = []

    def prepare(data):
        prepared.append(data)
        return blobs

    vars(setting)["data"] = "in its place"
    features = blobs.train.x.shape[1]
    run = ReferenceRun(
        7, {}, 0.003, lambda: models.dnn(features, (5,), 3), lambda: GradientDescent(0.1), 10, 3,
        {"jit_compile": False}, prepare,
    )  # fmt: skip
    model = run.network(3)
    start = model.get_weights()[0]
    history = run.train(setting, model, seed=3)
    assert prepared == ["in its place"]
    assert len(history["val_accuracy"]) == 3
    assert (model.get_weights()[0] != start).any()
    again = run.train(setting, seed=3, epochs=1)
    assert again["loss"] == pytest.approx(history["loss"][:1], rel=1e-6)
    assert isinstance(run.make_optimizer(), keras.optimizers.Optimizer)

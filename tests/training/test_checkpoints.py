"""Checkpoints on the disk."""

import shutil

import numpy as np
import pytest

from dnn_tf import models
from dnn_tf.training import Best, Checkpoints, restore_best
from dnn_tf.training.phase import Taken
from dnn_tf.training.snapshot import Position, Snapshot
from dnn_tf.types import InputError

SIGNATURE = {"batch_size": 10}
ORDER = np.random.default_rng(0).bit_generator.state


def snapshot(epoch, steps=0):
    taken = Taken(steps, 10 * steps, np.arange(2.0)) if steps else Taken()
    variables = [np.full((2, 3), epoch + 0.1), np.int64(epoch)]
    return Snapshot(Position(epoch, ORDER, taken, 1.5), variables, [("Diary", {"n": 1})], {}, False)


def write(checkpoints, *epochs, best=None):
    for epoch in epochs:
        weights = None if best is None else [np.full(3, epoch, "float32")]
        checkpoints.write(snapshot(epoch), SIGNATURE, best, weights)


def names(path):
    return sorted(each.name for each in path.iterdir())


def test_nothing_yet(tmp_path):
    assert Checkpoints(tmp_path / "deep" / "c").read(SIGNATURE) is None
    assert names(tmp_path / "deep" / "c") == []


@pytest.mark.parametrize("steps", [0, 7])
def test_comes_back_as_it_was(tmp_path, steps):
    checkpoints = Checkpoints(tmp_path)
    checkpoints.write(snapshot(3, steps), SIGNATURE, None, None)
    again, best = checkpoints.read(SIGNATURE)
    assert best is None
    assert repr(again) == repr(snapshot(3, steps))


def test_the_newest_two_are_kept_and_the_best(tmp_path):
    checkpoints = Checkpoints(tmp_path)
    write(checkpoints, 1, best=Best(0, "val_loss", 0.25))
    write(checkpoints, 2, 9, 10)
    assert names(tmp_path) == ["best", "epoch-000009-step-000000000", "epoch-000010-step-000000000"]
    assert checkpoints.read(SIGNATURE)[0].position.epoch == 10


def test_a_later_step_of_the_same_epoch_is_newer(tmp_path):
    checkpoints = Checkpoints(tmp_path)
    for steps in (0, 9, 10):
        checkpoints.write(snapshot(1, steps), SIGNATURE, None, None)
    assert checkpoints.read(SIGNATURE)[0].position.taken.steps == 10


def damage(path, which, name="arrays.npz"):
    file = sorted(path.glob("epoch-*"))[which] / name
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize("name", ["arrays.npz", "state.json"])
def test_a_damaged_one_gives_way_to_the_one_before(tmp_path, name):
    checkpoints = Checkpoints(tmp_path)
    write(checkpoints, 1, 2)
    damage(tmp_path, -1, name)
    with pytest.warns(UserWarning, match=f"{name} is damaged.*the checkpoint before it serves"):
        again, _ = checkpoints.read(SIGNATURE)
    assert again.position.epoch == 1
    damage(tmp_path, 0)
    with pytest.raises(InputError, match="no checkpoint in .* is whole.*remove the folder"):
        checkpoints.read(SIGNATURE)


def test_another_training(tmp_path):
    write(Checkpoints(tmp_path), 1)
    with pytest.raises(InputError, match="differs in batch_size"):
        Checkpoints(tmp_path).read({"batch_size": 20})


def test_another_format(tmp_path, monkeypatch):
    monkeypatch.setattr("dnn_tf.training.checkpoints.FORMAT", 0)
    write(Checkpoints(tmp_path), 1)
    monkeypatch.undo()
    with pytest.raises(InputError, match="has the format 0, and 1 was expected"):
        Checkpoints(tmp_path).read(SIGNATURE)


def test_a_best_network_that_is_lost(tmp_path):
    checkpoints, best = Checkpoints(tmp_path), Best(0, "val_loss", 0.25)
    write(checkpoints, 1, best=best)
    assert checkpoints.read(SIGNATURE)[1] == best
    shutil.rmtree(tmp_path / "best")
    with pytest.warns(UserWarning, match="the best network, of epoch 0, is lost"):
        assert checkpoints.read(SIGNATURE)[1] is None


def test_restore_best(tmp_path):
    model, other = models.dnn(6, (4,), 3), models.dnn(6, (5,), 3)
    weights = [np.full(variable.shape, 0.5, "float32") for variable in model.variables]
    with pytest.raises(InputError, match="holds no best network"):
        restore_best(model, tmp_path)
    Checkpoints(tmp_path).write(snapshot(1), SIGNATURE, Best(0, "loss", 0.25), weights)
    assert restore_best(model, tmp_path) == Best(0, "loss", 0.25)
    assert all((weight == 0.5).all() for weight in model.get_weights())
    before = other.get_weights()
    with pytest.raises(InputError, match=r"shapes \[\(6, 4\).*build the model as it was trained"):
        restore_best(other, tmp_path)
    np.testing.assert_array_equal(other.get_weights()[0], before[0])


def test_nowhere_to_write(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot hold checkpoints"):
        Checkpoints(tmp_path / "file" / "c").read(SIGNATURE)


def test_seconds():
    with pytest.raises(InputError, match="seconds is a finite number, 0 or more"):
        Checkpoints("c", seconds=-1)


def test_epochs_are_numbers_and_not_words(tmp_path):
    checkpoints = Checkpoints(tmp_path)
    write(checkpoints, 999_999, 1_000_000)
    assert checkpoints.read(SIGNATURE)[0].position.epoch == 1_000_000
    write(checkpoints, 1_000_001)
    assert [path.name[:13] for path in checkpoints._states()] == ["epoch-1000000", "epoch-1000001"]


def test_a_kill_between_two_renames_is_mended(tmp_path):
    """Where the system cannot exchange two names."""
    checkpoints, model = Checkpoints(tmp_path), models.dnn(6, (4,), 3)
    weights = [np.full(variable.shape, 0.5, "float32") for variable in model.variables]
    checkpoints.write(snapshot(1), SIGNATURE, Best(0, "loss", 0.25), weights)
    for folder in list(tmp_path.iterdir()):
        folder.rename(folder.with_name(f".{folder.name}.previous"))
    restore_best(model, tmp_path)
    assert checkpoints.read(SIGNATURE)[0].position.epoch == 1

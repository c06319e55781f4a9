"""Two workers on this machine take the steps of one; see two_workers.py, which they run."""

from pathlib import Path

import keras
import numpy as np
import pytest

from dnn_tf.training.callback_state import remembered
from dnn_tf.training.snapshot import Position
from dnn_tf.training.together import check_alike, check_equal, share_start
from dnn_tf.types import InputError, PeerError
from dnn_tf.workers import ALONE, Team
from training import two_workers
from workers.processes import run_job

SCRIPT = Path(__file__).with_name("two_workers.py")
pytestmark = pytest.mark.timeout(600)  # two processes at a time, which may share two cores


def losses_and_weights(folder, case):
    return [dict(np.load(folder / f"{case}-{rank}.npz")) for rank in (0, 1)]


def apart(one, other):
    assert one.keys() == other.keys()
    return max(float(np.abs(one[name] - other[name]).max()) for name in one)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """A folder with what both workers ended with, by case."""
    folder = tmp_path_factory.mktemp("workers")
    cases = ["momentum", "adam", "batch_norm", "chance", "masks", "stopped", "half", "other data"]
    ended = run_job([SCRIPT, folder, *cases, "taken up"], seconds=300)
    assert [one.code for one in ended.values()] == [0, 0], ended
    return folder


@pytest.mark.parametrize("case", ["momentum", "adam"])
def test_two_workers_end_where_one_does(found, case):
    """52 steps with clipping by the global norm, in shares of 6 and of 5 rows."""
    alone = two_workers.CASES[case](None)
    both = losses_and_weights(found, case)
    assert len(alone["loss"]) * 4 >= 50
    assert apart(both[0], alone) < 1e-6
    assert apart(*both) == 0


@pytest.mark.parametrize("case", ["batch_norm", "chance", "half", "stopped", "taken up"])
def test_the_workers_end_with_the_same_bits(found, case):
    one, other = losses_and_weights(found, case)
    assert apart(one, other) == 0
    assert all(np.isfinite(values).all() for values in one.values())


def test_a_callback_of_one_worker_stops_all(found):
    assert len(losses_and_weights(found, "stopped")[0]["loss"]) == 2  # in the second epoch


def test_the_average_of_batch_norm_is_that_of_the_whole_batch(found):
    """A single step would be exact; the rest is chance of the batch statistics of each share."""
    before = two_workers.network(two_workers.layers.BatchNorm()).get_weights()
    after = losses_and_weights(found, "batch_norm")[0]
    moved = [name for name, old in zip(after, before, strict=False) if (after[name] != old).any()]
    assert len(moved) == 8


def test_each_worker_draws_its_own_numbers(found):
    """Of two rows of ones dropout leaves 0, 2 or, where it differs, the one or the other."""
    gradient = losses_and_weights(found, "masks")[0]["gradient"]
    assert set(np.round(gradient, 5)) == {0, 1, 2}


def test_other_data_on_one_worker(found):
    for told in losses_and_weights(found, "other data"):
        assert str(told["error"]) == (
            "the worker of rank 1 and the chief differ in data: give all workers the same program, "
            "the same settings and the same data"
        )


def test_whatever_happens_the_job_ends_with_the_same_bits(found, tmp_path):
    """An interrupt, a worker lost, the chief lost, one that stands still; then in peace."""

    def life(case, codes, ending=2):
        (tmp_path / "struck").unlink(missing_ok=True)
        ended = run_job(
            [SCRIPT, tmp_path, case], seconds=120, ending=ending, mark=tmp_path / "struck"
        )
        assert [one.code for one in ended.values()] == codes, (case, ended)
        return ended

    kept = f"is kept in {tmp_path / 'checkpoints'}"
    for one in life("interrupted", [-2, -2]).values():
        assert f"KeyboardInterrupt: epoch 3, step 1 {kept}" in one.err
    for case, lost, why in (
        ("killed", 1, "its connection broke"),
        ("chief killed", 0, "its connection broke"),
        ("frozen", 1, "it gave no sign of life for 5 s"),
    ):
        codes = [-9, 1] if lost == 0 else [1, -9]
        ended = life(case, codes, ending=1 if case == "frozen" else 2)
        left = ended[1 - lost]
        assert left.after_mark < 10
        (told,) = [
            line for line in left.err.splitlines() if "PeerError" in line or "dnn-tf:" in line
        ]
        assert f"worker {lost} (127.0.0.1:" in told
        assert f"is lost: {why}" in told
        assert kept in told
        assert told.endswith("start all workers again")
    life("taken up", [0, 0])
    assert apart(*losses_and_weights(tmp_path, "taken up")) == 0
    again, never = (losses_and_weights(where, "taken up")[0] for where in (tmp_path, found))
    assert apart(again, never) == 0


class Two(Team):
    """The chief of two, to whom the other says something else, or nothing."""

    size = 2

    def __init__(self, other=None):
        self.other = other
        self.told = []

    def gathered(self, value, what="a value"):
        return [value, value if self.other is None else self.other]

    def chiefs_arrays(self, value, arrays, what="arrays"):
        self.told.append((value, arrays))
        return value, arrays


class Second(Two):
    rank = 1

    def __init__(self, told):
        super().__init__()
        self.heard = told

    def chiefs_arrays(self, value, arrays, what="arrays"):
        return self.heard


def compiled():
    model = two_workers.network()
    model.compile(keras.optimizers.SGD(0.1), "mse")
    model.optimizer.build(model.trainable_variables)
    return model


def test_the_start_is_the_chiefs():
    chief, position = Two(), Position(2, np.random.default_rng(5).bit_generator.state)
    model, stopper = compiled(), keras.callbacks.EarlyStopping(patience=3)
    stopper.wait, stopper.best = 2, 0.5
    model.stop_training = True
    assert share_start(chief, model, [stopper], position) is position

    other, behind = compiled(), keras.callbacks.EarlyStopping(patience=3)
    behind.monitor = "its own"
    other.set_weights([w + 1 for w in other.get_weights()])
    got = share_start(Second(chief.told[0]), other, [behind], Position(0, {}))
    assert got == position
    assert other.stop_training
    assert (behind.wait, behind.best, behind.monitor) == (2, 0.5, "its own")
    for one, two in zip(model.get_weights(), other.get_weights(), strict=True):
        assert (one == two).all()
    assert remembered([behind])[0][1]["patience"] == 3


def test_alone_nothing_is_asked():
    position = Position(0, {})
    assert share_start(ALONE, None, [], position) is position
    check_alike(ALONE, lambda: pytest.fail("not needed"))
    check_equal(ALONE, None, "ever")


def test_workers_that_differ():
    with pytest.raises(InputError, match="differ in data, seed: give all workers the same"):
        check_alike(Two({"data": 1, "seed": 2}), lambda: {"data": 0})
    check_equal(Two(), compiled(), "after epoch 1")
    with pytest.raises(PeerError, match="rank 1 has other weights than the chief after epoch 1"):
        check_equal(Two(0), compiled(), "after epoch 1")

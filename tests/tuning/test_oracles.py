"""The oracles choose what they should, and forget nothing."""

import itertools
import json

import keras_tuner
import pytest
from keras_tuner.engine.trial import TrialStatus

from dnn_tf.tuning import oracles
from dnn_tf.tuning.oracles import ALGORITHMS, Durable, direction_of, make_oracle
from dnn_tf.types import InputError


def space() -> keras_tuner.HyperParameters:
    """Twelve sets: `b` counts where `a` is "x" only."""
    hp = keras_tuner.HyperParameters()
    hp.Choice("a", ["x", "y", "z"])
    with hp.conditional_scope("a", ["x"]):
        hp.Int("b", 1, 4)
    hp.Boolean("c")
    return hp


def make(algorithm: str, trials: int = 7, seed: int = 0, **words) -> Durable:
    given = {"hyperparameters": space(), "epochs": 9, "objective": "val_accuracy"} | words
    return make_oracle(algorithm, trials=trials, seed=seed, **given)


class Killed(BaseException):
    """As by SIGKILL: nobody cleans up."""


def work(oracle, runs, tuner="tuner0", at_most=1000):
    """What a tuner does with every trial, but for the training."""
    for _ in range(at_most):
        trial = oracle.create_trial(tuner)
        if trial.status == TrialStatus.STOPPED:
            return
        if trial.status == TrialStatus.IDLE:
            continue
        values = trial.hyperparameters.values
        runs.append((trial.trial_id, dict(values)))
        score = values.get("b", 2) / 10 + values["c"] / 3
        oracle.update_trial(trial.trial_id, {"val_accuracy": score})
        trial.status = TrialStatus.COMPLETED
        oracle.end_trial(trial)


def opened(folder, algorithm, **words):
    oracle = make(algorithm, **words)
    oracle.open(folder)
    return oracle


def ended(folder):
    """The text of the file of each trial that has."""
    texts = {path.parent.name: path.read_text() for path in folder.glob("trials/*/trial.json")}
    return {name: text for name, text in texts.items() if json.loads(text)["status"] == "COMPLETED"}


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_kill_at_any_write_loses_no_trial_and_runs_none_twice(algorithm, tmp_path, monkeypatch):
    trials = {"bayesian": 4, "hyperband": 12}.get(algorithm, 6)
    straight: list = []
    work(opened(tmp_path / "straight", algorithm, trials=trials), straight)
    assert len(straight) >= 4
    real = oracles._write
    for killed_at in [*range(15), *range(15, 1000, 11)]:
        folder, runs, writes = tmp_path / str(killed_at), [], itertools.count()

        def write(path, state, writes=writes, killed_at=killed_at):
            if next(writes) == killed_at:
                raise Killed
            real(path, state)

        monkeypatch.setattr(oracles, "_write", write)
        try:
            work(opened(folder, algorithm, trials=trials), runs)
            break  # there are no more writes
        except Killed:
            pass
        monkeypatch.setattr(oracles, "_write", real)
        before = ended(folder)
        work(opened(folder, algorithm, trials=trials), runs)
        assert before.items() <= ended(folder).items()
        assert len(ended(folder)) == len(straight)
        done = [f"trial_{number}" for number, _ in runs]
        assert all(done.count(name) == 1 for name in before)
        if algorithm in ("random", "grid"):
            assert dict(runs) == dict(straight)
    assert killed_at > 15


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_same_seed_chooses_the_same(algorithm, tmp_path):
    runs: dict[str, list] = {}
    for name, seed in (("one", 0), ("two", 0), ("three", 1)):
        trials = 4 if algorithm == "bayesian" else 7
        work(
            opened(tmp_path / name, algorithm, seed=seed, trials=trials), runs.setdefault(name, [])
        )
    assert runs["one"] == runs["two"]
    assert (runs["one"] == runs["three"]) == (algorithm == "grid")


def test_the_grid_has_each_set_once(tmp_path):
    runs: list = []
    work(opened(tmp_path, "grid", trials=100), runs)
    sets = [tuple(sorted(values.items())) for _, values in runs]
    assert len(sets) == len(set(sets)) == (4 + 2) * 2


def test_the_grid_goes_on_where_it_was(tmp_path):
    runs: list = []
    work(opened(tmp_path, "grid", trials=100), runs, at_most=5)
    work(opened(tmp_path, "grid", trials=100), runs)
    assert len(runs) == 12
    assert len({str(values) for _, values in runs}) == 12


@pytest.mark.parametrize("algorithm", ["random", "bayesian"])
def test_no_set_is_tried_twice_and_it_ends_with_the_space(algorithm, tmp_path):
    hp = keras_tuner.HyperParameters()
    hp.Choice("b", [1, 2, 3])
    hp.Boolean("c", default=True)
    runs: list = []
    work(opened(tmp_path, algorithm, trials=12, hyperparameters=hp), runs)
    sets = [str(sorted(values.items())) for _, values in runs]
    assert len(sets) == len(set(sets)) == 6


def test_the_gaussian_process_begins_after_a_third(tmp_path, monkeypatch):
    oracle = opened(tmp_path, "bayesian", trials=6)
    fitted: list = []
    fit = oracle.gpr.fit
    monkeypatch.setattr(oracle.gpr, "fit", lambda x, y: fitted.append(len(y)) or fit(x, y))
    work(oracle, [])
    assert fitted == [2, 3, 4, 5]


@pytest.mark.parametrize(
    ("room", "expected"),
    [
        (3, {1: 0, 3: 0, 9: 3}),  # not even the smallest bracket: so many at once
        (5, {1: 0, 3: 0, 9: 3}),
        (12, {1: 0, 3: 5, 9: 2 + 3}),
        (100, {1: 9, 3: 3 + 5, 9: 1 + 2 + 3}),
    ],
)
def test_hyperband_runs_as_many_brackets_as_there_is_room_for(room, expected, tmp_path):
    hp = keras_tuner.HyperParameters()
    hp.Float("b", 0, 1)
    hp.Boolean("c")
    runs: list = []
    work(opened(tmp_path, "hyperband", trials=room, hyperparameters=hp), runs)
    epochs = [values["tuner/epochs"] for _, values in runs]
    assert {number: epochs.count(number) for number in (1, 3, 9)} == expected
    assert len(runs) <= room


@pytest.mark.parametrize(("sets", "epochs"), [(6, {9}), (16, {3, 9}), (40, {1, 3, 9})])
def test_hyperband_in_a_small_space_trains_few_brackets_and_these_to_the_end(
    sets, epochs, tmp_path
):
    hp = keras_tuner.HyperParameters()
    hp.Choice("b", list(range(sets)))
    hp.Fixed("c", 0)
    runs: list = []
    work(opened(tmp_path, "hyperband", trials=100, hyperparameters=hp), runs)
    assert {values["tuner/epochs"] for _, values in runs} == epochs


def test_hyperband_goes_on_with_the_best(tmp_path):
    hp = keras_tuner.HyperParameters()
    hp.Float("b", 0, 1)
    hp.Boolean("c")
    runs: list = []
    work(opened(tmp_path, "hyperband", trials=12, hyperparameters=hp), runs)
    given = dict(runs)
    second = {values["tuner/trial_id"] for values in given.values() if "tuner/trial_id" in values}
    first = [n for n, v in given.items() if v["tuner/epochs"] == 3]

    def score(number):
        return given[number]["b"] / 10 + given[number]["c"] / 3

    assert second == set(sorted(first, key=score)[-2:])


def test_two_tuners_get_different_trials_and_one_that_asks_again_the_same(tmp_path):
    oracle = opened(tmp_path, "random")
    one, two = oracle.create_trial("tuner0"), oracle.create_trial("tuner1")
    assert one.trial_id != two.trial_id
    assert oracle.create_trial("tuner0").trial_id == one.trial_id


def test_more_trials_may_be_asked_for(tmp_path):
    runs: list = []
    work(opened(tmp_path, "random", trials=3), runs)
    work(opened(tmp_path, "random", trials=5), runs)
    assert len({number for number, _ in runs}) == len(runs) == 5


def test_a_trial_whose_process_died_has_failed(tmp_path):
    oracle = opened(tmp_path, "random")
    trial = oracle.create_trial("tuner0")
    oracle.fail(trial, "it was killed")
    assert oracle.create_trial("tuner0").trial_id != trial.trial_id
    folder = tmp_path / "trials" / f"trial_{trial.trial_id}"
    assert json.loads((folder / "trial.json").read_text())["status"] == "FAILED"
    assert (folder / "error.txt").read_text() == "it was killed"


def test_many_failures_in_a_row_end_no_search(tmp_path):
    oracle = opened(tmp_path, "random")
    for _ in range(7):
        trial = oracle.create_trial("tuner0")
        trial.status = TrialStatus.FAILED
        oracle.end_trial(trial)
    assert oracle.create_trial("tuner0").status == TrialStatus.STOPPED


def test_times_are_those_that_the_search_ran(tmp_path, monkeypatch):
    now = iter(range(0, 1000, 10))
    monkeypatch.setattr(oracles.time, "monotonic", lambda: float(next(now)))
    work(opened(tmp_path, "random", trials=2), [])
    first = [json.loads(text)["times"] for text in ended(tmp_path).values()]
    work(opened(tmp_path, "random", trials=3), [])
    assert sorted(first) == [[10.0, 20.0], [30.0, 40.0]]
    last = json.loads(ended(tmp_path)["trial_2"])["times"]
    assert last == [50.0, 60.0]  # and none between the two


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"ongoing_trials": 3}'])
def test_a_damaged_file_is_told(text, tmp_path):
    work(opened(tmp_path, "random", trials=2), [])
    (tmp_path / "trials" / "oracle.json").write_text(text)
    with pytest.raises(InputError, match=r"the search in .* is damaged .*: name another folder"):
        opened(tmp_path, "random")


def test_the_direction_is_that_of_the_name():
    assert make("random", objective="val_loss").objective.direction == "min" == direction_of("loss")
    assert make("random", objective="val_accuracy").objective.direction == "max"

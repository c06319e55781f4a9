"""The driver, with the peers that need nothing but what the package needs."""

import pytest

from benchmarks.data import write_arrays
from benchmarks.peers import LIMIT, MODULES, NEEDS, OURS
from benchmarks.race import NotTheSameWork, check_losses, missing_peers, run_race, table
from benchmarks.works import RACES


@pytest.fixture
def folder(tmp_path, sample):
    write_arrays(tmp_path, sample.train.x[:500], sample.train.y[:500])
    return tmp_path


def test_three_peers_take_turns(folder):
    lines = []
    peers = [OURS, "TF1 session loop", "model.fit"]
    found = run_race(RACES["dense-50"], folder, 500, peers=peers, rounds=2, say=lines.append)
    assert found["left_out"] == {}
    assert found["rows"] == 500
    assert list(found["peers"]) == peers
    for facts in found["peers"].values():
        assert len(facts["seconds"]) == 2
        assert facts["losses"][-1] < facts["first"]["loss"]
        assert "Keras" in facts["versions"]
    assert len(table(found)) == 4


def test_a_peer_that_cannot_says_why(folder):
    found = run_race(
        RACES["cnn"], folder, 100, peers=["scikit-learn"], rounds=1, say=lambda _: None
    )
    assert found["left_out"] == {"scikit-learn": "MLPClassifier has dense layers with ReLU alone"}


def test_a_missing_library_is_named_and_no_error(monkeypatch):
    monkeypatch.setattr("benchmarks.race._has", lambda module, _: module != "torch")
    missing = missing_peers(list(MODULES), {})
    assert list(missing) == ["PyTorch loop", "torch.compile"]
    assert missing["PyTorch loop"] == "torch is not installed: pip install 'dnn-tf[bench]'"
    assert set(NEEDS) < set(MODULES)


def test_a_peer_that_does_something_else_is_found_out():
    told = {"one": 0.50, "two": 0.51, "three": 0.60}
    first = {name: {"loss": loss, "accuracy": 0.9} for name, loss in told.items()}
    with pytest.raises(NotTheSameWork, match=r"loss of three is 0\.6000 .* 0\.5100"):
        check_losses(RACES["dense-50"], first)
    first["three"]["loss"] = float("nan")
    with pytest.raises(NotTheSameWork, match="three"):
        check_losses(RACES["dense-50"], first)


def test_the_limit_is_told_as_a_rate(race):
    lines = table(race())
    assert any(line.startswith(LIMIT) and "400.0 GFLOP/s" in line for line in lines)
    assert any("2.00x" in line for line in lines)

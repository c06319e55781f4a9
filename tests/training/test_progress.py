"""The bar."""

import pytest

from dnn_tf.training import progress


def train(show):
    with progress.progress_bar(show, epochs=2, rows=10) as bar:
        for epoch in range(2):
            bar.reach(epoch, 5)
            bar.reach(epoch, 10)
            bar.end_epoch(epoch, {"loss": 0.5 - epoch / 4, "seconds": 1.0})


def test_shows_epochs_and_results(capsys, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    train(True)
    shown = capsys.readouterr().err
    assert "2/2" in shown
    assert "loss 0.2500" in shown
    assert "seconds" not in shown


def test_tells_of_compiling_until_a_step_is_taken(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    with progress.progress_bar(False, epochs=1, rows=10) as bar:
        (task,) = bar._progress.tasks
        for rows, told in [(0, "compiling"), (5, ""), (10, "")]:
            bar.reach(0, rows)
            assert task.fields["results"] == told


def test_what_is_printed_meanwhile_stays_on_stdout(capsys, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    with progress.progress_bar(True, epochs=1, rows=10):
        print("a line")
    captured = capsys.readouterr()
    assert captured.out == "a line\n"
    assert "a line" not in captured.err


@pytest.mark.parametrize("show", [None, False])
def test_silent_where_nobody_looks(capsys, show):
    train(show)
    captured = capsys.readouterr()
    assert (captured.out + captured.err).strip() == ""

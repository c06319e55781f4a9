"""The commands that train, over several runs; the network is small, the digits are bundled."""

import json
import shlex
import signal
from pathlib import Path

import pytest

import dnn_tf
from dnn_tf import runs
from dnn_tf.cli import main
from dnn_tf.training import EpochReport

pytestmark = pytest.mark.usefixtures("module_without_xla")
SMALL = "--data mnist-sample --hidden 8 --batch-size 100 --learning-rate 0.1"


@pytest.fixture(autouse=True)
def _inside(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def ctrl_c(monkeypatch):
    """Pressed once, after the second epoch."""
    tell, left = EpochReport.on_epoch_end, [signal.SIGTERM]  # which is taken for it

    def told(self, epoch, logs=None):
        tell(self, epoch, logs)
        if epoch == 1 and left:
            signal.raise_signal(left.pop())

    monkeypatch.setattr(EpochReport, "on_epoch_end", told)


def run(words):
    return main(shlex.split(words))


def weights_of(folder):
    return [weight.tobytes() for weight in dnn_tf.load(folder).get_weights()]


@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_keeps_all_and_tells_how_to_go_on(capsys):
    train = f"train {SMALL} --dropout 0.2 --epochs 3"
    assert run(f"{train} --out 'my m' --run-dir 'my r'") == 130
    interrupted = capsys.readouterr().err
    start = "dnn-tf: interrupted: epoch 2, step 0 is kept in my r/checkpoints/seed-42; go on with: "
    assert interrupted.startswith(start)
    command = interrupted.removeprefix(start)
    assert command == "dnn-tf train --resume 'my r'\n"
    assert run(command.removeprefix("dnn-tf ")) == 0
    out = capsys.readouterr().out
    assert "2 Train accuracy" in out
    assert "1 Train accuracy" not in out
    assert run(f"{train} --out m --run-dir r") == 0
    assert weights_of("my m") == weights_of("m")


@pytest.mark.usefixtures("ctrl_c")
def test_mnist_goes_on_to_its_end(capsys):
    words = "mnist --data mnist-sample --epochs 2 --out m --run-dir r"
    assert run(words) == 130
    assert "go on with: dnn-tf mnist --resume r" in capsys.readouterr().err
    assert run("mnist --resume r --json") == 0
    assert len(json.loads(capsys.readouterr().out)["predicted"]) == 20


def test_a_full_disk_tells_how_to_go_on(capsys, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(runs.train.__globals__, "save", full)
    assert run(f"train {SMALL} --epochs 1 --out m --run-dir r") == 1
    error = capsys.readouterr().err
    assert "No space left on device" in error
    assert error.endswith("go on, once that is mended, with: dnn-tf train --resume r\n")


def test_an_interrupt_before_there_is_a_run(capsys, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("dnn_tf.runs.train", interrupted)
    assert run(f"train {SMALL} --out m --run-dir r") == 130
    assert capsys.readouterr().err == "dnn-tf: interrupted: no model was saved\n"


def test_from_repeats_a_run_but_for_what_is_given(capsys):
    options = "--optimizer adam --optimizer-option beta_1=0.8 --epochs 1 --batch-norm"
    assert run(f"train {SMALL} {options} --out m1 --run-dir r1") == 0
    assert run("train --from r1 --out m2 --run-dir r2") == 0
    assert weights_of("m1") == weights_of("m2")
    assert run("train --from r1 --seed 5 --no-batch-norm --out m3 --run-dir r3 --json") == 0
    first, third = (json.loads(Path(r, "config.json").read_text()) for r in ("r1", "r3"))
    assert third == first | {"seed": 5, "batch_norm": False}
    assert capsys.readouterr().err.count("warning") == 0


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ("train --resume r --epochs 3", 2, "--resume takes all from the run: leave epochs out"),
        ("train --resume r --out m", 2, "leave out out"),
        ("train --resume nothing", 1, "nothing holds no run"),
        ("train --from nothing", 1, "nothing holds no run"),
    ],
)
def test_what_cannot_be_gone_on_with(words, code, message, capsys):
    if code == 2:
        with pytest.raises(SystemExit) as stop:
            run(words)
        assert stop.value.code == 2
    else:
        assert run(words) == 1
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("data", "folder"),
    [
        ("mnist", "my_mnist"),
        ("tfds:fashion_mnist", "my_tfds_fashion_mnist"),
        ("some/flowers.csv", "my_flowers"),
        ("some/images/", "my_some_images"),
    ],
)
def test_where_the_network_is_saved(data, folder, monkeypatch):
    asked = {}
    monkeypatch.setattr("dnn_tf.runs.train", lambda settings, **places: asked.update(places))
    monkeypatch.setattr("dnn_tf.cli.training._print_result", lambda result: None)
    with pytest.raises(AttributeError):  # there is no result to print more of
        run(f"train --data {data}")
    assert asked["out"] == f"saved_models/{folder}"

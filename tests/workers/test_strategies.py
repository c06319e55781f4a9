import contextlib
import json
import signal

import pytest
import tensorflow as tf

from dnn_tf import workers
from dnn_tf.types import InputError
from dnn_tf.workers import strategies as room


def test_it_must_be_the_first(monkeypatch):
    tf.constant(0)
    cluster = {"cluster": {"worker": ["127.0.0.1:1"]}, "task": {"type": "worker", "index": 0}}
    monkeypatch.setenv("TF_CONFIG", json.dumps(cluster))
    with pytest.raises(InputError, match="TensorFlow has begun its work"):
        workers.strategy()
    with pytest.raises(InputError, match="seconds"):
        workers.strategy(0)


def test_a_second_call_returns_the_same(monkeypatch):
    cluster = {"cluster": {"worker": ["127.0.0.1:1"]}, "task": {"type": "worker", "index": 0}}
    text = json.dumps(cluster)
    monkeypatch.setenv("TF_CONFIG", text)
    monkeypatch.setattr(room, "_made", [(workers.read_cluster(text), "made", workers.ALONE)])
    assert workers.strategy() == "made"
    assert workers.team_of("made") is workers.ALONE
    monkeypatch.setenv("TF_CONFIG", text.replace(":1", ":2"))
    with pytest.raises(InputError, match="TF_CONFIG has changed"):
        workers.strategy()


def test_while_tensorflow_begins_somebody_watches(monkeypatch):
    """And the line knows that the worker is at work: a strategy that fails tells the others."""
    cluster = {"cluster": {"worker": ["a:1", "b:1"]}, "task": {"type": "worker", "index": 0}}
    monkeypatch.setenv("TF_CONFIG", json.dumps(cluster))
    seen = []

    class Line(workers.Team):
        def __init__(self, cluster, channels, abort):
            seen.append(channels)

        @contextlib.contextmanager
        def at_work(self, where=str):
            seen.append("at work")
            yield

    @contextlib.contextmanager
    def watched(channels, seconds):
        seen.append((list(channels), seconds))
        yield
        seen.append("watched")

    monkeypatch.setattr(room, "_made", [])
    monkeypatch.setattr(room.context.context(), "_context_handle", None)
    monkeypatch.setattr(room, "meet", lambda *_: {1: "channel"})
    monkeypatch.setattr(room, "Line", Line)
    monkeypatch.setattr(room, "watched", watched)
    begins = lambda: seen.append("made") or "made"  # noqa: E731
    monkeypatch.setattr(tf.distribute, "MultiWorkerMirroredStrategy", begins)
    assert workers.strategy(7) == "made"
    assert seen == [{1: "channel"}, "at work", (["channel"], 7), "made", "watched"]


def gpus(monkeypatch, n):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [kind] * n)


def test_gpus(monkeypatch):
    gpus(monkeypatch, 1)
    default = tf.distribute.get_strategy()
    assert workers.gpus() is default
    assert workers.gpus(1) is default
    gpus(monkeypatch, 2)
    monkeypatch.setattr(tf.distribute, "MirroredStrategy", list)
    assert workers.gpus() == workers.gpus(2) == ["GPU:0", "GPU:1"]


@pytest.mark.parametrize(
    ("count", "told"),
    [
        ("all", "all GPUs were asked for, and TensorFlow sees none"),
        (3, "3 GPUs were asked for, and TensorFlow sees none"),
        (0, "gpus"),
        ("two", "gpus is a whole number or 'all', and got 'two'"),
    ],
)
def test_gpus_that_are_not_there(count, told, monkeypatch):
    gpus(monkeypatch, 0)
    with pytest.raises(InputError, match=told):
        workers.gpus(count)


def test_who_trains():
    assert workers.team_of() is workers.ALONE
    assert workers.team_of(tf.distribute.OneDeviceStrategy("CPU:0")) is workers.ALONE

    class OfSomebodyElse:
        class extended:  # noqa: N801
            _num_workers = 2

    with pytest.raises(InputError, match=r"under dnn_tf.workers.strategy\(\) only"):
        workers.team_of(OfSomebodyElse())


def test_signals_stay_with_whom_they_were():
    before = signal.getsignal(signal.SIGTERM)
    with room._signals_as_they_are():
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    assert signal.getsignal(signal.SIGTERM) == before

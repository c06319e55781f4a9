import json

import pytest

from dnn_tf.types import InputError
from dnn_tf.workers import read_cluster

A, B, C = "10.0.0.1:2222", "10.0.0.2:2222", "10.0.0.3:2222"


def config(cluster, job="worker", index=0):
    return json.dumps({"cluster": cluster, "task": {"type": job, "index": index}})


def test_without_a_chief_it_is_worker_0():
    cluster = read_cluster(config({"worker": [A, B]}, index=1))
    assert cluster.names == ("worker 0", "worker 1")
    assert (cluster.rank, cluster.is_chief) == (1, False)
    assert cluster.host_and_port(1) == ("10.0.0.2", 2222)


def test_a_chief_comes_first():
    text = config({"worker": [A, B], "chief": [C]}, index=1)
    cluster = read_cluster(text)
    assert cluster.names == ("chief", "worker 0", "worker 1")
    assert cluster.addresses == (C, A, B)
    assert cluster.rank == 2
    assert read_cluster(config({"worker": [A], "chief": [C]}, "chief")).is_chief


def test_it_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("TF_CONFIG", config({"worker": [A]}))
    assert read_cluster().addresses == (A,)
    monkeypatch.delenv("TF_CONFIG")
    with pytest.raises(InputError, match="TF_CONFIG is not set, and workers find each other by it"):
        read_cluster()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("  ", "is not set"),
        ("{", r"is no JSON \(Expecting"),
        ("[" * 100_000, "is no JSON"),
        ("[1]", "has no 'cluster', or not an object there"),
        ('{"cluster": {"worker": ["a:1"]}}', "has no 'task'"),
        ('{"cluster": 1, "task": {}}', "has no 'cluster'"),
        (config({"worker": [A], "ps": [B]}), "names the jobs ps, and only chief and worker train"),
        (config({}), "names no worker"),
        (config({"chief": [A, B]}, "chief"), "names 2 chiefs: name one"),
        (config({"worker": [A, B, A]}), f"gives the address {A} to more than one worker"),
        (config({"worker": [A], "chief": [A]}), f"gives the address {A} to more than one"),
        (config({"worker": A}), "worker is a list of 'host:port', and got '10"),
        (config({"worker": ["10.0.0.1"]}), "worker holds '10.0.0.1', and 'host:port' was expected"),
        (config({"worker": ["a:0"]}), "worker holds 'a:0'"),
        (config({"worker": ["a:65536"]}), "worker holds 'a:65536'"),
        (config({"worker": ["a:\u0662"]}), "was expected"),
        (config({"worker": [7]}), "worker holds 7"),
        (config({"worker": [A, B]}, index=2), "the task is worker 2, and the cluster has 0 to 1"),
        (config({"worker": [A, B]}, index=-1), "the task is worker -1"),
        (config({"worker": [A, B]}, index="1"), "the task is worker '1'"),
        (config({"worker": [A, B]}, index=True), "the task is worker True"),
        (config({"worker": [A, B]}, "chief"), "the task is chief 0, and the cluster has none"),
        (config({"worker": [A]}, "evaluator"), "the task's type is 'evaluator'"),
    ],
)
def test_mistakes(text, told):
    with pytest.raises(InputError, match=told) as error:
        read_cluster(text)
    assert "\n" not in str(error.value)

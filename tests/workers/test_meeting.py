import socket
import threading
import time

import pytest

from dnn_tf.types import InputError, PeerError
from dnn_tf.workers.channel import Channel
from dnn_tf.workers.cluster import Cluster
from dnn_tf.workers.meeting import meet
from workers.processes import free_ports

JOB = {"dnn_tf": "1.0"}


def clusters(n=2):
    addresses = tuple(f"127.0.0.1:{port}" for port in free_ports(n))
    names = tuple(f"worker {rank}" for rank in range(n))
    return [Cluster(addresses, names, rank) for rank in range(n)]


def met(*each):
    """What each of them, called at the same time, returned or raised."""
    found = [None] * len(each)

    def call(i, words):
        try:
            found[i] = meet(*words)
        except Exception as error:
            found[i] = error

    threads = [threading.Thread(target=call, args=(i, words)) for i, words in enumerate(each)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


def test_three_meet_and_the_port_is_free_again():
    three = clusters(3)
    channels = met(*((cluster, JOB, 20) for cluster in three))
    assert [sorted(found) for found in channels] == [[1, 2], [0], [0]]
    channels[0][2].send("say", "to 2")
    assert channels[2][0].receive()[1] == "to 2"
    # TensorFlow listens at the chief's port from here on, while the connections stay.
    with socket.create_server(("", three[0].host_and_port(0)[1])):
        channels[1][0].send("say", "to the chief")
        assert channels[0][1].receive()[1] == "to the chief"
    for found in channels:
        for channel in found.values():
            channel.close()


def test_a_worker_is_missing():
    three = clusters(3)
    found = met((three[0], JOB, 1.5), (three[2], JOB, 1.5))
    for error in found:  # the one that came is told too
        assert isinstance(error, PeerError)
        assert f"worker 1 ({three[0].addresses[1]}) did not come within 1.5 s" in str(error)


def test_the_chief_is_missing():
    _, worker = clusters()
    began = time.monotonic()
    with pytest.raises(PeerError, match=r"worker 0 .*, the chief, was not reached within 1 s"):
        meet(worker, JOB, 1)
    assert time.monotonic() - began < 5


def test_somebody_else_answers_for_the_chief():
    _, worker = clusters()
    with socket.create_server(worker.host_and_port(0)) as listening:

        def answer():
            connection = listening.accept()[0]
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.close()
            listening.close()

        threading.Thread(target=answer).start()
        with pytest.raises(PeerError, match="somebody else answers there|nobody answers"):
            meet(worker, JOB, 1)


def test_strangers_at_the_chiefs_door_are_sent_away():
    chief, worker = clusters()
    found = []
    calling = threading.Thread(target=lambda: found.append(met((chief, JOB, 20))[0]))
    calling.start()
    for _ in range(100):
        try:
            stranger = socket.create_connection(chief.host_and_port(0))
            break
        except OSError:
            time.sleep(0.02)
    stranger.sendall(b"GET / HTTP/1.1\r\nHost: someone\r\n\r\n")
    odd = Channel(socket.create_connection(chief.host_and_port(0)))
    odd.send("hello", [7, {}])
    channel = met((worker, JOB, 20))[0]
    calling.join(20)
    assert sorted(found[0]) == [1]
    for one in (stranger, odd, channel[0], found[0][1]):
        one.close()


def test_another_job():
    chief, worker = clusters()
    found = met((chief, JOB, 10), (worker, {"dnn_tf": "0.9"}, 10))
    for error in found:
        assert isinstance(error, PeerError)
        assert "worker 1" in str(error)
        assert "has dnn_tf '0.9', and the chief dnn_tf '1.0': start all workers alike" in str(error)


def test_two_that_say_they_are_the_same():
    chief, worker, _ = clusters(3)
    first = Channel
    found = []
    calling = threading.Thread(target=lambda: found.append(met((chief, JOB, 20))[0]))
    calling.start()
    time.sleep(0.3)
    both = [first(socket.create_connection(chief.host_and_port(0))) for _ in range(2)]
    for one in both:
        one.send("hello", [worker.rank, JOB])
        time.sleep(0.1)
    calling.join(20)
    assert "two processes say that they are worker 1" in str(found[0])
    for one in both:
        told = [one.receive(), one.receive()] if one is both[0] else [one.receive()]
        assert "two processes" in told[-1][1]
        one.close()


def test_the_port_is_taken():
    chief, _ = clusters()
    told = r"worker 0 .* cannot listen at port \d+ of this machine"
    with (
        socket.create_server(("", chief.host_and_port(0)[1])),
        pytest.raises(InputError, match=told),
    ):
        meet(chief, JOB, 0.5)

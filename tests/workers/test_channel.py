import socket
import struct
import threading

import numpy as np
import pytest

from dnn_tf.workers.channel import MAGIC, Channel


@pytest.fixture
def ends():
    listening = socket.create_server(("127.0.0.1", 0))
    one = socket.create_connection(listening.getsockname())
    other = listening.accept()[0]
    listening.close()
    both = Channel(one), Channel(other)
    yield both
    for channel in both:
        channel.close()


def test_values_and_arrays(ends):
    arrays = {"w": np.arange(6.0).reshape(2, 3), "n": np.array(3)}
    ends[0].send("say", {"a": [1, 2.5, None, "ä"]}, arrays)
    ends[0].send("bye")
    kind, value, got = ends[1].receive()
    assert (kind, value) == ("say", {"a": [1, 2.5, None, "ä"]})
    assert (got["w"] == arrays["w"]).all()
    assert got["n"] == 3
    assert ends[1].receive() == ("bye", None, {})


def test_a_large_array_comes_in_parts(ends):
    large = np.random.default_rng(0).normal(size=2_000_000)
    sending = threading.Thread(target=ends[0].send, args=("say", None, {"w": large}))
    sending.start()
    heard = []
    arrived = ends[1].receive(lambda: heard.append(1))[2]["w"]
    sending.join()
    assert (arrived == large).all()
    assert len(heard) > 10  # each part is a sign of life


def test_signs_of_life(ends):
    ends[0].ping()
    assert ends[1].receive() == ("ping", None, {})


def test_the_other_side_has_gone(ends):
    assert ends[1].is_open()
    ends[1].patience(5.0)
    assert ends[1].is_open()
    ends[0].close()
    assert not ends[1].is_open()
    with pytest.raises(EOFError):
        ends[1].receive()


def test_what_is_no_message(ends):
    ends[0]._connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    with pytest.raises(ValueError, match="no message of dnn_tf"):
        ends[1].receive()


def test_nobody_is_made_to_keep_too_much(ends):
    ends[0]._connection.sendall(struct.pack("!8sIQ", MAGIC, 2**32 - 1, 0))
    with pytest.raises(ValueError, match="no message"):
        ends[1].receive()


def test_nothing_is_unpickled(ends):
    with pytest.raises(ValueError, match="pickle"):
        ends[0].send("say", None, {"w": np.array([object()])}) or ends[1].receive()

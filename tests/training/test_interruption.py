"""Ctrl-C waits for the end of a step."""

import signal
import threading

import pytest

from dnn_tf.training.interruption import postponed_interrupt


def press():
    signal.raise_signal(signal.SIGINT)


def test_nobody_pressed():
    with postponed_interrupt() as pressed:
        assert not pressed()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_waits_until_it_is_asked_for():
    with pytest.raises(KeyboardInterrupt, match="now"), postponed_interrupt() as pressed:
        press()
        assert pressed()
        raise KeyboardInterrupt("now")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_the_second_does_not_wait():
    steps = []
    with pytest.raises(KeyboardInterrupt), postponed_interrupt():
        press()
        steps.append(1)
        press()
        steps.append(2)
    assert steps == [1]


def test_is_not_lost_where_nobody_asks():
    done = []
    with pytest.raises(KeyboardInterrupt), postponed_interrupt():
        press()
        done.append(True)
    assert done


def test_another_error_goes_before():
    with pytest.raises(OSError, match="disk"), postponed_interrupt():
        press()
        raise OSError("disk")


def test_whoever_else_handles_it_goes_on_handling_it():
    heard = []
    before = signal.signal(signal.SIGINT, lambda *_: heard.append(True))
    try:
        with postponed_interrupt() as pressed:
            press()
            assert heard
            assert not pressed()
    finally:
        signal.signal(signal.SIGINT, before)


def test_in_another_thread_nothing_is_changed():
    answers = []

    def work():
        with postponed_interrupt() as pressed:
            answers.append((pressed(), signal.getsignal(signal.SIGINT)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert answers == [(False, signal.default_int_handler)]

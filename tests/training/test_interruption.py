"""Interrupts wait for the end of a step."""

import signal
import threading

import pytest

from dnn_tf.training.interruption import postponed_interrupt, termination_as_interrupt


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


def test_termination_is_an_interrupt():
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt), termination_as_interrupt():
        signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.fixture
def _ctrl_c_ignored():
    """As for a job in the background of a script."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_ctrl_c_ignored")
def test_termination_waits_where_ctrl_c_is_ignored():
    with (
        pytest.raises(KeyboardInterrupt),
        termination_as_interrupt(),
        postponed_interrupt() as heard,
    ):
        press()
        assert not heard()
        signal.raise_signal(signal.SIGTERM)
        assert heard()


def test_whoever_else_handles_termination_goes_on_handling_it():
    terms = []
    before = signal.signal(signal.SIGTERM, lambda *_: terms.append(True))
    try:
        with postponed_interrupt() as heard:
            signal.raise_signal(signal.SIGTERM)
            assert terms
            assert not heard()
    finally:
        signal.signal(signal.SIGTERM, before)


def test_termination_in_another_thread_changes_nothing():
    heard = []

    def work():
        with termination_as_interrupt():
            heard.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert heard == [signal.getsignal(signal.SIGTERM)]

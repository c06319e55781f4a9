"""Callbacks between two steps."""

import keras
import pytest

from dnn_tf.training import EverySteps
from dnn_tf.training.every_steps import EverySteps as Same
from dnn_tf.types import InputError


class Diary(EverySteps):
    """Notes when it acted, and with what logs."""

    def __init__(self, every=None):
        super().__init__(every)
        self.notes = []

    def act(self, logs):
        self.notes.append((self.steps, int(self.model.optimizer.iterations), sorted(logs)))


@pytest.mark.parametrize("jit_compile", [False, True], ids=["graph", "xla"])
def test_in_the_middle_of_epochs(fit_blobs, small_model, jit_compile):
    """90 rows in batches of 20 are 5 steps an epoch, the last one of 10 rows."""
    diary, other = Diary(4), Diary(7)
    fit_blobs(small_model, batch_size=20, callbacks=[diary, other], jit_compile=jit_compile)
    assert diary.notes == [(4, 4, []), (8, 8, []), (12, 12, [])]
    assert [note[0] for note in other.notes] == [7, 14]


def test_at_the_ends_of_epochs(fit_blobs, small_model):
    diary = Diary()
    fit_blobs(small_model, epochs=2, batch_size=30, callbacks=[diary])
    logs = ["accuracy", "learning_rate", "loss", "seconds", "val_accuracy", "val_loss"]
    assert [note[1:] for note in diary.notes] == [(3, logs), (6, logs)]


def test_in_model_fit(blobs, small_model):
    diary = Diary(4)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    small_model.compile("sgd", loss)
    small_model.fit(
        blobs.train.x, blobs.train.y, batch_size=20, epochs=2, verbose=0, callbacks=[diary]
    )
    assert [note[0] for note in diary.notes] == [4, 8]


def test_in_model_fit_with_several_steps_an_execution(blobs, small_model):
    """Executions of 6 batches an epoch end after 4 and 6; 8 is passed in the one from 6 to 10."""
    diary = Diary(4)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    small_model.compile("sgd", loss, steps_per_execution=4)
    small_model.fit(
        blobs.train.x, blobs.train.y, batch_size=15, epochs=2, verbose=0, callbacks=[diary]
    )
    assert [note[:2] for note in diary.notes] == [(4, 4), (10, 10), (12, 12)]


def test_acts_once_where_it_was_due_several_times(blobs, small_model):
    """Executions of all 6 batches of an epoch."""
    diary = Diary(2)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    small_model.compile("sgd", loss, steps_per_execution=8)
    small_model.fit(
        blobs.train.x, blobs.train.y, batch_size=15, epochs=3, verbose=0, callbacks=[diary]
    )
    assert [note[:2] for note in diary.notes] == [(6, 6), (12, 12), (18, 18)]


@pytest.mark.usefixtures("without_xla")
def test_counts_anew_in_every_training(fit_blobs, small_model):
    diary = Diary(2)
    for _ in range(2):
        fit_blobs(small_model, epochs=1, batch_size=30, callbacks=[diary])
    assert [note[0] for note in diary.notes] == [2, 2]


def test_how_often_it_is_called_changes_no_step(fit_blobs, small_model):
    start = small_model.get_weights()
    fit_blobs(small_model, batch_size=8)
    plain = small_model.get_weights()
    small_model.set_weights(start)
    fit_blobs(small_model, batch_size=8, callbacks=[Diary(1)])
    for a, b in zip(plain, small_model.get_weights(), strict=True):
        assert (a == b).all()


@pytest.mark.parametrize("every", [0, -1, 1.5])
def test_every_is_a_number_of_steps(every):
    with pytest.raises(InputError, match="every is a whole number, 1 or more, and got"):
        Same(every)


def test_other_hooks_of_a_subclass_are_not_dropped_in_silence(fit_blobs, small_model):
    class Waits(Diary):
        def on_train_batch_begin(self, batch, logs=None):
            pass

    with pytest.raises(InputError, match="Waits.on_train_batch_begin would never be called"):
        fit_blobs(small_model, callbacks=[Waits(2)])

"""Several random starts."""

import math

import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf import losses, optimizers
from dnn_tf.training import Checkpoints, fit_best_of
from dnn_tf.types import DivergenceError, InputError

pytestmark = pytest.mark.usefixtures("module_without_xla")  # every start compiles anew
LOSS = losses.sparse_softmax_cross_entropy
WORDS = {"loss": LOSS, "epochs": 2, "batch_size": 10}


def network():
    return dnn_tf.models.dnn(6, (4,), 3)


def descent():
    return optimizers.GradientDescent(0.05)


def test_keeps_the_smallest_validation_loss(blobs):
    best = fit_best_of(4, network, descent, blobs, seed=3, **WORDS)
    assert list(best.scores) == [3, 4, 5, 6]
    assert len(set(best.scores.values())) == 4
    assert best.scores[best.seed] == min(best.scores.values())
    measured = dnn_tf.evaluate(best.model, blobs.validation, loss=LOSS)
    assert measured["loss"] == best.scores[best.seed]
    assert best.history["val_loss"][-1] == pytest.approx(measured["loss"], rel=1e-6)


def test_a_start_is_the_training_from_its_seed(blobs):
    best = fit_best_of(4, network, descent, blobs, seed=3, **WORDS)
    keras.utils.set_random_seed(best.seed)
    model = network()
    dnn_tf.fit(model, blobs, optimizer=descent(), seed=best.seed, **WORDS)
    for a, b in zip(best.model.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_network_that_early_stopping_kept_is_the_one_that_counts(blobs):
    stop = keras.callbacks.EarlyStopping("val_loss", patience=1, restore_best_weights=True)
    words = WORDS | {"epochs": 20, "callbacks": [stop]}
    best = fit_best_of(2, network, lambda: optimizers.GradientDescent(3.0), blobs, **words)
    assert best.scores[best.seed] == pytest.approx(min(best.history["val_loss"]), rel=1e-6)


def test_without_validation_the_training_loss_counts(blobs):
    best = fit_best_of(3, network, descent, (blobs.train.x, blobs.train.y), **WORDS)
    measured = dnn_tf.evaluate(best.model, blobs.train, loss=LOSS)
    assert best.scores[best.seed] == measured["loss"] == min(best.scores.values())


def test_a_start_that_diverges_does_not_end_the_search(blobs):
    rates = iter([1e30, 0.05])
    best = fit_best_of(2, network, lambda: optimizers.GradientDescent(next(rates)), blobs, **WORDS)
    assert best.seed == 1
    assert math.isnan(best.scores[0])


def test_starts_that_have_ended_are_not_trained_again(blobs, tmp_path):
    """Each has checkpoints of its own; the second call takes no step."""
    places = Checkpoints(tmp_path, seconds=9)
    best = fit_best_of(2, network, descent, blobs, checkpoint=places, **WORDS)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["seed-0", "seed-1"]
    again = fit_best_of(2, network, descent, blobs, checkpoint=tmp_path, **WORDS)
    assert (again.seed, again.scores, again.history) == (best.seed, best.scores, best.history)
    for a, b in zip(best.model.get_weights(), again.model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def forgetful(bad):
    """A callback that leaves the networks of these starts without sense, once they are trained."""
    starts = iter(range(9))

    class Forget(keras.callbacks.Callback):
        def on_train_end(self, logs=None):
            if next(starts) in bad:
                self.model.layers[-1].bias.assign([float("nan")] * 3)

    return Forget()


def test_a_start_that_leaves_no_number_is_not_kept(blobs):
    best = fit_best_of(2, network, descent, blobs, callbacks=[forgetful({0})], **WORDS)
    assert best.seed == 1
    assert math.isnan(best.scores[0])


def test_all_leave_no_number(blobs):
    with pytest.raises(DivergenceError, match="all of 2 starts .* training ended, and the loss on"):
        fit_best_of(2, network, descent, blobs, callbacks=[forgetful({0, 1})], **WORDS)


@pytest.mark.parametrize(
    ("seed", "message"),
    [
        (-1, "seed is a whole number, 0 or more, and got -1"),
        (None, "seed is a whole number, 0 or more, and got None"),
        (2**32 - 1, "2 starts from seed 4294967295 pass the largest seed, 4294967295"),
    ],
)
def test_seeds_that_cannot_be(blobs, seed, message):
    with pytest.raises(InputError, match=message):
        fit_best_of(2, network, descent, blobs, seed=seed, **WORDS)


def test_the_last_seed_of_all(blobs):
    assert fit_best_of(1, network, descent, blobs, seed=2**32 - 1, **WORDS).seed == 2**32 - 1


def test_the_same_model_twice(blobs):
    model = network()
    with pytest.raises(InputError, match="make_model returned model 'dnn' twice: make a new one"):
        fit_best_of(2, lambda: model, descent, blobs, **WORDS)


@pytest.mark.parametrize(
    ("starts", "words"), [(1, r"^step \d of"), (2, "all of 2 starts diverged")]
)
def test_all_diverge(blobs, starts, words):
    wild = lambda: optimizers.GradientDescent(1e30)  # noqa: E731
    with pytest.raises(DivergenceError, match=words):
        fit_best_of(starts, network, wild, blobs, **WORDS)


def test_no_start():
    with pytest.raises(InputError, match="starts is a whole number, 1 or more, and got 0"):
        fit_best_of(0, network, descent, (np.zeros((2, 6)), np.zeros(2, int)), **WORDS)

"""Training that is broken off, and goes on."""

import collections
import random
import signal

import keras
import numpy as np
import pytest
from keras.src.random.seed_generator import global_seed_generator

import dnn_tf
from dnn_tf.optimizers import Adam, GradientDescent
from dnn_tf.training import (
    Best,
    Checkpoints,
    EverySteps,
    MaxSteps,
    PerformanceSchedule,
    StopOnSmallUpdates,
    restore_best,
)
from dnn_tf.training.keeper import CheckpointKeeper
from dnn_tf.types import InputError

CUT = {"epochs": 4, "batch_size": 20, "run_eagerly": True}  # 90 rows: 5 steps, the last of 10 rows


class CtrlC(EverySteps):
    """Presses it in some steps."""

    def __init__(self, presses):
        super().__init__(1)
        self.presses = lambda: presses

    def act(self, logs):
        if self.steps in self.presses():
            signal.raise_signal(signal.SIGINT)


def new_model():
    keras.utils.set_random_seed(3)
    return dnn_tf.models.dnn(6, (8, 5), 3, dropout=0.3, batch_norm=True)


def bits(model):
    variables = [*model.variables, *model.optimizer.variables]
    return [keras.ops.convert_to_numpy(variable).tobytes() for variable in variables]


def train(fit_blobs, path=None, presses=(), *, optimizer=lambda: Adam(0.01), callbacks=(), **words):
    """The model and its history; broken off at every press, and taken up again."""
    for done in range(len(presses) + 1):
        model = new_model()
        listeners = [make() for make in callbacks] + [CtrlC(presses[done:])]
        try:
            history = fit_blobs(
                model, optimizer=optimizer(), callbacks=listeners, checkpoint=path, **CUT | words
            )
        except KeyboardInterrupt:
            continue
        assert done == len(presses)
        return model, history
    raise AssertionError("broken off once more")


def without_times(history):
    return {name: values for name, values in history.history.items() if name != "seconds"}


WAYS = {
    "plain": {},
    "schedule": {"optimizer": lambda: Adam(dnn_tf.schedules.CosineDecay(0.05, 20))},
    "average": {"optimizer": lambda: Adam(0.05, use_ema=True, ema_momentum=0.9)},
    "early stopping": {
        "optimizer": lambda: GradientDescent(1.0),
        "callbacks": [
            lambda: keras.callbacks.EarlyStopping(
                "val_loss", patience=1, restore_best_weights=True, min_delta=0.1
            )
        ],
    },
    "plateau": {
        "callbacks": [lambda: keras.callbacks.ReduceLROnPlateau(patience=1, min_delta=1.0)]
    },
    "performance schedule": {"callbacks": [lambda: PerformanceSchedule(every=3, min_delta=1.0)]},
    "small updates": {"callbacks": [lambda: StopOnSmallUpdates(0.1, every=2)]},
    "max steps": {"callbacks": [lambda: MaxSteps(12)]},
    "accumulation": {"batch_size": 7, "gradient_accumulation_steps": 3},
    "clipping": {
        "clip": dnn_tf.gradients.clip_by_global_norm(0.1),
        "clip_effects": [dnn_tf.gradients.clipped_share],
    },
    "no seed": {"seed": None},
}


@pytest.mark.parametrize("name", WAYS)
def test_broken_off_and_taken_up_it_ends_with_the_same_bits(fit_blobs, tmp_path, name):
    """In the middle of an epoch, after its last step, and after the last step of all."""
    whole, told = train(fit_blobs, **WAYS[name])
    steps = int(whole.optimizer.iterations)
    presses = tuple(sorted({2, min(5, steps), steps}))
    model, history = train(fit_blobs, tmp_path, presses, **WAYS[name])
    assert bits(model) == bits(whole)
    assert without_times(history) == without_times(told)
    assert history.epoch == told.epoch
    assert model.history is history


def test_the_same_bits_under_xla(fit_blobs, tmp_path):
    whole, _ = train(fit_blobs, run_eagerly=False)
    model, _ = train(fit_blobs, tmp_path, (7,), run_eagerly=False)
    assert bits(model) == bits(whole)


def test_a_training_that_has_ended_returns_at_once(fit_blobs, tmp_path):
    whole, told = train(fit_blobs, tmp_path)
    model, history = train(fit_blobs, tmp_path)
    assert bits(model) == bits(whole)
    assert history.history == told.history


def test_more_epochs_go_on_where_it_ended(fit_blobs, tmp_path):
    whole, _ = train(fit_blobs, epochs=4)
    train(fit_blobs, tmp_path, epochs=2)
    model, history = train(fit_blobs, tmp_path, epochs=4)
    assert bits(model) == bits(whole)
    assert history.epoch == [0, 1, 2, 3]
    with pytest.raises(InputError, match="has come to epoch 4, step 0, and epochs=2 was asked"):
        train(fit_blobs, tmp_path, epochs=2)


def test_says_where_it_is_kept(fit_blobs, tmp_path):
    with pytest.raises(KeyboardInterrupt, match=f"epoch 1, step 2 is kept in {tmp_path}/c"):
        fit_blobs(new_model(), callbacks=[CtrlC((7,))], checkpoint=tmp_path / "c", **CUT)


def test_without_a_checkpoint_ctrl_c_does_not_wait(fit_blobs):
    model = new_model()
    with pytest.raises(KeyboardInterrupt):
        fit_blobs(model, callbacks=[CtrlC((7,))], **CUT)
    assert int(model.optimizer.iterations) == 7


class Steps(EverySteps):
    """What lies in the folder after each step."""

    def __init__(self, path):
        super().__init__(1)
        self.found = lambda: found
        found = []
        self.look = lambda: found.append(sorted(path.glob("epoch-*"))[-1:])

    def act(self, logs):
        self.look()


@pytest.mark.parametrize(("seconds", "written"), [(0, True), (3600, False)])
def test_now_and_then(fit_blobs, tmp_path, seconds, written):
    steps = Steps(tmp_path)
    checkpoints = Checkpoints(tmp_path, seconds=seconds)
    fit_blobs(new_model(), callbacks=[steps], checkpoint=checkpoints, **CUT)
    assert any(steps.found()) == written
    assert len(list(tmp_path.glob("epoch-*"))) == (2 if written else 1)


def test_the_best_epoch_is_kept(fit_blobs, tmp_path):
    words = {"optimizer": lambda: GradientDescent(1.5), "epochs": 5}
    model, history = train(fit_blobs, tmp_path, **words)
    losses = history.history["val_loss"]
    assert np.argmin(losses) < 4, "the last epoch is the best: this test shows nothing"
    best = restore_best(model, tmp_path)
    assert (best.epoch, best.value) == (np.argmin(losses), min(losses))


def test_the_best_is_what_was_measured(fit_blobs, blobs, tmp_path):
    """With an average of the weights, that is measured."""
    words = {"optimizer": lambda: Adam(0.05, use_ema=True, ema_momentum=0.9)}
    model, _ = train(fit_blobs, tmp_path, **words)
    best = restore_best(model, tmp_path)
    measured = dnn_tf.evaluate(
        model, blobs.validation, loss=dnn_tf.losses.sparse_softmax_cross_entropy
    )
    assert measured["loss"] == pytest.approx(best.value, rel=1e-6)


def test_without_validation_rows_the_training_loss_decides(fit_blobs, blobs, tmp_path):
    model, history = train(fit_blobs, tmp_path, data=(blobs.train.x, blobs.train.y))
    best = restore_best(model, tmp_path)
    assert (best.monitor, best.value) == ("loss", min(history.history["loss"]))


def test_a_disk_that_fills_does_not_end_the_training(fit_blobs, tmp_path, monkeypatch):
    whole, _ = train(fit_blobs)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("dnn_tf.training.checkpoints.np.savez", full)
    with pytest.warns(UserWarning, match="could not be kept .*No space left.*training goes on"):
        model, _ = train(fit_blobs, tmp_path)
    assert bits(model) == bits(whole)
    with (
        pytest.warns(UserWarning, match="could not be kept"),
        pytest.raises(KeyboardInterrupt, match="epoch 0, step 3 is not kept"),
    ):
        fit_blobs(new_model(), callbacks=[CtrlC((3,))], checkpoint=tmp_path, **CUT)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "differs"),
    [
        ({"batch_size": 30}, "batch_size"),
        ({"optimizer": lambda: Adam(0.02)}, "optimizer"),
        ({"callbacks": [lambda: MaxSteps(3)]}, "MaxSteps"),
        ({"seed": 5}, "seed"),
        ({"clip": dnn_tf.gradients.clip_by_value(1.0)}, "clip"),
        ({"metrics": ()}, "metrics"),
    ],
)
def test_goes_on_with_no_other_training(fit_blobs, tmp_path, words, differs):
    train(fit_blobs, tmp_path, epochs=1)
    with pytest.raises(InputError, match=f"another training, which differs in {differs}"):
        train(fit_blobs, tmp_path, **words)


def test_a_folder_that_cannot_be_written_is_told_before_the_first_step(fit_blobs, tmp_path):
    (tmp_path / "file").write_text("")
    model = new_model()
    with pytest.raises(InputError, match="cannot hold checkpoints"):
        fit_blobs(model, checkpoint=tmp_path / "file" / "c", **CUT)
    assert int(model.optimizer.iterations) == 0


def test_what_is_no_place(fit_blobs):
    with pytest.raises(
        InputError, match=r"checkpoint is a path or training\.Checkpoints, .* got 5"
    ):
        fit_blobs(new_model(), checkpoint=5, **CUT)


class Draws(keras.callbacks.Callback):
    """Adds chance to a weight, from generators that belong to nobody."""

    def on_epoch_end(self, epoch, logs=None):
        self.last = logs["loss"]  # a memory that begins late
        chance = np.random.rand() + random.random() + float(keras.random.uniform(()))
        bias = self.model.layers[-1].bias
        bias.assign(bias + 0.01 * chance)


class Noise(keras.layers.Layer):
    def call(self, x):
        return x + keras.random.normal(keras.ops.shape(x), stddev=0.01)


def test_chance_that_belongs_to_nobody(fit_blobs, tmp_path, monkeypatch):
    def noisy():
        generator = global_seed_generator()  # made at its first use, with a number of Python's
        keras.utils.set_random_seed(3)
        generator.state.assign([1, 2])  # Keras 3.12 leaves it where it was
        inputs = keras.Input((6,))
        return keras.Model(inputs, keras.layers.Dense(3)(Noise()(inputs)))

    monkeypatch.setitem(globals(), "new_model", noisy)
    whole, _ = train(fit_blobs, callbacks=[Draws])
    model, _ = train(fit_blobs, tmp_path, (7, 15), callbacks=[Draws])
    assert bits(model) == bits(whole)


def test_two_callbacks_of_one_class_and_another_order(fit_blobs, tmp_path):
    """Each is reminded of its own."""

    def stop(patience):
        return lambda: keras.callbacks.EarlyStopping(patience=patience, min_delta=9.0)

    plateau = keras.callbacks.ReduceLROnPlateau
    ways = [stop(3), stop(2), plateau], [plateau, stop(3), stop(2)]
    whole, told = train(fit_blobs, callbacks=ways[0], epochs=9)
    train(fit_blobs, tmp_path, callbacks=ways[0], epochs=1)
    model, history = train(fit_blobs, tmp_path, callbacks=ways[1], epochs=9)
    assert bits(model) == bits(whole)
    assert history.epoch == told.epoch


def test_an_epoch_is_told_of_once(fit_blobs, tmp_path):
    told = []
    tell = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: told.append(epoch))
    train(fit_blobs, tmp_path, (7,), callbacks=[lambda: tell])
    assert told == [0, 1, 2, 3]


def test_csv_logger(fit_blobs, tmp_path):
    logger = keras.callbacks.CSVLogger(tmp_path / "log.csv", append=True)
    with pytest.raises(InputError, match="leave CSVLogger out"):
        fit_blobs(new_model(), callbacks=[logger], checkpoint=tmp_path, **CUT)


class Queue(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        self.queue = collections.deque([epoch])


def test_what_cannot_be_kept_is_told_once(fit_blobs, tmp_path):
    checkpoints = Checkpoints(tmp_path, seconds=0)
    with pytest.warns(UserWarning, match=r"cannot keep Queue\.queue: after a kill") as told:
        fit_blobs(new_model(), callbacks=[Queue()], checkpoint=checkpoints, **CUT)
    assert sum("Queue" in str(warning.message) for warning in told) == 1


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        (lambda model: setattr(model.get_layer("hidden2"), "trainable", False), "trainable"),
        (lambda model: setattr(model.get_layer("hidden1_dropout"), "rate", 0.5), "model"),
    ],
)
def test_goes_on_with_no_other_model(fit_blobs, tmp_path, change, differs):
    train(fit_blobs, tmp_path, epochs=1)
    model = new_model()
    change(model)
    before = model.get_weights()
    with pytest.raises(InputError, match=f"differs in .*{differs}"):
        fit_blobs(model, callbacks=[CtrlC(())], optimizer=Adam(0.01), checkpoint=tmp_path, **CUT)
    for one, other in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_nan_is_not_the_best(tmp_path, small_model):
    small_model.compile("sgd", "mse")
    keeper = CheckpointKeeper(small_model, Checkpoints(tmp_path), {}, 9)
    for epoch, value in enumerate([np.nan, 0.5, np.nan, 0.25, 0.25]):
        keeper.measured(epoch, {"loss": 0.0, "val_loss": value})
    assert keeper._best == Best(3, "val_loss", 0.25)

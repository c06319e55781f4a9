"""From a set of values to what a trial trains."""

import contextlib
import dataclasses
import inspect
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import keras
import keras_tuner

from dnn_tf.data import Dataset, Split
from dnn_tf.losses import sparse_softmax_cross_entropy
from dnn_tf.runs import Plan, Settings, build, check_plan, count_steps, parts
from dnn_tf.saving import load
from dnn_tf.training import check_model, fit
from dnn_tf.training.signature import described
from dnn_tf.types import DivergenceError, InputError, first_line

Space: TypeAlias = Callable[[keras_tuner.HyperParameters], Settings | keras.Model]
"""From hyperparameters to what a trial trains; see `search`."""

BATCH_SIZE = "batch_size"
"""The hyperparameter that a compiled model cannot hold."""

_LEFT_OUT = {"starts": 1, "threshold": None}


@dataclass(frozen=True, eq=False)
class Trainee:
    """A network, and how it is trained.

    Args:
        model: new, its weights drawn by the seed.
        words: for `training.fit`.
        settings: what describes it for a card.
    """

    model: keras.Model
    words: dict[str, Any]
    settings: dict[str, Any]

    def described(self) -> Any:
        """Its layers and what it is trained with, by class and options, for JSON."""
        return described([self.model.layers, self.words])


def make_trainee(
    space: Space,
    hp: keras_tuner.HyperParameters,
    data: Dataset,
    epochs: int,
    patience: int,
    seed: int,
) -> Trainee:
    """What the space makes of these values.

    Raises:
        InputError: the space raised an error, or made what cannot be trained.
    """
    keras.utils.set_random_seed(seed)
    try:
        made = space(hp)
    except InputError:
        raise
    except Exception as error:  # it is the user's, and may raise anything
        raise InputError(
            f"the space raised {type(error).__name__}: {first_line(error)} (with {hp.values})"
        ) from error
    if isinstance(made, Settings):
        made = dataclasses.replace(made, epochs=epochs, early_stopping=patience, seed=seed)
        return _of_settings(made, data)
    if isinstance(made, keras.Model):
        return _of_model(made, hp, patience)
    raise InputError(
        "a space returns runs.Settings or a compiled keras.Model, and this one returned "
        f"{type(made).__name__}"
    )


def _of_settings(settings: Settings, data: Dataset) -> Trainee:
    for name, value in _LEFT_OUT.items():
        if getattr(settings, name) != value:
            raise InputError(
                f"the space sets {name}, which a search does not do: leave it out, and train the "
                "best network once more with it"
            )
    if settings.learning_rate == "auto":
        raise InputError("the space sets learning_rate 'auto': a search tries rates, name some")
    rows = len(data.train)
    check_plan(settings, rows)
    model = build(settings, data.train.x.shape[1], data.n_classes)
    plan = Plan(settings, count_steps(settings, rows), float(settings.learning_rate))
    words = {
        "loss": sparse_softmax_cross_entropy,
        "optimizer": plan.optimizer(),
        "batch_size": settings.batch_size,
        "gradient_accumulation_steps": settings.gradient_accumulation_steps,
        "clip": parts.clip(settings),
        "clip_effects": parts.clip_effects(settings),
        "callbacks": parts.callbacks(settings),
    }
    return Trainee(model, words, dataclasses.asdict(settings))


def _of_model(model: keras.Model, hp: keras_tuner.HyperParameters, patience: int) -> Trainee:
    if not model.compiled or not model.loss:
        raise InputError(
            f"the space returned model {model.name!r} without a loss: compile it with an optimiser "
            "and a loss"
        )
    early = keras.callbacks.EarlyStopping("val_loss", patience=patience, restore_best_weights=True)
    words = {
        "loss": keras.losses.get(model.loss),
        "optimizer": model.optimizer,
        "batch_size": hp.values.get(BATCH_SIZE, Settings.batch_size),
        "callbacks": [early],
    }
    return Trainee(model, words, {"hyperparameters": dict(hp.values)})


def try_out(trainee: Trainee, data: Dataset) -> None:
    """One step on a few rows, and a file: what would be of no use shows before the search begins.

    Raises:
        InputError: it cannot be trained, or not be saved and loaded.
    """
    model = trainee.model
    check_model(model)
    if model.output_shape[-1:] != (data.n_classes,):
        raise InputError(
            f"the space builds a network with outputs of the shape {model.output_shape}, and the "
            f"data have {data.n_classes} classes: end it with an output a class"
        )
    _check_logits(model, trainee.words["loss"])
    rows = Split(data.train.x[:_FEW], data.train.y[:_FEW])
    words = trainee.words | {"batch_size": "all", "gradient_accumulation_steps": 1}
    with tempfile.TemporaryDirectory() as folder:
        try:
            with contextlib.suppress(DivergenceError):  # as a trial may, too
                fit(
                    model,
                    Dataset(rows, rows),
                    epochs=1,
                    checkpoint=Path(folder) / "checkpoints",
                    run_eagerly=True,
                    progress=False,
                    **words,
                )
            model.save(Path(folder) / "model.keras")
            load(Path(folder) / "model.keras")
        except Exception as error:  # whatever Keras and TensorFlow make of the user's parts
            told = first_line(error).replace(f"{folder}/", "")
            raise InputError(
                "the space builds a network that cannot be trained on class numbers and saved: "
                f"{told}"
            ) from error


def _check_logits(model: keras.Model, loss: Any) -> None:
    """Outputs and a loss that are of logits: a saved network is taken to end in them."""
    last = model.layers[-1]
    if isinstance(last, keras.layers.Softmax) or (
        getattr(last, "activation", None) is keras.activations.softmax
    ):
        raise InputError(
            "the space builds a network that ends in a softmax: end it in logits, and take a loss "
            "from logits, such as keras.losses.SparseCategoricalCrossentropy(from_logits=True)"
        )
    config = loss.get_config() if isinstance(loss, keras.losses.Loss) else {}
    parameters = {} if config else inspect.signature(loss).parameters
    from_logits = config.get("from_logits", getattr(parameters.get("from_logits"), "default", None))
    if from_logits is False:
        raise InputError(
            f"the loss of the space, {getattr(loss, 'name', None) or loss.__name__}, takes "
            "probabilities, and the network ends in logits: take one from logits, such as "
            "keras.losses.SparseCategoricalCrossentropy(from_logits=True)"
        )


_FEW = 4

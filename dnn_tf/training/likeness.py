"""What compiled functions are made of: two that are made of the same are the same."""

import functools
import inspect
import json
from collections.abc import Hashable
from typing import Any

import keras
import tensorflow as tf
from keras.src.models.functional import Functional

from dnn_tf.training.loss_scale import unwrapped

_TRUSTED = ("keras", "dnn_tf")
"""What is defined elsewhere may depend on more than it tells: on a variable of its module, say."""

_OF_THE_START = ("seed", "build_config")
"""Words of a layer that decide with what it starts, and not what it does."""


class Unlike(Exception):  # noqa: N818
    """Something does not tell in full what it does."""


def made_of(
    model: keras.Model, optimizer: keras.optimizers.Optimizer | None, *parts: Any
) -> Hashable | None:
    """All that a function over these things is made of, but for the values of variables.

    Two networks of the same layers have the same likeness, whatever their weights, and two
    optimisers whatever their learning rates, where these are numbers.

    Args:
        model, optimizer: whose variables the function reads and writes.
        parts: losses, metrics, clips, numbers.

    Returns:
        Something to compare; `None` where a class or a function is not of this package or Keras,
        or where what it is made with are no plain values: such a thing is like nothing else.
    """
    if tf.distribute.has_strategy():
        return None
    try:
        return (
            _of_model(model),
            None if optimizer is None else _of_optimizer(optimizer),
            tuple(_of_part(part) for part in parts),
            tuple((tuple(v.shape), str(v.dtype), v.trainable) for v in model.variables),
            _of_the_process(),
        )
    except Unlike:
        return None


def _of_model(model: keras.Model) -> Hashable:
    """The layers, their options and how they are joined."""
    if type(model) is keras.Sequential:
        return "Sequential", tuple(_as_text(layer, ("name",)) for layer in model.layers)
    if type(model) is not Functional:
        raise Unlike
    return "Functional", _as_text(model, ("name",))  # by their names the layers are joined


def _of_optimizer(optimizer: keras.optimizers.Optimizer) -> Hashable:
    """Its formula and options; the learning rate is a variable, unless it is a schedule."""
    inner = unwrapped(optimizer)
    if inner.weight_decay:  # the weights that it leaves out are chosen outside of its options
        raise Unlike
    shapes = tuple(tuple(variable.shape) for variable in optimizer.variables)
    scheduled = isinstance(inner._learning_rate, keras.optimizers.schedules.LearningRateSchedule)
    left_out = ("name",) if scheduled else ("name", "learning_rate")
    return _as_text(optimizer, left_out), shapes


def _of_part(part: Any) -> Hashable:
    if part is None or isinstance(part, bool | int | float | str):
        return type(part).__name__, part
    if isinstance(part, list | tuple):
        return tuple(_of_part(item) for item in part)
    if isinstance(part, functools.partial):
        words = sorted(part.keywords.items())
        return "partial", _of_part(part.func), _of_part(part.args), _of_part(words)
    if inspect.isfunction(part) and _is_trusted(part.__module__):
        held = [cell.cell_contents for cell in part.__closure__ or ()]
        defaults = [part.__defaults__, sorted((part.__kwdefaults__ or {}).items())]
        return part.__module__, part.__code__, _of_part(held), _of_part(defaults)
    if isinstance(part, keras.losses.Loss):
        return _as_text(part)
    raise Unlike


def _of_the_process() -> Hashable:
    """Settings of Keras and TensorFlow that are read while a function is traced."""
    return (
        keras.config.floatx(),
        keras.config.epsilon(),
        keras.config.image_data_format(),
        tf.zeros(()).device,
    )


def _as_text(thing: Any, left_out: tuple[str, ...] = ()) -> str:
    """What Keras would write into a file, without some words of the thing itself."""
    if not _is_trusted(type(thing).__module__):
        raise Unlike
    try:
        options = {word: v for word, v in thing.get_config().items() if word not in left_out}
        options = keras.saving.serialize_keras_object(options)
        return json.dumps([type(thing).__qualname__, _told(options)], sort_keys=True)
    except (TypeError, ValueError, NotImplementedError) as error:
        raise Unlike from error


def _told(written: Any) -> Any:
    """Without what decides the start alone."""
    if isinstance(written, list | tuple):
        return [_told(item) for item in written]
    if not isinstance(written, dict):
        return written
    if "class_name" in written:
        _check_trusted(written)
    return {
        word: _told(value)
        for word, value in written.items()
        if word not in _OF_THE_START and not str(word).endswith("_initializer")
    }


def _check_trusted(written: dict[str, Any]) -> None:
    """Whether a class or a function is of this package or Keras'."""
    if written["class_name"] in ("__keras_tensor__", "__tuple__", "__dtype__"):
        return
    if written["class_name"] == "function":
        trusted = str(written.get("config")).startswith("dnn_tf>")
    else:
        trusted = _is_trusted(str(written.get("module")))
    if not trusted:
        raise Unlike


def _is_trusted(module: str) -> bool:
    return module.partition(".")[0] in _TRUSTED

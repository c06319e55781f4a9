"""What compiled functions are made of: two that are made of the same are the same."""

import functools
import inspect
import json
from collections.abc import Hashable
from typing import Any

import keras
import tensorflow as tf
from keras.src.models.functional import Functional

from dnn_tf.optimizers import LayerwiseRates

_TRUSTED = ("keras", "dnn_tf")
"""Code from elsewhere may depend on more than it tells: on a variable of its module, say."""

_LAYERS = (
    keras.layers.Activation,
    keras.layers.Add,
    keras.layers.BatchNormalization,
    keras.layers.Concatenate,
    keras.layers.Dense,
    keras.layers.Dropout,
    keras.layers.Flatten,
    keras.layers.InputLayer,
    keras.layers.Rescaling,
    keras.layers.Reshape,
)
_OPTIMIZERS = (
    keras.optimizers.Adadelta,
    keras.optimizers.Adagrad,
    keras.optimizers.Adam,
    keras.optimizers.Adamax,
    keras.optimizers.Nadam,
    keras.optimizers.RMSprop,
    keras.optimizers.SGD,
)
"""Of Keras, those whose options tell all that they do; of this package all, but for wrappers."""

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
        parts: functions of this package, and numbers.

    Returns:
        Something to compare; `None` where a thing may do more than it tells: such a thing is like
        nothing else.
    """
    if tf.distribute.has_strategy():
        return None
    try:
        return (
            _of_model(model),
            None if optimizer is None else _of_optimizer(optimizer),
            tuple(_of_part(part) for part in parts),
            tuple(_of_variable(variable) for variable in model.variables),
            _of_the_process(),
        )
    except Unlike:
        return None


def _of_model(model: keras.Model) -> Hashable:
    """The layers, their options and how they are joined."""
    if type(model) not in (keras.Sequential, Functional):
        raise Unlike
    for layer in model.layers:
        own = type(layer).__module__.partition(".")[0] == "dnn_tf"
        if not own and type(layer) not in _LAYERS:
            raise Unlike
        if any(inspect.isroutine(v) and not _is_trusted(v) for v in vars(layer).values()):
            raise Unlike  # Keras writes a function that is named like one of its own as its own
    inputs = tuple((tuple(x.shape), x.dtype, x.sparse) for x in model.inputs)
    casts = tuple(layer.autocast for layer in model.layers)
    if type(model) is keras.Sequential:
        layers: Hashable = tuple(_as_text(layer, ("name",)) for layer in model.layers)
    else:
        layers = _as_text(model, ("name",))  # by their names its layers are joined
    return type(model).__name__, inputs, casts, layers


def _of_optimizer(optimizer: keras.optimizers.Optimizer) -> Hashable:
    """Its formula and options; the learning rate is a variable, unless it is a schedule."""
    own = type(optimizer).__module__.partition(".")[0] == "dnn_tf"
    if isinstance(optimizer, LayerwiseRates) or not (own or type(optimizer) in _OPTIMIZERS):
        raise Unlike
    if optimizer.weight_decay:  # the weights that it leaves out are chosen outside of its options
        raise Unlike
    rate = optimizer._learning_rate
    scheduled = isinstance(rate, keras.optimizers.schedules.LearningRateSchedule)
    if not scheduled and not isinstance(rate, keras.Variable):
        raise Unlike
    left_out = ("name",) if scheduled else ("name", "learning_rate")
    shapes = tuple((tuple(v.shape), str(v.dtype)) for v in optimizer.variables)
    return _as_text(optimizer, left_out), shapes


def _of_variable(variable: keras.Variable) -> Hashable:
    """Its penalty and bound are its own: a layer that is built asks its options no more."""
    bounds = (getattr(variable, word, None) for word in ("regularizer", "constraint"))
    told = (None if bound is None else _as_text(bound) for bound in bounds)
    return tuple(variable.shape), str(variable.dtype), variable.trainable, *told


def _of_part(part: Any) -> Hashable:
    if part is None or isinstance(part, bool | int | float | str):
        return type(part).__name__, part
    if isinstance(part, list | tuple):
        return tuple(_of_part(item) for item in part)
    if isinstance(part, functools.partial):
        words = sorted(part.keywords.items())
        return "partial", _of_part(part.func), _of_part(part.args), _of_part(words)
    if inspect.isfunction(part) and _is_trusted(part):
        held = [cell.cell_contents for cell in part.__closure__ or ()]
        defaults = [part.__defaults__, sorted((part.__kwdefaults__ or {}).items())]
        return part.__globals__["__name__"], part.__code__, _of_part(held), _of_part(defaults)
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
    if type(thing).__module__.partition(".")[0] not in _TRUSTED:
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
    module = str(written.get("module") or "keras").partition(".")[0]
    if module not in (*_TRUSTED, "builtins"):
        raise Unlike
    return {
        word: _told(value)
        for word, value in written.items()
        if word not in _OF_THE_START and not str(word).endswith("_initializer")
    }


def _is_trusted(function: Any) -> bool:
    """Whether its code is of this package or Keras; `functools.wraps` may have renamed it."""
    inner = getattr(function, "__func__", function)
    module = getattr(inner, "__globals__", {}).get("__name__", "")
    return str(module).partition(".")[0] in _TRUSTED

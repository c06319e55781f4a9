"""Optimisers by name."""

from typing import Any

from dnn_tf.arguments import build_named
from dnn_tf.optimizers.adadelta import AdaDelta
from dnn_tf.optimizers.adagrad import AdaGrad
from dnn_tf.optimizers.adam import Adam
from dnn_tf.optimizers.formula_optimizer import FormulaOptimizer
from dnn_tf.optimizers.ftrl import FTRL
from dnn_tf.optimizers.gradient_descent import GradientDescent
from dnn_tf.optimizers.momentum import Momentum
from dnn_tf.optimizers.nesterov import Nesterov
from dnn_tf.optimizers.rmsprop import RMSProp

_NAMED: dict[str, type[FormulaOptimizer]] = {
    "gradient_descent": GradientDescent,
    "momentum": Momentum,
    "nesterov": Nesterov,
    "adagrad": AdaGrad,
    "rmsprop": RMSProp,
    "adam": Adam,
    "ftrl": FTRL,
    "adadelta": AdaDelta,
}


def get(name: str, /, **options: Any) -> FormulaOptimizer:
    """The optimiser of that name.

    Args:
        name: `gradient_descent`, `momentum`, `nesterov`, `adagrad`, `rmsprop`, `adam`, `ftrl` or
            `adadelta`.
        **options: of its constructor.

    Raises:
        InputError: nobody knows the name, or the optimiser does not take an option.

    >>> get("nesterov", learning_rate=0.01, momentum=0.95).momentum
    0.95
    """
    return build_named("optimiser", _NAMED, name, options)

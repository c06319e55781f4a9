"""Weights whose spread follows from the size of their layer, and plain ones for comparison.

Xavier's and He's rules ask that a layer's outputs vary as much as its inputs, and the gradients
that leave it as much as those that come. Each rule is a variance; the normal has it as it is, and
the uniform between `-r` and `r` has it for `r = sqrt(3 variance)`.

Keras' `glorot_normal`, `he_normal` and `lecun_normal` have the same spread, but cut the normal off
at two standard deviations and widen what is left; here it is whole, as the documents write it.
"""

import abc
import math
from typing import ClassVar

import keras

from dnn_tf.arguments import check_between
from dnn_tf.initializers.fans import fans
from dnn_tf.initializers.seeded import SeededInitializer
from dnn_tf.types import Tensor


def xavier_variance(n_inputs: int, n_outputs: int) -> float:
    """`2 / (n_inputs + n_outputs)` (Glorot & Bengio, 2010), for tanh, sigmoid and no activation.

    >>> xavier_variance(784, 300)
    0.0018450184501845018
    """
    return 2 / (n_inputs + n_outputs)


def he_variance(n_inputs: int, _: int) -> float:
    """`2 / n_inputs` (He et al., 2015), for ReLU and its kin: half of what comes in is lost.

    The fourth document writes `n_l`; it is the number of inputs of the layer.

    >>> he_variance(8, 100)
    0.25
    """
    return 2 / n_inputs


def he_average_variance(n_inputs: int, n_outputs: int) -> float:
    """`4 / (n_inputs + n_outputs)`: He's factor on Xavier's average, as in the walkthrough's book.

    >>> he_average_variance(8, 8) == he_variance(8, 8)
    True
    """
    return 2 * xavier_variance(n_inputs, n_outputs)


def lecun_variance(n_inputs: int, _: int) -> float:
    """`1 / n_inputs` (LeCun et al., 1998), which SELU needs.

    >>> lecun_variance(4, 100)
    0.25
    """
    return 1 / n_inputs


class FanInitializer(SeededInitializer, abc.ABC):
    """Draws weights whose variance follows from the fans of their shape."""

    variance: ClassVar["staticmethod[[int, int], float]"]
    """The rule, from the numbers of inputs and outputs."""


class FanNormal(FanInitializer):
    """`N(0, variance)`."""

    def __call__(self, shape: tuple[int, ...], dtype: str | None = None) -> Tensor:
        stddev = math.sqrt(self.variance(*fans(shape)))
        return keras.random.normal(shape, stddev=stddev, dtype=dtype, seed=self.draw_seed())


class FanUniform(FanInitializer):
    """`U(-r, r)` with `r = sqrt(3 variance)`."""

    def __call__(self, shape: tuple[int, ...], dtype: str | None = None) -> Tensor:
        r = math.sqrt(3 * self.variance(*fans(shape)))
        return keras.random.uniform(shape, -r, r, dtype=dtype, seed=self.draw_seed())


@keras.saving.register_keras_serializable(package="dnn_tf")
class PlainNormal(SeededInitializer):
    """`N(0, stddev^2)` whatever the layer's size: the bad start that the documents warn of.

    Units with many inputs saturate at once. The fourth document speaks of weights "initialised to
    0 with standard deviation sigma": 0 is their mean.

    Args:
        stddev: 0 or more. Default 1.
        seed: see `SeededInitializer`.

    >>> round(float(keras.ops.std(PlainNormal(seed=1)((784, 300)))), 2)
    1.0
    """

    def __init__(self, stddev: float = 1.0, seed: int | None = None):
        super().__init__(seed)
        check_between(0, float("inf"), stddev=stddev)
        self.stddev = stddev

    def __call__(self, shape: tuple[int, ...], dtype: str | None = None) -> Tensor:
        return keras.random.normal(shape, stddev=self.stddev, dtype=dtype, seed=self.draw_seed())

    def get_config(self) -> dict[str, object]:
        return {"stddev": self.stddev, **super().get_config()}


@keras.saving.register_keras_serializable(package="dnn_tf")
class XavierNormal(FanNormal):
    """`N(0, 2 / (n_inputs + n_outputs))` (Glorot & Bengio, 2010).

    >>> round(float(keras.ops.std(XavierNormal(seed=1)((400, 400)))), 3)  # sqrt(2 / 800)
    0.05
    """

    variance = staticmethod(xavier_variance)


@keras.saving.register_keras_serializable(package="dnn_tf")
class XavierUniform(FanUniform):
    """`U(-r, r)` with `r = sqrt(6 / (n_inputs + n_outputs))` (Glorot & Bengio, 2010).

    >>> round(float(keras.ops.max(XavierUniform(seed=1)((300, 300)))), 3)  # sqrt(6 / 600)
    0.1
    """

    variance = staticmethod(xavier_variance)


@keras.saving.register_keras_serializable(package="dnn_tf")
class HeNormal(FanNormal):
    """`N(0, 2 / n_inputs)` (He et al., 2015).

    >>> round(float(keras.ops.std(HeNormal(seed=1)((200, 500)))), 3)  # sqrt(2 / 200)
    0.1
    """

    variance = staticmethod(he_variance)


@keras.saving.register_keras_serializable(package="dnn_tf")
class HeUniform(FanUniform):
    """`U(-r, r)` with `r = sqrt(6 / n_inputs)` (He et al., 2015).

    >>> round(float(keras.ops.max(HeUniform(seed=1)((600, 500)))), 3)  # sqrt(6 / 600)
    0.1
    """

    variance = staticmethod(he_variance)


@keras.saving.register_keras_serializable(package="dnn_tf")
class HeAverageNormal(FanNormal):
    """`N(0, 4 / (n_inputs + n_outputs))`: He's factor, Xavier's average of the fans.

    >>> round(float(keras.ops.std(HeAverageNormal(seed=1)((100, 300)))), 3)  # sqrt(4 / 400)
    0.1
    """

    variance = staticmethod(he_average_variance)


@keras.saving.register_keras_serializable(package="dnn_tf")
class HeAverageUniform(FanUniform):
    """`U(-r, r)` with `r = sqrt(12 / (n_inputs + n_outputs))`: see `HeAverageNormal`.

    >>> round(float(keras.ops.max(HeAverageUniform(seed=1)((300, 900)))), 3)  # sqrt(12 / 1200)
    0.1
    """

    variance = staticmethod(he_average_variance)


@keras.saving.register_keras_serializable(package="dnn_tf")
class LeCunNormal(FanNormal):
    """`N(0, 1 / n_inputs)` (LeCun et al., 1998): the start that SELU needs.

    >>> round(float(keras.ops.std(LeCunNormal(seed=1)((400, 500)))), 3)  # sqrt(1 / 400)
    0.05
    """

    variance = staticmethod(lecun_variance)


@keras.saving.register_keras_serializable(package="dnn_tf")
class LeCunUniform(FanUniform):
    """`U(-r, r)` with `r = sqrt(3 / n_inputs)` (LeCun et al., 1998).

    >>> round(float(keras.ops.max(LeCunUniform(seed=1)((300, 500)))), 3)  # sqrt(3 / 300)
    0.1
    """

    variance = staticmethod(lecun_variance)

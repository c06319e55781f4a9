"""A restricted Boltzmann machine."""

from typing import Any

import keras
from keras import ops

from dnn_tf import initializers
from dnn_tf.activations import sigmoid
from dnn_tf.arguments import check_choice, check_positive
from dnn_tf.initializers import PlainNormal
from dnn_tf.layers.ranks import check_features
from dnn_tf.types import InputError, Tensor, first_line

VISIBLE = ("binary", "gaussian")


def hidden_given(v: Tensor, W: Tensor, b: Tensor) -> Tensor:
    """`p(h_j = 1 | v) = sigmoid(b_j + sum_i v_i w_ij)`."""
    return sigmoid(ops.matmul(v, W) + b)


def binary_given(h: Tensor, W: Tensor, a: Tensor) -> Tensor:
    """`p(v_i = 1 | h) = sigmoid(a_i + sum_j h_j w_ij)`."""
    return sigmoid(gaussian_given(h, W, a))


def gaussian_given(h: Tensor, W: Tensor, a: Tensor) -> Tensor:
    """The mean of `v_i` given `h`, `a_i + sum_j h_j w_ij`; its deviation is 1."""
    return a + ops.matmul(h, ops.transpose(W))


def binary_free_energy(v: Tensor, W: Tensor, b: Tensor, a: Tensor) -> Tensor:
    """`F(v) = -sum_i a_i v_i - sum_j ln(1 + exp(b_j + sum_i v_i w_ij))`."""
    return -ops.sum(v * a, axis=-1) - _hidden_part(v, W, b)


def gaussian_free_energy(v: Tensor, W: Tensor, b: Tensor, a: Tensor) -> Tensor:
    """`F(v) = 1/2 sum_i (v_i - a_i)^2 - sum_j ln(1 + exp(b_j + sum_i v_i w_ij))`."""
    return ops.sum(ops.square(v - a), axis=-1) / 2 - _hidden_part(v, W, b)


def _hidden_part(v: Tensor, W: Tensor, b: Tensor) -> Tensor:
    return ops.sum(ops.softplus(ops.matmul(v, W) + b), axis=-1)


@keras.saving.register_keras_serializable(package="dnn_tf")
class RBM(keras.Layer):
    """Restricted Boltzmann machine (Smolensky, 1986): features that nobody has named.

    Visible units `v` and hidden units `h`, which are 0 or 1, have the joint probability
    `p(v, h) = exp(-E(v, h)) / Z` with the energy

        E(v, h) = -sum_i a_i v_i - sum_j b_j h_j - sum_ij v_i w_ij h_j

    or, for Gaussian visible units, with `1/2 sum_i (v_i - a_i)^2` as its first term. "Restricted":
    no unit is joined with another of its own kind, so that each side is independent given the
    other. As a layer of a network it is `NeuronLayer(units, "sigmoid")`; what it can do besides,
    `pretraining.fit_rbm` needs to train it without labels (Hinton, 2002). The first document names
    it and gives no formula; the letters are those of Hinton's guide (2010).

    Args:
        units: how many hidden units.
        visible: `"binary"` for numbers from 0 to 1, taken as probabilities (pixels, the hidden
            units of another RBM); `"gaussian"` for any numbers. Their deviation is 1: standardise
            the features, to mean 0 and deviation 1.
        kernel_initializer: how `W` starts; see `dnn_tf.initializers.get`. Default: `N(0, 0.01^2)`,
            the guide's.
        bias_initializer: how `b`, that of the hidden units, starts. Default zeros.
        visible_bias_initializer: how `a` starts. Default zeros; `fit_rbm` sets it by the data.

    Its weights are `kernel`, `bias` and `visible_bias`. The last is marked as not trainable: the
    output of the layer does not depend on it, so that gradient descent has nothing to teach it.

    Shapes:
        `(batch, n_inputs)` -> `(batch, units)`: `p(h = 1 | v)`; axes between the two are kept.

    Raises:
        InputError: `units` is no whole number above 0; unknown visible units; the input has no
            features axis of known size; a method is given no rows of as many numbers as there are
            units, or called before the RBM is built.

    >>> rbm = RBM(2, kernel_initializer="zeros")
    >>> rbm(ops.ones((1, 3))).numpy().tolist()
    [[0.5, 0.5]]
    >>> print(rbm.free_energy(ops.ones((1, 3))).numpy().round(4))  # -2 ln 2
    [-1.3863]
    """

    def __init__(
        self,
        units: int,
        visible: str = "binary",
        kernel_initializer: Any = None,
        bias_initializer: Any = "zeros",
        visible_bias_initializer: Any = "zeros",
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        check_positive(units=units)
        check_choice(VISIBLE, visible=visible)
        self.units = units
        self.visible = visible
        self.kernel_initializer = initializers.get(kernel_initializer or PlainNormal(0.01))
        self.bias_initializer = initializers.get(bias_initializer)
        self.visible_bias_initializer = initializers.get(visible_bias_initializer)
        self.supports_masking = True

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        n_inputs = check_features(f"RBM {self.name!r}", input_shape)
        self.kernel = self.add_weight(
            name="kernel", shape=(n_inputs, self.units), initializer=self.kernel_initializer
        )
        self.bias = self.add_weight(
            name="bias", shape=(self.units,), initializer=self.bias_initializer
        )
        self.visible_bias = self.add_weight(
            name="visible_bias",
            shape=(n_inputs,),
            initializer=self.visible_bias_initializer,
            trainable=False,
        )
        self.input_spec = keras.InputSpec(min_ndim=2, axes={-1: n_inputs})

    def call(self, v: Tensor) -> Tensor:
        return hidden_given(v, self.kernel, self.bias)

    def hidden_given(self, v: Tensor) -> Tensor:
        """`p(h = 1 | v)`, as the layer gives it, in the precision of the weights.

        Shapes:
            `(batch, n_inputs)` -> `(batch, units)`.
        """
        return self.call(self.as_visible(v))

    def visible_given(self, h: Tensor) -> Tensor:
        """`p(v = 1 | h)`; of Gaussian visible units their mean.

        Shapes:
            `(batch, units)` -> `(batch, n_inputs)`.
        """
        given = binary_given if self.visible == "binary" else gaussian_given
        return given(self._as_states(h, "hidden"), self.kernel, self.visible_bias)

    def free_energy(self, v: Tensor) -> Tensor:
        """`F(v) = -ln sum_h exp(-E(v, h))`, so that `p(v) = exp(-F(v)) / Z`.

        Shapes:
            `(batch, n_inputs)` -> `(batch,)`.
        """
        by_kind = binary_free_energy if self.visible == "binary" else gaussian_free_energy
        return by_kind(self.as_visible(v), self.kernel, self.bias, self.visible_bias)

    def reconstruct(self, v: Tensor) -> Tensor:
        """There and back, without chance: `visible_given(p(h = 1 | v))`.

        Shapes:
            `(batch, n_inputs)` -> the same.
        """
        return self.visible_given(self.hidden_given(v))

    def as_visible(self, v: Tensor) -> Tensor:
        """States of the visible units, as a tensor in the precision of the weights.

        `rbm(v)` casts to the precision of the policy, which a mixed one halves.

        Raises:
            InputError: no numbers, or not one a unit; the RBM is not built.
        """
        return self._as_states(v, "visible")

    def _as_states(self, states: Tensor, of: str) -> Tensor:
        if not self.built:
            raise InputError(
                f"RBM {self.name!r} has no weights yet: call rbm.build((None, n_inputs))"
            )
        n_units = self.kernel.shape[0 if of == "visible" else 1]
        try:
            states = ops.cast(states, self.kernel.dtype)
        except Exception as error:  # text, ragged lists, whatever an object makes of it
            raise InputError(
                f"RBM {self.name!r}: its {of} units take rows of {n_units} numbers, and got "
                f"{type(states).__name__} ({first_line(error)}): give an array of numbers"
            ) from error
        if len(states.shape) < 2 or states.shape[-1] != n_units:
            raise InputError(
                f"RBM {self.name!r}: its {of} units take rows of {n_units} numbers, and got the "
                f"shape {tuple(states.shape)}: give (batch, {n_units})"
            )
        return states

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict[str, Any]:
        serialize = keras.initializers.serialize
        return {
            **super().get_config(),
            "units": self.units,
            "visible": self.visible,
            "kernel_initializer": serialize(self.kernel_initializer),
            "bias_initializer": serialize(self.bias_initializer),
            "visible_bias_initializer": serialize(self.visible_bias_initializer),
        }

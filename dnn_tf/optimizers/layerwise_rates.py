"""A learning rate for each layer, around any optimiser: discriminative fine-tuning."""

import warnings
from collections.abc import Mapping
from typing import Any

import keras
from keras import ops

from dnn_tf.arguments import check_between
from dnn_tf.types import InputError, Tensor


def factor_of(path: str, rates: Mapping[str, float], default: float) -> float:
    """Of the weight at a path: that of the innermost layer which is named, or the default.

    >>> factor_of("encoder/dense/kernel", {"encoder": 0.1, "dense": 0.5}, default=1.0)
    0.5
    """
    return next((rates[name] for name in _layers(path) if name in rates), default)


def _layers(path: str) -> list[str]:
    """The layers that a weight is in, the innermost first."""
    return path.split("/")[-2::-1]


@keras.saving.register_keras_serializable(package="dnn_tf")
class LayerwiseRates(keras.optimizers.Optimizer):
    """`eta_l = factor_l * learning_rate`: a multiple of the learning rate for each layer `l`.

    Discriminative fine-tuning (Howard & Ruder, 2018): what was trained before goes slower, the
    earlier a layer the slower. (They divide the rate by 2.6 from each layer to the one below it.)

    The optimiser within is given the rate of each weight's layer for its own formula, its decoupled
    weight decay included. So the step is scaled and not the gradient, which Adam would undo: its
    step does not depend on the size of the gradients. State, schedule, count of the steps and all
    words of Keras are those of the optimiser within, and `learning_rate` is its, to read and to
    set. What looks at all weights at once still does: with `global_clipnorm` the norm is that of
    the gradients of all layers together, before the factors. With all factors 1 the steps are its
    steps.

    Args:
        inner_optimizer: takes the steps: any of this package or of Keras that has not been built.
            After that it belongs to this one.
        rates: the factor of each layer, by the name of the layer: 0 or more; at 0 its weights stand
            still. In a layer that holds layers the innermost name counts. Layers of the same name,
            as two models within a model may have them, share the factor; a functional model has
            itself no place in the paths of its weights: name its layers.
        default: the factor of all others. Default 1.
        name: of this optimiser.

    Raises:
        InputError: a factor that is no finite number, 0 or more; an optimiser that is itself around
            others, that looks ahead exactly (its linearised form walks through the same points), or
            that decays weights in a way of its own.

    Warns:
        UserWarning: when it is built: no weight to be trained is in a layer that `rates` names.

    >>> body, head = keras.layers.Dense(1, name="body"), keras.layers.Dense(1, name="head")
    >>> model = keras.Sequential([keras.Input((1,)), body, head])
    >>> weights = [body.bias, head.bias]
    >>> optimizer = LayerwiseRates(keras.optimizers.SGD(0.1), {"body": 0.5})
    >>> optimizer.apply([ops.ones(1), ops.ones(1)], weights)
    >>> [round(float(weight[0]), 4) for weight in weights]
    [-0.05, -0.1]
    """

    options = ("rates", "default")
    """The names of the constructor's own arguments."""

    def __init__(
        self,
        inner_optimizer: keras.optimizers.Optimizer,
        rates: Mapping[str, float],
        default: float = 1.0,
        name: str = "layerwise_rates",
    ):
        _check_inner(inner_optimizer)
        super().__init__(
            learning_rate=0.0, loss_scale_factor=inner_optimizer.loss_scale_factor, name=name
        )
        if not isinstance(rates, Mapping) or not all(isinstance(layer, str) for layer in rates):
            raise InputError(f"rates maps names of layers to factors, and got {rates!r}")
        for layer, factor in rates.items():
            check_between(0, float("inf"), **{f"rates[{layer!r}]": factor})
        check_between(0, float("inf"), default=default)
        self.inner_optimizer = inner_optimizer
        self.rates = {layer: float(factor) for layer, factor in rates.items()}
        self.default = float(default)

    def build(self, variables: list[keras.Variable]) -> None:
        if self.built:
            return
        inner = self.inner_optimizer
        if inner.built:
            raise InputError(
                f"the optimiser {inner.name!r} has trained other weights: give LayerwiseRates a "
                "new one"
            )
        self._check_names(variables)
        inner.build(variables)
        factors = [factor_of(weight.path, self.rates, self.default) for weight in variables]
        _give_rates(inner, factors)
        super().build(variables)

    def _check_names(self, variables: list[keras.Variable]) -> None:
        found = {layer for weight in variables for layer in _layers(weight.path)}
        if unknown := [layer for layer in self.rates if layer not in found]:
            warnings.warn(
                f"rates names {', '.join(map(repr, unknown))}, and the weights to be trained are "
                f"in {', '.join(map(repr, sorted(found))) or 'no layer'}: that has no effect",
                stacklevel=3,
            )

    def apply(self, grads: list[Tensor], trainable_variables: Any = None) -> None:
        if not self.built and trainable_variables is not None:
            self.build(list(trainable_variables))
        # A LossScaleOptimizer around this one sets it to None, here and not there.
        self.inner_optimizer.loss_scale_factor = self.loss_scale_factor
        self.inner_optimizer.apply(grads, trainable_variables)

    @property
    def variables(self) -> list[keras.Variable]:
        """All state is the inner one's; the rate and the count that Keras makes here are unused."""
        return self.inner_optimizer.variables

    @property
    def learning_rate(self) -> Any:
        return self.inner_optimizer.learning_rate

    @learning_rate.setter
    def learning_rate(self, learning_rate: Any) -> None:
        self.inner_optimizer.learning_rate = learning_rate

    @property
    def iterations(self) -> Any:
        return self.inner_optimizer.iterations

    def set_weights(self, weights: list[Any]) -> None:
        self.inner_optimizer.set_weights(weights)

    def exclude_from_weight_decay(self, var_list: Any = None, var_names: Any = None) -> None:
        self.inner_optimizer.exclude_from_weight_decay(var_list, var_names)

    def finalize_variable_values(self, var_list: list[keras.Variable]) -> None:
        self.inner_optimizer.finalize_variable_values(var_list)

    def save_own_variables(self, store: Any) -> None:
        """Nothing: Keras comes to the optimiser within by itself, and would write all twice."""

    def load_own_variables(self, store: Any) -> None:
        """Nothing: see `save_own_variables`."""

    def get_config(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "inner_optimizer": keras.saving.serialize_keras_object(self.inner_optimizer),
            "rates": dict(self.rates),
            "default": self.default,
        }

    @classmethod
    def from_config(
        cls, config: dict[str, Any], custom_objects: dict[str, Any] | None = None
    ) -> "LayerwiseRates":
        inner = keras.saving.deserialize_keras_object(config["inner_optimizer"], custom_objects)
        return cls(**{**config, "inner_optimizer": inner})


def _give_rates(inner: keras.optimizers.Optimizer, factors: list[float]) -> None:
    """Every weight's step and decay become those at its own multiple of the learning rate."""
    step = inner.update_step

    def update_step(gradient: Tensor, variable: Any, learning_rate: Any) -> None:
        factor = factors[inner._get_variable_index(variable)]
        if factor == 0:  # not a step of length 0, which some formulas divide by
            return
        eta = learning_rate if factor == 1 else learning_rate * factor
        if inner.weight_decay is not None and inner._use_weight_decay(variable):
            decay = ops.cast(inner.weight_decay, variable.dtype)
            inner.assign_sub(variable, variable * decay * ops.cast(eta, variable.dtype))
        step(gradient, variable, eta)

    def leave_it_to_the_step(variables: list[Any]) -> None:
        """Keras decays all weights at one rate, each before its step."""

    inner.update_step = update_step
    inner._apply_weight_decay = leave_it_to_the_step


def _check_inner(inner: Any) -> None:
    base = keras.optimizers.Optimizer
    if not isinstance(inner, base) or type(inner).update_step is base.update_step:
        raise InputError(
            "LayerwiseRates takes a Keras optimiser that takes steps itself, such as "
            f"optimizers.Adam(0.001), and got {inner!r}: put others around it, not into it"
        )
    if getattr(inner, "look_ahead", None) == "exact":
        raise InputError(
            "LayerwiseRates does not look ahead, and got Nesterov(look_ahead='exact'): leave "
            "look_ahead at 'linearised', which takes its gradients at the same points"
        )
    if type(inner)._apply_weight_decay is not base._apply_weight_decay:
        raise InputError(
            f"LayerwiseRates cannot scale the weight decay of {type(inner).__name__}, which has "
            "one of its own: take another optimiser"
        )

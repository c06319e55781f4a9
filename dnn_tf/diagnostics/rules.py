"""When a layer is unwell: every limit, and what to do then.

| problem | rule | why |
| --- | --- | --- |
| not a number | outputs, averages, weights, gradient or step are not finite | it spreads |
| unscaled input | `sqrt(mean x^2)` of the input outside 0.001 to 10 | the first sums are as large |
| wrong averages | `shift > 1`, or `stretch` outside 0.1 to 10 | in use it does not normalise |
| dead units | `dead - always_on > 0.6` | no gradient goes through a unit that is always 0 |
| saturated | more than 0.45 of a hidden layer has a slope `< max / 10` | nor here |
| exploding outputs | `signal > 100` in a hidden layer | sums beyond what layers above can take |
| fading outputs | `signal < 0.001` in a hidden layer | the layers above see no difference |
| no gradient | `delta_share` is exactly 0 in a trained layer | something above is dead |
| vanishing gradient | `delta_share < 0.001` in a trained layer | its weights stand still |
| exploding gradient | `delta_share > 1000` in a trained layer | its weights are thrown about |
| cut off | it is trained, and the loss does not depend on it | it cannot learn |
| step too large | `update_ratio > 0.3` | the step forgets what was learned |

In a deep ReLU network as it starts, the rows become alike from layer to layer, and half of the
units are 0 on all rows while the other half never is: it learns all the same. So the units that are
always on are counted against the dead ones. In use sigmoid and tanh saturate: up to 0.4 was
measured in networks that had learned well, and 0.65 in the first layer that starts from N(0, 1).

A layer has the first of these that fits. What spreads upwards (the outputs) is the cause of what
comes down again (the gradients), and the lowest layer of those above it: `root` names that one. Of
gradients that are no numbers, or exactly 0, it names the highest layer: they come from above.

Below a kernel that starts from zeros the gradient is 0 until the first step: that is no problem.
"""

import dataclasses
import math
from collections.abc import Callable, Sequence

from dnn_tf import initializers
from dnn_tf.diagnostics.layer_health import LayerHealth
from dnn_tf.types import InputError

UNSCALED = (1e-3, 10.0)
SHIFT = 1.0
STRETCH = (0.1, 10.0)
DEAD = 0.6
SATURATED = 0.45
SIGNAL = (1e-3, 100.0)
DELTA = (1e-3, 1e3)
UPDATE = 0.3

_NOT_A_NUMBER = "not a number"
_NO_GRADIENT = "no gradient"
_LARGE = ("unscaled input", "exploding outputs")
_UPWARDS = (
    "unscaled input",
    "wrong averages",
    "dead units",
    "saturated",
    "exploding outputs",
    "fading outputs",
)


def problem(layer: LayerHealth) -> str | None:
    """The first rule of the table that a layer breaks.

    >>> problem(LayerHealth("hidden1", "Dense", saturated=0.8))
    'saturated'
    >>> problem(LayerHealth("hidden1", "Dense", saturated=0.1, delta_norm=1.0)) is None
    True
    """
    return next((name for name, breaks in _RULES.items() if breaks(layer)), None)


def _is_odd(*values: float | None) -> bool:
    return any(value is not None and not math.isfinite(value) for value in values)


def _odd_outputs(layer: LayerHealth) -> bool:
    return _is_odd(layer.signal, layer.shift, layer.stretch, layer.weight_norm)


def _not_a_number(layer: LayerHealth) -> bool:
    back = (layer.delta_norm, layer.gradient_norm, layer.update_ratio)
    return _odd_outputs(layer) or _is_odd(*back)


def _unscaled(layer: LayerHealth) -> bool:
    if not layer.reads_input or not layer.input_size:
        return False
    return not UNSCALED[0] <= layer.input_size <= UNSCALED[1]


def _averages(layer: LayerHealth) -> bool:
    off = layer.shift is not None and layer.shift > SHIFT
    return off or (layer.stretch is not None and not STRETCH[0] <= layer.stretch <= STRETCH[1])


def _exploding_outputs(layer: LayerHealth) -> bool:
    hidden = not layer.is_output or not layer.differentiated
    return hidden and layer.signal > SIGNAL[1]


def _no_gradient(layer: LayerHealth) -> bool:
    return layer.trainable and layer.delta_share == 0 and not layer.below_zeros


def _vanishing(layer: LayerHealth) -> bool:
    share = layer.delta_share
    return layer.trainable and share is not None and 0 < share < DELTA[0]


def _exploding(layer: LayerHealth) -> bool:
    return layer.trainable and layer.delta_share is not None and layer.delta_share > DELTA[1]


_RULES: dict[str, Callable[[LayerHealth], bool]] = {
    _NOT_A_NUMBER: _not_a_number,
    "unscaled input": _unscaled,
    "wrong averages": _averages,
    "dead units": lambda layer: (layer.dead or 0) - (layer.always_on or 0) > DEAD,
    "saturated": lambda layer: not layer.is_output and (layer.saturated or 0) > SATURATED,
    "exploding outputs": _exploding_outputs,
    "fading outputs": lambda layer: not layer.is_output and layer.signal < SIGNAL[0],
    _NO_GRADIENT: _no_gradient,
    "vanishing gradient": _vanishing,
    "exploding gradient": _exploding,
    "cut off": lambda layer: layer.trainable and layer.differentiated and layer.delta_norm is None,
    "step too large": lambda layer: (layer.update_ratio or 0) > UPDATE,
}


def root(layers: Sequence[LayerHealth]) -> LayerHealth | None:
    """The layer to begin with: the first cause, not the many that suffer from it.

    Layers above an unscaled input, say, are all too large, and those below a saturated one learn
    nothing; both are well again when the cause is gone.
    """
    ill = [layer for layer in layers if layer.problem is not None]
    upwards = [layer for layer in ill if layer.problem in _UPWARDS or _odd_outputs(layer)]
    odd = [layer for layer in ill if layer.problem == _NOT_A_NUMBER]
    if odd and not any(_odd_outputs(layer) or layer.problem in _LARGE for layer in upwards):
        return odd[-1]
    if not upwards:
        return _from_above(ill)
    first = upwards[0]
    if first.problem not in ("exploding outputs", "fading outputs"):
        return first
    began = _where_it_began(layers[: layers.index(first) + 1], first)
    named = dataclasses.replace(began, problem=first.problem)
    return dataclasses.replace(named, remedy=remedy(named))


def _from_above(ill: Sequence[LayerHealth]) -> LayerHealth | None:
    """The lowest that still gets a gradient; else the highest that gets none."""
    some = [layer for layer in ill if layer.problem != _NO_GRADIENT]
    if some:
        return some[0]
    return ill[-1] if ill else None


def _where_it_began(layers: Sequence[LayerHealth], worst: LayerHealth) -> LayerHealth:
    """The lowest layer that changes the size of the signal by much of what all do on average."""
    weighted = [layer for layer in layers if layer.n_weights]
    if not weighted:
        return worst
    share = worst.signal ** (0.5 / len(weighted)) if worst.signal > 0 else 0.0
    grows = worst.signal > 1
    before = 1.0
    for layer in weighted:
        factor = layer.signal / before if before else 1.0
        if factor >= share if grows else factor <= share:
            return layer
        before = layer.signal
    return worst


def judged(layers: Sequence[LayerHealth]) -> tuple[LayerHealth, ...]:
    """Each layer with its problem and what to do about it."""
    named = [dataclasses.replace(layer, problem=problem(layer)) for layer in layers]
    return tuple(dataclasses.replace(layer, remedy=remedy(layer)) for layer in named)


def evidence(layer: LayerHealth, layers: Sequence[LayerHealth]) -> str:
    """The number that a problem was told by, in words.

    >>> evidence(LayerHealth("h", "Dense", dead=0.9, problem="dead units"), [])
    '90% of its units are 0 on every row'
    """
    if layer.problem == "wrong averages":
        return (
            f"its averages are {layer.shift:.2g} standard deviations off, and the variance that it "
            f"sees is {layer.stretch:.2g} times the one it kept"
        )
    judged_ones = [one for one in layers if not one.is_output or not one.differentiated]
    signals = [one.signal for one in judged_ones if not math.isnan(one.signal)]
    top, low = max(signals, default=0.0), min(signals, default=0.0)
    return {
        _NOT_A_NUMBER: f"its {_odd(layer)} NaN or infinite",
        "unscaled input": f"what it reads has the size {layer.input_size or 0:.3g}, not about 1",
        "dead units": f"{layer.dead or 0:.0%} of its units are 0 on every row",
        "saturated": f"at {layer.saturated or 0:.0%} of its outputs {layer.activation} is flat",
        "exploding outputs": f"the outputs grow from there to {top:.2g} times the size of the "
        "input",
        "fading outputs": f"the outputs shrink from there to {low:.2g} of the size of the input",
        _NO_GRADIENT: "the gradient that arrives is exactly 0, so units above it may be dead",
        "vanishing gradient": f"{layer.delta_share or 0:.1g} of the gradient at the last layer "
        f"arrives{_moves(layer)}",
        "exploding gradient": f"{layer.delta_share or 0:.2g} times the gradient at the last layer "
        "arrives",
        "cut off": "the loss does not depend on it",
        "step too large": f"the next step is {layer.update_ratio or 0:.2g} of its weights",
    }[str(layer.problem)]


def _odd(layer: LayerHealth) -> str:
    if _is_odd(layer.weight_norm):
        return "weights are"
    if _is_odd(layer.signal):
        return "outputs are"
    return "averages are" if _odd_outputs(layer) else "gradient or its next step is"


def _moves(layer: LayerHealth) -> str:
    if layer.update_ratio is None:
        return ""
    return f", and a step moves its weights by {layer.update_ratio:.1g} of their size"


def remedy(layer: LayerHealth) -> str | None:
    """What the documents do about the problem of a layer.

    >>> remedy(LayerHealth("h", "Dense", activation="relu", problem="fading outputs"))
    'start the weights with he_normal'
    """
    start = _start(layer.activation)
    return {
        None: None,
        _NOT_A_NUMBER: _repair(layer),
        "unscaled input": "scale the input: pixels / 255, or mean 0 and standard deviation 1",
        "wrong averages": "train it (trainable = True) until its averages have followed, or lower "
        "its momentum",
        "dead units": "start its bias at 0 and its weights with he_normal, take ELU or leaky ReLU, "
        "or lower the learning rate",
        "saturated": f"start the weights with {start}, put batch normalisation before the "
        "activation, or take ELU",
        "exploding outputs": f"start the weights with {start}, put batch normalisation behind "
        "it, or bound them (constraints.MaxNorm)",
        "fading outputs": f"start the weights with {start}",
        _NO_GRADIENT: "look for ReLUs above it that are 0 on every row: start their biases at "
        "0, or take ELU or leaky ReLU",
        "vanishing gradient": "take ReLU or ELU with he_normal (SELU with lecun_normal) in the "
        "hidden layers, or batch normalisation",
        "exploding gradient": f"start the weights with {start}, and clip the gradients "
        "(gradients.clip_by_global_norm)",
        "cut off": "connect it to the outputs, add its output to the loss, or freeze it",
        "step too large": "lower the learning rate, or clip the gradients",
    }[layer.problem]


def _repair(layer: LayerHealth) -> str:
    if _odd_outputs(layer):
        return "load weights from before, lower the learning rate, or clip the gradients"
    return (
        "look for a root of 0, a logarithm of 0 or a division by 0 above it or in the loss, or for "
        "sums too large for its dtype"
    )


def _start(activation: str | None) -> str:
    try:
        return initializers.recommended(activation)
    except InputError:
        return "he_normal"

"""The words that cross borders between the floors."""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

Tensor: TypeAlias = Any
"""A backend tensor, a Keras tensor or anything that becomes one. (TensorFlow ships no types.)"""

Measure: TypeAlias = Callable[[Tensor, Tensor], Tensor]
"""A loss or a metric: `(labels, outputs) -> (batch,)`, or a scalar that is already their mean."""

Clip: TypeAlias = Callable[[Sequence[Tensor]], list[Tensor]]
"""From the gradients of a step to the gradients that the optimiser is given."""


ClipEffect: TypeAlias = Callable[[Sequence[Tensor], Sequence[Tensor]], Tensor]
"""What a clip did: `(gradients, clipped) -> ()`."""


def first_line(error: BaseException) -> str:
    """What an error of another library says, in one line and without its marks for programs."""
    text = re.sub(r"{{.*?}}\s*", "", str(error)).strip()
    return (text or type(error).__name__).splitlines()[0]


class InputError(ValueError):
    """What the caller gave cannot be used.

    The message is one line: what arrived, what was expected, what to do.
    """


class DivergenceError(ArithmeticError):
    """The loss stopped being a finite number; the weights are those of the step before."""


class PeerError(RuntimeError):
    """Another worker of the job did not come, is gone, or does something else.

    The message is one line: which one, what happened, what to do.
    """

"""What a network file asks for before it is run: a few of its bytes can stand for gigabytes.

Bounded, by what the file says and before anything is made of it:

- the steps of building it: every layer and operation, those that unfold into as many as a number
  says, and networks in networks that are called again and again;
- the numbers that its metrics keep, such as a confusion matrix of `num_classes` times as many;
- operations on numbers of the file alone: Keras would carry them out at once, so there are none.

The weights are counted by `keras_file`, and bounded by the size of the file.

Not bounded: the time to unfold a layer along an axis that the network itself makes long
(`unroll=True` of a recurrent layer, `TimeDistributed`); and what it takes to run the network
afterwards, on the images that it enlarges for instance.
"""

from collections.abc import Iterator
from typing import Any

from dnn_tf.types import InputError

MOST_STEPS = 50_000
"""Of building a network; the largest of `keras.applications` take some thousands."""

MOST_METRIC_NUMBERS = 2**22
"""That all metrics keep together; 2,048 classes have as many pairs."""

_UNFOLDS = {
    "AugMix": ("num_chains", "chain_depth"),
    "RandAugment": ("num_ops",),
    "SpectralNormalization": ("power_iterations",),
    "Split": ("indices_or_sections",),
    "Unstack": ("num",),
}
"""Keras' own classes that become as many operations, and the words of their configs that say so."""

_USUAL = {"num_chains": 3, "chain_depth": 3, "num_ops": 2, "power_iterations": 1}
_USUAL_METRIC = 200  # the thresholds of AUC and its kin; other metrics keep less
_HUGE = 10**9


def check_size(network: Any, where: str) -> None:
    """Whether a network, given by its config, can be made without great expense.

    Raises:
        InputError: it asks for too much; the message says of what.
    """
    for part in _parts(network):
        nodes = part.get("inbound_nodes", [])
        if not isinstance(nodes, list) or not all(map(_is_fed, nodes)):
            raise InputError(
                f"{where}: {part.get('name')!r:.80} in its network is called without the output of "
                "a layer: Keras writes none such; save the network again"
            )
    if _steps(network) > MOST_STEPS:
        raise InputError(
            f"{where}: its network would take more than {MOST_STEPS:,} steps to build: build it of "
            "fewer layers (and give Unstack its num)"
        )
    if sum(map(_metric_numbers, _parts(network))) > MOST_METRIC_NUMBERS:
        raise InputError(
            f"{where}: its metrics would keep more than {MOST_METRIC_NUMBERS:,} numbers: name "
            "fewer thresholds or classes"
        )


def _parts(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a value, itself too."""
    left = [value]
    while left:
        part = left.pop()
        if isinstance(part, dict):
            yield part
            left += part.values()
        elif isinstance(part, list):
            left += part


def _is_fed(node: Any) -> bool:
    """Whether the arguments of a call hold an output of a layer, where Keras looks for one."""
    left = [node.get("args"), node.get("kwargs")] if isinstance(node, dict) else []
    while left:
        part = left.pop()
        if isinstance(part, list):
            left += part
        elif isinstance(part, dict) and part.get("class_name") == "__keras_tensor__":
            return True
        elif isinstance(part, dict) and "class_name" not in part:
            left += part.values()
    return False


def _steps(value: Any) -> int:
    """Of making every object in a value, and of each of its calls."""
    if isinstance(value, list):
        return sum(map(_steps, value))
    if not isinstance(value, dict):
        return 0
    inside = sum(map(_steps, value.values()))
    name = value.get("class_name")
    if not isinstance(name, str) or name.startswith("__"):
        return inside
    steps = max(1, len(value.get("inbound_nodes", []))) * (1 + inside)
    for word in _UNFOLDS.get(name, ()):
        steps *= max(1, _number(value.get("config"), word, _USUAL.get(word, _HUGE)))
    return steps


def _metric_numbers(part: dict[str, Any]) -> int:
    """What it would keep, if it is a metric of Keras."""
    if part.get("module") != "keras.metrics" or part.get("class_name") == "function":
        return 0
    config = part.get("config")
    thresholds = [_number(config, word, _USUAL_METRIC) for word in ("num_thresholds", "thresholds")]
    return (
        max(thresholds) * _number(config, "num_labels", 1) + _number(config, "num_classes", 0) ** 2
    )


def _number(config: Any, word: str, usual: int) -> int:
    """What a config says for a word: a whole number, or the length of a list."""
    value = config.get(word) if isinstance(config, dict) else None
    if value is None:
        return usual
    if isinstance(value, list):
        return len(value)
    if isinstance(value, float) and word == "thresholds":
        return 1  # it is the one
    return min(abs(value), _HUGE) if type(value) is int else _HUGE

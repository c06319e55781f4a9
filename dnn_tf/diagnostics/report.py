"""What was found of a model, as a table, in words, as numbers and as a figure."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure

from dnn_tf import plots
from dnn_tf.diagnostics import rules
from dnn_tf.diagnostics.layer_health import LayerHealth, plain

_NAN = float("nan")

_PANEL = {
    "not a number": "signal",
    "no gradient": "gradient",
    "unscaled input": "signal",
    "wrong averages": "signal",
    "dead units": "silent",
    "saturated": "silent",
    "exploding outputs": "signal",
    "fading outputs": "signal",
    "vanishing gradient": "gradient",
    "exploding gradient": "gradient",
    "cut off": "gradient",
    "step too large": "update",
}
"""Of the figure: the one that shows a problem."""


@dataclass(frozen=True)
class Report:
    """The layers of a model from the inputs to the outputs, and what is wrong with them.

    `print(report)` shows a table and says in words what to do.

    Args:
        model: its name.
        rows: that it was looked at with.
        loss: of these rows, with the penalties.
        update_rule: whose step the update ratios are of.
        layers: one entry for each call of a layer.
        unseen: weights that are trained, but belong to no layer that was seen at work.
    """

    model: str
    rows: int
    loss: float
    update_rule: str
    layers: tuple[LayerHealth, ...]
    unseen: tuple[str, ...] = ()

    @property
    def healthy(self) -> bool:
        """Whether no layer has a problem."""
        return all(layer.problem is None for layer in self.layers)

    @property
    def root(self) -> LayerHealth | None:
        """The layer with the first cause; `None` where nothing is wrong."""
        return rules.root(self.layers)

    @property
    def verdict(self) -> str:
        """One sentence: what is wrong, where it begins, and what to do."""
        cause = self.root
        if cause is None:
            n = len(self.layers)
            return f"healthy: nothing wrong in {n} {'layer' if n == 1 else 'layers'}"
        ill = [layer for layer in self.layers if layer.problem and layer.name != cause.name]
        others = f"; {len(ill)} more with it, {ill[0].name}" if ill else ""
        others += f" to {ill[-1].name}" if len(ill) > 1 else ""
        told = rules.evidence(cause, self.layers)
        return f"{cause.problem} at {cause.name}: {told}{others}. {_sentence(cause.remedy)}"

    def __str__(self) -> str:
        head = (
            f"{self.model}: loss {self.loss:.4g} on {self.rows} rows; steps of {self.update_rule}"
        )
        told = [head, "", *_table(self.layers), "", self.verdict]
        if self.unseen:
            told.append(f"not seen at work, so not judged: {', '.join(self.unseen)}")
        return "\n".join(told)

    def summary(self) -> dict[str, Any]:
        """All of it, for a program to read."""
        cause = self.root
        return {
            "model": self.model,
            "rows": self.rows,
            "loss": plain(self.loss),
            "update_rule": self.update_rule,
            "healthy": self.healthy,
            "verdict": self.verdict,
            "root": None if cause is None else cause.name,
            "layers": [layer.summary() for layer in self.layers],
            "unseen": list(self.unseen),
        }

    def figure(self) -> Figure:
        """The same as a picture; see `plots.layer_health`."""

        def column(value: Callable[[LayerHealth], float | None]) -> list[float]:
            return [_NAN if (v := value(layer)) is None else v for layer in self.layers]

        cause = self.root
        problems = [layer.problem or "" for layer in self.layers]
        if cause is not None:
            first = next(n for n, layer in enumerate(self.layers) if layer.name == cause.name)
            problems[first] = str(cause.problem)
        shown_in = [_PANEL.get(problem, "") for problem in problems]
        if cause is not None:
            problems[first] += " (the cause)" if sum(map(bool, problems)) > 1 else ""
        return plots.layer_health(
            [layer.name for layer in self.layers],
            signal=column(lambda layer: layer.signal),
            silent=column(_silent),
            gradient=column(lambda layer: layer.delta_share),
            update=column(lambda layer: layer.update_ratio),
            problems=problems,
            shown_in=shown_in,
            limits={
                "signal": rules.SIGNAL,
                "gradient": rules.DELTA,
                "update": (0.0, rules.UPDATE),
            },
            title=f"{self.model}, {self.rows} rows\n{self.verdict}",
        )


def _silent(layer: LayerHealth) -> float | None:
    return layer.dead if layer.saturated is None else layer.saturated


def _sentence(text: str | None) -> str:
    return f"{text[0].upper()}{text[1:]}." if text else ""


_COLUMNS: dict[str, Callable[[LayerHealth], str]] = {
    "layer": lambda layer: layer.name,
    "kind": lambda layer: (
        layer.kind + ("" if layer.trainable or not layer.n_weights else ", frozen")
    ),
    "activation": lambda layer: layer.activation or "",
    "outputs": lambda layer: _spread(layer.mean, layer.std),
    "before": lambda layer: _spread(layer.mean_before, layer.std_before),
    "satur.": lambda layer: _share(layer.saturated),
    "dead": lambda layer: _share(layer.dead),
    "forward": lambda layer: _number(layer.forward),
    "backward": lambda layer: _number(layer.backward),
    "delta": lambda layer: _number(layer.delta_norm),
    "gradient": lambda layer: _number(layer.gradient_norm),
    "/above": lambda layer: _number(layer.gradient_ratio),
    "step/w": lambda layer: _number(layer.update_ratio),
    "": lambda layer: layer.problem or "",
}


def _table(layers: tuple[LayerHealth, ...]) -> list[str]:
    cells = [list(_COLUMNS), *([show(layer) for show in _COLUMNS.values()] for layer in layers)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    left = {0, 1, 2, len(_COLUMNS) - 1}
    return [
        "  ".join(
            cell.ljust(width) if n in left else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]


def _spread(mean: float | None, std: float | None) -> str:
    return "" if mean is None or std is None else f"{_number(mean)} +- {_number(std)}"


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"


def _number(value: float | None) -> str:
    if value is None:
        return ""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    return f"{value:.2g}" if 1e-3 <= abs(value) < 1e4 else f"{value:.1e}"

"""The races as a picture: how many times as long as this package each peer takes."""

from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from benchmarks.peers import LIMIT, OURS
from benchmarks.spread import spread
from dnn_tf.plots.style import figure, light

MARKS = {
    "TF1 session loop": ("s", "#777777"),
    "model.fit": ("o", "#d55e00"),
    "model.fit, best": ("o", "#ffffff"),
    "PyTorch loop": ("^", "#0072b2"),
    "torch.compile": ("^", "#ffffff"),
    "JAX scan": ("D", "#009e73"),
    "scikit-learn": ("v", "#cc79a7"),
}
"""A shape and a filling for each peer, so that it is told apart without colours."""

EDGES = {"model.fit, best": "#d55e00", "torch.compile": "#0072b2"}

TICKS = (0.25, 0.5, 1, 2, 3, 5, 10, 20, 50, 100)


def draw(races: dict[str, dict[str, Any]]) -> Figure:
    """A line for each race, a mark for each peer, this package at 1.

    Whiskers: the quartiles of the peer over the median of this package.
    """
    raced = [race for race in races.values() if OURS in race["peers"]]
    drawing = figure(8.4, 1.7 + 0.52 * len(raced))
    axes = drawing.subplots()
    axes.axvline(1, color="#000000", linewidth=1.6)
    ratios = [1.0]
    for row, race in enumerate(raced):
        ours = spread(race["peers"][OURS]["seconds"])
        axes.plot([ours.low / ours.median, ours.high / ours.median], [row, row],
                  color="#000000", linewidth=7, solid_capstyle="butt")  # fmt: skip
        for name, facts in race["peers"].items():
            if name in (OURS, LIMIT):
                continue
            times = spread(facts["seconds"])
            low, middle, high = (t / ours.median for t in (times.low, times.median, times.high))
            ratios += [low, high]
            shape, filling = MARKS[name]
            edge = EDGES.get(name, filling)
            axes.plot([low, high], [row, row], color=edge, linewidth=1.2)
            axes.plot(
                middle, row, shape, markersize=8, markerfacecolor=filling, markeredgecolor=edge,
                markeredgewidth=1.4, label=name if name not in _told(axes) else None,
            )  # fmt: skip
    labels = [
        f"{race['work']['title']}\n{_seconds(spread(race['peers'][OURS]['seconds']).median)}"
        for race in raced
    ]
    axes.set_yticks(range(len(raced)), labels, fontsize=8.5)
    axes.set_ylim(len(raced) - 0.5, -0.5)
    axes.set_xscale("log")
    axes.set_xlim(min(ratios) / 1.15, max(ratios) * 1.15)
    low, high = axes.get_xlim()
    ticks = [tick for tick in TICKS if low <= tick <= high]
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticklabels([f"{tick:g}x" for tick in ticks])
    axes.set_xlabel("median time over that of dnn_tf")
    light(axes)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    drawing.legend(loc="outside upper center", ncols=4, frameon=False, fontsize=9)
    return drawing


def _told(axes: Any) -> list[str]:
    return axes.get_legend_handles_labels()[1]


def _seconds(seconds: float) -> str:
    if seconds < 0.01:
        return f"dnn_tf: {1000 * seconds:.2g} ms"
    return f"dnn_tf: {seconds:.2g} s"

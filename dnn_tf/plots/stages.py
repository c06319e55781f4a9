"""What each stage of fine-tuning brought."""

import textwrap
from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from dnn_tf.plots.lettering import drawable, in_fonts
from dnn_tf.plots.style import COLOURS, LINES, figure, light

_LETTERS = 18
"""Of a line below a stage."""

_LETTERS_AN_INCH = 11
"""Of the title."""


def stages(
    trained: Sequence[Sequence[str]],
    validation: Sequence[float],
    test: Sequence[float] | None = None,
    kept: int | None = None,
    scratch: float | None = None,
    title: str = "",
) -> Figure:
    """The accuracy after each stage, beside that of training from scratch.

    Args:
        trained: the names of the layers that each stage trained.
        validation, test: the accuracy after each.
        kept: the number of the stage that was kept, from 0; it is ringed.
        scratch: the test accuracy (or, without a test split, the validation accuracy) of the same
            network from fresh weights.
        title: above it.
    """
    width = max(5.2, 1.5 * len(trained) + 1.6)
    drawing = figure(width, 4.4)
    axes = drawing.subplots()
    curves = {"validation": validation} | ({} if test is None else {"test": test})
    for name, values in curves.items():
        axes.plot(
            range(len(values)), values, LINES[name], color=COLOURS[name], marker="o", label=name
        )
        for number, value in enumerate(values):
            above = (
                value > validation[number]
                if name == "test"
                else test is None or (value >= test[number])
            )
            axes.annotate(
                f"{value:.1%}", (number, value), xytext=(0, 7 if above else -14),
                textcoords="offset points", ha="center", fontsize=8, color=COLOURS[name],
            )  # fmt: skip
    if kept is not None:
        shown = list(curves.values())[-1]
        axes.plot(
            [kept], [shown[kept]], "o", markersize=14, fillstyle="none",
            color="black", linestyle="none", label="kept",
        )  # fmt: skip
    if scratch is not None:
        axes.axhline(scratch, color="#666666", linestyle=":", label=f"from scratch, {scratch:.1%}")
    names = [textwrap.fill(drawable(", ".join(layers)), _LETTERS) for layers in trained]
    axes.set_xticks(range(len(names)), names, fontsize=8, **in_fonts())
    axes.set_xlim(-0.5, len(names) - 0.5)
    axes.margins(y=0.15)
    axes.set_xlabel("layers that were trained")
    axes.set_ylabel("accuracy, % right")
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    drawing.suptitle(
        textwrap.fill(drawable(title), int(_LETTERS_AN_INCH * width)), fontsize=10, **in_fonts()
    )
    drawing.legend(frameon=False, loc="outside lower center", ncols=2)
    light(axes)
    return drawing

"""What came of an experiment."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from matplotlib.figure import Figure

from dnn_tf.experiments.rows import Row


@dataclass(frozen=True)
class Claim:
    """What the documents say, and whether it held here.

    Args:
        text: the claim, in one sentence, with its document.
        holds: as it was measured; `None` where what was measured does not decide it.
        found: what was measured, in one sentence.
    """

    text: str
    holds: bool | None
    found: str

    def __str__(self) -> str:
        verdict = {True: "Holds", False: "DOES NOT HOLD", None: "Not decided"}[self.holds]
        return f"{self.text} {verdict}: {self.found}"


@dataclass(frozen=True)
class Outcome:
    """Rows, claims and a figure.

    Args:
        rows: one or more.
        figure: one, or `None` where there is nothing to see.
        claims: of the documents.
    """

    rows: Iterable[Row]
    figure: Figure | None = None
    claims: Iterable[Claim] = field(default=())

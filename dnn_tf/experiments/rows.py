"""A measured number beside the one that it is held against."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WITHIN, AT_LEAST, AT_MOST = "within", "at least", "at most"


@dataclass(frozen=True)
class Row:
    """One result of an experiment.

    Args:
        name: what was measured, with its unit.
        measured: `None` where it was not; a NaN where no number came out.
        reference: what it is held against; `None` where nothing is known.
        tolerance: how far it may be on the wrong side of the reference.
        relation: `"within"` the tolerance of the reference, `"at least"` or `"at most"` it.
        note: what a reader must know, or why it was not measured.
        otherwise: told too if the reference is not met: the reason, where it is known.

    >>> row = Row("validation accuracy", 0.9784, 0.9776, 0.003, note="cell 36")
    >>> row.ok, row.told
    (True, '0.9776 +- 0.003')
    """

    name: str
    measured: float | None
    reference: float | None = None
    tolerance: float = 0.0
    relation: str = WITHIN
    note: str = ""
    otherwise: str = ""

    @property
    def ok(self) -> bool | None:
        """Whether the reference was met; `None` where nothing was measured, or nothing is known."""
        if self.measured is None or self.reference is None:
            return None
        beyond = {
            WITHIN: abs(self.measured - self.reference),
            AT_LEAST: self.reference - self.measured,
            AT_MOST: self.measured - self.reference,
        }[self.relation]
        return bool(beyond <= self.tolerance + 1e-12)  # the rounding of a difference; NaN is not ok

    @property
    def told(self) -> str:
        """The reference in words: `at least 0.9`, `0.9776 +- 0.003`, `at most 0.5 + 0.02`."""
        if self.reference is None:
            return "-"
        sign = {WITHIN: "+-", AT_LEAST: "-", AT_MOST: "+"}[self.relation]
        slack = f" {sign} {number(self.tolerance)}" if self.tolerance else ""
        side = "" if self.relation == WITHIN else f"{self.relation} "
        return f"{side}{number(self.reference)}{slack}"

    @property
    def remark(self) -> str:
        """The note, and the reason where the reference was not met."""
        reason = self.otherwise if self.ok is False else ""
        return "; ".join(part for part in (self.note, reason) if part)

    def summary(self) -> dict[str, Any]:
        """For JSON, which has no NaN and no infinity: these are `null` there, and not ok."""
        finite = self.measured is not None and math.isfinite(self.measured)
        return {
            "name": self.name,
            "measured": self.measured if finite else None,
            "reference": self.reference,
            "tolerance": self.tolerance,
            "relation": self.relation,
            "ok": self.ok,
            "note": self.remark,
        }


def at_least(name: str, measured: float, reference: float, **words: Any) -> Row:
    """A row that must reach its reference."""
    return Row(name, measured, reference, relation=AT_LEAST, **words)


def at_most(name: str, measured: float, reference: float, **words: Any) -> Row:
    """A row that must stay below its reference, or on it."""
    return Row(name, measured, reference, relation=AT_MOST, **words)


def not_run(name: str, reference: float | None, why: str) -> Row:
    """A row that was not measured, and why."""
    return Row(name, None, reference, note=f"not run: {why}")


def spread(values: Sequence[float]) -> str:
    """How far several seeds are apart; of a single one there is nothing to say.

    >>> spread([0.99, 0.98, 0.985]), spread([0.99])
    ('3 seeds, 0.98 to 0.99', '')
    """
    if len(values) == 1:
        return ""
    return f"{len(values)} seeds, {number(min(values))} to {number(max(values))}"


def number(value: float | None) -> str:
    """A number as a person writes it: four digits, and powers of ten where it is far from 1.

    >>> number(0.97764), number(3.3e-11), number(42.0), number(None)
    ('0.9776', '3.3e-11', '42', '-')
    """
    if value is None:
        return "-"
    if value == 0 or (math.isfinite(value) and 1e-3 <= abs(value) < 1e6):
        return f"{value:.4f}".rstrip("0").rstrip(".") if abs(value) < 100 else f"{value:.6g}"
    return f"{value:.3g}"

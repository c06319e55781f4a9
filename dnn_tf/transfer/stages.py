"""What each stage of fine-tuning brought."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Stage:
    """One stage: some layers trained, the rest frozen.

    Args:
        trained: the layers that were trained.
        epochs: how many.
        seconds: wall time, compilation included.
        validation_accuracy, validation_loss: of the network that the stage left.
        test_accuracy: the same on the test split, if there is one; no choice is made by it.
        cached: whether the frozen part ran only once.
        uncached_because: why not, if it did not.
    """

    trained: tuple[str, ...]
    epochs: int
    seconds: float
    validation_accuracy: float
    validation_loss: float
    test_accuracy: float | None
    cached: bool
    uncached_because: str | None = None

    def better_than(self, other: "Stage") -> bool:
        """More validation rows right; of as many right, a smaller loss."""
        return (self.validation_accuracy, -self.validation_loss) > (
            other.validation_accuracy,
            -other.validation_loss,
        )


@dataclass(frozen=True)
class FineTuning:
    """What came of fine-tuning.

    Args:
        stages: in their order.
        best: the number of the one that was kept, from 0.
        scratch: the same network from fresh weights, if that was asked for.

    `print` shows a table.
    """

    stages: tuple[Stage, ...]
    best: int
    scratch: Stage | None = None

    @property
    def cached(self) -> bool:
        """Whether the frozen part of any stage ran only once."""
        return any(stage.cached for stage in self.stages)

    def summary(self) -> dict[str, Any]:
        """For a program to read."""
        scratch = self.scratch
        return {
            "stages": [asdict(stage) for stage in self.stages],
            "best_stage": self.best,
            "test_accuracy": self.stages[self.best].test_accuracy,
            "validation_accuracy": self.stages[self.best].validation_accuracy,
            "scratch_accuracy": None if scratch is None else scratch.test_accuracy,
            "scratch": None if scratch is None else asdict(scratch),
            "cached": self.cached,
        }

    def __str__(self) -> str:
        rows = [["stage", "trained", "epochs", "seconds", "validation", "test", ""]]
        for number, stage in enumerate(self.stages):
            note = "kept" if number == self.best else ""
            rows.append(_row(str(number + 1), stage, note))
        if self.scratch is not None:
            rows.append(_row("", self.scratch, "from scratch"))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ("  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True))
                 for row in rows)  # fmt: skip
        return "\n".join(line.rstrip() for line in lines)


def _row(number: str, stage: Stage, note: str) -> list[str]:
    test = "" if stage.test_accuracy is None else f"{stage.test_accuracy:.4f}"
    notes = [note] if note else []
    if stage.cached:
        notes.append("frozen part cached")
    return [
        number, ", ".join(stage.trained), str(stage.epochs), f"{stage.seconds:.1f}",
        f"{stage.validation_accuracy:.4f}", test, "; ".join(notes),
    ]  # fmt: skip

"""What was measured as Markdown and a figure: `python -m benchmarks.table docs/benchmarks`.

The page is rewritten between its two markers only.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.figure import draw
from benchmarks.peers import LIMIT, MODULES, OURS
from benchmarks.spread import spread

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"

TARGETS = {
    "TF1 session loop": 3.0,
    "model.fit": 5.0,
    "model.fit, best": 1.7,
    "PyTorch loop": 2.5,
    "JAX scan": 1.2,
}
"""How many times as long as this package each should take, on the documented network."""

DOCUMENTED = "dense-50"
RATE_TARGET = 0.5
DROPOUT_TARGET = 1.3


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of a table.

    >>> markdown_table(["", "s"], [["a", "1"]])
    ['| | s |', '| --- | --- |', '| a | 1 |']
    """
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(line) + " |" if line[0] else "| | " + " | ".join(line[1:]) + " |"
            for line in lines]  # fmt: skip


def seconds(value: float) -> str:
    """To three digits, in the unit that suits.

    >>> seconds(0.2791), seconds(0.00123), seconds(12.345)
    ('0.279 s', '1.23 ms', '12.3 s')
    """
    return f"{1000 * value:.3g} ms" if value < 0.01 else f"{value:.3g} s"


def race_table(races: dict[str, dict[str, Any]]) -> list[str]:
    """A row for each race, a column for each peer: median seconds and the ratio to this package."""
    peers = [name for name in MODULES if name not in (OURS, LIMIT)]
    rows = []
    for race in races.values():
        ours = spread(race["peers"][OURS]["seconds"]).median
        cells = [race["work"]["title"], f"**{seconds(ours)}**"]
        for name in peers:
            if name in race["peers"]:
                median = spread(race["peers"][name]["seconds"]).median
                cells.append(f"{seconds(median)} ({median / ours:.2f})")
            else:
                cells.append("-" if name in race["left_out"] else "")
        rows.append(cells)
    return markdown_table(["", OURS, *peers], rows)


def spread_table(race: dict[str, Any]) -> list[str]:
    """One race with its spread, and how each peer was run."""
    ours = spread(race["peers"][OURS]["seconds"]).median
    rows = []
    for name, facts in race["peers"].items():
        if name == LIMIT:
            continue
        times = spread(facts["seconds"])
        target = f", target {TARGETS[name]}" if name in TARGETS else ""
        rows.append([
            name, f"{times.median:.3f}", f"{times.low:.3f} to {times.high:.3f}",
            f"{times.fastest:.3f} to {times.slowest:.3f}", f"{times.median / ours:.2f}{target}",
            facts["form"],
        ])  # fmt: skip
    return markdown_table(["", "median s", "quartiles", "extremes", "times", "as"], rows)


def rates(race: dict[str, Any]) -> tuple[float, float] | None:
    """GFLOP/s of this package's epoch, and of a large product; `None` where that was not raced."""
    if LIMIT not in race["peers"]:
        return None
    ours = spread(race["peers"][OURS]["seconds"]).median
    return race["flops"] / ours / 1e9, 1 / spread(race["peers"][LIMIT]["seconds"]).median


def noise_table(noise: dict[str, dict[str, Any]]) -> list[str]:
    """The 5x100 network with and without random numbers."""
    medians = {n: spread(race["peers"][OURS]["seconds"]).median for n, race in noise.items()}
    plain = medians["without"]
    rows = [[name, seconds(m), f"{m / plain:.2f}"] for name, m in medians.items()]
    return markdown_table(["", "median", "times that without"], rows)


def page(results: dict[str, Any]) -> str:
    """All of it, to stand between the markers."""
    machine = results["machine"]
    told = ", ".join(f"{name} {value}" for name, value in results["versions"].items())
    lines = ["; ".join(f"{name}: {value}" for name, value in machine.items()) + f". {told}.", ""]
    if races := results.get("races"):
        lines += [*race_table(races), "", "![How many times as long the peers take](races.png)", ""]
        left_out = {
            f"{name}: {why}" for race in races.values() for name, why in race["left_out"].items()
        }
        lines += [*(f"- {line}" for line in sorted(left_out)), ""] if left_out else []
    if DOCUMENTED in (races or {}):
        race = races[DOCUMENTED]
        lines += ["The documented network in batches of 50:", "", *spread_table(race), ""]
        if found := rates(race):
            own, limit = found
            lines += [
                f"{own:.0f} of {limit:.0f} GFLOP/s, {own / limit:.0%} of the rate of large "
                f"matrix products (target {RATE_TARGET:.0%}).", "",
            ]  # fmt: skip
    if noise := results.get("noise"):
        lines += [f"Random numbers (target of dropout: {DROPOUT_TARGET}):", ""]
        lines += [*noise_table(noise), ""]
    if starts := results.get("start_up"):
        rows = [[name, seconds(spread(t["cold"]).median), seconds(spread(t["warm"]).median)]
                for name, t in starts.items()]  # fmt: skip
        lines += ["From the command to its end:", "", *markdown_table(["", "cold", "warm"], rows)]
        lines += [""]
    if tuned := results.get("fine_tuning"):
        ways = list(tuned[0]["seconds"])
        rows = [[way, *(seconds(spread(few["seconds"][way]).median) for few in tuned)]
                for way in ways]  # fmt: skip
        lines += ["Fine-tuning an output layer for 20 epochs:", ""]
        lines += [*markdown_table(["", *(f"{few['rows']} images" for few in tuned)], rows), ""]
    if search := results.get("search"):
        rows = []
        for name, way in search.items():
            total, epochs = way["seconds"], way["epochs"]
            rows.append([name, seconds(total), str(epochs), seconds(total / epochs)])
        lines += ["A random search in the space of exercise 8.3:", ""]
        lines += [*markdown_table(["", "all", "epochs", "an epoch"], rows), ""]
    return "\n".join(lines).rstrip() + "\n"


def between_markers(text: str, new: str) -> str:
    """The text with what stands between the markers replaced.

    >>> between_markers(f"a {BEGIN} old {END} z", "new").split()[1:-1][4]
    'new'
    """
    before, found, rest = text.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not found or not ended:
        raise SystemExit(f"the page has no place for what was measured: {BEGIN} ... {END}")
    return f"{before}{BEGIN}\n\n{new}\n{END}{after}"


def write(results: dict[str, Any], folder: Path) -> None:
    """`results.json`, the figure, and the tables in the page of the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(results, indent=1) + "\n"
    (folder / "results.json").write_text(text, encoding="utf-8")
    show(results, folder)


def show(results: dict[str, Any], folder: Path) -> None:
    """The figure and the tables alone."""
    if results.get("races"):
        draw(results["races"]).savefig(folder / "races.png")
    place = folder / "README.md"
    text = place.read_text(encoding="utf-8") if place.exists() else f"{BEGIN}{END}\n"
    place.write_text(between_markers(text, page(results)), encoding="utf-8")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    show(json.loads((target / "results.json").read_text(encoding="utf-8")), target)

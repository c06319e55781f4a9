"""The results of experiments as text: for the terminal, and for a page."""

from collections.abc import Sequence

from dnn_tf.experiments.reproducing import Reproduced
from dnn_tf.experiments.rows import number

_WORDS = {True: "yes", False: "NO", None: "-"}


def as_text(result: Reproduced) -> str:
    """One experiment, a line for each result."""
    width = max(len(row["name"]) for row in result.rows)
    lines = [f"{result.name}: {result.title} ({result.seconds:.0f} s)"]
    for row in result.rows:
        line = (
            f"  {row['name']:{width}}  {_measured(row):>9}  {row['told']:<22} {_WORDS[row['ok']]}"
        )
        lines.append(line.rstrip() + (f"  {row['note']}" if row["note"] else ""))
    return "\n".join([*lines, *(f"  {claim['told']}" for claim in result.claims)])


def as_markdown(results: Sequence[Reproduced]) -> str:
    """A page with all of them: a count, versions, and of each its date, rows, claims and figure."""
    parts = [_heading(results)]
    for result in results:
        parts.append(f"## {result.name}: {result.title}\n")
        quick = ", quick" if result.identity["quick"] else ""
        data = f"; {result.source}" if result.source else ""
        seed = result.identity["seed"]
        parts.append(f"{result.date}, seed {seed}{quick}, {result.seconds:.0f} s{data}\n")
        parts.append("| | measured | reference | met | |\n| --- | --- | --- | --- | --- |")
        parts += [
            f"| {_cell(row['name'])} | {_measured(row)} | {row['told']} | {_WORDS[row['ok']]} "
            f"| {_cell(row['note'])} |"
            for row in result.rows
        ]
        parts.append("")
        parts += [f"- {claim['told']}" for claim in result.claims]
        if result.claims:
            parts.append("")
        if result.figure:
            parts.append(f"![{result.title}]({result.figure})\n")
    return "\n".join(parts)


def counted(results: Sequence[Reproduced]) -> str:
    """How many references were met, and which were not; how many claims held.

    >>> counted([])
    '0 of 0 references met; of 0 claims 0 hold, 0 do not, 0 are not decided'
    """
    judged = [(result, row) for result in results for row in result.rows if row["ok"] is not None]
    missed = [f"{result.name} ({row['name']})" for result, row in judged if not row["ok"]]
    told = f"{len(judged) - len(missed)} of {len(judged)} references met"
    told += f" (not met: {', '.join(missed)})" if missed else ""
    held = [claim["holds"] for result in results for claim in result.claims]
    return told + (
        f"; of {len(held)} claims {held.count(True)} hold, {held.count(False)} do not, "
        f"{held.count(None)} are not decided"
    )


def _cell(text: str) -> str:
    """Of a table in Markdown, where a bar ends a column."""
    return text.replace("|", "\\|")


def _measured(row: dict[str, object]) -> str:
    value = row["measured"]
    assert value is None or isinstance(value, int | float)
    return number(value)


def _heading(results: Sequence[Reproduced]) -> str:
    versions = dict.fromkeys(
        ", ".join(f"{name} {version}" for name, version in result.versions.items())
        for result in results
    )
    return (
        "# The documents' experiments, reproduced\n\nWritten by `dnn-tf reproduce`.\n\n"
        f"{counted(results)}.\n\nRun with {'; '.join(versions)}.\n"
    )

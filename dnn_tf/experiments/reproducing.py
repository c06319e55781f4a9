"""Runs experiments, and keeps what each came to as soon as it has ended."""

import dataclasses
import datetime
import hashlib
import importlib.metadata
import json
import platform
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dnn_tf.arguments import check_seed
from dnn_tf.experiments.contents import PAGES, page, title
from dnn_tf.experiments.rows import Row
from dnn_tf.experiments.setting import Setting
from dnn_tf.storage import replacing_file
from dnn_tf.types import InputError

_VERSIONS = ("dnn-tf", "tensorflow", "keras", "numpy")


@dataclass(frozen=True)
class Reproduced:
    """An experiment that was run.

    Args:
        name, title: of the experiment.
        rows: its results, as `Row.summary` gives them, with `told`, the reference in words.
        claims: what the documents say and whether it held: `text`, `holds` and `found`, and `told`,
            all of it in words.
        figure: the name of its file beside the results, or "".
        seconds: that it took.
        source: of the data, or "" where it needs none.
        date: of the run, in UTC.
        versions: of Python and packages.
        identity: what must be the same for a result to be kept.
    """

    name: str
    title: str
    rows: list[dict[str, Any]]
    claims: list[dict[str, Any]]
    figure: str
    seconds: float
    source: str
    date: str
    versions: dict[str, str]
    identity: dict[str, Any]


def reproduce(
    names: Iterable[str],
    *,
    directory: str | Path,
    quick: bool = False,
    seed: int = 42,
    again: bool = False,
    report: Callable[[Reproduced], None] | None = None,
) -> list[Reproduced]:
    """Runs the experiments, one after the other.

    The directory gets a JSON file and a figure of each, `NAME.json` and `NAME.png`. What is there
    already, from the same code and versions, is taken from there: the same call after a kill goes
    on.

    Args:
        names: of `contents.PAGES`.
        directory: new, or that of an earlier call with the same `quick` and `seed`.
        quick: see `Setting`.
        seed: of everything that is drawn.
        again: runs what is there already, too.
        report: called with each result.

    Raises:
        InputError: an unknown name; a directory that is a file, or that has results of another
            setting; a seed that is none; no MNIST.
    """
    check_seed(seed=seed)
    names = list(dict.fromkeys(names))
    for name in names:
        page(name)  # an unknown name is told before anything runs
    directory = Path(directory)
    if directory.exists() and not directory.is_dir():
        raise InputError(f"{directory} is a file: name a folder for the results")
    _check_setting(directory, quick, seed)
    directory.mkdir(parents=True, exist_ok=True)
    setting = Setting(quick, seed, directory)
    identity = {"quick": quick, "seed": seed, "code": _code(), "versions": _versions()}
    results = []
    for name in names:
        result = None if again else _read(directory / f"{name}.json")
        if result is None or result.identity != identity:
            result = _run(name, setting, identity)
        if report is not None:
            report(result)
        results.append(result)
    return results


def _run(name: str, setting: Setting, identity: dict[str, Any]) -> Reproduced:
    assert setting.directory is not None
    setting.seeded()
    started = time.perf_counter()
    outcome = page(name).reproduce(setting)
    result = Reproduced(
        name=name,
        title=title(name),
        rows=[_summary(row) for row in outcome.rows],
        claims=[dataclasses.asdict(claim) | {"told": str(claim)} for claim in outcome.claims],
        figure=f"{name}.png" if outcome.figure is not None else "",
        seconds=round(time.perf_counter() - started, 1),
        source=setting.data.source if "data" in vars(setting) else "",
        date=f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d}",
        versions=_versions(),
        identity=identity,
    )
    if outcome.figure is not None:
        with replacing_file(setting.directory / f"{name}.png") as beside:
            outcome.figure.savefig(beside, format="png")
    with replacing_file(setting.directory / f"{name}.json") as beside:
        beside.write_text(
            json.dumps(vars(result), indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
    return result


def _summary(row: Row) -> dict[str, Any]:
    return row.summary() | {"told": row.told}


def _check_setting(directory: Path, quick: bool, seed: int) -> None:
    """Results of hours are not to be overwritten by those of a quick run."""
    asked = {"quick": quick, "seed": seed}
    for result in collect(directory):
        kept = {word: result.identity.get(word) for word in asked}
        if kept != asked:
            raise InputError(
                f"{directory} holds results of {_told(kept)}, and {_told(asked)} was asked for: "
                "name another folder"
            )


def _told(setting: dict[str, Any]) -> str:
    return f"{'a quick' if setting['quick'] else 'a full'} run from seed {setting['seed']}"


def collect(directory: str | Path) -> list[Reproduced]:
    """The results of all calls with that directory, in the documents' order."""
    found = [_read(Path(directory) / f"{name}.json") for name in PAGES]
    return [result for result in found if result is not None]


def _read(path: Path) -> Reproduced | None:
    try:
        return Reproduced(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None  # none, or of another version: it is run


def _code() -> str:
    """The SHA-256 of the whole package: a page uses its layers, its engine, other pages."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        digest.update(f"{path.relative_to(package)}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _versions() -> dict[str, str]:
    packages = {name: importlib.metadata.version(name) for name in _VERSIONS}
    return {"python": platform.python_version(), **packages}

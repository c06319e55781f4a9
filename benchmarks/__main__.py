"""All of it, one part after the other: `python -m benchmarks`, or `make bench`.

    python -m benchmarks [--only races noise ...] [--rounds 9] [--out docs/benchmarks] [--quick]

What was measured is written after each part and each race; what is left out stays as it was.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import machine, race, table
from benchmarks.peers import MODULES, OURS
from benchmarks.works import NOISE, RACES, Work

SEARCH = {"draws": 20, "workers": [0, 2], "most": 5}
"""Twenty trials; no training goes on for longer than 5 epochs, or it would take an hour."""


def _say(line: str) -> None:
    print(line, flush=True)


def _race(works: dict[str, Work], options: argparse.Namespace, peers: list[str]) -> dict[str, Any]:
    found = {}
    pythons = race.interpreters(options)
    with tempfile.TemporaryDirectory() as folder:
        rows, source = race.load_arrays(Path(folder), options.data)
        for name, work in works.items():
            _say(f"{work.title} ({source})")
            found[name] = race.run_race(
                work, Path(folder), rows, peers=peers, rounds=options.rounds, pythons=pythons
            )
            _say("\n".join(race.table(found[name])))
    return found


def races(options: argparse.Namespace) -> dict[str, Any]:
    """Every work by every peer."""
    works = {name: RACES[name] for name in options.works}
    return _race(works, options, options.peers or list(MODULES))


def noise(options: argparse.Namespace) -> dict[str, Any]:
    """What dropout and the like cost."""
    return _race(NOISE, options, [OURS])


def start_up(options: argparse.Namespace) -> dict[str, Any]:
    """From command to first step."""
    from benchmarks import start_up as part

    found = part.measure(1 if options.quick else 5, options.data)
    _say("\n".join(part.table(found)))
    return found


def fine_tuning(options: argparse.Namespace) -> list[dict[str, Any]]:
    """With and without the cache."""
    import dnn_tf
    from benchmarks import fine_tuning as part

    data = dnn_tf.data.load(options.data)
    return part.measure(data, [20] if options.quick else [100], 1 if options.quick else 3)


def search(options: argparse.Namespace) -> dict[str, Any]:
    """Twenty trials."""
    import dnn_tf
    from benchmarks import search as part

    words = {"draws": 2, "workers": [0], "most": 1} if options.quick else SEARCH
    return part.compare(dnn_tf.data.load(options.data), **words)


PARTS: dict[str, Callable[[argparse.Namespace], Any]] = {
    part.__name__: part for part in (races, noise, start_up, fine_tuning, search)
}


def versions_of(found: dict[str, dict[str, Any]]) -> dict[str, str]:
    """What the peers say of themselves."""
    return {
        name: version
        for one in found.values()
        for peer in one["peers"].values()
        for name, version in peer["versions"].items()
    }


def main() -> None:
    """Measures, and writes after each part."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--only", nargs="+", choices=PARTS, help="these parts (all)")
    parser.add_argument("--works", nargs="+", choices=RACES, help="these races (all)")
    parser.add_argument("--quick", action="store_true", help="the bundled digits, two rounds")
    parser.add_argument(
        "--out", type=Path, default=race.REPOSITORY / "docs" / "benchmarks",
        help="where results.json, the figure and the tables go (docs/benchmarks)",
    )  # fmt: skip
    race.add_options(parser)
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.data = 2, "mnist-sample"

    kept = options.out / "results.json"
    results = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    results["machine"] = machine.describe()
    _say("; ".join(f"{name}: {value}" for name, value in results["machine"].items()))
    for name in options.only or PARTS:
        began = time.perf_counter()
        if name == "races":
            for work in options.works or RACES:  # each is kept, whatever becomes of the next
                options.works = [work]
                found = {**results.get(name, {}), **races(options)}
                results[name] = {work: found[work] for work in RACES if work in found}
                _keep(results, options.out)
        else:
            results[name] = PARTS[name](options)
        _keep(results, options.out)
        _say(f"-- {name}: {time.perf_counter() - began:.0f} s")


def _keep(results: dict[str, Any], folder: Path) -> None:
    results["versions"] = versions_of({**results.get("noise", {}), **results.get("races", {})})
    table.write(results, folder)


if __name__ == "__main__":
    main()

"""The commands that train: `mnist` and `train`."""

import argparse
import dataclasses
import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from dnn_tf.cli.answer import print_json
from dnn_tf.cli.begin import new_run_dir, tell_device
from dnn_tf.cli.devices import DEVICES, strategy_of, tell_workers
from dnn_tf.types import InputError

if TYPE_CHECKING:
    from dnn_tf.runs import Result, Settings
    from dnn_tf.training import EpochReport

_OF_ANY_RUN = {"command", "version", "json", "resume", "repeats", *DEVICES}


def mnist(options: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    """The documented example."""
    from dnn_tf import experiments

    with _run(options, parser, "saved_models/my_mnist") as (run_dir, settings, out, report):
        if settings is None:
            result = experiments.resume_mnist(run_dir, report=report)
        else:
            result = experiments.mnist(settings, out=out, run_dir=run_dir, report=report)
    if options.json:
        print_json(
            result.run.summary()
            | {"labels": result.labels.tolist(), "predicted": result.predicted.tolist()}
        )
        return
    _print_result(result.run)
    print(f"\nRestored from {result.run.saved_model}, the first {len(result.labels)} test images:")
    print("predicted ", *result.predicted)
    print("labels    ", *result.labels)


def train(options: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    """A network of one's own."""
    from dnn_tf import runs

    strategy = strategy_of(options)
    chief = tell_workers(strategy)
    with _run(options, parser, None, chief) as (run_dir, settings, out, report):
        words = {"callbacks": [report] if chief else [], "strategy": strategy}
        if settings is None:
            result = runs.resume(run_dir, **words)
        else:
            result = runs.train(
                settings, out=out, run_dir=run_dir, repeats=options.repeats, **words
            )
    if not chief:
        return
    if options.json:
        print_json(result.summary())
        return
    _print_result(result)
    if result.found_learning_rate is not None:
        print(f"learning rate {result.found_learning_rate:.3g}, found by a trial")


Asked: TypeAlias = "tuple[str | Path, Settings | None, str, EpochReport]"


@contextmanager
def _run(
    options: argparse.Namespace,
    parser: argparse.ArgumentParser,
    out: str | None,
    chief: bool = True,
) -> Iterator[Asked]:
    """The run folder; settings and place of a new run, no settings for one that goes on.

    An interrupt tells how to go on, once there is something to go on with.
    """
    from dnn_tf.training import EpochReport

    settings, run_dir = None, options.resume
    if run_dir is None:
        settings = _settings(options, parser)
        run_dir = getattr(options, "run_dir", None) or new_run_dir(options.command)
        out = out or f"saved_models/my_{_as_folder(settings.data)}"
    elif given := _given(options):
        parser.error(f"--resume takes all from the run: leave {', '.join(given)} out")
    if chief:
        tell_device(options.json)
    report = EpochReport(sys.stderr if options.json else None)
    command = f"dnn-tf {options.command} --resume {shlex.quote(str(run_dir))}"
    if getattr(options, "workers_from_env", False):
        command += " --workers-from-env, on all workers"
    try:
        yield run_dir, settings, getattr(options, "out", None) or str(out), report
    except (KeyboardInterrupt, OSError) as error:
        if not (Path(run_dir) / "config.json").is_file():
            raise
        if isinstance(error, OSError):
            raise OSError(f"{error}; go on, once that is mended, with: {command}") from error
        kept = f"{error}; " if str(error) else ""
        raise KeyboardInterrupt(f"{kept}go on with: {command}") from None


def _as_folder(data: str) -> str:
    """A folder's name, from the name of a dataset or of a file."""
    name = Path(data).stem if Path(data).suffix else data
    return re.sub(r"\W+", "_", name).strip("_")


def _settings(options: argparse.Namespace, parser: argparse.ArgumentParser) -> "Settings":
    """What was given, over the run that is repeated, over the defaults."""
    from dnn_tf.runs import Settings, check_plan, read_run

    given = _given(options)
    given.pop("out", None)
    given.pop("run_dir", None)
    if "hidden" in given:
        given["hidden"] = tuple(given["hidden"])
    for name in {"optimizer_options", "schedule_options"} & set(given):
        given[name] = dict(given[name])
    if (momentum := given.pop("momentum", None)) is not None:
        optimizer_options = given.setdefault("optimizer_options", {})
        if "momentum" in optimizer_options:
            parser.error("--momentum and --optimizer-option momentum are the same: give one")
        optimizer_options["momentum"] = momentum
    repeats = getattr(options, "repeats", None)
    repeated = Settings() if repeats is None else read_run(repeats)[0]
    try:
        settings = dataclasses.replace(repeated, **given)
        check_plan(settings)
        return settings
    except InputError as error:
        parser.error(str(error))


def _given(options: argparse.Namespace) -> dict[str, Any]:
    """The options of this run alone that stand in the command."""
    return {name: value for name, value in vars(options).items() if name not in _OF_ANY_RUN}


def _print_result(result: "Result") -> None:
    epochs = "1 epoch" if result.epochs == 1 else f"{result.epochs} epochs"
    print(
        f"\nAfter {epochs}: test accuracy {result.test_accuracy:.4f}, "
        f"validation accuracy {result.validation_accuracy:.4f}"
    )
    if result.best_epoch is not None:
        print(f"best epoch   {result.best_epoch}, whose weights were kept")
    if len(result.scores) > 1:
        scores = ", ".join(f"{seed}: {score:.4f}" for seed, score in result.scores.items())
        print(f"starts       validation loss by seed {scores}")
    if result.sparsity is not None:
        print(f"sparsity     {result.sparsity}")
    print(f"data         {result.source}")
    print(f"saved model  {result.saved_model}")
    print(f"run folder   {result.run_dir}")

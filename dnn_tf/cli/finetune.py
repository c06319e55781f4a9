"""The command that fine-tunes."""

import argparse
from typing import TYPE_CHECKING, Any

from dnn_tf.cli.answer import print_json
from dnn_tf.cli.begin import new_run_dir, tell_device
from dnn_tf.types import InputError

if TYPE_CHECKING:
    from dnn_tf.runs import FineTuneSettings

_PLACES = {"command", "version", "json", "model", "out", "run_dir"}


def finetune(options: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    """A saved network on a new task."""
    from dnn_tf import runs

    settings = _settings(options, parser)
    tell_device(options.json)
    result = runs.finetune(
        options.model,
        settings,
        out=options.out,
        run_dir=getattr(options, "run_dir", None) or new_run_dir("finetune"),
    )
    if options.json:
        print_json(result.summary())
        return
    rows = ", ".join(f"{number} for {name}" for name, number in result.rows.items())
    print(f"{len(result.class_names)} classes: {', '.join(result.class_names)}")
    print(f"{rows}\n\n{result.tuning}\n")
    if not result.tuning.cached:
        print(f"not cached   {result.tuning.stages[0].uncached_because}")
    print(f"data         {result.source}")
    print(f"saved model  {result.saved_model}")
    print(f"run folder   {result.run_dir}")


def _settings(options: argparse.Namespace, parser: argparse.ArgumentParser) -> "FineTuneSettings":
    from dnn_tf.runs import FineTuneSettings

    given: dict[str, Any] = {n: v for n, v in vars(options).items() if n not in _PLACES}
    if "new_hidden" in given:
        given["new_hidden"] = tuple(given["new_hidden"])
    try:
        return FineTuneSettings(**given)
    except InputError as error:
        parser.error(str(error))

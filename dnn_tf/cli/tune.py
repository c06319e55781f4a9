"""The command that searches for hyperparameters."""

import argparse
import importlib
import importlib.util
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dnn_tf.cli.answer import print_json
from dnn_tf.cli.begin import new_run_dir, tell_device
from dnn_tf.types import InputError, first_line

if TYPE_CHECKING:
    from dnn_tf.tuning import TrialRecord

_OWN = {"command", "version", "json", "data", "directory", "space"}


def tune(options: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    """Hyperparameters for a dataset."""
    from dnn_tf import data, tuning

    words: dict[str, Any] = {n: v for n, v in vars(options).items() if n not in _OWN}
    if (space := getattr(options, "space", None)) is not None:
        words["space"] = _function(space, parser)
    tell_device(options.json)
    stream = sys.stderr if options.json else sys.stdout
    result = tuning.search(
        data.load(options.data),
        directory=getattr(options, "directory", None) or new_run_dir("tune"),
        report=lambda trial: print(_line(trial), file=stream, flush=True),
        **words,
    )
    if options.json:
        print_json(result.summary())
        return
    print(f"\n{result}\n")
    rows = "test" if "test_accuracy" in result.measured else "validation"
    accuracy = result.measured[f"{rows}_accuracy"]
    print(f"trial {result.best.number} trained once more: {rows} accuracy {accuracy:.4f}")
    print(f"data         {result.source}")
    print(f"saved model  {result.saved_model}")
    print(f"search       {result.directory}")


def _line(trial: "TrialRecord") -> str:
    """What is told of a trial that has ended."""
    from dnn_tf.tuning.records import shown

    score = " failed" if trial.score is None else f"{trial.score:7.4f}"
    told = trial.message if trial.score is None else shown(trial.values)
    return f"trial {trial.number:>3} {score} {trial.seconds:6.1f} s  {told}"


def _function(where: str, parser: argparse.ArgumentParser) -> Any:
    """`MODULE:FUNCTION`; the module may be a file, and is sought in the working folder, too."""
    module_name, colon, name = where.rpartition(":")
    if not (module_name and colon and name):
        parser.error(f"--space is MODULE:FUNCTION or FILE.py:FUNCTION, and got {where!r}")
    try:
        module = _module(module_name)
    except Exception as error:  # whatever stands in the file
        raise InputError(
            f"{module_name} cannot be imported ({type(error).__name__}: {first_line(error)}): name "
            "a module or a .py file"
        ) from error
    function = getattr(module, name, None)
    if not callable(function):
        raise InputError(f"{module_name} has no function {name!r}: name one that it has")
    return function


def _module(name: str) -> Any:
    import cloudpickle

    path = Path(name)
    if path.suffix != ".py":
        sys.path.append(str(Path.cwd()))
        return importlib.import_module(name)
    name = re.sub(r"\W", "_", f"space_of_{path.stem}")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    sys.path.append(str(path.resolve().parent))  # for what it imports, here and in workers
    spec.loader.exec_module(module)
    cloudpickle.register_pickle_by_value(module)  # workers do not know the file
    return module

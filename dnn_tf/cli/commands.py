"""What each command calls and prints."""

import argparse
import dataclasses
import datetime
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dnn_tf.cli.quiet import quiet_start
from dnn_tf.types import InputError

if TYPE_CHECKING:
    from dnn_tf.runs import Result, Settings


def run(options: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    """The command that was asked for."""
    if options.version:
        import dnn_tf

        print(dnn_tf.__version__)
        return
    if options.command is None:
        parser.error("name a command: mnist, train, evaluate or predict")
    with quiet_start():
        import tensorflow as tf

        tf.constant(0)  # starts the devices
    command = {"mnist": _mnist, "train": _train, "evaluate": _evaluate, "predict": _predict}
    command[options.command](options, parser)


def _mnist(options: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    from dnn_tf import experiments
    from dnn_tf.training import EpochReport

    settings = _settings(options, parser)
    _tell_device(options)
    result = experiments.mnist(
        settings,
        out=options.out or "saved_models/my_mnist",
        run_dir=options.run_dir or _new_run_dir("mnist"),
        report=EpochReport(sys.stderr if options.json else None),
    )
    if options.json:
        _print_json(
            result.run.summary()
            | {"labels": result.labels.tolist(), "predicted": result.predicted.tolist()}
        )
        return
    _print_result(result.run)
    print(f"\nRestored from {result.run.saved_model}, the first {len(result.labels)} test images:")
    print("predicted ", *result.predicted)
    print("labels    ", *result.labels)


def _train(options: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    from dnn_tf.runs import train
    from dnn_tf.training import EpochReport

    settings = _settings(options, parser)
    _tell_device(options)
    result = train(
        settings,
        out=options.out or f"saved_models/my_{options.data.replace(':', '_').replace('/', '_')}",
        run_dir=options.run_dir or _new_run_dir("train"),
        callbacks=[EpochReport(sys.stderr if options.json else None)],
    )
    if options.json:
        _print_json(result.summary())
    else:
        _print_result(result)
        if result.found_learning_rate is not None:
            print(f"learning rate {result.found_learning_rate:.3g}, found by a trial")


def _evaluate(options: argparse.Namespace, _: argparse.ArgumentParser) -> None:
    from dnn_tf.runs import evaluate_saved

    measured = evaluate_saved(options.model, options.data)
    if options.json:
        _print_json(measured)
    else:
        print(
            f"accuracy {measured['accuracy']:.4f}, loss {measured['loss']:.4f}, "
            f"{measured['n']} test samples of {measured['source']}"
        )


def _predict(options: argparse.Namespace, _: argparse.ArgumentParser) -> None:
    from dnn_tf.runs import classify_files

    predictions = classify_files(options.model, options.images)
    if options.json:
        rows = [dataclasses.asdict(prediction) for prediction in predictions]
        _print_json([{"class": row.pop("class_name"), **row} for row in rows])
        return
    for prediction in predictions:
        note = "  (light and dark exchanged)" if prediction.inverted else ""
        print(f"{prediction.file}: {prediction.class_name}  {prediction.probability:.4f}{note}")


def _settings(options: argparse.Namespace, parser: argparse.ArgumentParser) -> "Settings":
    from dnn_tf.runs import Settings, check_plan

    given = {
        field.name: getattr(options, field.name)
        for field in dataclasses.fields(Settings)
        if hasattr(options, field.name)
    }
    if "hidden" in given:
        given["hidden"] = tuple(given["hidden"])
    for name in {"optimizer_options", "schedule_options"} & set(given):
        given[name] = dict(given[name])
    if getattr(options, "momentum", None) is not None:
        if "momentum" in given["optimizer_options"]:
            parser.error("--momentum and --optimizer-option momentum are the same: give one")
        given["optimizer_options"]["momentum"] = options.momentum
    try:
        settings = Settings(**given)
        check_plan(settings)
        return settings
    except InputError as error:
        parser.error(str(error))


def _new_run_dir(command: str) -> Path:
    """A folder named after the command and the second."""
    stem = f"{command}-{datetime.datetime.now():%Y%m%d-%H%M%S}"
    path, number = Path("runs") / stem, 1
    while path.exists():
        number += 1
        path = Path("runs") / f"{stem}-{number}"
    return path


def _tell_device(options: argparse.Namespace) -> None:
    from dnn_tf.training import device_name

    print(f"Training on the {device_name()}.", file=sys.stderr if options.json else sys.stdout)


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


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False))

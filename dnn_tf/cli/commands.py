"""What each command calls and prints."""

import argparse
import dataclasses

from dnn_tf.cli import training
from dnn_tf.cli.answer import print_json
from dnn_tf.cli.finetune import finetune
from dnn_tf.cli.inspect import inspect
from dnn_tf.cli.quiet import quiet_start
from dnn_tf.cli.reproduce import reproduce
from dnn_tf.cli.tune import tune


def run(options: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    """The command that was asked for."""
    if options.version:
        import dnn_tf

        print(dnn_tf.__version__)
        return
    if options.command is None:
        parser.error(
            "name a command: mnist, train, finetune, tune, evaluate, inspect, predict, export, "
            "import-tf1 or reproduce"
        )
    with quiet_start():
        import tensorflow as tf

        if not getattr(options, "workers_from_env", False):  # who must meet before
            tf.constant(0)  # starts the devices
    command = {
        "mnist": training.mnist,
        "train": training.train,
        "finetune": finetune,
        "tune": tune,
        "evaluate": _evaluate,
        "inspect": inspect,
        "predict": _predict,
        "export": _export,
        "import-tf1": _import_tf1,
        "reproduce": reproduce,
    }
    from dnn_tf.training import termination_as_interrupt

    with termination_as_interrupt():
        command[options.command](options, parser)


def _evaluate(options: argparse.Namespace, _: argparse.ArgumentParser) -> None:
    from dnn_tf.runs import evaluate_saved

    measured = evaluate_saved(options.model, options.data, split=options.split)
    if options.json:
        print_json(measured)
    else:
        kind = "" if options.split == "all" else f"{options.split} "
        print(
            f"accuracy {measured['accuracy']:.4f}, loss {measured['loss']:.4f}, "
            f"{measured['n']} {kind}samples of {measured['source']}"
        )


def _predict(options: argparse.Namespace, _: argparse.ArgumentParser) -> None:
    from dnn_tf.runs import classify_files

    predictions = classify_files(options.model, options.images)
    if options.json:
        rows = [dataclasses.asdict(prediction) for prediction in predictions]
        print_json([{"class": row.pop("class_name"), **row} for row in rows])
        return
    for prediction in predictions:
        note = "  (light and dark exchanged)" if prediction.inverted else ""
        print(f"{prediction.file}: {prediction.class_name}  {prediction.probability:.4f}{note}")


def _export(options: argparse.Namespace, _: argparse.ArgumentParser) -> None:
    with quiet_start():  # LiteRT greets from C++ too
        from dnn_tf.exporting import TOLERANCE, export

        exported = export(options.model, options.out, format=options.format)
    if options.json:
        print_json(dataclasses.asdict(exported) | {"path": str(exported.path)})
        return
    print(
        f"{exported.path}: {exported.format}, {exported.size / 1e6:.1f} MB; differs from the model "
        f"by at most {exported.difference:.1e} in {exported.samples} random samples "
        f"({TOLERANCE:.0e} is allowed)"
    )


def _import_tf1(options: argparse.Namespace, _: argparse.ArgumentParser) -> None:
    from dnn_tf.runs import import_tf1

    names = options.activation.split(",")
    imported = import_tf1(
        options.checkpoint,
        options.out,
        activation=names[0] if len(names) == 1 else names,
        scope=options.scope,
        layers=options.layers,
        epsilon=options.epsilon,
        activation_first=options.activation_first,
    )
    if options.json:
        print_json(imported.summary())
        return
    table = imported.table
    print(table)
    print(
        f"\n{len(table.mapped)} variables taken, {len(table.left_out)} left out; activation of the "
        f"hidden layers, which no checkpoint holds: {options.activation}"
    )
    print(f"saved model  {imported.saved_model}")

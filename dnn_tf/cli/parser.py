"""The commands and their options."""

import argparse
from typing import Any

from dnn_tf.cli.devices import add_devices
from dnn_tf.cli.fine_tuning_options import add_fine_tuning
from dnn_tf.cli.training_options import DATA_HELP, add_all, add_training
from dnn_tf.cli.tuning_options import add_tuning

_KEPT = "settings, measurements, figures"


def make_parser() -> argparse.ArgumentParser:
    """The parser of `dnn-tf`."""
    parser = argparse.ArgumentParser(
        prog="dnn-tf",
        description="The deep networks of a TensorFlow 1 walkthrough, on TensorFlow 2 and Keras.",
        epilog="dnn-tf COMMAND --help lists the options of a command.",
    )
    parser.add_argument("--version", action="store_true", help="print the version and exit")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for add in (
        _add_mnist, _add_train, _add_finetune, _add_tune, _add_evaluate, _add_inspect, _add_predict,
        _add_export, _add_import_tf1, _add_reproduce,
    ):  # fmt: skip
        add(commands)
    return parser


def _add_mnist(commands: Any) -> None:
    mnist = commands.add_parser(
        "mnist",
        help="run the documented MNIST example, end to end",
        description="Trains the documented 784-300-100-10 network on MNIST, saves it, restores it "
        "and predicts the first 20 test images.",
        argument_default=argparse.SUPPRESS,
    )
    add_training(mnist)
    _add_places(mnist, out="saved_models/my_mnist")
    _add_resume(mnist)


def _add_train(commands: Any) -> None:
    train = commands.add_parser(
        "train",
        help="train a network of your own",
        description="Trains a dense network and saves it. The defaults are the documented example.",
        argument_default=argparse.SUPPRESS,
    )
    add_all(train)
    add_devices(train)
    _add_places(train, out="saved_models/my_DATA")
    runs = _add_resume(train)
    runs.add_argument(
        "--from", metavar="RUN", dest="repeats", default=None,
        help="repeat a run: its settings, but for the options given here",
    )  # fmt: skip


def _add_finetune(commands: Any) -> None:
    finetune = commands.add_parser(
        "finetune",
        help="put a saved network to work on a new task",
        description="Keeps the lower layers of a saved network, trains a new output layer on their "
        "outputs, then thaws them from the top while the validation images get better; the best "
        "stage is saved. Images are fitted to what the network was trained on.",
        argument_default=argparse.SUPPRESS,
    )
    finetune.add_argument("model", metavar="MODEL", help="folder of a network, or a .keras file")
    finetune.add_argument("--data", metavar="WHERE", required=True, help=DATA_HELP)
    finetune.add_argument("--out", metavar="DIR", required=True, help="folder of the new network")
    add_fine_tuning(finetune)
    finetune.add_argument(
        "--run-dir", metavar="DIR", help=f"new folder for {_KEPT} (runs/finetune-TIME)"
    )
    _add_json(finetune)


def _add_tune(commands: Any) -> None:
    tune = commands.add_parser(
        "tune",
        help="search for the hyperparameters of a network",
        description="Tries networks on the data, scores each on rows that it has not seen, and "
        "saves the best one. The same command after a kill goes on.",
        argument_default=argparse.SUPPRESS,
    )
    tune.add_argument("--data", metavar="WHERE", required=True, help=DATA_HELP)
    add_tuning(tune)
    tune.add_argument(
        "--dir", metavar="DIR", dest="directory",
        help="folder of the search, new or to be gone on with (runs/tune-TIME)",
    )  # fmt: skip
    tune.add_argument("--out", metavar="DIR", help="folder of the best network (DIR/best)")
    _add_json(tune)


def _add_evaluate(commands: Any) -> None:
    evaluate = commands.add_parser("evaluate", help="measure a saved network on a dataset")
    _add_model(evaluate)
    evaluate.add_argument("--data", required=True, metavar="WHERE", help=DATA_HELP)
    evaluate.add_argument(
        "--split", choices=("test", "train", "validation", "all"), default="test",
        help="which rows; all, for a folder of new images, say (test)",
    )  # fmt: skip
    _add_json(evaluate)


def _add_inspect(commands: Any) -> None:
    inspect = commands.add_parser(
        "inspect",
        help="see what each layer of a saved network does, and what is wrong",
        description="Sends rows of a dataset through the network, forward and back, and tells of "
        "each layer what it does with signal and gradient: dead and saturated units, vanishing and "
        "exploding, wrong averages. Then what is wrong first, and what to do.",
    )
    inspect.add_argument("model", metavar="MODEL", help="folder of a network, or a .keras file")
    inspect.add_argument("--data", required=True, metavar="WHERE", help=DATA_HELP)
    inspect.add_argument(
        "--split", choices=("validation", "train", "test", "all"), default="validation",
        help="which rows (validation)",
    )  # fmt: skip
    inspect.add_argument(
        "--rows", type=int, default=1000, metavar="N", help="so many are drawn (1000)"
    )
    inspect.add_argument(
        "--figure", metavar="FILE", help="draw it: a .png, .pdf or .svg, replaced if it is there"
    )
    _add_json(inspect)


def _add_predict(commands: Any) -> None:
    predict = commands.add_parser(
        "predict",
        help="classify image files with a saved network",
        description="Image files of any size are made grey where the network is, resized, inverted "
        "where their background is not the one it was trained on, and scaled.",
    )
    _add_model(predict)
    predict.add_argument("images", nargs="+", metavar="IMAGE", help="PNG or JPEG files")
    _add_json(predict)


def _add_export(commands: Any) -> None:
    export = commands.add_parser(
        "export",
        help="write a saved network for another runtime",
        description="Writes a saved network as one file for ONNX Runtime or LiteRT, or as a plain "
        "SavedModel, once it answers there as it does here. ONNX and LiteRT need "
        "pip install 'dnn-tf[export]'.",
    )
    _add_model(export)
    export.add_argument(
        "--format", required=True, choices=("onnx", "litert", "savedmodel"), help="of the export"
    )
    export.add_argument(
        "--out", metavar="PATH",
        help="file or folder; one that is there is replaced (MODEL.onnx, MODEL.tflite or "
        "MODEL-savedmodel)",
    )  # fmt: skip
    _add_json(export)


def _add_import_tf1(commands: Any) -> None:
    tf1 = commands.add_parser(
        "import-tf1",
        help="turn a TF1 checkpoint of a dense network into a saved network",
        description="Reads the variables of a TF1 checkpoint, finds the layers and their order, "
        "saves the network, and tells what became of each variable.",
    )
    add = tf1.add_argument
    add(
        "checkpoint", metavar="CKPT",
        help="the name that Saver was given (my_model_final.ckpt), one of its files, or its folder",
    )  # fmt: skip
    add("--out", required=True, metavar="DIR", help="folder of the saved network")
    add(
        "--activation", default="relu", metavar="NAME[,NAME...]",
        help="of the hidden layers, or one a layer: no checkpoint holds it (relu)",
    )  # fmt: skip
    add("--scope", metavar="NAME", help="the network in this scope, where there are several")
    add(
        "--layers", nargs="+", metavar="NAME",
        help="these layers in this order, where shapes and names leave it open",
    )  # fmt: skip
    add("--epsilon", type=float, default=1e-3, metavar="E", help="of batch normalisation (0.001)")
    add(
        "--activation-first", action="store_true",
        help="batch normalisation follows the activation, instead of going before it",
    )  # fmt: skip
    _add_json(tf1)


def _add_reproduce(commands: Any) -> None:
    reproduce = commands.add_parser(
        "reproduce",
        help="rerun the documents' experiments, and hold the results against the references",
        description="Reruns the documents' runs and claims, and prints what was measured, the "
        "reference and the tolerance. The same command after a kill goes on.",
    )
    add = reproduce.add_argument
    add("names", nargs="*", metavar="NAME", help="of experiments; see --list")
    add("--all", action="store_true", help="run all of them, in the documents' order")
    add("--list", action="store_true", help="list them and what they are about, and exit")
    add(
        "--quick", action="store_true",
        help="on the digits that come with the package, for fewer epochs: minutes for all",
    )  # fmt: skip
    add("--seed", type=int, default=42, metavar="N", help="of all that is drawn (42)")
    add(
        "--dir", metavar="DIR", dest="directory", default="runs/reproduce",
        help="folder of results and figures; what is there already is not run again "
        "(runs/reproduce)",
    )  # fmt: skip
    add("--again", action="store_true", help="run what is there already, too")
    _add_json(reproduce)


def _add_resume(parser: argparse.ArgumentParser) -> Any:
    """The options that start from an earlier run; one of them at most."""
    runs = parser.add_argument_group("earlier runs").add_mutually_exclusive_group()
    runs.add_argument(
        "--resume", metavar="RUN", default=None,
        help="go on with a run that was killed or interrupted, to the same end; RUN is its folder",
    )  # fmt: skip
    return runs


def _add_places(parser: argparse.ArgumentParser, out: str) -> None:
    parser.add_argument(
        "--out",
        metavar="DIR",
        help=f"folder of the saved network; one that is there is replaced ({out})",
    )
    parser.add_argument(
        "--run-dir", metavar="DIR",
        help=f"new folder for {_KEPT} and checkpoints (runs/COMMAND-TIME)",
    )  # fmt: skip
    _add_json(parser)


def _add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL", help="folder of a saved network")


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json",
        action="store_true",
        default=False,
        help="print one JSON object on stdout, and nothing else there",
    )

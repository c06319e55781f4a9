"""The options of every command."""

import argparse
from typing import Any

DATA_HELP = "mnist, mnist-sample or tfds:NAME"


def make_parser() -> argparse.ArgumentParser:
    """The parser of `dnn-tf`."""
    parser = argparse.ArgumentParser(
        prog="dnn-tf",
        description="The deep networks of a TensorFlow 1 walkthrough, on TensorFlow 2 and Keras.",
        epilog="dnn-tf COMMAND --help lists the options of a command.",
    )
    parser.add_argument("--version", action="store_true", help="print the version and exit")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for add in (_add_mnist, _add_train, _add_evaluate, _add_predict):
        add(commands)
    return parser


def _add_mnist(commands: Any) -> None:
    mnist = commands.add_parser(
        "mnist",
        help="run the documented MNIST example, end to end",
        description="Trains the documented 784-300-100-10 network on MNIST, saves it, restores it "
        "and predicts the first 20 test images.",
    )
    _add_training(mnist)
    _add_places(mnist, out="saved_models/my_mnist")


def _add_train(commands: Any) -> None:
    train = commands.add_parser(
        "train",
        help="train a network of your own",
        description="Trains a dense network and saves it. The defaults are the documented example.",
    )
    train.add_argument(
        "--hidden", type=int, nargs="*", default=[300, 100], metavar="N",
        help="neurons of each hidden layer (300 100)",
    )  # fmt: skip
    train.add_argument(
        "--activation", default="relu", metavar="NAME",
        help="of the hidden layers: sigmoid, tanh, relu, leaky_relu, prelu, rrelu, elu, selu, "
        "maxout or any of Keras (relu)",
    )  # fmt: skip
    train.add_argument(
        "--layer", choices=("neuron", "dense"), default="neuron",
        help="the document's own layer, or keras.layers.Dense (neuron)",
    )  # fmt: skip
    train.add_argument(
        "--initializer", metavar="NAME",
        help="document, document_corrected, plain_normal, xavier_, he_, he_average_ or "
        "lecun_normal or _uniform, or any of Keras (the layer's own)",
    )  # fmt: skip
    _add_training(train)
    train.add_argument(
        "--clip-value", type=float, metavar="T", help="limit each entry of a gradient to -T..T"
    )
    _add_places(train, out="saved_models/my_DATA")


def _add_evaluate(commands: Any) -> None:
    evaluate = commands.add_parser(
        "evaluate", help="measure a saved network on the test split of a dataset"
    )
    _add_model(evaluate)
    evaluate.add_argument("--data", required=True, metavar="NAME", help=DATA_HELP)
    _add_json(evaluate)


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


def _add_training(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", default="mnist", metavar="NAME", help=f"{DATA_HELP} (mnist)")
    parser.add_argument(
        "--epochs", type=int, default=40, metavar="N",
        help="passes over the training images (40 as in the reference notebook; the document: 400)",
    )  # fmt: skip
    parser.add_argument("--batch-size", type=int, default=50, metavar="N", help="(50)")
    parser.add_argument("--learning-rate", type=float, default=0.01, metavar="ETA", help="(0.01)")
    parser.add_argument(
        "--seed", type=int, default=42, metavar="N",
        help="of the weights and the order of the images; the same seed gives the same bits (42)",
    )  # fmt: skip


def _add_places(parser: argparse.ArgumentParser, out: str) -> None:
    parser.add_argument(
        "--out",
        metavar="DIR",
        help=f"folder of the saved network; one that is there is replaced ({out})",
    )
    parser.add_argument(
        "--run-dir", metavar="DIR",
        help="new folder for settings, measurements and figures (runs/COMMAND-TIME)",
    )  # fmt: skip
    _add_json(parser)


def _add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL", help="folder of a saved network")


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json",
        action="store_true",
        help="print one JSON object on stdout, and nothing else there",
    )

"""The options of every command."""

import argparse
import contextlib
from collections.abc import Callable
from typing import Any, TypeVar

Number = TypeVar("Number", int, float)

DATA_HELP = "mnist, mnist-sample or tfds:NAME"

_TRUTH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


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
    _add_layers(train)
    _add_training(train)
    _add_optimizer(train)
    _add_ways(train)
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
    parser.add_argument(
        "--batch-size", type=_batch_size, default=50, metavar="N",
        help="rows a step: 1 is stochastic gradient descent, all is batch gradient descent (50)",
    )  # fmt: skip
    parser.add_argument(
        "--learning-rate", type=_learning_rate, default=0.01, metavar="ETA",
        help="a number, or auto: a tenth of the largest at which a short trial got better "
        "(0.01; a piecewise schedule has its own)",
    )  # fmt: skip
    parser.add_argument(
        "--seed", type=int, default=42, metavar="N",
        help="of the weights and the order of the images; the same seed gives the same bits (42)",
    )  # fmt: skip


def _add_layers(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("layers and penalties")
    add = group.add_argument
    add("--batch-norm", action="store_true", help="normalise in the hidden layers")
    add("--dropout", type=float, metavar="RATE", help="share dropped after each hidden layer")
    add("--dropout-inputs", type=float, metavar="RATE", help="share of the features dropped")
    add("--l1", type=float, default=0.0, metavar="S", help="penalty S * sum |w| on the kernels (0)")
    add("--l2", type=float, default=0.0, metavar="S", help="penalty S/2 * sum w^2 (0)")
    add("--max-norm", type=float, metavar="R", help="bound on the weights into a hidden neuron")
    add(
        "--threshold", type=float, metavar="T",
        help="after training set weights smaller than T to 0, and tell size and accuracy",
    )  # fmt: skip


def _add_optimizer(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("optimiser and learning rate")
    add = group.add_argument
    add(
        "--optimizer", default="gradient_descent", metavar="NAME",
        help="gradient_descent, momentum, nesterov, adagrad, rmsprop, adam, ftrl or adadelta "
        "(gradient_descent)",
    )  # fmt: skip
    add(
        "--momentum", type=float, metavar="BETA",
        help="of momentum, nesterov (both 0.9 without it) and rmsprop",
    )  # fmt: skip
    add(
        "--optimizer-option", type=_option, action="append", default=[], dest="optimizer_options",
        metavar="NAME=VALUE", help="another option of the optimiser, such as beta_2=0.99; repeat",
    )  # fmt: skip
    add(
        "--weight-decay", type=float, default=0.0, metavar="S",
        help="take ETA * S * w off every weight beside the step, decoupled from the gradient (0)",
    )  # fmt: skip
    add(
        "--schedule", metavar="NAME",
        help="piecewise, exponential, power, one_cycle, cosine or performance, not with ftrl "
        "(constant)",
    )  # fmt: skip
    add(
        "--schedule-option", type=_option, action="append", default=[], dest="schedule_options",
        metavar="NAME=VALUE",
        help="of the schedule, such as decay_steps=1000, values=0.1,0.01 or patience=2; repeat",
    )  # fmt: skip


def _add_ways(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("ways of training")
    add = group.add_argument
    clips = group.add_mutually_exclusive_group()
    clip = clips.add_argument
    clip("--clip-value", type=float, metavar="T", help="limit each entry of a gradient to -T..T")
    clip("--clip-norm", type=float, metavar="T", help="limit the norm of each gradient")
    clip("--clip-global-norm", type=float, metavar="T", help="limit the norm of all together")
    add(
        "--watch-clipping", action="store_true",
        help="log the share of clipped entries, and the angle by which the step turned",
    )  # fmt: skip
    add(
        "--gradient-accumulation-steps", type=int, default=1, metavar="N",
        help="batches for one step, with the mean of their gradients (1)",
    )  # fmt: skip
    add(
        "--early-stopping", type=int, metavar="EPOCHS",
        help="stop after so many without a smaller validation loss, and keep the best weights",
    )  # fmt: skip
    add(
        "--min-update", type=float, metavar="TOL",
        help="stop when an epoch moves the weights by less than TOL of their length",
    )  # fmt: skip
    add("--max-steps", type=int, metavar="N", help="stop after so many steps")
    add(
        "--average", type=float, metavar="SHARE",
        help="keep an exponential average of the weights, this share of it in every step",
    )  # fmt: skip
    add(
        "--starts", type=int, default=1, metavar="N",
        help="train from N seeds and keep the smallest validation loss (1)",
    )  # fmt: skip


def _batch_size(text: str) -> int | str:
    return _number_or("all", int, text)


def _learning_rate(text: str) -> float | str:
    return _number_or("auto", float, text)


def _number_or(word: str, number: Callable[[str], Number], text: str) -> Number | str:
    """A number, or that word."""
    try:
        return word if text == word else number(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"a number or {word!r} was expected, and got {text!r}"
        ) from None


def _option(text: str) -> tuple[str, Any]:
    """`NAME=VALUE`; the value is a number, yes or no, a word, or several with commas."""
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise argparse.ArgumentTypeError(f"NAME=VALUE was expected, and got {text!r}")
    name = name.strip().replace("-", "_")
    parts = [_value(part) for part in value.split(",")]
    return name, parts if len(parts) > 1 else parts[0]


def _value(text: str) -> Any:
    for number in (int, float):
        with contextlib.suppress(ValueError):
            return number(text)
    return _TRUTH.get(text.lower(), text)


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

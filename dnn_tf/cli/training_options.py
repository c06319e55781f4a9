"""The options of the commands that train.

None has a default here: what is not given is left to `Settings`, or to the run that is repeated.
"""

import argparse
import contextlib
from collections.abc import Callable
from typing import Any, TypeVar

Number = TypeVar("Number", int, float)

DATA_HELP = (
    "mnist, mnist-sample, tfds:NAME, a .csv or .npz file, or a folder of images by class or of "
    "TFRecord shards"
)

_TRUTH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def add_all(parser: argparse.ArgumentParser) -> None:
    """Everything that a run can be told."""
    add_network(parser)
    add_layers(parser)
    add_training(parser)
    add_optimizer(parser)
    add_ways(parser)


def add_network(parser: argparse.ArgumentParser) -> None:
    """Sizes and kinds of layers."""
    add = parser.add_argument
    add(
        "--hidden", type=int, nargs="*", metavar="N",
        help="neurons of each hidden layer (300 100)",
    )  # fmt: skip
    add(
        "--activation", metavar="NAME",
        help="of the hidden layers: sigmoid, tanh, relu, leaky_relu, prelu, rrelu, elu, selu, "
        "maxout or any of Keras (relu)",
    )  # fmt: skip
    add(
        "--layer", choices=("neuron", "dense"),
        help="the document's own layer, or keras.layers.Dense (neuron)",
    )  # fmt: skip
    add(
        "--initializer", metavar="NAME",
        help="document, document_corrected, plain_normal, xavier_, he_, he_average_ or "
        "lecun_normal or _uniform, or any of Keras (the layer's own)",
    )  # fmt: skip


def add_training(parser: argparse.ArgumentParser) -> None:
    """How long, how fast, and on what."""
    parser.add_argument("--data", metavar="WHERE", help=f"{DATA_HELP} (mnist)")
    parser.add_argument(
        "--epochs", type=int, metavar="N",
        help="passes over the training images (40 as in the reference notebook; the document: 400)",
    )  # fmt: skip
    parser.add_argument(
        "--batch-size", type=_batch_size, metavar="N",
        help="rows a step: 1 is stochastic gradient descent, all is batch gradient descent (50)",
    )  # fmt: skip
    parser.add_argument(
        "--learning-rate", type=_learning_rate, metavar="ETA",
        help="a number, or auto: a tenth of the largest at which a short trial got better "
        "(0.01; a piecewise schedule has its own)",
    )  # fmt: skip
    parser.add_argument(
        "--precision", choices=("float32", "mixed_float16", "mixed_bfloat16"),
        help="what the layers calculate in: 16 bits are quick on GPUs; the network is saved in "
        "float32 (float32)",
    )  # fmt: skip
    parser.add_argument(
        "--seed", type=int, metavar="N",
        help="of the weights and the order of the images; the same seed gives the same bits (42)",
    )  # fmt: skip


def add_layers(parser: argparse.ArgumentParser) -> None:
    """What holds the network back from learning by heart."""
    group = parser.add_argument_group("layers and penalties")
    add = group.add_argument
    add(
        "--batch-norm", action=argparse.BooleanOptionalAction, help="normalise in the hidden layers"
    )
    add("--dropout", type=float, metavar="RATE", help="share dropped after each hidden layer")
    add("--dropout-inputs", type=float, metavar="RATE", help="share of the features dropped")
    add("--l1", type=float, metavar="S", help="penalty S * sum |w| on the kernels (0)")
    add("--l2", type=float, metavar="S", help="penalty S/2 * sum w^2 (0)")
    add("--max-norm", type=float, metavar="R", help="bound on the weights into a hidden neuron")
    add(
        "--threshold", type=float, metavar="T",
        help="after training set weights smaller than T to 0, and tell size and accuracy",
    )  # fmt: skip


def add_optimizer(parser: argparse.ArgumentParser) -> None:
    """The rule of the step."""
    group = parser.add_argument_group("optimiser and learning rate")
    add = group.add_argument
    add(
        "--optimizer", metavar="NAME",
        help="gradient_descent, momentum, nesterov, adagrad, rmsprop, adam, ftrl or adadelta "
        "(gradient_descent)",
    )  # fmt: skip
    add(
        "--momentum", type=float, metavar="BETA",
        help="of momentum, nesterov (both 0.9 without it) and rmsprop",
    )  # fmt: skip
    add(
        "--optimizer-option", type=_option, action="append", dest="optimizer_options",
        metavar="NAME=VALUE", help="another option of the optimiser, such as beta_2=0.99; repeat",
    )  # fmt: skip
    add(
        "--weight-decay", type=float, metavar="S",
        help="take ETA * S * w off every weight beside the step, decoupled from the gradient (0)",
    )  # fmt: skip
    add(
        "--schedule", metavar="NAME",
        help="piecewise, exponential, power, one_cycle, cosine or performance, not with ftrl "
        "(constant)",
    )  # fmt: skip
    add(
        "--schedule-option", type=_option, action="append", dest="schedule_options",
        metavar="NAME=VALUE",
        help="of the schedule, such as decay_steps=1000, values=0.1,0.01 or patience=2; repeat",
    )  # fmt: skip


def add_ways(parser: argparse.ArgumentParser) -> None:
    """What may be done to gradients, and when to end."""
    group = parser.add_argument_group("ways of training")
    add = group.add_argument
    clips = group.add_mutually_exclusive_group()
    clip = clips.add_argument
    clip("--clip-value", type=float, metavar="T", help="limit each entry of a gradient to -T..T")
    clip("--clip-norm", type=float, metavar="T", help="limit the norm of each gradient")
    clip("--clip-global-norm", type=float, metavar="T", help="limit the norm of all together")
    add(
        "--watch-clipping", action=argparse.BooleanOptionalAction,
        help="log the share of clipped entries, and the angle by which the step turned",
    )  # fmt: skip
    add(
        "--watch-layers", action=argparse.BooleanOptionalAction,
        help="write the health of the layers down after each epoch: layers.csv, tensorboard",
    )  # fmt: skip
    add(
        "--gradient-accumulation-steps", type=int, metavar="N",
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
        "--starts", type=int, metavar="N",
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

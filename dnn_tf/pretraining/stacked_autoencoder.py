"""Autoencoders, one on the other."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from dnn_tf import initializers
from dnn_tf.arguments import as_sizes
from dnn_tf.data.dataset import Dataset, Split
from dnn_tf.layers import NeuronLayer
from dnn_tf.losses import mean_squared_error
from dnn_tf.optimizers import Adam
from dnn_tf.pretraining.corruption import corruption_layer
from dnn_tf.pretraining.hidden_network import hidden_network
from dnn_tf.pretraining.pretrained import Pretrained
from dnn_tf.pretraining.rows import as_rows, in_parts
from dnn_tf.pretraining.seeds import as_seed, layer_seeds, seeded
from dnn_tf.training import fit
from dnn_tf.training.checkpoints import Checkpoints, as_checkpoints
from dnn_tf.types import InputError, Tensor

OWN_WORDS = {
    "loss": "the loss is losses.mean_squared_error",
    "optimizer": "each layer needs a new one: give make_optimizer, which makes it",
    "metrics": "there is no metric but the loss",
}
"""Of `fit`, that a caller cannot give, and why."""


def stacked_autoencoder(
    x: np.ndarray,
    hidden: Sequence[int] = (300, 100),
    *,
    activation: Any = "elu",
    kernel_initializer: Any = None,
    corruption: str | None = None,
    level: float | None = None,
    validation: np.ndarray | None = None,
    make_optimizer: Callable[[], keras.optimizers.Optimizer] = Adam,
    epochs: int = 10,
    batch_size: int = 100,
    seed: int | None = None,
    checkpoint: str | Path | Checkpoints | None = None,
    name: str = "stacked_autoencoder",
    **kwargs: Any,
) -> Pretrained:
    """Learns hidden layers without labels, one after the other (Bengio et al., 2007).

    A hidden layer and a linear one above it learn to give back their input; the linear one is then
    thrown away, and the next pair learns to give back what the hidden layer makes of the data. With
    a corruption the input is damaged and the whole one is asked for (Vincent et al., 2008 and
    2010), which a layer that merely copies cannot do. The fourth document names autoencoders; the
    reference notebook (handson-ml, chapter 15) has them where the first document has RBMs.

    Args:
        x: rows of numbers, `(n, features)`.
        hidden: neurons of each layer, from the input on.
        activation, kernel_initializer: see `models.dnn`; `None` is what
            `initializers.recommended` says.
        corruption: `None`; `"gaussian"` for noise on every number; `"masking"` for zeros in the
            place of some.
        level: the deviation of the noise, or the share that is masked; of a corruption alone.
            `None`: 0.3. Each layer has the same; what the lower ones make of the data has a scale
            of its own, which matters to Gaussian noise.
        validation: rows held out; their error, without corruption, is in the histories.
        make_optimizer: makes a new optimiser for each layer. Default: Adam, 0.001.
        epochs, batch_size: of each layer.
        seed: of the start of the weights, the order of the rows and the corruption; each layer's
            own seeds follow from it. An initialiser with a seed keeps that. `None` draws one from
            NumPy's global generator.
        checkpoint: see `fit`; each layer has a folder in it, `layer1`, `layer2`, ... The same call
            after a kill goes on in the layer that was in training: it needs the same `seed`.
        name: of the network.
        **kwargs: others of `fit`, such as `callbacks`.

    Raises:
        InputError: rows or sizes that cannot be used; an unknown corruption or activation; a level
            without a corruption; a loss, optimiser or metrics, which are settled here.
        DivergenceError: see `fit`.

    >>> x = np.tile([[1.0, 1, 0, 0], [0, 0, 1, 1]], (50, 1))
    >>> learnt = stacked_autoencoder(x, (3, 2), corruption="masking", epochs=2, seed=1)
    >>> [layer.name for layer in learnt.network.layers], len(learnt.histories)
    (['X', 'hidden1', 'hidden2'], 2)
    """
    _check_words(kwargs, corruption, level)
    hidden = as_sizes("hidden", hidden)
    seeds = layer_seeds(as_seed(seed), len(hidden), uses=4)
    checkpoints = as_checkpoints(checkpoint)
    features = _rows(x, "x")
    held_out = None if validation is None else _rows(validation, "validation")
    start = kernel_initializer or initializers.recommended(activation)
    network = hidden_network(
        features.shape[1], hidden, activation=activation, kernel_initializer=start, name=name
    )

    histories, weights = [], []
    for number, (units, own) in enumerate(zip(hidden, seeds, strict=True), start=1):
        seed_of_encoder, seed_of_decoder, seed_of_corruption, seed_of_order = own
        encoder = hidden_network(
            features.shape[1], (units,), activation=activation,
            kernel_initializer=seeded(start, seed_of_encoder), name="encoder",
        )  # fmt: skip
        damage = _damage(corruption, level, seed_of_corruption)
        history = fit(
            _autoencoder(encoder, damage, seed_of_decoder),
            _to_itself(features, held_out),
            loss=mean_squared_error,
            optimizer=make_optimizer(),
            metrics=(),
            epochs=epochs,
            batch_size=batch_size,
            seed=seed_of_order,
            checkpoint=None if checkpoints is None else checkpoints.within(f"layer{number}"),
            **kwargs,
        )
        histories.append(history.history)
        weights += encoder.get_weights()
        features = _encoded(encoder, features)
        held_out = None if held_out is None else _encoded(encoder, held_out)
    network.set_weights(weights)
    return Pretrained(network, tuple(histories))


def _check_words(kwargs: dict[str, Any], corruption: str | None, level: float | None) -> None:
    for word, why in OWN_WORDS.items():
        if word in kwargs:
            raise InputError(f"stacked_autoencoder takes no {word}: {why}")
    if corruption is None and level is not None:
        raise InputError(
            f"level is {level!r} and there is no corruption: name one, 'masking' or 'gaussian', or "
            "leave level out"
        )


def _damage(corruption: str | None, level: float | None, seed: int) -> Callable[[Tensor], Tensor]:
    """What becomes of the input of an autoencoder in training."""
    if corruption is None:
        return lambda x: x
    return corruption_layer(corruption, level, seed)


def _autoencoder(
    encoder: keras.Model, damage: Callable[[Tensor], Tensor], seed: int
) -> keras.Model:
    """`(batch, features)` -> the same, through the encoder."""
    n_features = encoder.input_shape[1]
    X = keras.Input((n_features,), name="X")
    start = seeded("xavier_normal", seed)
    decoder = NeuronLayer(n_features, kernel_initializer=start, name="decoder")
    return keras.Model(X, decoder(encoder(damage(X))), name="autoencoder")


def _to_itself(features: np.ndarray, held_out: np.ndarray | None) -> Dataset:
    """Rows whose labels they are themselves."""
    validation = None if held_out is None else Split(held_out, held_out)
    return Dataset(Split(features, features), validation)


def _encoded(encoder: keras.Model, x: np.ndarray) -> np.ndarray:
    """What the encoder makes of many rows, in the precision of `x`, whatever it computes in."""
    return in_parts(lambda rows: keras.ops.cast(encoder(rows), x.dtype.name), x)


def _rows(x: np.ndarray, where: str) -> np.ndarray:
    """In the precision of the weights."""
    return as_rows(x, where).astype(keras.config.dtype_policy().variable_dtype, copy=False)

"""Autoencoders, one on the other."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np

from dnn_tf.arguments import as_sizes, check_whole
from dnn_tf.data.arrays import as_array
from dnn_tf.data.checks import check_features
from dnn_tf.data.dataset import Dataset, Split
from dnn_tf.layers import NeuronLayer
from dnn_tf.losses import mean_squared_error
from dnn_tf.optimizers import Adam
from dnn_tf.pretraining.corruption import corruption_layer
from dnn_tf.pretraining.hidden_network import hidden_network
from dnn_tf.pretraining.pretrained import Pretrained
from dnn_tf.training import fit
from dnn_tf.types import InputError

ROWS_AT_ONCE = 10_000


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
    name: str = "stacked_autoencoder",
    **words: Any,
) -> Pretrained:
    """Learns hidden layers without labels, one after the other (Bengio et al., 2007).

    A hidden layer and a linear one above it learn to give back their input; the linear one is then
    thrown away, and the next pair learns to give back what the hidden layer makes of the data. With
    a corruption the input is damaged and the whole one is asked for (Vincent et al., 2008 and
    2010), which a layer that merely copies cannot do. The fourth document names autoencoders; the
    reference notebook (handson-ml, chapter 15) has them where the first document has RBMs.

    The weights start from the generators that `keras.utils.set_random_seed` starts.

    Args:
        x: rows of numbers, `(n, features)`.
        hidden: neurons of each layer, from the input on.
        activation, kernel_initializer: see `models.dnn`; `None` is what
            `initializers.recommended` says.
        corruption: `None`; `"gaussian"` for noise on every number; `"masking"` for zeros in the
            place of some.
        level: the deviation of the noise, or the share that is masked. `None`: 0.3. Each layer
            has the same; what the lower ones make of the data has a scale of its own, which
            matters to Gaussian noise.
        validation: rows held out; their error, without corruption, is in the histories.
        make_optimizer: makes a new optimiser for each layer. Default: Adam, 0.001.
        epochs, batch_size: of each layer.
        seed: of the order of the rows and of the corruption; see `fit`.
        name: of the network.
        **words: others of `fit`, such as `callbacks`.

    Raises:
        InputError: rows or sizes that cannot be used; an unknown corruption or activation.
        DivergenceError: see `fit`.

    >>> x = np.tile([[1.0, 1, 0, 0], [0, 0, 1, 1]], (50, 1))
    >>> learnt = stacked_autoencoder(x, (3, 2), corruption="masking", epochs=2, seed=1)
    >>> [layer.name for layer in learnt.network.layers], len(learnt.histories)
    (['X', 'hidden1', 'hidden2'], 2)
    """
    hidden = as_sizes("hidden", hidden)
    seed = int(np.random.randint(2**31)) if seed is None else seed
    check_whole(0, seed=seed)
    features = _rows(x, "x")
    held_out = None if validation is None else _rows(validation, "validation")
    how = {"activation": activation, "kernel_initializer": kernel_initializer}
    network = hidden_network(features.shape[1], hidden, name=name, **how)
    words = {"jit_compile": corruption is None, **words}  # XLA draws slowly on a CPU

    histories, weights = [], []
    for number, units in enumerate(hidden):
        encoder = hidden_network(features.shape[1], (units,), name="encoder", **how)
        history = fit(
            _autoencoder(encoder, corruption, level, seed + number),
            _to_itself(features, held_out),
            loss=mean_squared_error,
            optimizer=make_optimizer(),
            metrics=(),
            epochs=epochs,
            batch_size=batch_size,
            seed=seed + number,
            **words,
        )
        histories.append(history.history)
        weights += encoder.get_weights()
        features = _encoded(encoder, features)
        held_out = None if held_out is None else _encoded(encoder, held_out)
    network.set_weights(weights)
    return Pretrained(network, tuple(histories))


def _autoencoder(
    encoder: keras.Model, corruption: str | None, level: float | None, seed: int
) -> keras.Model:
    """`(batch, features)` -> the same, through the encoder."""
    n_features = encoder.input_shape[1]
    X = keras.Input((n_features,), name="X")
    seen = X if corruption is None else corruption_layer(corruption, level, seed)(X)
    decoder = NeuronLayer(n_features, kernel_initializer="xavier_normal", name="decoder")
    return keras.Model(X, decoder(encoder(seen)), name="autoencoder")


def _to_itself(features: np.ndarray, held_out: np.ndarray | None) -> Dataset:
    """Rows whose labels they are themselves."""
    validation = None if held_out is None else Split(held_out, held_out)
    return Dataset(Split(features, features), validation)


def _encoded(encoder: keras.Model, x: np.ndarray) -> np.ndarray:
    """What the encoder makes of many rows."""
    parts = (x[start : start + ROWS_AT_ONCE] for start in range(0, len(x), ROWS_AT_ONCE))
    return np.concatenate([np.asarray(encoder(part)) for part in parts])


def _rows(x: np.ndarray, where: str) -> np.ndarray:
    x = as_array(x, "x")
    check_features(x, where)
    if x.ndim != 2:
        raise InputError(
            f"{where}: x has the shape {x.shape}, and (samples, features) was expected: flatten "
            "the samples, as in x.reshape(len(x), -1)"
        )
    return x.astype("float32")

"""What makes two compiled functions the same, and what does not."""

import functools

import keras
import pytest

from dnn_tf import gradients, losses, metrics, models, optimizers, regularizers
from dnn_tf.training.likeness import made_of
from dnn_tf.transfer import freeze

LOSS = losses.sparse_softmax_cross_entropy


def network(**words):
    words = {"hidden": (4, 3), "n_outputs": 2, "activation": "elu", "dropout": 0.5, **words}
    return models.dnn(5, **words)


def likeness(model=None, optimizer=None, *parts):
    model = network() if model is None else model
    optimizer = optimizers.Momentum(0.1) if optimizer is None else optimizer
    optimizer.build(model.trainable_variables)
    return made_of(model, optimizer, *(parts or (LOSS, metrics.accuracy)))


def test_weights_seeds_names_and_rates_make_no_difference():
    keras.utils.set_random_seed(1)
    first = likeness(network(kernel_initializer=keras.initializers.GlorotUniform(seed=1)))
    keras.utils.set_random_seed(2)
    second = likeness(
        network(kernel_initializer=keras.initializers.HeNormal(seed=2), name="another"),
        optimizers.Momentum(0.2, name="other"),
    )
    assert first is not None
    assert first == second
    assert hash(first) == hash(second)


def chain(*layers):
    return keras.Sequential([keras.Input((5,)), *layers])


def test_names_of_a_chain_make_no_difference():
    one, two = (chain(keras.layers.Dense(3), keras.layers.Dense(2)) for _ in range(2))
    assert one.layers[0].name != two.layers[0].name
    assert likeness(one) == likeness(two) is not None


def frozen():
    model = network()
    freeze(model, "hidden1")
    return model


DIFFERENT = {
    "activation": lambda: likeness(network(activation="relu")),
    "sizes": lambda: likeness(network(hidden=(3, 4))),
    "dropout": lambda: likeness(network(dropout=0.4)),
    "batch norm": lambda: likeness(network(batch_norm=True)),
    "penalty": lambda: likeness(network(kernel_regularizer=regularizers.L1(0.1))),
    "frozen": lambda: likeness(frozen()),
    "optimizer": lambda: likeness(None, optimizers.Nesterov(0.1)),
    "momentum": lambda: likeness(None, optimizers.Momentum(0.1, 0.8)),
    "average": lambda: likeness(None, optimizers.Momentum(0.1, use_ema=True)),
    "schedule": lambda: likeness(
        None, optimizers.Momentum(keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.5))
    ),
    "loss": lambda: likeness(None, None, losses.mean_squared_error, metrics.accuracy),
    "metrics": lambda: likeness(None, None, LOSS),
    "clip": lambda: likeness(None, None, LOSS, metrics.accuracy, gradients.clip_by_value(1.0)),
}


@pytest.mark.parametrize("what", DIFFERENT)
def test_all_else_makes_one(what):
    other = DIFFERENT[what]()
    assert other is not None
    assert other != likeness()


def test_a_policy_makes_a_difference():
    def of_type(dtype):
        return likeness(chain(keras.layers.Dense(2, dtype=dtype)))

    assert of_type("float32") != of_type("mixed_bfloat16") is not None


def test_the_bound_of_a_clip_makes_a_difference():
    one, same, other = (
        likeness(None, None, LOSS, gradients.clip_by_value(bound)) for bound in (1.0, 1.0, 2.0)
    )
    assert one == same is not None
    assert one != other


def test_how_layers_are_joined_makes_a_difference():
    def joined(first, second):
        x = keras.Input((3,), name="x")
        layers = {name: keras.layers.Dense(3, name=name) for name in ("a", "b")}
        tensors = {name: layer(x) for name, layer in layers.items()}
        y = keras.layers.Subtract(name="y")([tensors[first], tensors[second]])
        return likeness(keras.Model(x, y))

    assert joined("a", "b") == joined("a", "b") is not None
    assert joined("a", "b") != joined("b", "a")


def own_loss(labels, outputs):
    return LOSS(labels, outputs)


@keras.saving.register_keras_serializable(package="tests")
class OwnLayer(keras.layers.Dense):
    pass


class OwnModel(keras.Model):
    pass


def own_model():
    x = keras.Input((5,))
    return OwnModel(x, keras.layers.Dense(2)(x))


UNLIKE = {
    "a loss of one's own": lambda: likeness(None, None, own_loss),
    "a partial of it": lambda: likeness(None, None, functools.partial(own_loss)),
    "a layer of one's own": lambda: likeness(chain(OwnLayer(2))),
    "a model of one's own": lambda: likeness(own_model()),
    "an activation of one's own": lambda: likeness(chain(keras.layers.Dense(2, own_loss))),
    "a lambda": lambda: likeness(chain(keras.layers.Lambda(lambda x: x), keras.layers.Dense(2))),
    "weight decay": lambda: likeness(None, keras.optimizers.AdamW()),
}


@pytest.mark.parametrize("what", UNLIKE)
def test_what_does_not_tell_all_is_like_nothing(what):
    assert UNLIKE[what]() is None

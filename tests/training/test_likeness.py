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


def test_a_penalty_put_on_a_weight_makes_a_difference():
    model = network()
    model.get_layer("hidden1").kernel.regularizer = keras.regularizers.L2(0.1)
    assert likeness(model) not in (None, likeness())


def test_casts_and_types_of_inputs_make_a_difference():
    def of(dtype, **words):
        return likeness(
            keras.Sequential([keras.Input((5,), dtype=dtype), keras.layers.Dense(2, **words)])
        )

    found = [of("float32"), of("int32"), of("float32", autocast=False)]
    assert len(set(found)) == 3
    assert None not in found


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
        y = keras.layers.Concatenate(name="y")([tensors[first], tensors[second]])
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


def relu(z):
    """Keras would write it as its own."""
    return z


def wrapped():
    return functools.wraps(LOSS)(own_loss)


def with_own_call():
    layer = keras.layers.Dense(2)
    layer.call = lambda x: x
    return layer


UNLIKE = {
    "a loss of one's own": lambda: likeness(None, None, own_loss),
    "a partial of it": lambda: likeness(None, None, functools.partial(own_loss)),
    "one by the name of another": lambda: likeness(None, None, wrapped()),
    "an object": lambda: likeness(None, None, keras.losses.Huber(0.5)),
    "a layer of one's own": lambda: likeness(chain(OwnLayer(2))),
    "a layer whose options may not tell all": lambda: likeness(
        chain(keras.layers.Normalization(mean=0.0, variance=1.0), keras.layers.Dense(2))
    ),
    "a model of one's own": lambda: likeness(own_model()),
    "a model in a model": lambda: likeness(chain(network(hidden=(3,)))),
    "an activation of one's own": lambda: likeness(chain(keras.layers.Dense(2, own_loss))),
    "an activation by the name of another": lambda: likeness(chain(keras.layers.Dense(2, relu))),
    "a call of one's own": lambda: likeness(chain(with_own_call())),
    "a lambda": lambda: likeness(chain(keras.layers.Lambda(lambda x: x), keras.layers.Dense(2))),
    "weight decay": lambda: likeness(None, keras.optimizers.Adam(weight_decay=0.1)),
    "an optimiser that looks at names": lambda: likeness(None, keras.optimizers.Muon()),
    "a rate that is a function": lambda: likeness(None, keras.optimizers.SGD(lambda: 0.1)),
    "rates by layer": lambda: likeness(
        None, optimizers.LayerwiseRates(optimizers.Momentum(0.1), {"hidden1": 0.5})
    ),
}


@pytest.mark.parametrize("what", UNLIKE)
def test_what_does_not_tell_all_is_like_nothing(what):
    assert UNLIKE[what]() is None

"""RBMs, one on the other."""

import numpy as np
import pytest

import dnn_tf
from dnn_tf import transfer
from dnn_tf.initializers import PlainNormal
from dnn_tf.layers import RBM
from dnn_tf.pretraining import deep_belief_network, fit_rbm
from dnn_tf.pretraining.seeds import layer_seeds
from dnn_tf.types import InputError

pytestmark = pytest.mark.usefixtures("module_without_xla")


def test_is_rbm_on_rbm(bars):
    x, held_out = bars.astype("float32"), bars[:9].astype("float32")
    learnt = deep_belief_network(x, (3, 2), validation=held_out, epochs=2, seed=7)

    (start, draws), (upper_start, upper_draws) = layer_seeds(7, 2, uses=2)
    lower = RBM(3, kernel_initializer=PlainNormal(0.01, start))
    upper = RBM(2, kernel_initializer=PlainNormal(0.01, upper_start))
    histories = [fit_rbm(lower, x, validation=held_out, epochs=2, seed=draws)]
    v, v_held_out = lower(x).numpy(), lower(held_out).numpy()
    histories.append(fit_rbm(upper, v, validation=v_held_out, epochs=2, seed=upper_draws))
    assert learnt.histories == tuple(histories)
    np.testing.assert_allclose(learnt.network(x), upper(lower(x)), rtol=1e-6)


def test_seed_of_numpy(bars):
    one, other = (deep_belief_network(bars, (3,), epochs=1, seed=s) for s in (3, np.int64(3)))
    assert one.histories == other.histories


def test_layers_of_neighbouring_seeds_start_apart():
    """Two layers of one size: the upper one of seed 1 is not the lower one of seed 2."""
    x = np.random.default_rng(1).uniform(size=(20, 4))

    def kernels(seed):
        words = {"epochs": 1, "learning_rate": 1e-9, "seed": seed}
        network = deep_belief_network(x, (4, 4), **words).network
        return [network.get_layer(f"hidden{number}").kernel.numpy() for number in (1, 2)]

    assert np.abs(kernels(1)[1] - kernels(2)[0]).max() > 1e-3


def test_becomes_an_ordinary_network(bars, tmp_path):
    learnt = deep_belief_network(bars, (3, 2), epochs=1, seed=1)
    network = transfer.reuse(learnt.network, 2, keep="all")
    assert [type(layer).__name__ for layer in network.layers][1:] == ["NeuronLayer"] * 3
    assert [layer.trainable for layer in network.layers][1:] == [False, False, True]
    np.testing.assert_array_equal(
        network.get_layer("hidden2").kernel, learnt.network.get_layer("hidden2").kernel
    )
    loaded = dnn_tf.load(dnn_tf.save(network, tmp_path / "network"))
    x = bars.astype("float32")
    np.testing.assert_array_equal(loaded(x), network(x))


def test_lowest_one_can_be_gaussian():
    x = np.random.default_rng(1).normal(size=(40, 4))
    learnt = deep_belief_network(x, (3, 2), visible="gaussian", epochs=2, seed=1)
    assert len(learnt.histories) == 2


def test_same_seed_same_bits(bars):
    def weights(seed):
        network = deep_belief_network(bars, (3, 2), epochs=1, seed=seed).network
        return np.concatenate([w.ravel() for w in network.get_weights()])

    np.testing.assert_array_equal(weights(1), weights(1))
    assert not np.array_equal(weights(1), weights(2))


@pytest.mark.parametrize(
    ("hidden", "message"),
    [
        ((), "hidden is empty, and one layer or more was expected"),
        ((3, 0), "hidden2 is a whole number, 1 or more"),
        (3, "hidden is a sequence of whole numbers"),
    ],
    ids=["none", "no units", "a number"],
)
def test_odd_layers(bars, hidden, message):
    with pytest.raises(InputError, match=message):
        deep_belief_network(bars, hidden)


def test_odd_rows(bars):
    with pytest.raises(InputError, match=r"x\[0, 0\] is 2.0, and binary visible units"):
        deep_belief_network(2 * bars)
    with pytest.raises(InputError, match=r"validation: x has the shape"):
        deep_belief_network(bars, validation=bars[0])


def test_odd_seed(bars):
    with pytest.raises(InputError, match="seed is a whole number from 0 to .*, and got 'one'"):
        deep_belief_network(bars, seed="one")


def test_words_of_fit_rbm_reach_it(bars):
    with pytest.raises(InputError, match="cd_steps is a whole number, 1 or more, and got 0"):
        deep_belief_network(bars, cd_steps=0)

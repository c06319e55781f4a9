"""Checkpoints of TF1 graphs give the logits that TF1 computed."""

from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

import dnn_tf
from dnn_tf.data import tfds
from dnn_tf.tf1 import inspect_checkpoint, load_checkpoint
from dnn_tf.types import InputError

pytestmark = pytest.mark.usefixtures("module_without_xla")

v1 = tf.compat.v1
TOLERANCE = 1e-5


def neuron_layer(x, units, name, activation=tf.identity):
    """The document's: plain variables under a name scope."""
    with tf.name_scope(name):
        W = v1.Variable(tf.zeros((x.shape[1], units)), name="kernel")
        b = v1.Variable(tf.zeros([units]), name="bias")
        return activation(tf.matmul(x, W) + b)


def dense(x, units, name, activation=tf.identity, names=("kernel", "bias")):
    """As `tf.layers.dense` names its variables; `weights` and `biases`: `tf.contrib.layers`."""
    with v1.variable_scope(name):
        z = tf.matmul(x, v1.get_variable(names[0], (x.shape[1], units)))
        if len(names) == 2:
            z += v1.get_variable(names[1], (units,))
        return activation(z)


def batch_norm(x, name, parts=("gamma", "beta")):
    """As `tf.layers.batch_normalization`, in use; `parts` of `scale` and `center`."""
    with v1.variable_scope(name):
        weight = {
            part: v1.get_variable(part, x.shape[1:])
            for part in (*parts, "moving_mean", "moving_variance")
        }
    x_hat = (x - weight["moving_mean"]) / tf.sqrt(weight["moving_variance"] + 0.001)
    return weight.get("gamma", 1.0) * x_hat + weight.get("beta", 0.0)


def document(x):
    with tf.name_scope("dnn"):
        hidden1 = neuron_layer(x, 7, "hidden1", tf.nn.relu)
        hidden2 = neuron_layer(hidden1, 5, "hidden2", tf.nn.relu)
        return neuron_layer(hidden2, 3, "outputs")


def document_batch_norm(x):
    hidden1 = tf.nn.elu(batch_norm(dense(x, 7, "hidden1"), "batch_normalization"))
    hidden2 = tf.nn.elu(batch_norm(dense(hidden1, 5, "hidden2"), "batch_normalization_1"))
    return batch_norm(dense(hidden2, 3, "outputs"), "batch_normalization_2")


def scoped(x):
    with v1.variable_scope("DNN_A"):
        for number in range(1, 12):
            x = dense(x, 6, f"hidden{number}", tf.nn.selu)  # 2 comes before 10
        return dense(x, 6, "logits")


def no_scopes(x):
    for _ in range(3):
        W = v1.Variable(tf.zeros((6, 6)), name="W")
        b = v1.Variable(tf.zeros([6]), name="b")
        x = tf.tanh(tf.matmul(x, W) + b)
    return tf.atanh(x)


def no_names(x):
    x = tf.sigmoid(tf.matmul(x, v1.Variable(tf.zeros((6, 6)))) + v1.Variable(tf.zeros([6])))
    return tf.matmul(x, v1.Variable(tf.zeros((6, 6)))) + v1.Variable(tf.zeros([6]))


def contrib(x):
    x = dense(x, 7, "hidden1", names=["weights"])
    x = tf.nn.relu(batch_norm(x, "hidden1/BatchNorm", ["beta"]))
    x = dense(x, 6, "fully_connected", tf.nn.relu, ["weights", "biases"])
    return dense(x, 3, "fully_connected_1", names=["weights", "biases"])


def activation_first(x):
    x = batch_norm(dense(x, 6, "dense", tf.nn.relu), "batch_normalization", ["gamma"])
    return dense(x, 3, "dense_1")


def perceptron(x):
    return dense(x, 3, "softmax_linear", names=["weights", "biases"])


GRAPHS = {
    "document": (document, v1.train.GradientDescentOptimizer(0.01), {}),
    "batch norm": (
        document_batch_norm, v1.train.MomentumOptimizer(0.01, 0.9), {"activation": "elu"},
    ),
    "scoped": (scoped, v1.train.AdamOptimizer(0.001), {"activation": "selu"}),
    "no scopes": (no_scopes, v1.train.RMSPropOptimizer(0.01), {"activation": "tanh"}),
    "no names": (no_names, v1.train.RMSPropOptimizer(0.01), {"activation": "sigmoid"}),
    "contrib": (contrib, v1.train.AdagradOptimizer(0.01), {}),
    "activation first": (
        activation_first, v1.train.AdadeltaOptimizer(0.01), {"activation_first": True},
    ),
    "perceptron": (perceptron, v1.train.MomentumOptimizer(0.01, 0.9), {}),
}  # fmt: skip


@pytest.fixture
def x():
    return np.random.default_rng(1).normal(size=(20, 6)).astype("float32")


@pytest.fixture
def save(tmp_path, x):
    """Saves a graph after one step from random weights; its logits for `x`."""

    def saved(graph, optimizer, version=v1.train.SaverDef.V2):
        rng = np.random.default_rng(0)
        with tf.Graph().as_default(), v1.Session() as session:
            X = v1.placeholder(tf.float32, (None, 6), name="X")
            logits = graph(X)
            loss = tf.reduce_mean(tf.square(logits))
            weights = v1.global_variables()
            step = optimizer.minimize(loss, v1.train.get_or_create_global_step())
            session.run(v1.global_variables_initializer())
            for weight in weights:
                spread = rng.uniform(-0.6, 0.6, size=weight.shape)
                weight.load(np.abs(spread) if "variance" in weight.name else spread, session)
            session.run(step, {X: x})
            path = str(tmp_path / "my_model_final.ckpt")
            v1.train.Saver(write_version=version).save(session, path)
            return path, session.run(logits, {X: x})

    return saved


def difference(model, x, logits):
    return np.abs(model(x).numpy() - logits).max()


@pytest.mark.parametrize("version", [v1.train.SaverDef.V2, v1.train.SaverDef.V1], ids=["V2", "V1"])
@pytest.mark.parametrize("name", GRAPHS)
def test_logits_of_tf1(save, x, name, version):
    graph, optimizer, options = GRAPHS[name]
    path, logits = save(graph, optimizer, version)
    assert np.abs(logits).max() > 0.1
    model = load_checkpoint(path, **options)
    assert difference(model, x, logits) < TOLERANCE
    table = inspect_checkpoint(path)
    held = dict(tf.train.list_variables(path))
    assert {row.variable: list(row.shape) for row in table.rows} == held
    assert len(table.mapped) == sum(
        any(row.weight == f"{layer.name}.{weight.name}" for row in table.mapped)
        for layer in model.layers
        for weight in layer.weights
    )


def test_names_of_the_layers(save):
    graph, optimizer, _ = GRAPHS["document"]
    model = load_checkpoint(save(graph, optimizer)[0])
    assert model.name == "dnn"
    assert [layer.name for layer in model.layers] == ["X", "hidden1", "hidden2", "outputs"]


def test_is_trained_and_saved_as_any_other(save, blobs, fit_blobs, tmp_path):
    graph, optimizer, options = GRAPHS["batch norm"]
    model = load_checkpoint(save(graph, optimizer)[0], **options)
    assert [layer.name for layer in model.layers] == [
        layer.name
        for layer in dnn_tf.models.dnn(
            6, (7, 5), 3, activation="elu", batch_norm=True, batch_norm_outputs=True
        ).layers
    ]
    history = fit_blobs(model, epochs=10).history
    assert history["loss"][-1] < history["loss"][0]
    again = dnn_tf.load(dnn_tf.save(model, tmp_path / "saved", data=blobs))
    np.testing.assert_array_equal(again(blobs.test.x), model(blobs.test.x))


def test_options_reach_the_model(write):
    path = write({f"fc/{part}": (4, 4) for part in ("kernel", "kernel_1")} | {"top/W": (4, 2)})
    layers = ["fc/kernel_1", "fc/kernel", "top"]
    model = load_checkpoint(path, layers=layers)
    values = tf.train.load_checkpoint(str(path))
    np.testing.assert_array_equal(model.layers[1].kernel, values.get_tensor("fc/kernel_1"))
    assert inspect_checkpoint(path, layers=["top"]).mapped[0].weight == "top.kernel"
    assert len(inspect_checkpoint(path, scope="fc").mapped) == 2
    with pytest.raises(InputError, match="epsilon is a finite number above 0"):
        load_checkpoint(path, epsilon=0)


def test_numbers_that_are_not_finite(write):
    path = write({"hidden1/kernel": np.full((4, 3), np.nan, "float32"), "outputs/kernel": (3, 2)})
    with pytest.raises(InputError, match="hidden1/kernel holds NaN or infinity"):
        load_checkpoint(path)


# The checkpoints of networks trained on MNIST, with the logits of the first 100 test images.


def trained(name: str) -> Path:
    checkouts = [Path(__file__).parents[3] / "shared" / "tf1", tfds.data_dir().parent / "tf1"]
    for folder in checkouts:
        if (folder / name).is_dir():
            return folder / name
    pytest.skip(f"needs the TF1 checkpoints of the issue: {name} is in none of {checkouts}")


@pytest.fixture(scope="module")
def digits():
    """In the order of TFDS, which is not that of MNIST's own files."""
    if not (tfds.data_dir() / "mnist").is_dir():
        pytest.skip("needs the full MNIST set: prepare TFDS mnist and set TFDS_DATA_DIR")
    import tensorflow_datasets

    rows = tensorflow_datasets.load(
        "mnist", split="test[:100]", data_dir=tfds.data_dir(), download=False, batch_size=-1
    )
    return np.reshape(rows["image"], (100, 784)).astype("float32") / 255.0


@pytest.mark.parametrize(
    ("name", "activation"),
    [
        ("neuron_layer_sgd", "relu"),
        ("dense_momentum", "elu"),
        ("scoped_adam", "relu"),
        ("batch_norm_sgd", "elu"),
    ],
)
def test_logits_of_networks_that_tf1_trained(name, activation, digits):
    folder = trained(name)
    with np.load(folder / "expected.npz") as expected:
        logits = expected["logits"]
    for path in (folder, folder / "my_model_final.ckpt"):
        assert difference(load_checkpoint(path, activation), digits, logits) < TOLERANCE

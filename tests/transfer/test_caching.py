import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf import losses, models, optimizers, transfer
from dnn_tf.data import Dataset, Split
from dnn_tf.transfer import caching
from dnn_tf.types import InputError

RNG = np.random.default_rng(0)


def rows(n):
    return Split(RNG.normal(size=(n, 6)).astype("float32"), RNG.permutation(np.arange(n) % 3))


DATA = Dataset(rows(90), rows(30), rows(12), class_names=("a", "b", "c"), source="drawn")


def network(seed=1, **words):
    keras.utils.set_random_seed(seed)
    below = models.dnn(6, (8, 7, 5), 3, activation="elu", batch_norm=True, **words)
    return transfer.reuse(below, 3, keep=2, new_hidden=(5,), activation="elu")


def train(model, data, optimizer=optimizers.Adam, epochs=20):
    dnn_tf.fit(
        model, data, loss=losses.sparse_softmax_cross_entropy, optimizer=optimizer(0.01),
        epochs=epochs, batch_size=20, seed=3,
    )  # fmt: skip


@pytest.mark.usefixtures("without_xla")
@pytest.mark.parametrize("optimizer", [optimizers.Adam, optimizers.Nesterov])
def test_after_20_epochs_the_weights_agree_with_those_of_an_uncached_run(optimizer):
    cached, whole = network(), network()
    head, data, _ = transfer.cache_frozen(cached, DATA)
    train(head, data, optimizer)
    train(whole, DATA, optimizer)
    for one, other in zip(cached.weights, whole.weights, strict=True):
        np.testing.assert_allclose(one.numpy(), other.numpy(), atol=1e-5)
    assert not np.array_equal(
        whole.get_layer("outputs").kernel, network().get_layer("outputs").kernel
    )


def test_the_data_are_what_the_frozen_part_gives():
    model = network()
    head, data, folder = transfer.cache_frozen(model, DATA)
    assert folder is None
    assert (data.class_names, data.source, data.image_format) == (DATA.class_names, "drawn", None)
    for name, split in data.splits().items():
        given = DATA.splits()[name]
        np.testing.assert_array_equal(split.y, given.y)
        np.testing.assert_allclose(head(split.x), model(given.x), atol=1e-6)


@pytest.fixture
def counted(monkeypatch):
    """How many rows the frozen part was run over."""
    seen = []
    outputs = caching._outputs

    def counting(run, x):
        seen.append(len(x))
        return outputs(run, x)

    monkeypatch.setattr(caching, "_outputs", counting)
    return seen


def test_on_the_disk_they_are_found_again_by_weights_and_data(tmp_path, counted):
    one, other = network(), network()
    _, first, folder = transfer.cache_frozen(one, DATA, tmp_path)
    assert sorted(file.name for file in folder.iterdir()) == [
        "cached.json", "test.npy", "train.npy", "validation.npy",
    ]  # fmt: skip
    assert counted == [90, 30, 12]
    _, again, same = transfer.cache_frozen(other, DATA, tmp_path)
    assert (same, counted) == (folder, [90, 30, 12])  # nothing was run
    np.testing.assert_array_equal(again.train.x, first.train.x)
    weight = other.get_layer("hidden1").bias
    weight.assign(weight + 1e-6)
    assert transfer.cache_frozen(other, DATA, tmp_path).folder != folder
    few = Dataset(rows(90), DATA.validation, DATA.test, class_names=DATA.class_names)
    assert transfer.cache_frozen(one, few, tmp_path).folder != folder
    assert len(list(tmp_path.iterdir())) == 3


def test_what_is_trained_does_not_count_for_the_key(tmp_path):
    model = network()
    folder = transfer.cache_frozen(model, DATA, tmp_path).folder
    model.get_layer("outputs").bias.assign([1.0, 2.0, 3.0])
    assert transfer.cache_frozen(model, DATA, tmp_path).folder == folder


@pytest.mark.parametrize("damage", ["flip", "cut", "missing"])
def test_damage_is_made_good(tmp_path, counted, damage):
    _, first, folder = transfer.cache_frozen(network(), DATA, tmp_path)
    expected = np.array(first.train.x)
    file, content = folder / "train.npy", bytearray((folder / "train.npy").read_bytes())
    if damage == "missing":
        file.unlink()
    elif damage == "cut":
        file.write_bytes(content[:-8])
    else:
        content[-5] ^= 1
        file.write_bytes(content)
    _, again, _ = transfer.cache_frozen(network(), DATA, tmp_path)
    np.testing.assert_array_equal(again.train.x, expected)
    assert counted == 2 * [90, 30, 12]


@pytest.mark.usefixtures("without_xla")
def test_what_is_too_much_for_the_memory_goes_to_the_disk(tmp_path, monkeypatch):
    monkeypatch.setenv("DNN_TF_CACHE", str(tmp_path))
    monkeypatch.setattr(caching, "machine_memory", lambda: 4 * 7 * 132 * 4 - 1)
    cached, whole = network(), network()
    head, data, folder = transfer.cache_frozen(cached, DATA)
    assert folder.parent == tmp_path / "frozen"
    assert isinstance(data.train.x.base, np.memmap)
    train(head, data, epochs=3)
    train(whole, DATA, epochs=3)
    for one, other in zip(cached.weights, whole.weights, strict=True):
        np.testing.assert_allclose(one.numpy(), other.numpy(), atol=1e-5)


def test_images_through_frozen_convolutions():
    keras.utils.set_random_seed(1)
    model = models.cnn((12, 12, 1), filters=(2, 3), hidden=(5,), n_outputs=3)
    new = transfer.reuse(model, 3, keep="conv1")
    images = Split(RNG.random((9, 144), "float32"), np.arange(9) % 3)
    head, data, _ = transfer.cache_frozen(new, Dataset(images, class_names=("a", "b", "c")))
    np.testing.assert_allclose(head(data.train.x), new(images.x), atol=1e-6)


def test_a_network_in_half_precision_gives_float32(monkeypatch):
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model = network()
    finally:
        keras.config.set_dtype_policy("float32")
    _, data, _ = transfer.cache_frozen(model, DATA)
    assert data.train.x.dtype == np.float32


def test_data_that_do_not_fit_and_frozen_parts_that_are_none():
    data = Dataset(Split(np.ones((6, 5), "float32"), np.arange(6) % 3))
    with pytest.raises(InputError, match=r"a sample has the shape \(5,\), and the network takes"):
        transfer.cache_frozen(network(), data)
    with pytest.raises(InputError, match="'hidden1_dropout', in the frozen part, draws anew"):
        transfer.cache_frozen(network(dropout=0.5), DATA)
    assert transfer.cache_frozen(network(), DATA).model.trainable_variables


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(
        InputError, match="cannot hold the outputs of the frozen layers .*: name an"
    ):
        transfer.cache_frozen(network(), DATA, tmp_path / "file" / "folder")


def test_outputs_of_any_size_in_space(tmp_path):
    model = keras.Sequential(
        [
            keras.Input((None, None, 1)),
            keras.layers.Conv2D(2, 3),
            keras.layers.Conv2D(2, 3),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(3),
        ]
    )
    transfer.freeze(model, 1)
    images = Split(RNG.random((9, 8, 8, 1), "float32"), np.arange(9) % 3)
    _, data, _ = transfer.cache_frozen(
        model, Dataset(images, class_names=("a", "b", "c")), tmp_path
    )
    assert data.train.x.shape == (9, 6, 6, 2)

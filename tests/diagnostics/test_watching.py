"""The health of the layers during a training."""

import csv

import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

import dnn_tf
from dnn_tf import losses, models, optimizers
from dnn_tf.diagnostics import WatchLayers, inspect
from dnn_tf.types import InputError

pytestmark = pytest.mark.usefixtures("without_xla")


def rows(folder):
    with (folder / "layers.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def steps(folder):
    return [
        (row["training"], int(row["step"])) for row in rows(folder) if row["layer"] == "outputs"
    ]


def test_a_row_a_layer_and_epoch_with_the_numbers_of_a_look(
    fit_blobs, small_model, blobs, tmp_path
):
    data = (blobs.train.x, blobs.train.y)
    fit_blobs(small_model, epochs=2, callbacks=[WatchLayers(tmp_path, data)])
    found = rows(tmp_path)
    assert [row["layer"] for row in found] == ["hidden1", "hidden2", "outputs"] * 2
    assert steps(tmp_path) == [("1", 9), ("1", 18)]
    report = inspect(small_model, *data)
    for row, layer in zip(found[3:], report.layers, strict=True):
        assert float(row["gradient_norm"]) == pytest.approx(layer.gradient_norm, rel=1e-4)
        assert float(row["update_ratio"]) == pytest.approx(layer.update_ratio, rel=1e-4)
        assert (row["problem"], row["shift"]) == (layer.problem or "", "")


def test_training_goes_on_as_if_nobody_looked(fit_blobs, blobs, tmp_path):
    weights = []
    for callbacks in ([], [WatchLayers(tmp_path, every=4)]):
        keras.utils.set_random_seed(1)
        model = models.dnn(6, (8,), 3, batch_norm=True, dropout=0.2)
        fit_blobs(model, epochs=2, optimizer=optimizers.Adam(0.01), callbacks=callbacks)
        weights.append(model.get_weights())
    for one, other in zip(*weights, strict=True):
        np.testing.assert_array_equal(one, other)
    assert steps(tmp_path) == [("1", step) for step in range(4, 19, 4)]


def test_in_model_fit(blobs, small_model, tmp_path):
    small_model.compile("sgd", losses.sparse_softmax_cross_entropy, run_eagerly=True)
    watch = WatchLayers(tmp_path, (blobs.train.x, blobs.train.y), rows=20, histograms=False)
    small_model.fit(
        blobs.train.x, blobs.train.y, batch_size=45, epochs=2, callbacks=[watch], verbose=0
    )
    assert steps(tmp_path) == [("1", 2), ("1", 4)]


class Killed(keras.callbacks.Callback):
    def __init__(self, epoch):
        super().__init__()
        self.last = epoch

    def on_epoch_end(self, epoch, logs=None):
        if epoch == self.last:
            raise MemoryError("killed")


def test_a_training_that_goes_on_writes_each_row_once(fit_blobs, tmp_path):
    def train(folder, *killers):
        keras.utils.set_random_seed(1)
        model = models.dnn(6, (8,), 3)
        watch = WatchLayers(folder, histograms=False)
        fit_blobs(model, callbacks=[watch, *killers], checkpoint=folder / "kept")

    train(tmp_path / "whole")
    with pytest.raises(MemoryError):
        train(tmp_path / "cut", Killed(1))  # the row of its epoch is written, no checkpoint is
    assert len(steps(tmp_path / "cut")) == 2
    with (tmp_path / "cut" / "layers.csv").open("a") as file:
        file.write("1,27,hid")  # torn
    train(tmp_path / "cut")
    assert steps(tmp_path / "cut") == [("1", 9), ("1", 18), ("1", 27)]
    whole, cut = ((tmp_path / name / "layers.csv").read_bytes() for name in ("whole", "cut"))
    assert whole == cut


def test_a_new_training_begins_the_file_anew_and_a_second_one_goes_on(fit_blobs, tmp_path):
    for _ in range(2):
        watch = WatchLayers(tmp_path, histograms=False)
        fit_blobs(models.dnn(6, (8,), 3), epochs=1, callbacks=[watch])
    assert steps(tmp_path) == [("1", 9)]
    fit_blobs(models.dnn(6, (8,), 3), epochs=1, callbacks=[watch])
    assert steps(tmp_path) == [("1", 9), ("2", 9)]


def test_tensorboard(fit_blobs, small_model, tmp_path):
    fit_blobs(small_model, epochs=2, callbacks=[WatchLayers(tmp_path)])
    read = EventAccumulator(str(tmp_path / "tensorboard"), {"tensors": 0})
    read.Reload()
    tags = read.Tags()["tensors"]
    assert {"hidden1/std", "hidden1/outputs", "hidden1/kernel", "hidden1/kernel_gradient"} <= set(
        tags
    )
    events = read.Tensors("hidden1/std")
    assert [event.step for event in events] == [9, 18]
    written = [float(row["std"]) for row in rows(tmp_path) if row["layer"] == "hidden1"]
    assert [float(tf.make_ndarray(e.tensor_proto)) for e in events] == pytest.approx(
        written, rel=1e-4
    )


def test_nothing_to_look_with(blobs, small_model, tmp_path):
    with pytest.raises(InputError, match="WatchLayers has no rows to look with: give data"):
        dnn_tf.fit(
            small_model, (blobs.train.x, blobs.train.y),
            loss=losses.sparse_softmax_cross_entropy, optimizer=optimizers.GradientDescent(0.1),
            epochs=1, batch_size=10, callbacks=[WatchLayers(tmp_path)],
        )  # fmt: skip
    with pytest.raises(InputError, match="a sample has the shape"):
        watch = WatchLayers(tmp_path, (blobs.train.x[:, :2], blobs.train.y))
        watch.set_model(small_model)
        watch.on_train_begin()


def test_a_look_that_fails_ends_no_training(fit_blobs, small_model, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.warns(UserWarning, match="not looked at after step 9 .*training goes on"):
        fit_blobs(small_model, epochs=1, callbacks=[WatchLayers(tmp_path / "file" / "folder")])


@pytest.mark.parametrize("form", [list, lambda rows: {"a": rows[0], "b": rows[1]}])
def test_several_inputs_and_outputs(form, blobs, tmp_path):
    a, b = keras.Input((6,), name="a"), keras.Input((6,), name="b")
    h = keras.layers.Dense(8, "relu")(keras.layers.Add()([a, b]))
    heads = [keras.layers.Dense(3)(h), keras.layers.Dense(3)(h)]
    model = keras.Model(form([a, b]), heads)
    loss = losses.sparse_softmax_cross_entropy
    model.compile("sgd", [loss, loss], run_eagerly=True)
    x, y = form([blobs.train.x, blobs.train.x]), [blobs.train.y, blobs.train.y]
    watch = WatchLayers(tmp_path, (x, y), rows=20, histograms=False)
    model.fit(x, y, batch_size=90, epochs=1, callbacks=[watch], verbose=0)
    assert len(rows(tmp_path)) == 4  # the sum, a hidden layer, two heads


def test_one_array_is_no_data(blobs, tmp_path):
    for data in (blobs.train.x, (blobs.train.x,)):
        with pytest.raises(InputError, match=r"data is a pair \(x, y\), and got"):
            WatchLayers(tmp_path, data)


def test_a_file_where_tensorboard_should_be(fit_blobs, small_model, tmp_path):
    (tmp_path / "tensorboard").write_text("")
    with pytest.warns(UserWarning, match="not looked at after step 9 .*training goes on"):
        fit_blobs(small_model, epochs=1, callbacks=[WatchLayers(tmp_path)])
    assert steps(tmp_path) == [("1", 9)]


def test_what_explodes_is_written(tmp_path):
    model = models.dnn(20, (100,) * 45, 3, activation=None, kernel_initializer="plain_normal")
    x, y = np.random.default_rng(0).normal(size=(12, 20)).astype("float32"), np.arange(12) % 3
    model.compile("sgd", losses.sparse_softmax_cross_entropy)
    watch = WatchLayers(tmp_path, (x, y))
    watch.set_model(model)
    watch.on_train_begin()
    watch.act({})
    found = rows(tmp_path)
    assert "exploding outputs" in {row["problem"] for row in found}
    assert found[-1]["mean"] == "nan"

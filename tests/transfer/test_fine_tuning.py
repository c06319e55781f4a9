import keras
import numpy as np
import pytest

from dnn_tf import data, fit, models, optimizers, transfer
from dnn_tf.data import Dataset, Split
from dnn_tf.transfer.blocks import blocks_of
from dnn_tf.types import DivergenceError, InputError

pytestmark = pytest.mark.usefixtures("module_without_xla")  # every stage compiles anew
RNG = np.random.default_rng(0)
CENTRES = RNG.normal(size=(3, 6))


def rows(n, noise=1.0, seed=0):
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(n) % 3)
    x = CENTRES[y] + noise * rng.normal(size=(n, 6))
    return Split(x.astype("float32"), y)


DATA = Dataset(rows(60), rows(30, seed=1), rows(90, seed=2), class_names=("a", "b", "c"))


def network(hidden=(8, 7, 6), seed=1, **words):
    keras.utils.set_random_seed(seed)
    return transfer.reuse(models.dnn(6, hidden, 4, activation="elu", **words), 3)


def tune(model, dataset=DATA, **words):
    return transfer.fine_tune(model, dataset, **{"epochs": 3, "patience": 2, **words})


def test_stages_thaw_from_the_top_and_the_best_is_left():
    model = network()
    tuning = tune(model, thaw_layers=1, stage_patience=9)
    assert [stage.trained for stage in tuning.stages] == [
        ("outputs",),
        ("hidden3", "outputs"),
        ("hidden2", "hidden3", "outputs"),
        ("hidden1", "hidden2", "hidden3", "outputs"),
    ]
    best = tuning.stages[tuning.best]
    assert not any(stage.better_than(best) for stage in tuning.stages)
    model.compile(loss=keras.losses.SparseCategoricalCrossentropy(True), metrics=["accuracy"])
    for split, accuracy in (
        (DATA.validation, best.validation_accuracy),
        (DATA.test, best.test_accuracy),
    ):
        measured = model.evaluate(split.x, split.y, verbose=0, return_dict=True)["accuracy"]
        assert measured == pytest.approx(accuracy, abs=1e-6)
    assert len(model.trainable_variables) == len(model.weights)


def test_what_a_stage_does_not_train_stays_bit_for_bit():
    model = network(batch_norm=True)
    before = {weight.path: weight.numpy() for weight in model.weights}
    tuning = tune(model, stages=2, thaw_layers=1)
    assert len(tuning.stages) == 2
    after = {weight.path: weight.numpy() for weight in model.weights}
    moved = {path for path in before if not np.array_equal(before[path], after[path])}
    allowed = {f"{layer}/{name}" for layer in ("hidden3", "outputs") for name in ("kernel", "bias")}
    assert moved <= allowed
    assert {"outputs/kernel", "outputs/bias"} <= moved


def test_cached_and_uncached_take_the_same_way():
    one, other = (tune(network(), cache=cache, stages=2, thaw_layers=1) for cache in (True, False))
    assert [stage.cached for stage in one.stages] == [True, True]
    assert [stage.uncached_because for stage in other.stages] == ["not asked for"] * 2
    for a, b in zip(one.stages, other.stages, strict=True):
        assert a.validation_loss == pytest.approx(b.validation_loss, abs=1e-5)


def test_where_caching_would_change_the_result_the_stage_says_why():
    tuning = tune(network(dropout=0.5), stages=1)
    assert not tuning.cached
    assert "'hidden1_dropout', in the frozen part, draws anew" in tuning.stages[0].uncached_because


def test_nothing_is_cached_where_nothing_is_frozen():
    tuning = tune(network(), thaw_layers=3)
    assert [stage.cached for stage in tuning.stages] == [True, False]
    assert "the lowest layer is trained" in tuning.stages[1].uncached_because


@pytest.mark.parametrize(
    ("rows_a_class", "layers"), [(1, 1), (49, 1), (50, 2), (499, 2), (500, None), (5000, None)]
)
def test_more_rows_thaw_more_layers(rows_a_class, layers):
    assert transfer.layers_a_stage(rows_a_class) == layers


@pytest.mark.parametrize(("n", "second"), [(60, 1), (300, 2), (1500, 3)])
def test_the_rows_decide_where_nobody_else_does(n, second):
    dataset = Dataset(rows(n), DATA.validation, class_names=DATA.class_names)
    tuning = tune(network(), dataset, stages=2, epochs=1, optimizer=optimizers.GradientDescent)
    assert len(tuning.stages[1].trained) - 1 == second


@pytest.mark.filterwarnings("ignore:.* were to be trained and did not move")
def test_it_ends_when_stages_bring_nothing():
    """A rate so small that nothing changes: the second stage is no better, and so on."""
    words = {"optimizer": optimizers.GradientDescent, "learning_rate": 1e-12, "thaw_layers": 1}
    assert len(tune(network(), stage_patience=1, **words).stages) == 2
    assert len(tune(network(), stage_patience=2, **words).stages) == 3


def test_a_stage_that_makes_it_worse_is_undone(monkeypatch):
    model, accuracies, left = network(), iter([0.9, 0.5]), []
    measured = transfer.fine_tuning._Way._measured

    def pretend(self, model, *rest):
        stage = measured(self, model, *rest)
        left.append(model.get_weights())
        return transfer.Stage(**{**vars(stage), "validation_accuracy": next(accuracies)})

    monkeypatch.setattr(transfer.fine_tuning._Way, "_measured", pretend)
    tuning = tune(model, thaw_layers=1, learning_rate=0.1, stage_patience=1)
    assert tuning.best == 0
    for weight, value in zip(model.get_weights(), left[0], strict=True):
        np.testing.assert_array_equal(weight, value)
    assert not np.array_equal(left[0][-2], left[1][-2])


@pytest.mark.parametrize("error", [KeyboardInterrupt, DivergenceError])
def test_where_a_stage_is_broken_off_the_best_before_it_is_left(monkeypatch, error):
    model, left = network(), []

    class BreaksOff(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            left.append(model.get_weights())

        def on_epoch_end(self, epoch, logs=None):
            if len(left) == 2:
                raise error("now")

    with pytest.raises(error):
        tune(model, thaw_layers=1, callbacks=[BreaksOff()])
    for weight, value in zip(model.get_weights(), left[1], strict=True):
        np.testing.assert_array_equal(weight, value)
    assert len(model.trainable_variables) == len(model.weights)


def test_the_rate_falls_with_depth():
    """Plain gradient descent for one step: how far a layer goes is its rate times its gradient."""
    ways = {}
    for decay in (1.0, 0.5):
        model = network()
        before = {weight.path: weight.numpy() for weight in model.weights}
        transfer.thaw(model, 2)
        words = {"optimizer": optimizers.GradientDescent, "learning_rate": 0.1, "batch_size": 60}
        tune_from(model, rate_decay=decay, **words)
        ways[decay] = {w.path: np.abs(w.numpy() - before[w.path]).max() for w in model.weights}
    for layer, share in {"hidden2": 0.25, "hidden3": 0.5, "outputs": 1.0}.items():
        path = f"{layer}/kernel"
        assert ways[0.5][path] == pytest.approx(share * ways[1.0][path], rel=1e-4)
    assert ways[1.0]["hidden1/kernel"] == 0


def test_the_rate_falls_in_networks_inside_and_in_wrapped_layers():
    inner = keras.Sequential([keras.Input((6,)), keras.layers.Dense(5, name="low")], name="inner")
    x = keras.Input((5,))
    base = keras.Model(x, keras.layers.Dense(5, name="within")(x), name="base")
    model = keras.Sequential([keras.Input((6,)), inner, base, keras.layers.Dense(3, name="top")])
    rates = transfer.fine_tuning._rates(model, ["inner", "base"], 0.5)
    assert rates == {"within": 0.5, "low": 0.25}
    x = keras.Input((3, 2))
    z = keras.layers.Bidirectional(keras.layers.LSTM(4), name="both")(x)
    recurrent = keras.Model(x, keras.layers.Dense(3, name="top")(z))
    optimizer = optimizers.LayerwiseRates(
        optimizers.Adam(), transfer.fine_tuning._rates(recurrent, ["both"], 0.5)
    )
    optimizer.build(recurrent.trainable_variables)  # without a warning: all names are found


def tune_from(model, rate_decay, **words):
    """One step of a stage whose upper two hidden layers are thawed already."""
    way = transfer.fine_tuning._Way(
        DATA,
        cache=False,
        epochs=1,
        patience=1,
        callbacks=(),
        progress=None,
        average_epochs=0,
        **words,
    )
    rates = transfer.fine_tuning._rates(model, ["hidden1", "hidden2", "hidden3"], rate_decay)
    way.stage(model, rates, seed=0)


def test_scratch_is_the_same_network_from_other_weights():
    model = network()
    tuning = tune(model, stages=1, scratch=True)
    assert tuning.scratch.trained == ("hidden1", "hidden2", "hidden3", "outputs")
    assert not tuning.scratch.cached
    again = tune(network(), stages=1, scratch=True)
    assert again.scratch.validation_loss == tuning.scratch.validation_loss
    assert again.stages[0].validation_loss == tuning.stages[0].validation_loss


def test_new_hidden_layers_are_trained_from_the_first_stage():
    model = transfer.reuse(models.dnn(6, (8, 7), 4), 3, keep=1, new_hidden=(5,))
    tuning = tune(model)
    assert tuning.stages[0].trained == ("hidden2", "outputs")
    assert tuning.stages[1].trained == ("hidden1", "hidden2", "outputs")


def test_callbacks_see_every_stage():
    class Counts(keras.callbacks.Callback):
        begun = 0

        def on_train_begin(self, logs=None):
            self.begun += 1

    counts = Counts()
    tuning = tune(network(), callbacks=[counts], scratch=True)
    assert counts.begun == len(tuning.stages)  # and not from scratch


def test_on_real_digits():
    """The bundled sample: 0 to 4 learnt, then 30 images each of 5 to 9."""
    sample = data.load("mnist-sample")
    low = data.select(sample, classes=list("01234"))
    high = data.select(sample, classes=list("56789"), per_class=30)
    keras.utils.set_random_seed(1)
    base = models.dnn(784, (50, 50), 5, activation="elu", kernel_initializer="he_normal")
    from dnn_tf import losses

    fit(
        base, low, loss=losses.sparse_softmax_cross_entropy, optimizer=optimizers.Adam(0.001),
        epochs=5, batch_size=20, seed=1,
    )  # fmt: skip
    tuning = transfer.fine_tune(transfer.reuse(base, 5), high, epochs=40, patience=10, seed=1)
    assert tuning.stages[tuning.best].test_accuracy > 0.75
    assert tuning.stages[0].test_accuracy > 0.65


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"epochs": 0}, "epochs is a whole number, 1 or more, and got 0"),
        ({"patience": 0}, "patience is a whole number"),
        ({"stages": 0}, "stages is a whole number, 1 or more, and got 0"),
        ({"thaw_layers": 1.5}, "thaw_layers is a whole number"),
        ({"learning_rate": -1}, "learning_rate is a finite number above 0"),
        ({"average_epochs": -1}, "average_epochs is a finite number, 0 or more"),
        ({"rate_decay": 0}, "rate_decay is a finite number above 0"),
        ({"seed": -1}, "seed is a whole number, 0 or more"),
        ({"batch_size": 0}, "batch_size is a whole number, 1 or more"),
    ],
)
def test_words_that_cannot_be(words, message):
    model = network()
    before = model.get_weights()
    with pytest.raises(InputError, match=message):
        tune(model, **words)
    for weight, value in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, value)


def made_by_a_function(rate):
    return optimizers.Adam(rate)


@pytest.mark.parametrize(
    ("optimizer", "message"),
    [
        ("adam", "optimizer is a class, such as optimizers.Adam, or a function .* got 'adam'"),
        (made_by_a_function, "optimizer is a class, such as optimizers.Adam, or a function"),
        (
            lambda rate, **words: optimizers.Nesterov(rate, look_ahead="exact", **words),
            "LayerwiseRates does not look ahead",
        ),
    ],
)
def test_optimisers_that_cannot_be_are_refused_before_the_first_stage(optimizer, message):
    model = network()
    before = model.get_weights()
    with pytest.raises(InputError, match=message):
        tune(model, optimizer=optimizer)
    np.testing.assert_array_equal(model.get_weights()[-2], before[-2])


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("DNN_TF_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr(transfer.caching, "machine_memory", lambda: 1)
    monkeypatch.setattr("dnn_tf.training.rows.machine_memory", lambda: None)
    tuning = tune(network(), stages=1)
    assert "cannot hold the outputs of the frozen layers" in tuning.stages[0].uncached_because


def test_what_was_adapted_stays_from_scratch():
    norm = keras.layers.Normalization()
    norm.adapt(DATA.train.x)
    model = keras.Sequential(
        [keras.Input((6,)), norm, keras.layers.Dense(5), keras.layers.Dense(4)]
    )
    fresh = transfer.copying.fresh(model)
    np.testing.assert_array_equal(fresh.layers[0](DATA.test.x), norm(DATA.test.x))
    assert not np.array_equal(fresh.layers[1].kernel, model.layers[1].kernel)
    tuning = tune(transfer.reuse(model, 3), stages=1)
    assert tuning.stages[0].trained == ("outputs",)


def test_data_that_cannot_be():
    with pytest.raises(InputError, match="the data have no class_names"):
        tune(network(), Dataset(DATA.train, DATA.validation))
    softmax = keras.Sequential([keras.Input((6,)), keras.layers.Dense(3, "softmax")])
    with pytest.raises(InputError, match="the model ends in softmax, and logits were expected"):
        tune(softmax)
    with pytest.raises(InputError, match="the data has no validation split"):
        tune(network(), Dataset(DATA.train, class_names=DATA.class_names))
    two = Dataset(
        Split(DATA.train.x, DATA.train.y % 2),
        Split(DATA.validation.x, DATA.validation.y % 2),
        class_names=("a", "b"),
    )
    with pytest.raises(InputError, match="the data has 2 classes, and the model 3 outputs"):
        tune(network(), two)
    with pytest.raises(InputError, match="data is a dnn_tf.data.Dataset, and got tuple"):
        tune(network(), (DATA.train.x, DATA.train.y))
    model = network()
    transfer.freeze(model, len(blocks_of(model)))
    with pytest.raises(InputError, match="every layer of the model is frozen"):
        tune(model)

import keras
import numpy as np
import pytest

from dnn_tf import exporting, load
from dnn_tf.losses import sparse_softmax_cross_entropy
from dnn_tf.runs import Settings, read_run, train
from dnn_tf.runs.precision import floats, loss_for
from dnn_tf.types import InputError


@pytest.mark.parametrize("precision", ["mixed_float16", "mixed_bfloat16"])
def test_what_is_saved_is_float32_and_answers_as_what_was_trained(precision, blobs, tmp_path):
    words = {"hidden": (8,), "epochs": 3, "batch_norm": True, "learning_rate": 0.1, "batch_size": 8}
    found = {}
    for name in ("float32", precision):
        settings = Settings("blobs", precision=name, optimizer="momentum", **words)
        places = {"out": tmp_path / f"m-{name}", "run_dir": tmp_path / f"r-{name}"}
        found[name] = train(settings, data=blobs, **places)
    assert keras.config.dtype_policy().name == "float32"
    # What was measured in training, in 16 bits, and afterwards, in 32.
    mixed = found[precision]
    assert mixed.validation_loss == pytest.approx(mixed.history["val_loss"][-1], abs=0.02)
    assert mixed.validation_loss == pytest.approx(found["float32"].validation_loss, abs=0.05)
    model = load(mixed.saved_model)
    assert {layer.compute_dtype for layer in model.layers} == {"float32"}
    assert model(blobs.test.x).dtype == "float32"
    assert int(model.optimizer.iterations) == 3 * -(-len(blobs.train) // 8)
    assert read_run(tmp_path / f"r-{precision}")[0].precision == precision
    exported = exporting.export(mixed.saved_model, tmp_path / "plain", format="savedmodel")
    assert exported.difference < 1e-5


def test_an_unknown_precision():
    with pytest.raises(InputError, match="precision"):
        Settings(precision="float16")


def test_layers_made_within_have_the_policy():
    with floats("mixed_bfloat16"):
        assert keras.layers.Dense(1).compute_dtype == "bfloat16"
    assert keras.layers.Dense(1).compute_dtype == "float32"


def test_the_loss_is_taken_in_float32():
    logits = keras.ops.array([[12.0, 0.0]], "float16")
    got = loss_for("mixed_float16", sparse_softmax_cross_entropy)(np.array([0]), logits)
    assert got.dtype == "float32"
    assert float(got[0]) == pytest.approx(np.exp(-12), rel=0.02)  # 0 in float16
    assert loss_for("float32", sparse_softmax_cross_entropy) is sparse_softmax_cross_entropy

"""The document's example."""

import numpy as np
import pytest

import dnn_tf
from dnn_tf import experiments
from dnn_tf.experiments.mnist import REFERENCE, TOLERANCE
from dnn_tf.runs import Settings


def test_on_the_sample(tmp_path, capsys, sample):
    settings = Settings(data="mnist-sample", epochs=2, learning_rate=0.1)
    result = experiments.mnist(settings, out=tmp_path / "m", run_dir=tmp_path / "r")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:3] for line in lines] == [
        ["0", "Train", "accuracy:"],
        ["1", "Train", "accuracy:"],
    ]
    np.testing.assert_array_equal(result.labels, sample.test.y[:20])
    logits = dnn_tf.load(tmp_path / "m")(sample.test.x[:20])
    np.testing.assert_array_equal(result.predicted, np.argmax(logits, axis=1))


@pytest.mark.full_mnist
@pytest.mark.usefixtures("full_mnist")
def test_reaches_the_reference(tmp_path):
    """40 epochs on all of MNIST: the stored result of the reference notebook."""
    settings = Settings(data="tfds:mnist")
    result = experiments.mnist(settings, out=tmp_path / "m", run_dir=tmp_path / "r")
    assert result.run.validation_accuracy == pytest.approx(REFERENCE, abs=TOLERANCE)
    assert result.run.history["val_accuracy"][0] == pytest.approx(0.9146, abs=0.006)
    assert np.sum(result.predicted == result.labels) >= 19  # the ninth, a 5, looks like a 6

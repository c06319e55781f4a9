"""The document's line."""

import io

from dnn_tf.training import EpochReport

LOGS = {"loss": 1.0, "accuracy": 0.5, "val_accuracy": 0.25, "test_accuracy": 0.125}


def test_line():
    stream = io.StringIO()
    EpochReport(stream).on_epoch_end(7, LOGS)
    assert stream.getvalue() == (
        "7 Train accuracy: 0.5000 Validation accuracy: 0.2500 Test accuracy: 0.1250\n"
    )


def test_says_what_there_is_on_stdout(capsys):
    EpochReport().on_epoch_end(0, {"accuracy": 1.0})
    assert capsys.readouterr().out == "0 Train accuracy: 1.0000\n"

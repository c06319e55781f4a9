"""What a run came to."""

import json

from dnn_tf.runs import Result
from dnn_tf.sparsity import Size, Sparsification

SIZE = Size(weights=4, nonzero=3, bytes_compressed=20, loss=0.5, accuracy=0.75)


def test_summary_is_plain_json():
    result = Result(
        test_accuracy=0.9, test_loss=0.1, validation_accuracy=0.8, validation_loss=0.2, epochs=1,
        learning_rate=0.01, found_learning_rate=None, seconds_per_epoch=[1.0],
        source="digits", device="CPU",
        saved_model="m", run_dir="r", scores={1: 0.2, 2: float("nan")}, best_epoch=None,
        sparsity=Sparsification(0.1, SIZE, SIZE), history={"loss": [0.1]},
    )  # fmt: skip
    summary = json.loads(json.dumps(result.summary(), allow_nan=False))
    assert "history" not in summary
    assert summary["scores"] == {"1": 0.2, "2": None}
    assert summary["sparsity"]["after"]["nonzero"] == 3
    assert summary["best_epoch"] is None

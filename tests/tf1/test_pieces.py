"""The weights, sorted by what they can be."""

from dnn_tf.tf1.pieces import sort_out


def test_every_weight_is_in_one_place():
    pieces = sort_out(
        {
            "hidden1/kernel": (4, 3),
            "hidden1/bias": (3,),
            "bn/moving_mean": (3,),
            "bn/moving_variance": (3,),
            "outputs/kernel": (3, 2),
            "conv/kernel": (3, 3, 1, 8),
            "conv/bias": (8,),
            "prelu/alpha": (3,),
            "rnn/lstm_cell/kernel": (7, 12),
        }
    )
    assert pieces.kernels == {"hidden1/kernel": (4, 3), "outputs/kernel": (3, 2)}
    assert pieces.biases == {"hidden1/kernel": "hidden1/bias"}
    assert [norm.name for norm in pieces.norms] == ["bn"]
    assert set(pieces.strangers) == {
        "conv/kernel", "conv/bias", "prelu/alpha", "rnn/lstm_cell/kernel",
    }  # fmt: skip
    assert pieces.sizes(["hidden1/kernel", "outputs/kernel"]) == [4, 3, 2]

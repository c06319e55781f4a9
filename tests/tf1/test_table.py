"""What became of each variable."""

from pathlib import Path

import numpy as np

from dnn_tf.tf1.network import find_network
from dnn_tf.tf1.table import make_table

VARIABLES = {
    "fc10/kernel": np.zeros((3, 2)),
    "fc10/bias": np.zeros(2),
    "fc9/kernel/Adam": np.zeros((4, 3)),
    "fc9/kernel": np.zeros((4, 3)),
    "bn/moving_mean": np.zeros(3),
    "bn/moving_variance": np.zeros(3),
    "beta1_power": np.float32(0.9),
}


def test_layers_in_order_then_what_was_left_out():
    table = make_table(Path("my.ckpt"), VARIABLES, find_network(VARIABLES))
    assert {row.variable for row in table.rows} == VARIABLES.keys()
    assert [row.weight for row in table.mapped] == [
        "fc9.kernel", "fc9_bn.moving_mean", "fc9_bn.moving_variance", "fc10.kernel", "fc10.bias",
    ]  # fmt: skip
    assert [row.variable for row in table.left_out] == ["beta1_power", "fc9/kernel/Adam"]


def test_is_printed_in_columns():
    table = make_table(Path("my.ckpt"), VARIABLES, find_network(VARIABLES))
    start = "no gamma in the checkpoint: ones; no beta in the checkpoint: zeros"
    assert str(table).splitlines() == [
        "variable            shape       became",
        "fc9/kernel          4 x 3       fc9.kernel              no bias in the checkpoint: zeros",
        f"bn/moving_mean      3           fc9_bn.moving_mean      {start}",
        "bn/moving_variance  3           fc9_bn.moving_variance",
        "fc10/kernel         3 x 2       fc10.kernel",
        "fc10/bias           2           fc10.bias",
        "beta1_power         one number  left out                "
        "one number: a counter or a setting of training",
        "fc9/kernel/Adam     4 x 3       left out                "
        "Adam: kept for training, which starts anew",
    ]

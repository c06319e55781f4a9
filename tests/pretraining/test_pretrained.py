"""What pretraining hands over."""

import dataclasses

import pytest

from dnn_tf.pretraining import Pretrained, hidden_network


def test_is_not_changed_afterwards():
    learnt = Pretrained(hidden_network(4, (3,)), ({"loss": [1.0]},))
    with pytest.raises(dataclasses.FrozenInstanceError):
        learnt.network = None

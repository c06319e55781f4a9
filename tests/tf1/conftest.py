"""Checkpoints that TF1's own `Saver` writes, made while testing."""

from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

v1 = tf.compat.v1


@pytest.fixture
def write(tmp_path):
    """Saves variables of these values, or of these shapes with any values."""

    def save(variables, name="my_model_final.ckpt", version=v1.train.SaverDef.V2) -> Path:
        rng = np.random.default_rng(0)
        with tf.Graph().as_default(), v1.Session() as session:
            for variable, value in variables.items():
                if isinstance(value, tuple):
                    value = rng.normal(size=value).astype("float32")
                v1.get_variable(variable, initializer=tf.constant(value))
            session.run(v1.global_variables_initializer())
            saver = v1.train.Saver(write_version=version)
            return Path(saver.save(session, str(tmp_path / name)))

    return save


@pytest.fixture
def small(write) -> Path:
    """4 inputs, 3 hidden, 2 outputs, after a step of momentum."""
    return write(
        {
            "dnn/hidden1/kernel": (4, 3),
            "dnn/hidden1/kernel/Momentum": (4, 3),
            "dnn/hidden1/bias": (3,),
            "dnn/hidden1/bias/Momentum": (3,),
            "dnn/outputs/kernel": (3, 2),
            "dnn/outputs/kernel/Momentum": (3, 2),
            "dnn/outputs/bias": (2,),
            "dnn/outputs/bias/Momentum": (2,),
            "global_step": np.int64(7),
        }
    )

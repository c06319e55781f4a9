"""A learning rate that falls fast at first and then ever more slowly."""

import keras
from keras import ops

from dnn_tf.arguments import check_above_0
from dnn_tf.types import Tensor


@keras.saving.register_keras_serializable(package="dnn_tf")
class PowerDecay(keras.optimizers.schedules.LearningRateSchedule):
    """`initial_learning_rate * (1 + step / decay_steps) ** -power`.

    The document's `eta0 * (1 + t / r)^(-c)`, in which `c` is usually 1: half of eta0 after `r`
    steps, a third after `2 r`. At `power=1` it is TensorFlow 1's `inverse_time_decay`, of which
    the `decay_steps` here is its `decay_steps / decay_rate`, and need not be whole.

    Args:
        initial_learning_rate: at step 0; above 0.
        decay_steps: the steps after which the rate is `2 ** -power` of the initial one; above 0.
        power: above 0. Default 1.

    Raises:
        InputError: an argument outside its range.

    >>> PowerDecay(0.5, decay_steps=100)(ops.array([0, 100, 300])).numpy().tolist()
    [0.5, 0.25, 0.125]
    """

    def __init__(self, initial_learning_rate: float, decay_steps: float, power: float = 1.0):
        check_above_0(
            initial_learning_rate=initial_learning_rate, decay_steps=decay_steps, power=power
        )
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.power = power

    def __call__(self, step: Tensor) -> Tensor:
        t = ops.cast(step, "float32")
        return self.initial_learning_rate * (1 + t / self.decay_steps) ** -self.power

    def get_config(self) -> dict[str, float]:
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "decay_steps": self.decay_steps,
            "power": self.power,
        }

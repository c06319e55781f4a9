"""By name."""

import pytest

from dnn_tf import schedules
from dnn_tf.types import InputError

OPTIONS = {
    "piecewise": {"boundaries": [3], "values": [1.0, 0.5]},
    "exponential": {"decay_rate": 0.5},
    "power": {"initial_learning_rate": 0.1, "decay_steps": 10.5},
    "one_cycle": {"max_learning_rate": 0.1, "total_steps": 50},
    "cosine": {"initial_learning_rate": 0.1, "decay_steps": 50, "alpha": 0.2},
}


def test_every_schedule_has_a_name_and_is_given_its_options():
    made = {name: schedules.get(name, **options) for name, options in OPTIONS.items()}
    assert {type(schedule).__name__ for schedule in made.values()} | {"get"} == set(
        schedules.__all__
    )
    for name, schedule in made.items():
        assert OPTIONS[name].items() <= schedule.get_config().items()


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("cosin", {}, "unknown schedule 'cosin'.*piecewise, exponential, power, one_cycle, cosine"),
        ("power", {"decay_steps": 3}, "'power' needs initial_learning_rate"),
        ("cosine", {"decay": 3}, "'cosine' takes no option 'decay'.*decay_steps, alpha, warmup"),
        ("exponential", {"decay_rate": -1}, "decay_rate is a finite number above 0, and got -1"),
    ],
)
def test_what_it_refuses(name, options, message):
    with pytest.raises(InputError, match=message) as error:
        schedules.get(name, **options)
    assert "\n" not in str(error.value)

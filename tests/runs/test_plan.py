"""How long a run trains, and with which learning rate."""

import pytest

from dnn_tf import optimizers, schedules
from dnn_tf.runs import Settings, check_plan
from dnn_tf.runs.plan import Plan, count_steps, rows_a_step
from dnn_tf.types import InputError


def plan(steps=60, learning_rate=0.2, **settings):
    return Plan(Settings(**settings), steps, learning_rate)


@pytest.mark.parametrize(
    ("settings", "steps"),
    [
        ({"epochs": 3, "batch_size": 100}, 30),
        ({"epochs": 3, "batch_size": 300}, 12),
        ({"epochs": 3, "batch_size": "all"}, 3),
        ({"epochs": 3, "batch_size": 100, "gradient_accumulation_steps": 4}, 9),
        ({"epochs": 3, "batch_size": 100, "max_steps": 7}, 7),
        ({"epochs": 3, "batch_size": 100, "max_steps": 31}, 30),
    ],
)
def test_counts_the_steps(settings, steps):
    assert count_steps(Settings(**settings), 1000) == steps


def test_steps_before_the_rows_are_known():
    assert count_steps(Settings(max_steps=7), None) == 7
    assert count_steps(Settings(), None) > 10**9


def test_rows_a_step():
    assert rows_a_step(Settings(batch_size=20, gradient_accumulation_steps=3), 1000) == 60
    assert rows_a_step(Settings(batch_size="all"), 1000) == 1000


class TestOptimiser:
    def test_has_the_learning_rate(self):
        optimizer = plan(optimizer="adam", learning_rate=0.3).optimizer()
        assert type(optimizer) is optimizers.Adam
        assert float(optimizer.learning_rate) == pytest.approx(0.3)

    def test_a_new_one_each_time(self):
        made = plan()
        assert made.optimizer() is not made.optimizer()

    def test_a_schedule_from_the_learning_rate(self):
        found = plan(schedule="exponential", learning_rate=0.3)
        assert float(found.optimizer().learning_rate) == pytest.approx(0.3)


class TestSchedule:
    @pytest.mark.parametrize(
        ("settings", "expected"),
        [
            ({"schedule": "exponential"}, schedules.ExponentialDecay(0.2, 10_000)),
            ({"schedule": "power"}, schedules.PowerDecay(0.2, 60)),
            ({"schedule": "one_cycle"}, schedules.OneCycle(0.2, 60)),
            ({"schedule": "cosine"}, schedules.CosineDecay(0.2, 60)),
            (
                {
                    "schedule": "cosine",
                    "schedule_options": {"warmup_steps": 10, "warmup_target": 0.5},
                },
                schedules.CosineDecay(0.2, 50, warmup_target=0.5, warmup_steps=10),
            ),
            (
                {"schedule": "power", "schedule_options": {"decay_steps": 7, "power": 2.0}},
                schedules.PowerDecay(0.2, 7, 2.0),
            ),
            (
                {"schedule": "piecewise", "schedule_options": {"boundaries": 5, "values": [1, 2]}},
                schedules.PiecewiseConstant([5], [1, 2]),
            ),
            ({"schedule": "cosine", "max_steps": 9}, schedules.CosineDecay(0.2, 9)),
            (
                {
                    "schedule": "piecewise",
                    "schedule_options": {"boundaries": [5], "values": [1.0, 0.1]},
                },
                schedules.PiecewiseConstant([5], [1.0, 0.1]),
            ),
        ],
    )
    def test_starts_at_the_learning_rate_and_lasts_as_long_as_training(self, settings, expected):
        given = Settings(epochs=3, batch_size=50, **settings)
        made = Plan(given, count_steps(given, 1000), 0.2)
        assert made.schedule().get_config() == expected.get_config()
        assert made.optimizer()._learning_rate.get_config() == expected.get_config()

    def test_none(self):
        assert plan().schedule() is None

    def test_performance_is_a_callback(self):
        assert plan(schedule="performance").schedule() is None

    def test_the_first_learning_rate(self):
        assert plan().first_learning_rate == 0.2
        assert plan(schedule="one_cycle").first_learning_rate == pytest.approx(0.02)
        options = {"boundaries": [5], "values": [1.0, 0.1]}
        piecewise = plan(schedule="piecewise", schedule_options=options)
        assert piecewise.first_learning_rate == 1.0

    def test_one_value_too_few(self):
        options = {"boundaries": 5, "values": 0.1}
        with pytest.raises(InputError, match="1 values for 1 boundaries"):
            plan(schedule="piecewise", schedule_options=options).schedule()


WARM_UP = {"warmup_target": 0.5, "warmup_steps": 10}
PIECES = {"boundaries": [5], "values": [1.0, 0.1]}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"optimizer": "adam", "optimizer_options": {"momentum": 0.9}}, "the optimiser 'adam'"),
        ({"optimizer_options": {"learning_rate": 1.0}}, "give learning_rate"),
        ({"schedule": "step"}, "unknown schedule 'step'"),
        ({"schedule": "performance", "schedule_options": {"steps": 3}}, "takes no option 'steps'"),
        (
            {"schedule": "power", "schedule_options": {"initial_learning_rate": 1.0}},
            "initial_learning_rate is what learning_rate gives",
        ),
        (
            {"schedule": "cosine", "schedule_options": {"warmup_steps": "abc"}},
            "warmup_steps is a whole number, 0 or more, and got 'abc'",
        ),
        (
            {"schedule": "cosine", "max_steps": 9, "schedule_options": WARM_UP},
            "warmup_steps is 10, and the whole training has 9 steps: take fewer",
        ),
        (
            {"schedule": "cosine", "learning_rate": "auto", "schedule_options": WARM_UP},
            "leave warmup_target and warmup_steps out, or give a learning rate",
        ),
        ({"schedule": "power", "schedule_options": {"name": "a"}}, "takes no option 'name'"),
        (
            {"schedule": "piecewise", "learning_rate": 0.2, "schedule_options": PIECES},
            "learning_rate is 0.2, and a piecewise schedule gives its own",
        ),
        (
            {"schedule": "performance", "schedule_options": {"validation": 3, "every": 5}},
            "takes no option 'validation'",
        ),
        ({"optimizer": "ftrl", "schedule": "power"}, "ftrl with 'power'"),
        ({"optimizer": "ftrl", "schedule": "performance"}, "ftrl with 'performance'"),
        ({"optimizer": "ftrl", "learning_rate": "auto"}, "ftrl with 'auto'.*one learning rate"),
        ({"optimizer": "ftrl", "weight_decay": 0.1}, "give .* l2_regularization_strength instead"),
    ],
)
def test_what_does_not_go_together(settings, message):
    with pytest.raises(InputError, match=message):
        check_plan(Settings(**settings))


@pytest.mark.parametrize(
    "settings",
    [
        {"optimizer": "ftrl"},
        {"schedule": "piecewise", "schedule_options": PIECES},
        {"schedule": "cosine", "schedule_options": WARM_UP},
        {"schedule": "cosine", "learning_rate": "auto"},
        {"batch_size": 10**30},
    ],
)
def test_what_goes_together(settings):
    check_plan(Settings(**settings))
    check_plan(Settings(**settings), rows=1000)


class TestOnceTheRowsAreKnown:
    @pytest.mark.parametrize("rows", [199, 7])
    def test_a_step_takes_no_more_than_all_of_them(self, rows):
        settings = Settings(batch_size=50, gradient_accumulation_steps=4)
        check_plan(settings)
        check_plan(settings, rows=200)
        with pytest.raises(InputError, match=f"takes 200 rows, and there are only {rows} rows"):
            check_plan(settings, rows)

    def test_a_warm_up_ends_before_the_training(self):
        settings = Settings(
            epochs=2,
            batch_size=10,
            schedule="cosine",
            schedule_options=WARM_UP | {"decay_steps": 4},
        )
        check_plan(settings)
        check_plan(settings, rows=60)  # 12 steps
        with pytest.raises(InputError, match="warmup_steps is 10, and the whole training has 10"):
            check_plan(settings, rows=50)

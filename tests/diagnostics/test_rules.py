"""The table of rules: each by the smallest number that breaks it."""

import re

import pytest

from dnn_tf.diagnostics import rules
from dnn_tf.diagnostics.layer_health import LayerHealth

WELL = {"name": "h", "kind": "Dense", "n_weights": 9, "delta_norm": 1.0, "delta_share": 1.0}


def layer(name="h", **fields):
    return LayerHealth(**WELL | {"name": name} | fields)


BREAKS = {
    "not a number": ({"gradient_norm": float("nan")}, {"gradient_norm": 1.0}),
    "unscaled input": ({"reads_input": True, "input_size": 10.1}, {"input_size": 9.9}),
    "wrong averages": ({"shift": 1.1}, {"shift": 0.9}),
    "dead units": ({"dead": 0.61}, {"always_on": 0.02}),
    "saturated": ({"saturated": 0.46}, {"saturated": 0.44}),
    "exploding outputs": ({"signal": 101.0}, {"signal": 99.0}),
    "fading outputs": ({"signal": 0.9e-3}, {"signal": 1.1e-3}),
    "no gradient": ({"delta_share": 0.0}, {"below_zeros": True}),
    "vanishing gradient": ({"delta_share": 0.9e-3}, {"delta_share": 1.1e-3}),
    "exploding gradient": ({"delta_share": 1001.0}, {"delta_share": 999.0}),
    "cut off": ({"delta_norm": None, "delta_share": None}, {"delta_norm": 0.0}),
    "step too large": ({"update_ratio": 0.31}, {"update_ratio": 0.29}),
}


@pytest.mark.parametrize("problem", BREAKS)
def test_each_limit(problem):
    breaks, less = BREAKS[problem]
    assert rules.problem(layer(**breaks)) == problem
    assert rules.problem(layer(**breaks | less)) is None


def test_every_rule_has_a_row_words_and_a_remedy():
    documented = re.findall(r"^\| ([a-z ]+) \| [^-]", rules.__doc__, re.MULTILINE)[1:]
    assert documented == list(BREAKS)
    for problem, (breaks, _) in BREAKS.items():
        (ill,) = rules.judged([layer(**breaks, **({"stretch": 1.0} if "shift" in breaks else {}))])
        assert ill.problem == problem
        assert ill.remedy
        assert rules.evidence(ill, [ill])


def test_a_variance_that_is_ten_times_another():
    assert rules.problem(layer(shift=0.0, stretch=0.09)) == "wrong averages"
    assert rules.problem(layer(shift=0.0, stretch=11.0)) == "wrong averages"
    assert rules.problem(layer(shift=0.0, stretch=9.0)) is None


def test_what_answers_may_saturate_and_be_large():
    assert rules.problem(layer(is_output=True, saturated=1.0, signal=1e5)) is None


def test_what_is_frozen_needs_no_gradient():
    assert rules.problem(layer(trainable=False, delta_share=1e-9)) is None
    assert rules.problem(layer(trainable=False, delta_norm=None, delta_share=None)) is None


@pytest.mark.parametrize(
    ("activation", "start"),
    [("sigmoid", "xavier_normal"), ("relu", "he_normal"), ("selu", "lecun_normal"), (None, "xav")],
)
def test_the_remedy_names_the_start_for_the_activation(activation, start):
    assert start in rules.remedy(layer(activation=activation, problem="fading outputs"))
    assert "he_normal" in rules.remedy(layer(activation="swoosh", problem="fading outputs"))


def test_the_first_cause_lies_below_what_it_spoils():
    layers = [
        layer("a", problem="vanishing gradient"),
        layer("b", problem="dead units"),
        layer("c", problem="fading outputs"),
    ]
    assert rules.root(layers).name == "b"
    assert rules.root(layers[:1]).name == "a"
    assert rules.root([layer()]) is None


def test_growth_begins_where_the_factor_begins():
    """1, 1, 10, 100, 1000: the third layer is the first that multiplies."""
    layers = rules.judged(
        [layer(str(n), signal=signal) for n, signal in enumerate((1.0, 1.0, 10.0, 100.0, 1000.0))]
    )
    assert [one.problem for one in layers] == [None] * 4 + ["exploding outputs"]
    cause = rules.root(layers)
    assert (cause.name, cause.problem) == ("2", "exploding outputs")
    assert "xavier_normal" in cause.remedy


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize(
    "field",
    ["signal", "delta_norm", "gradient_norm", "update_ratio", "shift", "stretch", "weight_norm"],
)
def test_every_comparison_with_nan_is_false(field, value):
    assert rules.problem(layer(**{field: value})) == "not a number"


def test_gradients_that_are_no_numbers_come_from_above():
    nan = {"delta_norm": float("nan"), "delta_share": float("nan")}
    layers = rules.judged([layer("a", **nan), layer("b", **nan), layer("c")])
    assert rules.root(layers).name == "b"
    assert "its gradient or its next step is NaN" in rules.evidence(layers[0], layers)
    layers = rules.judged([layer("a", signal=float("nan"), **nan), layer("b", **nan)])
    assert rules.root(layers).name == "a"


def test_no_gradient_at_all():
    none = {"delta_norm": 0.0, "delta_share": 0.0}
    layers = rules.judged([layer("a", **none), layer("b", **none), layer("c")])
    assert rules.root(layers).name == "b"
    assert "units above it may be dead" in rules.evidence(layers[1], layers)
    layers = rules.judged([layer("a", **none), layer("b", delta_share=1e-9)])  # too small a number
    assert (rules.root(layers).name, rules.root(layers).problem) == ("b", "vanishing gradient")


@pytest.mark.parametrize(("size", "named"), [(0.9e-3, True), (1.1e-3, False), (0.0, False)])
def test_an_input_that_is_too_small(size, named):
    found = rules.problem(layer(reads_input=True, input_size=size, signal=1e-4))
    assert found == ("unscaled input" if named else "fading outputs")

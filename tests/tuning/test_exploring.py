"""All of a space, and whether it can be trained."""

import pytest

from dnn_tf.runs import Settings
from dnn_tf.tuning.exploring import explore
from dnn_tf.types import InputError


def names(hp):
    return [one.name for one in hp.space]


def test_every_condition_is_fulfilled_once(classes):
    built = []

    def space(hp):
        kind = hp.Choice("kind", ["plain", "deep"])
        depth = 1
        with hp.conditional_scope("kind", ["deep"]):
            if kind == "deep":
                depth = hp.Int("depth", 2, 3)
                with hp.conditional_scope("depth", [3]):
                    if depth == 3:
                        hp.Choice("only_three_deep", ["a", "b"])
        built.append((kind, depth))
        return Settings(hidden=(3,) * depth)

    assert names(explore(space, classes, seed=0)[0]) == ["kind", "depth", "only_three_deep"]
    assert built[:3] == [("plain", 1), ("deep", 2), ("deep", 3)]


def test_an_error_behind_a_condition_is_found(classes):
    def space(hp):
        activation = hp.Choice("activation", ["relu", "broken"])
        with hp.conditional_scope("activation", ["broken"]):
            if activation == "broken":
                raise RuntimeError("no such thing")
        return Settings(hidden=(3,), activation=activation)

    with pytest.raises(InputError, match=r"the space raised RuntimeError: no such thing \(with"):
        explore(space, classes, seed=0)


def test_nothing_to_search(classes):
    with pytest.raises(InputError, match="asks hp for nothing"):
        explore(lambda hp: Settings(hidden=(3,)), classes, seed=0)


def test_no_function(classes):
    with pytest.raises(InputError, match="a space is a function of hp, and got Settings"):
        explore(Settings(), classes, seed=0)

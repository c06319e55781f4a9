"""What a network file asks for before it is run."""

import json

import keras
import pytest

from dnn_tf.saving.network_size import MOST_METRIC_NUMBERS, MOST_STEPS, check_size
from dnn_tf.types import InputError

STEPS = "more than 50,000 steps to build"
NUMBERS = "its metrics would keep more than 4,194,304 numbers"
TENSOR = {"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}}
NUMBER = {"class_name": "__tensor__", "config": {"value": 1.0, "dtype": "float32"}}


def part(name, module="keras.layers", /, nodes=None, **config):
    made = {"module": module, "class_name": name, "config": config}
    return made if nodes is None else made | {"inbound_nodes": nodes}


def metric(name, **config):
    return part(name, "keras.metrics", **config)


def refused(network, said):
    with pytest.raises(InputError, match=f"^m: .*{said}"):
        check_size(network, "m")


@pytest.mark.parametrize("make", [keras.applications.MobileNetV2, keras.applications.ResNet50])
def test_real_networks_are_far_below(make):
    model = make(weights=None, input_shape=(32, 32, 3))
    network = json.loads(json.dumps(keras.saving.serialize_keras_object(model)))
    check_size(network, "m")
    check_size([network] * 8, "m")


@pytest.mark.parametrize(
    ("name", "config"),
    [
        ("AugMix", {"num_chains": 10**9}),
        ("AugMix", {"chain_depth": 10**9}),
        ("AugMix", {"num_chains": 300, "chain_depth": 300}),
        ("RandAugment", {"num_ops": 10**8}),
        ("SpectralNormalization", {"power_iterations": 10**8}),
        ("Split", {"indices_or_sections": 3_000_000}),
        ("Unstack", {"num": 3_000_000}),
        ("Unstack", {"num": None}),
        ("Unstack", {"num": {"class_name": "__numpy__", "config": {"value": 3_000_000}}}),
        ("Unstack", {"num": 1e9}),
        ("Unstack", {"num": 10**4000}),
        ("Unstack", {}),
    ],
)
def test_what_unfolds_without_end(name, config):
    refused(part("Sequential", layers=[part(name, **config)]), STEPS)


@pytest.mark.parametrize(
    ("name", "config"),
    [
        ("AugMix", {}),
        ("AugMix", {"num_chains": 3, "chain_depth": 3}),
        ("RandAugment", {"num_ops": 2}),
        ("SpectralNormalization", {"power_iterations": 1}),
        ("Split", {"indices_or_sections": 4}),
        ("Split", {"indices_or_sections": [3, 5]}),
        ("Unstack", {"num": 28}),
        ("Dense", {"num": 10**9}),
    ],
)
def test_what_unfolds_a_little(name, config):
    check_size(part("Sequential", layers=[part(name, **config)]), "m")


def test_as_many_layers():
    network = part("Sequential", layers=[part("ReLU")] * (MOST_STEPS - 1))
    check_size(network, "m")
    network["config"]["layers"].append(part("ReLU"))
    refused(network, STEPS)


def test_networks_in_networks_that_are_called_twice():
    """Each call of a network calls all that is in it: 20 levels are a million calls."""
    twice = [{"args": [TENSOR], "kwargs": {}}] * 2
    network = part("ReLU", nodes=twice)
    for _ in range(8):
        network = part("Functional", nodes=twice, layers=[network])
    check_size(network, "m")
    for _ in range(12):
        network = part("Functional", nodes=twice, layers=[network])
    refused(network, STEPS)


@pytest.mark.parametrize(
    "node",
    [
        {"args": [TENSOR], "kwargs": {}},
        {"args": [[TENSOR, NUMBER]], "kwargs": {}},
        {"args": [], "kwargs": {"query": TENSOR}},
        {"args": [{"a": TENSOR}], "kwargs": {}},
    ],
)
def test_calls_on_layers(node):
    check_size(part("Add", nodes=[node]), "m")


@pytest.mark.parametrize(
    "node",
    [
        {"args": [NUMBER], "kwargs": {}},
        {"args": [part("Dense", x=TENSOR)], "kwargs": {}},  # not where Keras looks for one
        {"args": [1.0], "kwargs": {"x": "__keras_tensor__"}},
        {"args": [], "kwargs": {}},
        {"other": TENSOR},
        {},
        [["x", 0, 0]],
        None,
        "x",
    ],
)
def test_calls_on_numbers_would_be_carried_out_at_once(node):
    refused(part("BroadcastTo", nodes=[node], name="s\n"), r"is called without the output of a")
    refused(part("A", nodes=[{"args": [TENSOR]}, node]), "is called without the output")


@pytest.mark.parametrize("nodes", [{"a": TENSOR}, "x", 1])
def test_calls_are_a_list(nodes):
    refused(part("Add", nodes=nodes), "is called without the output of a layer")


@pytest.mark.parametrize(
    "many",
    [
        metric("AUC", num_thresholds=10**8),
        metric("AUC", num_labels=10**6),
        metric("AUC", num_labels=10**6, thresholds=[0.5] * 9),
        metric("AUC", num_thresholds=2, num_labels=3000, thresholds=[0.5] * 3000),
        metric("AUC", thresholds={"class_name": "__numpy__", "config": {}}),
        metric("PrecisionAtRecall", num_thresholds=10**8),
        metric("MeanIoU", num_classes=25_000),
        metric("OneHotIoU", num_classes=2049),
        metric("MeanIoU", num_classes="25000"),
        metric("MeanIoU", num_classes=25000.0),
        metric("MeanIoU", num_classes=-(10**5)),
        [metric("MeanIoU", num_classes=1500)] * 2,
        [metric("AUC")] * (MOST_METRIC_NUMBERS // 200 + 1),
    ],
    ids=lambda many: str(many)[:80],
)
def test_metrics_that_keep_too_much(many):
    for place in ("compile_config", "config"):
        refused(part("Sequential") | {place: {"metrics": [many]}}, NUMBERS)


@pytest.mark.parametrize(
    "few",
    [
        metric("AUC"),
        metric("AUC", num_thresholds=10_000, num_labels=100, multi_label=True),
        metric("MeanIoU", num_classes=2000),
        metric("Precision", thresholds=0.5),
        metric("Recall", thresholds=[0.1, 0.5]),
        metric("function") | {"config": "mae"},
        part("CategoryEncoding", num_classes=10**9),
        part("Mine", "mine", num_classes=10**9),
    ],
    ids=str,
)
def test_metrics_as_people_use_them(few):
    check_size(part("Sequential") | {"compile_config": {"metrics": [few]}}, "m")

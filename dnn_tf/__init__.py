"""The deep neural networks of a TensorFlow 1 walkthrough, on TensorFlow 2 and Keras 3.

Three uses: calls from Python, the documented MNIST example, and fine-tuning a saved network.

>>> import dnn_tf
>>> model = dnn_tf.models.dnn(n_inputs=784, hidden=(300, 100), n_outputs=10)
>>> [layer.name for layer in model.layers]
['X', 'hidden1', 'hidden2', 'outputs']

Importing this package imports nothing else: a name is fetched when it is first used (PEP 562),
so that `dnn-tf --help` does not wait for TensorFlow.
"""

import importlib
import os
from typing import Any

# TensorFlow takes all memory of a GPU otherwise. It reads this when it first uses the GPU.
os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")

_ROOMS = (
    "activations",
    "backpropagation",
    "constraints",
    "data",
    "diagnostics",
    "estimator",
    "experiments",
    "exporting",
    "gradients",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "optimizers",
    "plots",
    "pretraining",
    "regularizers",
    "runs",
    "saving",
    "schedules",
    "sparsity",
    "tf1",
    "training",
    "transfer",
    "tuning",
    "types",
    "workers",
)
_NAMES = {
    "DNNClassifier": "estimator",
    "DNNRegressor": "estimator",
    "evaluate": "training",
    "export": "exporting",
    "fit": "training",
    "load": "saving",
    "save": "saving",
}

__all__ = [*_NAMES, *_ROOMS]


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return importlib.import_module(f"{__name__}.{name}")
    if name in _NAMES:
        value = getattr(importlib.import_module(f"{__name__}.{_NAMES[name]}"), name)
        globals()[name] = value
        return value
    if name == "__version__":
        from importlib.metadata import version

        return version("dnn-tf")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__, "__version__"])

"""What a run ran on, so that it can be repeated to the same bits."""

import contextlib
import dataclasses
import os
import platform
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from dnn_tf.data import Dataset, fingerprint
from dnn_tf.saving.versions import versions
from dnn_tf.training import cores, device_name


@dataclass(frozen=True)
class Manifest:
    """What the settings of a run leave open, and its bits may depend on.

    Args:
        versions: of Python and of the packages that compute.
        machine: `system` and `processor`, how many `cores` may be used, the `device` that trained,
            and how many `replicas` of the network shared each step, if there were several.
        arithmetic: `threads` that TensorFlow was told to take in and between operations (0: its own
            choice), the `floats` of the layers, and what changes the order of a sum:
            `op_determinism`, `onednn`, `xla_flags`.
        data: its `name`, where it came from (`source`), and the `sha256` of its arrays.
        found_learning_rate: what a trial suggested, where the settings asked for one.
        out: where the network was to be saved.
    """

    versions: dict[str, str]
    machine: dict[str, Any]
    arithmetic: dict[str, Any]
    data: dict[str, str]
    found_learning_rate: float | None
    out: str

    def __post_init__(self) -> None:
        parts = (self.versions, self.machine, self.arithmetic, self.data)
        if not all(isinstance(part, dict) for part in parts) or not isinstance(self.out, str):
            raise TypeError("its manifest is damaged")
        if not isinstance(self.found_learning_rate, float | None):
            raise TypeError("found_learning_rate is no number")

    @classmethod
    def of(
        cls,
        name: str,
        data: Dataset,
        found_learning_rate: float | None,
        out: str,
        replicas: int = 1,
    ) -> "Manifest":
        """That of a run which begins here and now."""
        return cls(
            versions=versions(),
            machine={
                "system": platform.platform(),
                "processor": _processor(),
                "cores": cores(),
                "device": device_name(),
                **({"replicas": replicas} if replicas > 1 else {}),
            },
            arithmetic=_arithmetic(),
            data={"name": name, "source": data.source, "sha256": fingerprint(data)},
            found_learning_rate=found_learning_rate,
            out=out,
        )

    def warn_of_differences(self, earlier: "Manifest") -> None:
        """Names what may keep this run from ending with the bits of an earlier one."""
        differences = [
            f"{name} {before.get(name)!r}, now {value!r}"
            for part in ("versions", "machine", "arithmetic", "data")
            for before, now in [(getattr(earlier, part), getattr(self, part))]
            for name, value in now.items()
            if before.get(name) != value
        ]
        if differences:
            warnings.warn(
                "the run was begun under other conditions, and may end with other bits here: "
                f"{'; '.join(differences)}",
                stacklevel=3,
            )

    def to_fields(self) -> dict[str, Any]:
        """For JSON."""
        return dataclasses.asdict(self)


def _processor() -> str:
    """Its model where the system tells, for its instructions decide how a sum is taken."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _arithmetic() -> dict[str, Any]:
    from tensorflow.python.framework.config import is_op_determinism_enabled

    threading = tf.config.threading
    return {
        "threads": [
            threading.get_intra_op_parallelism_threads(),
            threading.get_inter_op_parallelism_threads(),
        ],
        "floats": keras.config.dtype_policy().name,
        "op_determinism": bool(is_op_determinism_enabled()),
        "onednn": os.environ.get("TF_ENABLE_ONEDNN_OPTS", ""),
        "xla_flags": os.environ.get("XLA_FLAGS", ""),
    }

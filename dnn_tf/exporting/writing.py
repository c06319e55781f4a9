"""Export: a network for runtimes that know neither this package nor Keras."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import keras

from dnn_tf.arguments import check_choice
from dnn_tf.data import ImageFormat
from dnn_tf.exporting import litert, onnx, savedmodel
from dnn_tf.exporting.check import TOLERANCE, Comparison, Runtime, compare, embeddings
from dnn_tf.exporting.destination import check_file, check_folder
from dnn_tf.exporting.quiet import quietly
from dnn_tf.saving.loading import load, open_artefact
from dnn_tf.storage import replacing, replacing_file
from dnn_tf.training import check_model
from dnn_tf.types import InputError, first_line


@dataclass(frozen=True)
class Export:
    """What was exported.

    Args:
        path: the file or folder, absolute.
        format: `"onnx"`, `"litert"` or `"savedmodel"`.
        size: in bytes.
        difference: the largest between the exported network and the model.
        samples: how many were compared.
    """

    path: Path
    format: str
    size: int
    difference: float
    samples: int


@dataclass(frozen=True)
class _Format:
    ending: str
    packages: tuple[str, ...]
    write: Callable[[keras.Model, Path, ImageFormat | None], None]
    load: Callable[[Path], Runtime]

    @property
    def is_file(self) -> bool:
        return self.ending.startswith(".")


_FORMATS = {
    "onnx": _Format(".onnx", ("onnx", "tf2onnx", "onnxruntime"), onnx.write, onnx.load),
    "litert": _Format(".tflite", ("ai_edge_litert",), litert.write, litert.load),
    "savedmodel": _Format("-savedmodel", (), savedmodel.write, savedmodel.load),
}
FORMATS = tuple(_FORMATS)


def export(
    model: keras.Model | str | Path, out: str | Path | None = None, *, format: str = "onnx"
) -> Export:
    """Writes a network for another runtime, once it answers there as the model does.

    It takes `features` as the model does, any number of samples at once, and answers with
    `logits`, `probabilities` and `classes`, as the SavedModel that `save` writes. It is written
    beside its place, loaded in its own runtime, and asked 66 random samples; what differs from the
    model by more than 1e-5 in a probability, or in a logit (there in parts of the largest one where
    that is over 1), replaces nothing.

    Args:
        model: the folder of a saved model, a `.keras` file, or a model; it ends in logits.
        out: where to; a file of the format's ending, or a SavedModel without `assets.extra`, is
            replaced in one stroke. Default: beside the saved model `name` the file `name.onnx` or
            `name.tflite`, or the folder `name-savedmodel`.
        format: `"onnx"`, a file for ONNX Runtime; `"litert"`, a `.tflite` file for LiteRT; or
            `"savedmodel"`, a folder for TensorFlow, which takes raw `images` too where the saved
            model does. The first two need `pip install 'dnn-tf[export]'`.

    Raises:
        InputError: no such model or format; a package is missing; `out` has another ending than
            the format's, or holds something else; the model cannot be exported, or answers
            otherwise afterwards.
        OSError: it cannot be written.

    >>> import tempfile, dnn_tf
    >>> model = dnn_tf.models.dnn(4, (3,), 2)
    >>> exported = export(model, tempfile.mkdtemp() + "/tiny.onnx")
    >>> exported.path.name, exported.samples, exported.difference < 1e-5
    ('tiny.onnx', 66, True)
    """
    check_choice(FORMATS, format=format)
    chosen = _FORMATS[format]
    _check_installed(format, chosen.packages)
    target = _destination(model, out, chosen)
    model, image_format = _opened(model)
    if chosen.is_file:
        image_format = None  # a file has one signature
    _check_exportable(model)
    replacement = replacing_file if chosen.is_file else replacing
    try:
        with replacement(target) as beside:
            found = _written(model, beside, format, image_format)
            files = [file for file in (beside, *beside.rglob("*")) if file.is_file()]
            size = sum(file.stat().st_size for file in files)
    except OSError as error:
        reason = error.strerror or first_line(error)
        raise OSError(
            f"{target} could not be written ({reason}), and is as it was: make room, or name "
            "another place"
        ) from error
    return Export(target, format, size, found.difference, found.samples)


def _destination(model: keras.Model | str | Path, out: str | Path | None, chosen: _Format) -> Path:
    if out is None and not isinstance(model, str | Path):
        raise InputError("out is missing: only a saved model has a place beside it; name a path")
    if out is None:
        saved = Path(model).resolve()
        out = saved.with_name(saved.name.removesuffix(".keras") + chosen.ending)
    return check_file(out, chosen.ending) if chosen.is_file else check_folder(out)


def _opened(model: keras.Model | str | Path) -> tuple[keras.Model, ImageFormat | None]:
    if not isinstance(model, str | Path):
        return model, None
    if not Path(model).is_dir():  # a .keras file, or nothing
        return load(model), None
    network, card = open_artefact(model)
    return network, card.image_format


def _written(
    model: keras.Model, path: Path, format: str, image_format: ImageFormat | None
) -> Comparison:
    """Written, loaded and compared with the model."""
    chosen = _FORMATS[format]
    try:
        with quietly("tensorflow", "tf2onnx"):
            chosen.write(model, path, image_format)
        found = compare(model, chosen.load(path), image_format)
    except (InputError, OSError):
        raise
    except Exception as error:  # whatever a converter or a runtime raises
        raise InputError(
            f"model {model.name!r} cannot be exported as {format} ({first_line(error)}): take "
            f"{_others(format)}"
        ) from error
    if not found.difference <= TOLERANCE:
        raise InputError(
            f"model {model.name!r}, exported as {format}, differs by {found.difference:.1e} from "
            f"itself, and {TOLERANCE:.0e} is allowed: nothing was replaced; take "
            f"{_others(format)}, and report this as a bug"
        )
    return found


def _others(format: str) -> str:
    return " or ".join(other for other in FORMATS if other != format)


def _check_installed(format: str, packages: tuple[str, ...]) -> None:
    try:
        for name in packages:
            import_module(name)
    except ImportError as error:
        needed = ", ".join(packages).replace("_", "-")
        raise InputError(
            f"the format {format} needs {needed} ({first_line(error)}): "
            "pip install 'dnn-tf[export]'"
        ) from error


def _check_exportable(model: keras.Model) -> None:
    check_model(model)
    kinds = {layer.compute_dtype for layer in model._flatten_layers()}
    if kinds != {"float32"}:
        raise InputError(
            f"model {model.name!r} computes in {', '.join(sorted(kinds))}, and an export in "
            "float32: build it without mixed precision"
        )
    takes = model.inputs[0].dtype
    if takes != "float32" and not ("int" in takes and embeddings(model)):
        raise InputError(
            f"model {model.name!r} takes {takes}, and float32 was expected, or the integers of an "
            "Embedding: build it with such an input"
        )
    if None in model.input_shape[1:]:
        raise InputError(
            f"model {model.name!r} takes samples of any shape {model.input_shape[1:]}, and an "
            "export those of one shape: build it for that"
        )

"""An artefact to be spoilt: taken apart, changed, and sealed again with the right checksums."""

import hashlib
import io
import json
import zipfile
from pathlib import Path

import dnn_tf
from dnn_tf.saving.contents import CARD, GRAPH, MODEL

MEMBERS = ("metadata.json", "config.json", "model.weights.h5")


def make_artefact(folder: Path) -> Path:
    """A small trained-looking network, saved."""
    model = dnn_tf.models.dnn(6, (8, 5), 3)
    model.compile(
        dnn_tf.optimizers.GradientDescent(0.1), dnn_tf.losses.sparse_softmax_cross_entropy
    )
    return dnn_tf.save(model, folder)


def reseal(folder: Path, **more: str) -> None:
    """The card as `save` would have sealed it over the files as they are now, links followed.

    Args:
        folder: the artefact.
        more: `{file: SHA-256}` to be listed too.
    """
    card = folder / CARD
    fields = json.loads(card.read_text(encoding="utf-8"))
    files = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != card
    }
    fields |= {"files": files | more, "sha256": "0" * 64}
    text = (json.dumps(fields, indent=2, ensure_ascii=False) + "\n").encode()
    own = hashlib.sha256(text).hexdigest().encode()
    head, _, tail = text.rpartition(b"0" * 64)
    card.write_bytes(head + own + tail)


def read_parts(folder: Path) -> dict[str, bytes]:
    """The members of the Keras file."""
    with zipfile.ZipFile(folder / MODEL) as archive:
        return {name: archive.read(name) for name in MEMBERS}


def write_parts(folder: Path, members) -> None:
    """A Keras file of these `(name or ZipInfo, content)`, sealed."""
    with zipfile.ZipFile(folder / MODEL, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
    reseal(folder)


def change_config(folder: Path, change) -> None:
    """`change(config)` changes the network, or gives another in its place."""
    parts = read_parts(folder)
    config = json.loads(parts["config.json"])
    changed = change(config)
    parts["config.json"] = json.dumps(config if changed is None else changed).encode()
    write_parts(folder, parts.items())


def change_weights(folder: Path, change) -> None:
    """`change(file)` changes the open HDF5 file of the weights."""
    import h5py

    parts = read_parts(folder)
    memory = io.BytesIO(parts["model.weights.h5"])
    with h5py.File(memory, "r+") as file:
        change(file)
    parts["model.weights.h5"] = memory.getvalue()
    write_parts(folder, parts.items())


def change_graph(folder: Path, change) -> None:
    """`change(meta_graph)` changes the graph of the SavedModel."""
    change_saved(folder, lambda saved: change(saved.meta_graphs[0]))


def change_saved(folder: Path, change) -> None:
    """`change(saved_model)` changes all that its file holds."""
    from tensorflow.core.protobuf import saved_model_pb2

    saved = saved_model_pb2.SavedModel()
    saved.ParseFromString((folder / GRAPH).read_bytes())
    change(saved)
    (folder / GRAPH).write_bytes(saved.SerializeToString())
    reseal(folder)

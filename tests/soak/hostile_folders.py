"""Hostile folders: files where none belong, and links, pipes and lists that lead out."""

import json
import os
import shutil
from pathlib import Path

from soak.artefact_kit import reseal

CARD = "assets.extra/card.json"


def _beside(folder: Path, name: str) -> Path:
    """A place outside of the artefact."""
    place = folder.parent / f"{folder.name} outside"
    place.mkdir(exist_ok=True)
    return place / name


def unlisted_cpb(folder: Path, canary: Path) -> None:
    """TensorFlow would take it before the vetted graph."""
    (folder / "saved_model.cpb").write_bytes(b"anything")


def listed_cpb(folder: Path, canary: Path) -> None:
    (folder / "saved_model.cpb").write_bytes(b"anything")
    reseal(folder)


def listed_asset(folder: Path, canary: Path) -> None:
    (folder / "assets" / "words.txt").write_text("zero\none\n")
    reseal(folder)


def python_file(folder: Path, canary: Path) -> None:
    (folder / "assets.extra" / "sitecustomize.py").write_text(f"open({str(canary)!r}, 'w')")
    reseal(folder)


def linked_model(folder: Path, canary: Path) -> None:
    model = folder / "assets.extra" / "model.keras"
    shutil.move(model, _beside(folder, "model.keras"))
    model.symlink_to(_beside(folder, "model.keras"))
    reseal(folder)


def linked_graph(folder: Path, canary: Path) -> None:
    shutil.move(folder / "saved_model.pb", _beside(folder, "saved_model.pb"))
    (folder / "saved_model.pb").symlink_to(_beside(folder, "saved_model.pb"))
    reseal(folder)


def linked_card(folder: Path, canary: Path) -> None:
    shutil.move(folder / CARD, _beside(folder, "card.json"))
    (folder / CARD).symlink_to(_beside(folder, "card.json"))


def linked_folder(folder: Path, canary: Path) -> None:
    shutil.move(folder / "variables", _beside(folder, "variables"))
    (folder / "variables").symlink_to(_beside(folder, "variables"))
    reseal(folder)


def dangling_link(folder: Path, canary: Path) -> None:
    (folder / "variables" / "variables.data-00001-of-00002").symlink_to("nowhere")


def pipe(folder: Path, canary: Path) -> None:
    """Who reads it waits for ever."""
    (folder / "variables" / "variables.index").unlink()
    os.mkfifo(folder / "variables" / "variables.index")


def pipe_as_card(folder: Path, canary: Path) -> None:
    (folder / CARD).unlink()
    os.mkfifo(folder / CARD)


def listed_parent(folder: Path, canary: Path) -> None:
    reseal(folder, **{"../" * 9 + str(canary).lstrip("/"): "0" * 64})


def listed_absolute(folder: Path, canary: Path) -> None:
    reseal(folder, **{str(canary): "0" * 64})


def listed_zero_byte(folder: Path, canary: Path) -> None:
    reseal(folder, **{"variables/\0": "0" * 64})


def listed_two_lines(folder: Path, canary: Path) -> None:
    """A message must stay one line."""
    reseal(folder, **{"a\nwarning: all is well\n\x1b[2J": "0" * 64})


def unlisted_model(folder: Path, canary: Path) -> None:
    """A file that the card does not vouch for."""
    model = folder / "assets.extra" / "model.keras"
    content = model.read_bytes()
    model.unlink()
    reseal(folder)
    model.write_bytes(content)


def other_bytes(folder: Path, canary: Path) -> None:
    """No checksum fits: the plain case of damage."""
    file = folder / "variables" / "variables.index"
    file.write_bytes(file.read_bytes()[::-1])


def no_checksums(folder: Path, canary: Path) -> None:
    """A card of format 1."""
    fields = json.loads((folder / CARD).read_text())
    del fields["files"], fields["sha256"]
    (folder / CARD).write_text(json.dumps(fields | {"format": 1}))


def later_format(folder: Path, canary: Path) -> None:
    fields = json.loads((folder / CARD).read_text())
    (folder / CARD).write_text(json.dumps(fields | {"format": 99}))
    reseal(folder)


def endless_card(folder: Path, canary: Path) -> None:
    with (folder / CARD).open("r+b") as stream:
        stream.truncate(2**40)  # a sparse file


def endless_model(folder: Path, canary: Path) -> None:
    with (folder / "assets.extra" / "model.keras").open("r+b") as stream:
        stream.truncate(2**40)


KINDS = [
    unlisted_cpb, listed_cpb, listed_asset, python_file, linked_model, linked_graph, linked_card,
    linked_folder, dangling_link, pipe, pipe_as_card, listed_parent, listed_absolute,
    listed_zero_byte, listed_two_lines, unlisted_model, other_bytes, no_checksums, later_format,
    endless_card, endless_model,
]  # fmt: skip

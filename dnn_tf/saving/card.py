"""What an artefact says about itself."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from dnn_tf.data import ImageFormat
from dnn_tf.types import InputError

FORMAT = 1
EXTRA = "assets.extra"
"""Where the SavedModel format keeps what is not its own."""


@dataclass(frozen=True)
class Card:
    """The card of an artefact.

    Args:
        class_names: the name of class 0, 1, ...
        source: where the training data came from.
        image_format: how an image becomes features, if it was trained on images.
        settings: what it was trained with.
        metrics: what was measured on it.
        parameters: how many weights it has.
        versions: of the packages that made it.
        created: when, in ISO 8601, UTC.
    """

    class_names: tuple[str, ...]
    source: str
    image_format: ImageFormat | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    parameters: int = 0
    versions: dict[str, str] = field(default_factory=dict)
    created: str = ""

    def to_json(self) -> str:
        """The text of `card.json`."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Card":
        """The card in the text of `card.json`.

        Raises:
            ValueError, TypeError, KeyError: it is none.
        """
        fields = json.loads(text)
        if not isinstance(fields, dict):
            raise TypeError("it holds no object")
        if (version := fields.pop("format")) != FORMAT:
            raise ValueError(f"format {version} is not {FORMAT}")
        if fields["image_format"] is not None:
            fields["image_format"] = ImageFormat(**fields["image_format"])
        if not all(isinstance(name, str) for name in fields["class_names"]):
            raise TypeError("a class name is no text")
        return cls(**fields | {"class_names": tuple(fields["class_names"])})


def read_card(path: str | Path) -> Card:
    """The card of the artefact in that folder.

    Raises:
        InputError: the folder is no artefact of this package, or its card is damaged.
    """
    file = Path(path) / EXTRA / "card.json"
    if not Path(path).is_dir():
        raise InputError(f"{path}: no such folder; a model saved by dnn_tf.save was expected")
    if not file.is_file():
        raise InputError(
            f"{path}: not a model saved by dnn_tf.save, for it has no {EXTRA}/card.json"
        )
    try:
        return Card.from_json(file.read_text(encoding="utf-8"))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise InputError(f"{file}: the card is damaged ({error}); save the model again") from error

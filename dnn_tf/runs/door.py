"""What a run needs beyond what a dataset and a path promise."""

from collections.abc import Mapping
from pathlib import Path

from dnn_tf.data import Dataset
from dnn_tf.runs.folder import check_new
from dnn_tf.saving import check_destination
from dnn_tf.types import InputError


def check_data(data: Dataset) -> None:
    """What a run needs beyond what a dataset promises."""
    if missing := {"validation", "test"} - set(data.splits()):
        raise InputError(
            "a run measures three splits, and the data has no "
            f"{' and no '.join(sorted(missing))} split"
        )
    if data.n_classes < 2:
        raise InputError(
            f"a classifier needs two classes or more, and the data names {list(data.class_names)}"
        )
    if len(data.train.x_shape) != 1:
        raise InputError(
            f"a dense network takes rows of features, and a sample has the shape "
            f"{data.train.x_shape}: load the data with flat=True"
        )


def check_apart(places: Mapping[str, str | Path], given: Mapping[str, str | Path]) -> None:
    """What is to be written lies neither in what was given nor around it, links followed.

    Args:
        places: folders to be written, by what they are called.
        given: folders and files to be kept as they are, by what they are called.
    """
    for place_name, place in places.items():
        for name, path in given.items():
            target, kept = Path(place).resolve(), Path(path).resolve()
            if kept.exists() and (target.is_relative_to(kept) or kept.is_relative_to(target)):
                raise InputError(
                    f"{place_name}, {place}, and {name}, {path}, are one in the other, and "
                    f"{name} stays as it is: name another folder"
                )


def check_places(out: str | Path, run_dir: str | Path) -> None:
    """Two folders that can be written, neither of them the end of the other."""
    target, run = Path(out).resolve(), Path(run_dir).resolve()
    if run.is_relative_to(target):
        raise InputError(
            f"the run folder {run_dir} is in the folder of the saved model, {out}, which is "
            "replaced as a whole: name another"
        )
    check_destination(out)
    check_new(run_dir)

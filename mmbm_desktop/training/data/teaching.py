"""A teacher's features of every cached picture, computed once and kept beside the pictures."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.files import os_errors_sorted
from mmbm_desktop.training.data.pictures import PictureSource
from mmbm_desktop.training.teacher import Teacher

if TYPE_CHECKING:
    import numpy.typing as npt

    from mmbm_desktop.base.progress import ReportProgress
    from mmbm_desktop.training.data.pictures import PictureArray


def further_pictures(folder: Path) -> tuple[PictureSource, ...]:
    """Return the pictures of the train split that `labels.jsonl` lists, inside `images.zip`.

    Raises:
        InputFault: the list is missing or cannot be read.
    """
    table = folder / "labels.jsonl"
    with os_errors_sorted(table):
        lines = table.read_text("utf-8").splitlines()
    try:
        rows = [json.loads(line) for line in lines if line.strip()]
        members = [str(row["file"]) for row in rows if row.get("split", "train") == "train"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputFault(ErrorCode.DATASET_INVALID, str(error), path=str(table), reason="table-unreadable") from error
    return tuple(PictureSource(folder / "images.zip", member) for member in members)


def teacher_features(
    pictures: PictureArray, folder: Path, cache: Path, report: ReportProgress
) -> npt.NDArray[np.float32]:
    """Return the teacher's features, (pictures, dim), each column with mean 0 and deviation 1.

    Raises:
        EnvironmentFault: there is no teacher in `folder`.
        MmbmError: the cache cannot be written.
    """
    place = str(Path(folder).resolve())
    key = hashlib.sha256(f"{pictures.key} {place}".encode()).hexdigest()[:16]
    file = cache / f"teacher-{key}.npy"
    if not file.is_file():
        teacher = Teacher(folder)
        features = np.empty((len(pictures.pixels), teacher.dim), np.float32)
        for index, picture in enumerate(pictures.pixels):
            features[index] = teacher.features(picture)
            report(index + 1, len(features))
        with os_errors_sorted(file):
            temporary = file.with_suffix(".making.npy")
            np.save(temporary, features)
            temporary.replace(file)
    with os_errors_sorted(file):
        features = np.load(file)
    return (features - features.mean(0)) / (features.std(0) + 1e-3)

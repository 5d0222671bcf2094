"""A teacher's features of every cached picture and of parts of it, computed once and kept beside the pictures."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from safetensors.numpy import load_file, save

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.files import os_errors_sorted, write_atomically
from mmbm_desktop.training.data.augment import random_box
from mmbm_desktop.training.data.pictures import PictureSource
from mmbm_desktop.training.teacher import Teacher

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from mmbm_desktop.base.progress import ReportProgress
    from mmbm_desktop.training.data.pictures import PictureArray
    from mmbm_desktop.training.spec import TeacherSpec


_SMALLEST_VIEW = 0.6
"""Of a view's sides, as a share of the picture's."""


@dataclass(frozen=True)
class Lessons:
    """What a teacher says of parts of pictures.

    Attributes:
        boxes: the parts as left, top, right, bottom, shares of the side: (views, pictures, 4). The first is all of it.
        features: the teacher's features of them, (views, pictures, dim); zeros where it was not asked.
    """

    boxes: npt.NDArray[np.float32]
    features: npt.NDArray[np.float32]


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


def teacher_lessons(
    pictures: PictureArray, taught: npt.NDArray[np.bool_], about: TeacherSpec, cache: Path, report: ReportProgress
) -> Lessons:
    """Return what the teacher says of every whole picture, and of `about.views` parts of those that are `taught`.

    Raises:
        EnvironmentFault: there is no teacher in the folder.
        MmbmError: the cache cannot be written.
    """
    folder = Path(about.folder)
    digest = hashlib.sha256(f"{pictures.key} {folder.resolve()} {about.views}".encode() + np.packbits(taught).tobytes())
    file = cache / f"teacher-{digest.hexdigest()[:16]}.safetensors"
    if not file.is_file():
        lessons = _ask(pictures, taught, about.views, Teacher(folder), report)
        write_atomically(file, save({"boxes": lessons.boxes, "features": lessons.features}))
    with os_errors_sorted(file):
        arrays = load_file(file)
    return Lessons(arrays["boxes"], arrays["features"])


def _ask(
    pictures: PictureArray, taught: npt.NDArray[np.bool_], views: int, teacher: Teacher, report: ReportProgress
) -> Lessons:
    count = len(pictures.pixels)
    boxes = np.tile(np.array([0, 0, 1, 1], np.float32), (1 + views, count, 1))
    features = np.zeros((1 + views, count, teacher.dim), np.float32)
    done, total = 0, count + views * int(taught.sum())
    for view in range(1 + views):
        for row in range(count) if view == 0 else np.flatnonzero(taught):
            if view:
                boxes[view, row] = random_box(_SMALLEST_VIEW, np.random.default_rng((view, int(row))))
            features[view, row] = teacher.features(pictures.pixels[row], tuple(boxes[view, row].tolist()))
            done += 1
            report(done, total)
    return Lessons(boxes, features)


def standardised(parts: Sequence[Lessons], taught: npt.NDArray[np.bool_]) -> Lessons:
    """Join lessons along their pictures; each feature gets mean 0 and deviation 1 over the `taught` whole pictures."""
    boxes = np.concatenate([part.boxes for part in parts], axis=1)
    features = np.concatenate([part.features for part in parts], axis=1)
    whole = features[0, taught]
    features -= whole.mean(0)
    features /= whole.std(0) + 1e-3
    return Lessons(boxes, features)

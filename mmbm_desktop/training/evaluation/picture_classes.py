"""Accuracy, F1, AUROC, calibration and confusions of a picture-classes bundle, on pictures with labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.errors import ErrorCode, InputFault, MmbmError
from mmbm_desktop.base.progress import no_progress
from mmbm_desktop.inference.classify import PictureClassifier
from mmbm_desktop.inference.pixels import load_pixels, squashed
from mmbm_desktop.media.images import DEFAULT_PIXEL_LIMIT
from mmbm_desktop.training.data.labelled_pictures import read_labelled_pictures
from mmbm_desktop.training.data.pictures import Opener
from mmbm_desktop.training.evaluation.interface import Evaluation
from mmbm_desktop.training.metrics.classes import class_numbers, confusions
from mmbm_desktop.training.metrics.classification import macro_f1
from mmbm_desktop.training.metrics.reliability import reliability
from mmbm_desktop.training.metrics.tagging import accuracy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import numpy.typing as npt

    from mmbm_desktop.protocol.training import ClassNumbers
    from mmbm_desktop.training.data.labelled_pictures import LabelledPicture
    from mmbm_desktop.training.evaluation.interface import Measuring

_AT_ONCE = 32
_BEST = 3


@dataclass(frozen=True)
class ClassifiedPictures:
    """What a bundle says of pictures.

    Attributes:
        pictures: those that could be read and are of a class that it knows.
        classes: that it knows.
        probable: of every class, (pictures, classes).
        truth: numbers of the pictures' classes, (pictures,).
        unreadable: names of pictures that could not be read, and why.
    """

    pictures: tuple[LabelledPicture, ...]
    classes: tuple[str, ...]
    probable: npt.NDArray[np.float64]
    truth: npt.NDArray[np.int64]
    unreadable: Mapping[str, ErrorCode]

    def numbers(self) -> dict[str, float]:
        """Return accuracy, macro F1, mean AUROC and the expected calibration error of one picture or more."""
        areas = [one.auroc for one in self.by_class() if one.auroc is not None]
        sure, right = self.probable.max(axis=1), self.probable.argmax(axis=1) == self.truth
        numbers = {"accuracy": accuracy(self.probable, self.truth), "macro F1": macro_f1(self.probable, self.truth)}
        if areas:
            numbers["mean AUROC"] = float(np.mean(areas))
        return {**numbers, "expected calibration error": reliability(sure, right).error}

    def by_class(self) -> tuple[ClassNumbers, ...]:
        """Return the numbers of every class, in the order of the classes."""
        return class_numbers(self.classes, self.truth, self.probable)

    def confusion(self) -> tuple[tuple[int, ...], ...]:
        """Return how many pictures of each class, by row, were taken for each class, by column."""
        return confusions(self.truth, self.probable.argmax(axis=1), len(self.classes))

    def by_surprise(self) -> list[int]:
        """Return the numbers of the pictures, those first whose own class was thought least probable."""
        own = self.probable[np.arange(len(self.truth)), self.truth]
        return [int(row) for row in np.argsort(own, kind="stable")]


def classified(bundle: Path, pictures: Iterable[LabelledPicture]) -> ClassifiedPictures:
    """Let a bundle classify pictures as it does for people, through ONNX Runtime; unknown classes are passed over.

    Raises:
        EnvironmentFault: the bundle is damaged or cannot be run.
    """
    classifier = PictureClassifier(bundle)
    places = {name: number for number, name in enumerate(classifier.labels)}
    known = [one for one in pictures if one.label in places]
    kept: list[LabelledPicture] = []
    rows: list[npt.NDArray[np.float64]] = []
    unreadable: dict[str, ErrorCode] = {}
    with Opener() as opened:
        for begin in range(0, len(known), _AT_ONCE):
            pixels = []
            for one in known[begin : begin + _AT_ONCE]:
                try:
                    pixels.append(_pixels(one, classifier.image_rules.size, opened))
                    kept.append(one)
                except (MmbmError, OSError) as error:
                    unreadable[one.source.name] = getattr(error, "code", ErrorCode.IMAGE_BROKEN)
            rows += [classifier.probabilities(pixels)] if pixels else []
    probable = np.concatenate(rows) if rows else np.zeros((0, len(places)))
    truth = np.array([places[one.label] for one in kept], np.int64)
    return ClassifiedPictures(tuple(kept), classifier.labels, probable, truth, unreadable)


def _pixels(picture: LabelledPicture, size: int, opened: Opener) -> npt.NDArray[np.uint8]:
    if picture.source.member:
        return squashed(opened(picture.source), size)
    return load_pixels(picture.source.path, size, DEFAULT_PIXEL_LIMIT)


def evaluate_picture_classes(measuring: Measuring) -> Evaluation:
    """Measure a bundle on a split of a data folder, its own or the one that a run carves, or on "all" of it.

    Raises:
        InputFault: the data folder cannot be read, or has no readable picture of a known class in that split.
        EnvironmentFault: the bundle is damaged.
    """
    known = PictureClassifier(measuring.bundle).labels
    listed = read_labelled_pictures(measuring.data, no_progress, classes=known).of_split(measuring.split)
    found = classified(measuring.bundle, listed[: measuring.limit])
    if not found.pictures:
        detail = f"split {measuring.split}"
        raise InputFault(ErrorCode.DATASET_INVALID, detail, path=str(measuring.data), reason="no-readable-picture")
    by_class = {f"F1 of {one.label}": one.f1 for one in found.by_class() if one.items}
    answers = {
        one.source.name: {"label": one.label, **_best(row, found.classes)}
        for one, row in zip(found.pictures, found.probable, strict=True)
    }
    numbers = {**found.numbers(), **by_class}
    return Evaluation(numbers, len(found.pictures), tuple(found.unreadable), answers)


def _best(row: npt.NDArray[np.float64], classes: tuple[str, ...]) -> dict[str, float]:
    return {classes[int(index)]: round(float(row[index]), 4) for index in np.argsort(-row)[:_BEST]}

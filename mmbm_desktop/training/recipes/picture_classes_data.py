"""The data of a picture-classes run: labelled pictures by split, their pixels, and an encoder's features of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.errors import ErrorCode
from mmbm_desktop.training.data.encoder_features import encode_pictures
from mmbm_desktop.training.data.labelled_pictures import FEWEST_CLASSES, LabelledPicture, read_labelled_pictures
from mmbm_desktop.training.data.pictures import load_pictures
from mmbm_desktop.training.data.tables import SPLITS, invalid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    from mmbm_desktop.base.progress import ReportProgress
    from mmbm_desktop.training.data.labelled_pictures import LabelledPictures
    from mmbm_desktop.training.picture_classes_options import PictureClassesOptions
    from mmbm_desktop.training.picture_encoder import PictureEncoder
    from mmbm_desktop.training.spec import TrainSpec

    Floats = npt.NDArray[np.float32]
    Ints = npt.NDArray[np.int64]

STORED = 5 / 3
"""Edge of the stored pictures over the network's: room for crops."""


@dataclass(frozen=True)
class PictureClassesData:
    """All of a run's data; pictures that cannot be read, and classes that nothing is left to learn from, are left out.

    Attributes:
        folder: the data folder.
        classes: names in the order of the network's scores.
        splits: pictures by split.
        unreadable: names of what was left out, and why.
        pixels: of the train and the val pictures by source name, uint8, (edge, edge, 3); none where nobody sees them.
        features: of the train and the val pictures, plain and mirrored, by split, (pictures, 2, width).
        rehearsed: how many of the train pictures, the last ones, are general ones that are learned again.
    """

    folder: Path
    classes: tuple[str, ...]
    splits: Mapping[str, tuple[LabelledPicture, ...]]
    unreadable: Mapping[str, ErrorCode]
    pixels: Mapping[str, npt.NDArray[np.uint8]] = field(default_factory=dict)
    features: Mapping[str, Floats] = field(default_factory=dict)
    rehearsed: int = 0

    def labels(self, split: str) -> Ints:
        """Return the numbers of the classes of a split's pictures, (pictures,)."""
        return numbers_of(self.splits[split], self.classes)

    def pictures(self, split: str, rows: Iterable[int] | None = None) -> list[npt.NDArray[np.uint8]]:
        """Return the pixels of a split's pictures, of all for None."""
        chosen = self.splits[split] if rows is None else [self.splits[split][row] for row in rows]
        return [self.pixels[one.source.name] for one in chosen]


def numbers_of(pictures: Sequence[LabelledPicture], classes: Sequence[str]) -> Ints:
    """Return the numbers of the pictures' classes, (pictures,)."""
    places = {name: number for number, name in enumerate(classes)}
    return np.array([places[one.label] for one in pictures], np.int64)


def load_picture_classes(
    spec: TrainSpec,
    options: PictureClassesOptions,
    size: int,
    encoder: PictureEncoder | None,
    cache: Path,
    report: ReportProgress,
    *,
    pixels: bool = True,
) -> PictureClassesData:
    """Read, decode and encode everything a run needs; what was made once is taken from `cache`.

    Args:
        spec: what the run was told.
        options: of the recipe.
        size: edge of the network's input.
        encoder: whose features are wanted; None for nobody's.
        cache: folder for what need not be computed twice.
        report: hears how far reading is.
        pixels: whether the network is shown pixels.

    Raises:
        InputFault: the data folder cannot be trained on; the error says why.
        MmbmError: the encoder cannot be run or the cache cannot be written.
    """
    folder = Path(spec.data)
    found = read_labelled_pictures(folder, report, classes=options.classes, test_split=options.test_split)
    used = [one for one in found.pictures if one.split in ("train", "val")]
    unreadable, arrays = dict(found.skipped), {}
    if pixels and used:
        array = load_pictures([one.source for one in used], round(size * STORED), cache, report)
        places = zip(used, array.places, strict=True)
        arrays = {one.source.name: array.pixels[place] for one, place in places if place >= 0}
        unreadable |= dict.fromkeys(array.unreadable, ErrorCode.IMAGE_BROKEN)
    encoded = None if encoder is None else encode_pictures(used, encoder, cache, report)
    unreadable |= {} if encoded is None else encoded.unreadable
    classes, splits = _usable(folder, found, unreadable)
    features = {} if encoded is None else {split: encoded.of(splits[split]) for split in ("train", "val")}
    return PictureClassesData(folder, classes, splits, unreadable, arrays, features)


def _usable(
    folder: Path, found: LabelledPictures, unreadable: Mapping[str, ErrorCode]
) -> tuple[tuple[str, ...], dict[str, tuple[LabelledPicture, ...]]]:
    """Return the classes of readable train pictures, and every split's pictures of them.

    Raises:
        InputFault: there are fewer than two classes left to learn from, or nothing to check on.
    """
    readable = [one for one in found.pictures if one.source.name not in unreadable]
    if not readable:
        raise invalid(folder, "no-readable-picture", f"{len(unreadable)} could not be read")
    classes = tuple(sorted({one.label for one in readable if one.split == "train"}))
    splits = {name: tuple(p for p in readable if (p.split, p.label in classes) == (name, True)) for name in SPLITS}
    if len(classes) < FEWEST_CLASSES:
        raise invalid(folder, "one-class", f"classes to learn: {classes}")
    if not splits["val"]:
        raise invalid(folder, "too-few-pictures", "no picture left for checking; two of a class are the least")
    return classes, splits

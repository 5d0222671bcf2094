"""The data of an image-text run: pictures, ids of their sentences and the teacher's features, by split."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.training.data.augment import augmented, squared
from mmbm_desktop.training.data.captioned import LANGUAGES, SPLITS, of_split, read_captioned
from mmbm_desktop.training.data.pictures import PictureSource, load_pictures
from mmbm_desktop.training.data.teaching import further_pictures, standardised, teacher_lessons
from mmbm_desktop.training.tokenizer import encode, train_tokenizer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    from tokenizers import Tokenizer

    from mmbm_desktop.base.progress import ReportProgress
    from mmbm_desktop.training.data.captioned import CaptionedPicture
    from mmbm_desktop.training.data.pictures import PictureArray
    from mmbm_desktop.training.data.teaching import Lessons
    from mmbm_desktop.training.spec import TeacherSpec, TrainSpec

STORED = 5 / 3
"""Edge of the stored pictures over the network's: room for crops."""


@dataclass(frozen=True)
class Sentences:
    """Encoded sentences of one split's pictures.

    Attributes:
        rows: place of each picture in the picture array, (pictures,).
        ids: language to int32 ids, (sentences, max_tokens).
        first: language to where each picture's sentences start in `ids`, (pictures + 1,).
    """

    rows: npt.NDArray[np.int64]
    ids: Mapping[str, npt.NDArray[np.int32]]
    first: Mapping[str, npt.NDArray[np.int64]]


@dataclass(frozen=True)
class ImageTextData:
    """All of a run's data.

    Attributes:
        pictures: the data folder's pictures.
        further: pictures without sentences, for the teacher alone.
        lessons: what the teacher says of `pictures`, then of `further`; None without a teacher.
        tokenizer: learned from the train split's sentences, unless one was given.
        languages: those that every split has.
        splits: sentences by split.
        kept: the readable pictures with their captions; those of a split are in the order of its sentences.
        unreadable: names of pictures that were skipped.
        paths: file of each of `pictures`.
    """

    pictures: PictureArray
    further: PictureArray | None
    lessons: Lessons | None
    tokenizer: Tokenizer
    languages: tuple[str, ...]
    splits: Mapping[str, Sentences]
    kept: tuple[CaptionedPicture, ...]
    unreadable: tuple[str, ...]
    paths: Mapping[int, str]

    def picture(self, row: int) -> Any:
        """Return the pixels of a picture, those of `further` counted after the others."""
        own = len(self.pictures.pixels)
        return self.pictures.pixels[row] if row < own or self.further is None else self.further.pixels[row - own]

    def crops(
        self, rows: npt.NDArray[np.int64], size: int, random: np.random.Generator
    ) -> tuple[Any, npt.NDArray[np.float32] | None]:
        """Return augmented pixels, (rows, size, size, 3), and the teacher's features that belong to them.

        Where the teacher looked at parts of the pictures, one of its views of each is chosen and the crop is nearly
        that part; where it only knows whole pictures, the crop is anywhere. Without a teacher there are no features.
        """
        pictures = (self.picture(int(row)) for row in rows)
        if self.lessons is None or len(self.lessons.boxes) == 1:
            features = None if self.lessons is None else self.lessons.features[0, rows]
            return augmented(pictures, size, random), features
        views = random.integers(0, len(self.lessons.boxes), len(rows))
        boxes = (tuple(box) for box in self.lessons.boxes[views, rows].tolist())
        return augmented(pictures, size, random, boxes), self.lessons.features[views, rows]

    def squares(self, rows: Sequence[int] | npt.NDArray[Any], size: int) -> Any:
        """Return whole pictures' pixels, (rows, size, size, 3)."""
        return squared((self.picture(int(row)) for row in rows), size)


def load_image_text_data(
    spec: TrainSpec,
    size: int,
    max_tokens: int,
    cache: Path,
    report: ReportProgress,
    tokenizer: Tokenizer | None = None,
) -> ImageTextData:
    """Read, decode and encode everything a run needs; what was made once is taken from `cache`.

    Without a `tokenizer` one is learned.

    Raises:
        InputFault: the data folder cannot be trained on; the error says why.
        MmbmError: the teacher is missing or the cache cannot be written.
    """
    listed = read_captioned(Path(spec.data))
    edge = round(size * STORED)
    pictures = load_pictures([PictureSource(p.path) for p in listed], edge, cache, report)
    places = dict(zip((p.path for p in listed), (int(i) for i in pictures.places), strict=True))
    kept = [p for p in listed if places[p.path] >= 0]
    languages = _languages(kept, spec.data)
    if tokenizer is None:
        train = of_split(kept, "train")
        words = [sentence for p in train for language in languages for sentence in p.captions[language]]
        tokenizer = train_tokenizer(words, spec.vocab)
    splits = {split: sentences_of(of_split(kept, split), places, tokenizer, languages, max_tokens) for split in SPLITS}
    further, lessons = None, None
    if spec.teacher is not None:
        if spec.teacher.pictures:
            further = load_pictures(further_pictures(Path(spec.teacher.pictures)), edge, cache, report)
        lessons = _lessons(spec.teacher, pictures, further, splits["train"].rows, cache, report)
    paths = {places[picture.path]: str(picture.path) for picture in kept}
    skipped = pictures.unreadable
    return ImageTextData(pictures, further, lessons, tokenizer, languages, splits, tuple(kept), skipped, paths)


def _lessons(
    teacher: TeacherSpec,
    pictures: PictureArray,
    further: PictureArray | None,
    train: npt.NDArray[np.int64],
    cache: Path,
    report: ReportProgress,
) -> Lessons:
    """Ask the teacher; of the pictures with sentences only those of the train split are taught."""
    arrays, taught = [pictures], [np.isin(np.arange(len(pictures.pixels)), train)]
    if further is not None:
        arrays.append(further)
        taught.append(np.ones(len(further.pixels), np.bool_))
    parts = [teacher_lessons(array, mask, teacher, cache, report) for array, mask in zip(arrays, taught, strict=True)]
    return standardised(parts, np.concatenate(taught))


def _languages(pictures: Sequence[CaptionedPicture], data: str) -> tuple[str, ...]:
    """Return the languages that every picture has sentences in; all of them train the decoder."""
    languages = tuple(name for name in LANGUAGES if all(name in p.captions for p in pictures))
    if not languages or not all(of_split(pictures, split) for split in ("train", "val")):
        detail = "no language that all pictures have, or no picture left for training or for checking"
        raise InputFault(ErrorCode.DATASET_INVALID, detail, path=data, reason="too-few-pictures")
    return languages


def sentences_of(
    pictures: Sequence[CaptionedPicture],
    places: Mapping[Path, int],
    tokenizer: Tokenizer,
    languages: Sequence[str],
    max_tokens: int,
) -> Sentences:
    """Encode the sentences of pictures, whose places in the picture array are `places`, in these languages."""
    ids, first = {}, {}
    for language in languages:
        counts = [len(picture.captions[language]) for picture in pictures]
        texts = [sentence for picture in pictures for sentence in picture.captions[language]]
        ids[language] = encode(tokenizer, texts, max_tokens)
        first[language] = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
    return Sentences(np.array([places[p.path] for p in pictures], np.int64), ids, first)

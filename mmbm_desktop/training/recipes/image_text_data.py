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
from mmbm_desktop.training.data.teaching import further_pictures, teacher_features
from mmbm_desktop.training.tokenizer import encode, train_tokenizer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    from tokenizers import Tokenizer

    from mmbm_desktop.base.progress import ReportProgress
    from mmbm_desktop.training.data.captioned import CaptionedPicture
    from mmbm_desktop.training.data.pictures import PictureArray
    from mmbm_desktop.training.spec import TrainSpec

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
        features: the teacher's features of `pictures`, then of `further`; None without a teacher.
        tokenizer: learned from the train split's sentences, unless one was given.
        languages: those that every split has.
        splits: sentences by split.
        kept: the readable pictures with their captions; those of a split are in the order of its sentences.
        unreadable: names of pictures that were skipped.
        paths: file of each of `pictures`.
    """

    pictures: PictureArray
    further: PictureArray | None
    features: npt.NDArray[np.float32] | None
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

    def crops(self, rows: Sequence[int] | npt.NDArray[Any], size: int, random: np.random.Generator) -> Any:
        """Return augmented pixels, (rows, size, size, 3)."""
        return augmented((self.picture(int(row)) for row in rows), size, random)

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
    further, features = None, None
    if spec.teacher is not None:
        if spec.teacher.pictures:
            further = load_pictures(further_pictures(Path(spec.teacher.pictures)), edge, cache, report)
        arrays = [pictures] if further is None else [pictures, further]
        features = np.concatenate([teacher_features(a, Path(spec.teacher.folder), cache, report) for a in arrays])
    paths = {places[picture.path]: str(picture.path) for picture in kept}
    kept_all = tuple(kept)
    return ImageTextData(
        pictures, further, features, tokenizer, languages, splits, kept_all, pictures.unreadable, paths
    )


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

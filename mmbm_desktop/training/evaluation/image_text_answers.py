"""What an image-text bundle says of captioned pictures, for whoever measures or calibrates it. Measures nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.inference.caption import caption
from mmbm_desktop.media.images import DEFAULT_PIXEL_LIMIT
from mmbm_desktop.protocol.requests import CaptionRequest
from mmbm_desktop.training.data.captioned import LANGUAGES, of_split, read_captioned

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from mmbm_desktop.inference.image_text import ImageTextBundle
    from mmbm_desktop.protocol.requests import Language
    from mmbm_desktop.protocol.results import CaptionResult
    from mmbm_desktop.training.data.captioned import CaptionedPicture
    from mmbm_desktop.training.evaluation.interface import Measuring

    Floats = npt.NDArray[np.float32]

_TEXTS_AT_ONCE = 64


@dataclass(frozen=True)
class Said:
    """One language of the answers.

    Attributes:
        references: people's sentences, by picture.
        queries: unit vectors of all of them, picture after picture, (sentences, E).
        owners: the picture of each of them, (sentences,).
        written: the bundle's caption of each picture; "" where it found none.
        captions: unit vectors of those, (pictures, E).
    """

    references: tuple[tuple[str, ...], ...]
    queries: Floats
    owners: npt.NDArray[np.int64]
    written: tuple[str, ...]
    captions: Floats


@dataclass(frozen=True)
class Answers:
    """Unit vectors of pictures, (pictures, E), their files, what was said of them, and what is unreadable."""

    pictures: Floats
    paths: tuple[str, ...]
    said: Mapping[Language, Said]
    unreadable: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the files."""
        return tuple(Path(path).name for path in self.paths)


def answers_of(bundle: ImageTextBundle, measuring: Measuring) -> Answers:
    """Let a bundle answer as it answers people: through ONNX Runtime, with its own preprocessing and tidying.

    It answers in every language that it knows and all pictures of the split have sentences in.

    Raises:
        InputFault: `read_captioned` cannot read the data folder, or it has no readable picture in that split.
        EnvironmentFault: the bundle is damaged.
    """
    listed = of_split(read_captioned(measuring.data), measuring.split)[: measuring.limit]
    known = set(bundle.manifest.languages)
    languages: tuple[Language, ...] = tuple(
        name for name in LANGUAGES if name in known and all(name in picture.captions for picture in listed)
    )
    kept, results, unreadable = _described(bundle, listed if languages else (), languages, measuring.beam)
    if not kept:
        detail = f"split {measuring.split}"
        raise InputFault(ErrorCode.DATASET_INVALID, detail, path=str(measuring.data), reason="no-readable-picture")
    pictures = np.stack([result.embedding for result in results])
    said: dict[Language, Said] = {language: _said(bundle, kept, results, language) for language in languages}
    return Answers(pictures, tuple(str(picture.path) for picture in kept), said, tuple(unreadable))


def _described(
    bundle: ImageTextBundle, listed: Sequence[CaptionedPicture], languages: tuple[Language, ...], beam: int | None
) -> tuple[list[CaptionedPicture], list[CaptionResult], list[str]]:
    kept, results, unreadable = [], [], []
    for picture in listed:
        request = CaptionRequest(str(picture.path), languages, beam=beam or CaptionRequest.beam)
        try:
            results.append(caption(request, bundle, DEFAULT_PIXEL_LIMIT))
            kept.append(picture)
        except InputFault:
            unreadable.append(str(picture.path))
    return kept, results, unreadable


def _said(
    bundle: ImageTextBundle, kept: Sequence[CaptionedPicture], results: Sequence[CaptionResult], language: Language
) -> Said:
    references = tuple(picture.captions[language] for picture in kept)
    written = tuple(next((c.text for c in result.captions if c.language == language), "") for result in results)
    owners = np.repeat(np.arange(len(references)), [len(right) for right in references])
    queries = _encoded(bundle, [text for right in references for text in right])
    return Said(references, queries, owners, written, _encoded(bundle, written))


def _encoded(bundle: ImageTextBundle, texts: Sequence[str]) -> Floats:
    parts = [bundle.encode_texts(texts[i : i + _TEXTS_AT_ONCE]) for i in range(0, len(texts), _TEXTS_AT_ONCE)]
    return np.concatenate(parts)

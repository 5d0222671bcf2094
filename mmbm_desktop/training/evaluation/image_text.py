"""Search in both directions and captions of an image-text bundle, on captioned pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.inference.caption import caption
from mmbm_desktop.inference.image_text import ImageTextBundle
from mmbm_desktop.media.images import DEFAULT_PIXEL_LIMIT
from mmbm_desktop.protocol.requests import CaptionRequest
from mmbm_desktop.training.data.captioned import LANGUAGES, of_split, read_captioned
from mmbm_desktop.training.evaluation.interface import Evaluation
from mmbm_desktop.training.metrics.bleu import corpus_bleu
from mmbm_desktop.training.metrics.cider import cider_d
from mmbm_desktop.training.metrics.recall import image_to_text, text_to_image
from mmbm_desktop.training.metrics.words import caption_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from mmbm_desktop.protocol.requests import Language
    from mmbm_desktop.protocol.results import CaptionResult
    from mmbm_desktop.training.data.captioned import CaptionedPicture
    from mmbm_desktop.training.evaluation.interface import Measuring

    Floats = npt.NDArray[np.float32]

KS = (1, 5, 10)
_TEXTS_AT_ONCE = 64


def evaluate_image_text(measuring: Measuring) -> Evaluation:
    """Measure search in both directions and captions, in every language that all pictures of the split have.

    The bundle answers as it answers people: through ONNX Runtime, with its own preprocessing and tidying.

    Raises:
        InputFault: `read_captioned` cannot read the data folder, or it has no readable picture in that split.
        EnvironmentFault: the bundle is damaged.
    """
    opened, data, split = ImageTextBundle(measuring.bundle), measuring.data, measuring.split
    listed = of_split(read_captioned(data), split)[: measuring.limit]
    known = set(opened.manifest.languages)
    languages: tuple[Language, ...] = tuple(
        name for name in LANGUAGES if name in known and all(name in picture.captions for picture in listed)
    )
    if not listed or not languages:
        raise InputFault(ErrorCode.DATASET_INVALID, f"split {split}", path=str(data), reason="no-readable-picture")
    kept, results, unreadable = _described(opened, listed, languages, measuring.beam)
    if not kept:
        raise InputFault(ErrorCode.DATASET_INVALID, f"split {split}", path=str(data), reason="no-readable-picture")
    embeddings = np.stack([result.embedding for result in results])
    numbers: dict[str, float] = {}
    captions: dict[str, dict[str, str]] = {}
    for language in languages:
        references = [picture.captions[language] for picture in kept]
        numbers |= _search_numbers(opened, embeddings, references, language)
        written = [next((c.text for c in result.captions if c.language == language), "") for result in results]
        captions[language] = {p.path.name: text for p, text in zip(kept, written, strict=True)}
        numbers |= _caption_numbers(written, references, language)
    return Evaluation(numbers, len(kept), tuple(unreadable), captions)


def _described(
    bundle: ImageTextBundle, listed: Sequence[CaptionedPicture], languages: tuple[Language, ...], beam: int
) -> tuple[list[CaptionedPicture], list[CaptionResult], list[str]]:
    kept, results, unreadable = [], [], []
    for picture in listed:
        request = CaptionRequest(str(picture.path), languages, beam=beam)
        try:
            results.append(caption(request, bundle, DEFAULT_PIXEL_LIMIT))
            kept.append(picture)
        except InputFault:
            unreadable.append(str(picture.path))
    return kept, results, unreadable


def _search_numbers(
    bundle: ImageTextBundle, pictures: Floats, references: Sequence[Sequence[str]], language: str
) -> dict[str, float]:
    texts = [text for right in references for text in right]
    vectors = [bundle.encode_texts(texts[i : i + _TEXTS_AT_ONCE]) for i in range(0, len(texts), _TEXTS_AT_ONCE)]
    sentences = np.concatenate(vectors)
    owners = np.repeat(np.arange(len(references)), [len(right) for right in references])
    name = {"en": "English", "zh": "Chinese"}[language]
    to_image, to_text = text_to_image(pictures, sentences, owners, KS), image_to_text(pictures, sentences, owners, KS)
    found = {f"text-to-image R@{k}, {name}": value for k, value in to_image.items()}
    return found | {f"image-to-text R@{k}, {name}": value for k, value in to_text.items()}


def _caption_numbers(written: Sequence[str], references: Sequence[Sequence[str]], language: str) -> dict[str, float]:
    ours = [caption_words(text, language) for text in written]
    right = [[caption_words(text, language) for text in texts] for texts in references]
    name = {"en": "English", "zh": "Chinese, by character"}[language]
    return {f"CIDEr-D, {name}": cider_d(ours, right), f"BLEU-4, {name}": corpus_bleu(ours, right)}

"""`python -m mmbm_desktop.training.evaluate BUNDLE --data FOLDER`: a bundle's numbers on one split of a data folder."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault, MmbmError
from mmbm_desktop.bundles.manifest import MANIFEST_FILE
from mmbm_desktop.inference.caption import caption
from mmbm_desktop.inference.image_text import ImageTextBundle
from mmbm_desktop.media.images import DEFAULT_PIXEL_LIMIT
from mmbm_desktop.protocol.requests import CaptionRequest
from mmbm_desktop.training.card import record
from mmbm_desktop.training.data.captioned import LANGUAGES, SPLITS, of_split, read_captioned
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

    Floats = npt.NDArray[np.float32]

KS = (1, 5, 10)
_TEXTS_AT_ONCE = 64


@dataclass(frozen=True)
class Evaluation:
    """What was measured.

    Attributes:
        numbers: value by name, such as "text-to-image R@10, English".
        pictures: how many were used.
        unreadable: names of pictures that could not be read.
        captions: the written captions, language to picture name to text.
    """

    numbers: dict[str, float]
    pictures: int
    unreadable: tuple[str, ...]
    captions: dict[str, dict[str, str]]


def evaluate(bundle: Path, data: Path, split: str, *, limit: int | None = None, beam: int = 3) -> Evaluation:
    """Measure search in both directions and captions, in every language that all pictures of the split have.

    The bundle answers as it answers people: through ONNX Runtime, with its own preprocessing and tidying.

    Args:
        bundle: an image-text bundle.
        data: a folder that `read_captioned` understands.
        split: one of `SPLITS`.
        limit: only the first so many pictures.
        beam: width of the captions' beam search.

    Raises:
        InputFault: the data folder is no such, or has no readable picture in that split.
        EnvironmentFault: the bundle is missing, damaged or no image-text bundle.
    """
    opened = _open(bundle)
    listed = of_split(read_captioned(data), split)[:limit]
    known = set(opened.manifest.languages)
    languages: tuple[Language, ...] = tuple(
        name for name in LANGUAGES if name in known and all(name in picture.captions for picture in listed)
    )
    if not listed or not languages:
        raise InputFault(ErrorCode.DATASET_INVALID, f"split {split}", path=str(data), reason="no-readable-picture")
    kept, results, unreadable = _described(opened, listed, languages, beam)
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


def _open(folder: Path) -> ImageTextBundle:
    if not (folder / MANIFEST_FILE).is_file():
        raise EnvironmentFault(ErrorCode.MODEL_MISSING, path=str(folder), name=folder.name)
    return ImageTextBundle(folder)


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


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="mmbm_desktop.training.evaluate", description=__doc__)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", choices=SPLITS, default="test")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--beam", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="one object a line; the default is a line a number")
    parser.add_argument("--captions", type=Path, help="write the captions to this JSON file")
    parser.add_argument("--record", action="store_true", help="write the numbers into the bundle's manifest and card")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the numbers; return the exit status (1 after an error, which is printed as an object too)."""
    options = _arguments(argv)
    try:
        found = evaluate(options.bundle, options.data, options.split, limit=options.limit, beam=options.beam)
        if options.record:
            record(
                options.bundle, {f"{name}, {options.data.name} {options.split}": v for name, v in found.numbers.items()}
            )
    except MmbmError as error:
        event = {"event": "error", "error": str(error.code), **error.params, "detail": error.detail}
        sys.stdout.write(json.dumps(event, ensure_ascii=False) + "\n")
        return 1
    if options.captions:
        options.captions.write_text(json.dumps(found.captions, ensure_ascii=False, indent=1) + "\n", "utf-8")
    about = {"bundle": options.bundle.name, "data": options.data.name, "split": options.split}
    if options.json:
        line = {"event": "evaluated", **about, "pictures": found.pictures, "unreadable": list(found.unreadable)}
        sys.stdout.write(json.dumps({**line, "metrics": found.numbers}, ensure_ascii=False) + "\n")
    else:
        sys.stdout.writelines(f"{name}: {value:.4f}\n" for name, value in found.numbers.items())
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Two captioners side by side: agreement with people's sentences, with each other, and with what is to be seen.

CIDEr-D weighs words by how rare they are among all sentences of the run, the general ones included: a few held-out
pictures alone would make no word rare. Where nobody described the general pictures, captions of them are judged by the
old model's search, whose vectors of pictures and sentences both models share: the mean cosine of picture and caption,
as in CLIPScore (Hessel et al. 2021). A caption that no longer fits shows there, another choice of words does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.base.files import sha256_of
from mmbm_desktop.inference.caption import caption
from mmbm_desktop.inference.chrf import corpus_chrf
from mmbm_desktop.inference.image_text import ImageTextBundle
from mmbm_desktop.media.images import DEFAULT_PIXEL_LIMIT
from mmbm_desktop.protocol.requests import CaptionRequest
from mmbm_desktop.protocol.training import ComparedItem, ComparedNumber, Comparison
from mmbm_desktop.training.data.captioned import captions_of, of_split, read_captioned
from mmbm_desktop.training.data.tables import file_of, read_rows
from mmbm_desktop.training.improvement.choosing import MOST_GENERAL, examples
from mmbm_desktop.training.improvement.general import TABLE, contents_of
from mmbm_desktop.training.metrics.cider import CiderD
from mmbm_desktop.training.metrics.words import caption_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    from mmbm_desktop.protocol.requests import Language
    from mmbm_desktop.protocol.training import Improves

    Vector = npt.NDArray[np.float32]

_NAMES = {"en": "English", "zh": "Chinese, by character"}


@dataclass(frozen=True)
class _Described:
    """A picture, its sentences by language, and what each model says of it; `by_people`: languages people spoke in."""

    path: str
    sentences: Mapping[str, tuple[str, ...]]
    by_people: tuple[str, ...]
    old: Mapping[str, str]
    new: Mapping[str, str]
    picture: Vector


def compare_captions(improves: Improves, data: Path, new: Path) -> Comparison:
    """See `comparing.compare`."""
    models = (ImageTextBundle(Path(improves.bundle)), ImageTextBundle(new))
    rows = list(read_rows(data, (TABLE,)))
    mine = _described(models, [_own(data, row) for row in rows if row.get("split") == "test"])
    general = _described(models, _canary(improves, data))
    documents = [captions_of(row) for row in rows]
    if improves.general:
        documents += [dict(one.captions) for one in read_captioned(Path(improves.general))]
    numbers = [
        *_agreement(mine, documents, general=False),
        *(_agreement(general, documents, general=True) if improves.by_people else ()),
        *_likeness(models[0], general, decides=not improves.by_people),
    ]
    shown = examples((*_items(mine, general=False), *_items(general, general=True)))
    return Comparison(improves.model, new.name, len(mine), len(general), tuple(_one_decides(numbers)), shown)


def _own(folder: Path, row: Mapping[str, Any]) -> tuple[Path | None, Mapping[str, tuple[str, ...]], tuple[str, ...]]:
    return file_of(folder, row), captions_of(row), tuple(str(one) for one in row.get("corrected", ()))


def _canary(improves: Improves, data: Path) -> list[tuple[Path | None, Mapping[str, tuple[str, ...]], tuple[str, ...]]]:
    """Return general pictures that are in no correction, always the same ones."""
    if not improves.general:
        return []
    corrected, found = contents_of(data), []
    for one in of_split(read_captioned(Path(improves.general)), "test"):
        try:
            digest = sha256_of(one.path)
        except MmbmError:
            continue
        if digest not in corrected:
            spoken = tuple(one.captions) if improves.by_people else ()
            found.append((digest, (one.path, one.captions, spoken)))
    return [entry for _, entry in sorted(found, key=lambda pair: pair[0])[:MOST_GENERAL]]


def _described(
    models: tuple[ImageTextBundle, ImageTextBundle],
    pictures: Iterable[tuple[Path | None, Mapping[str, tuple[str, ...]], tuple[str, ...]]],
) -> list[_Described]:
    found = []
    for path, sentences, by_people in pictures:
        languages = cast("tuple[Language, ...]", tuple(one for one in models[0].manifest.languages if one in sentences))
        if path is None or not languages:
            continue
        request = CaptionRequest(str(path), languages)
        try:
            old, new = (caption(request, model, DEFAULT_PIXEL_LIMIT) for model in models)
        except MmbmError:
            continue
        said = [{one.language: one.text for one in result.captions} for result in (old, new)]
        found.append(_Described(str(path), sentences, by_people, said[0], said[1], old.embedding))
    return found


def _agreement(
    pictures: Sequence[_Described], documents: Sequence[Mapping[str, tuple[str, ...]]], *, general: bool
) -> list[ComparedNumber]:
    """Return the CIDEr-D of both models in each language that people spoke in."""
    numbers = []
    for language, name in _NAMES.items():
        spoken = [one for one in pictures if language in one.by_people]
        if not spoken:
            continue
        right = [[caption_words(text, language) for text in one.sentences[language]] for one in spoken]
        others = [[caption_words(text, language) for text in one[language]] for one in documents if one.get(language)]
        measure = CiderD([*right, *others])
        old, new = (
            float(np.mean([measure.score(i, caption_words(one.get(language, ""), language)) for i, one in said]))
            for said in (enumerate(one.old for one in spoken), enumerate(one.new for one in spoken))
        )
        numbers.append(ComparedNumber(f"CIDEr-D, {name}", old, new, general, decides=True))
    return numbers


def _likeness(judge: ImageTextBundle, pictures: Sequence[_Described], *, decides: bool) -> list[ComparedNumber]:
    """Return how well both models' captions fit their pictures, and how much the new one agrees with the old."""
    pairs = [(one, language) for one in pictures for language in one.old if language in one.new]
    if not pairs:
        return []
    vectors = np.stack([one.picture for one, _ in pairs])
    old = [one.old[language] for one, language in pairs]
    new = [one.new[language] for one, language in pairs]
    fits = [float((_encoded(judge, texts) * vectors).sum(axis=1).mean()) for texts in (old, new)]
    same = corpus_chrf(new, old)
    return [
        ComparedNumber("fit of picture and caption", fits[0], fits[1], general=True, decides=decides),
        ComparedNumber("agreement with the old model", 1.0, same, general=True),
    ]


def _encoded(judge: ImageTextBundle, texts: Sequence[str]) -> Vector:
    return np.concatenate([judge.encode_texts(texts[i : i + 64]) for i in range(0, len(texts), 64)])


def _one_decides(numbers: Iterable[ComparedNumber]) -> Iterable[ComparedNumber]:
    """Let the first deciding number of each kind decide."""
    from dataclasses import replace

    decided: set[bool] = set()
    for one in numbers:
        yield replace(one, decides=one.decides and one.general not in decided)
        if one.decides:
            decided.add(one.general)


def _items(pictures: Iterable[_Described], *, general: bool) -> list[ComparedItem]:
    return [
        ComparedItem(
            one.path,
            one.sentences[language][0] if language in one.by_people else "",
            one.old[language],
            one.new[language],
            general,
        )
        for one in pictures
        for language in (one.by_people or tuple(one.old)[:1])
        if language in one.old and language in one.new
    ]

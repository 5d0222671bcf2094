"""General pictures beside a person's own: a share of every batch, so that what a bundle knew is not forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mmbm_desktop.base.errors import ErrorCode, InputFault, MmbmError
from mmbm_desktop.base.files import sha256_of
from mmbm_desktop.training.data.augment import augmented
from mmbm_desktop.training.data.captioned import LANGUAGES, of_split, read_captioned
from mmbm_desktop.training.data.pictures import PictureSource, load_pictures
from mmbm_desktop.training.improvement.general import contents_of
from mmbm_desktop.training.recipes.image_text_data import STORED, sentences_of
from mmbm_desktop.training.spec import REPLAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokenizers import Tokenizer

    from mmbm_desktop.base.progress import ReportProgress
    from mmbm_desktop.networks.image_text_config import ImageTextConfig
    from mmbm_desktop.training.data.captioned import CaptionedPicture
    from mmbm_desktop.training.data.pictures import PictureArray
    from mmbm_desktop.training.recipes.image_text_data import Sentences
    from mmbm_desktop.training.spec import TrainSpec


@dataclass(frozen=True)
class Replay:
    """Captioned pictures of the train split of further folders.

    Attributes:
        pictures: of them.
        sentences: of their train split.
        languages: that all of them have.
    """

    pictures: PictureArray
    sentences: Sentences
    languages: tuple[str, ...]

    def added(
        self, inputs: dict[str, Any], count: int, languages: Sequence[str], size: int, random: np.random.Generator
    ) -> dict[str, Any]:
        """Return a batch with `count` more pictures at its end, chosen by `random`.

        Args:
            inputs: `pixels` (B, size, size, 3) and `ids` (B * languages, T).
            count: how many to add.
            languages: of the rows of `ids` of each picture, in their order.
            size: edge of the pixels.
            random: decides everything.
        """
        chosen = random.integers(0, len(self.sentences.rows), count)
        pictures = (self.pictures.pixels[row] for row in self.sentences.rows[chosen])
        pixels = np.concatenate([inputs["pixels"], augmented(pictures, size, random)])
        ids = np.concatenate([inputs["ids"], picked_ids(self.sentences, chosen, languages, random)])
        return {**inputs, "pixels": pixels, "ids": ids}


def picked_ids(sentences: Sentences, chosen: Any, languages: Sequence[str], random: np.random.Generator) -> Any:
    """Pick a sentence of each language for each chosen picture, (chosen * languages, T).

    Pictures without sentences in a language get one in a language that they have.
    """
    picked = []
    for wanted in languages:
        language = wanted if wanted in sentences.ids else next(iter(sentences.ids))
        first = sentences.first[language]
        picked.append(sentences.ids[language][random.integers(first[chosen], first[chosen + 1])])
    rows = np.stack(picked, axis=1)
    return rows.reshape(-1, rows.shape[-1])


def load_replay(
    spec: TrainSpec, config: ImageTextConfig, tokenizer: Tokenizer, cache: Path, report: ReportProgress
) -> Replay | None:
    """Read the spec's further folders; None where it names none.

    Raises:
        InputFault: a folder has another role, cannot be read, or has nothing to train on; or there is a teacher, who
            has no answers for these pictures.
    """
    if odd := {one.role for one in spec.further} - {REPLAY}:
        raise InputFault(ErrorCode.SPEC_INVALID, f"roles {odd}, not {REPLAY}", path=spec.data, reason="unknown-role")
    if not spec.further:
        return None
    if spec.teacher is not None:
        raise InputFault(ErrorCode.SPEC_INVALID, "replay beside a teacher", path=spec.data, reason="replay-and-teacher")
    listed = [p for one in spec.further for p in of_split(read_captioned(Path(one.folder)), "train")]
    if spec.improves is not None and spec.improves.by_people:
        listed = _without(listed, contents_of(Path(spec.data)))
    edge = round(config.image_size * STORED)
    pictures = load_pictures([PictureSource(p.path) for p in listed], edge, cache, report)
    places = {p.path: int(place) for p, place in zip(listed, pictures.places, strict=True)}
    kept = [p for p in listed if places[p.path] >= 0]
    languages = tuple(name for name in LANGUAGES if all(name in p.captions for p in kept))
    if not languages:
        detail = "no language that all pictures of the train split have"
        raise InputFault(ErrorCode.DATASET_INVALID, detail, path=spec.further[0].folder, reason="too-few-pictures")
    return Replay(pictures, sentences_of(kept, places, tokenizer, languages, config.max_tokens), languages)


def _without(pictures: Sequence[CaptionedPicture], contents: frozenset[str]) -> list[CaptionedPicture]:
    """Return pictures whose bytes are none of a person's corrections, some of which are held out."""
    kept = []
    for picture in pictures:
        try:
            if sha256_of(picture.path) not in contents:
                kept.append(picture)
        except MmbmError:
            continue
    return kept

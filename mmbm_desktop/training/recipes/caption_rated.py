"""Rated captions of a run's pictures, encoded, by split; pictures of the test split are left alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.training.data.captioned import of_split
from mmbm_desktop.training.data.tables import invalid
from mmbm_desktop.training.data.thumbs import THUMBS_FILE, read_thumbs
from mmbm_desktop.training.tokenizer import encode

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from mmbm_desktop.training.data.thumbs import Thumb
    from mmbm_desktop.training.recipes.image_text_data import ImageTextData


@dataclass(frozen=True)
class Rated:
    """Captions with their ratings.

    Attributes:
        rows: the place of each caption's picture in the picture array, (captions,).
        ids: int32, (captions, max_tokens).
        ratings: float32, 1 or -1, (captions,).
    """

    rows: npt.NDArray[np.int64]
    ids: npt.NDArray[np.int32]
    ratings: npt.NDArray[np.float32]


def load_rated(folder: str, data: ImageTextData, max_tokens: int) -> dict[str, Rated]:
    """Return the ratings of the train split's pictures and, where there are any, those of the val split's.

    Raises:
        InputFault: `read_thumbs` cannot read them, or none is of a readable picture of the train split.
    """
    thumbs = read_thumbs(Path(folder))
    found = {split: _of(split, thumbs, data, max_tokens) for split in ("train", "val")}
    if not len(found["train"].rows):
        raise invalid(Path(folder) / THUMBS_FILE, "too-few-pictures", "no rated caption of the train split")
    return {split: rated for split, rated in found.items() if len(rated.rows)}


def _of(split: str, thumbs: Sequence[Thumb], data: ImageTextData, max_tokens: int) -> Rated:
    pictures = of_split(data.kept, split)
    places = {picture.path: row for picture, row in zip(pictures, data.splits[split].rows.tolist(), strict=True)}
    kept = [thumb for thumb in thumbs if thumb.path in places]
    rows = np.array([places[thumb.path] for thumb in kept], np.int64)
    ids = encode(data.tokenizer, [thumb.caption for thumb in kept], max_tokens)
    return Rated(rows, ids, np.array([thumb.rating for thumb in kept], np.float32))

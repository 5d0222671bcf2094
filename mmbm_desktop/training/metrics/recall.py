"""Recall at k: how often a right answer is among the first k of a ranking."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt


def recall_at(scores: npt.NDArray[np.floating], right: npt.NDArray[np.bool_], ks: Sequence[int]) -> dict[int, float]:
    """Return, for each k, the share of queries with a right answer among their k best (Hodosh et al. 2013, section 4).

    A tie counts against the right answer: equal scores everywhere find nothing by luck.

    Args:
        scores: the higher the better, (queries, candidates).
        right: which candidates answer a query, (queries, candidates); at least one each.
        ks: sizes of the shortlist.
    """
    best = np.where(right, scores, -np.inf).max(axis=1)
    rank = ((scores >= best[:, None]) & ~right).sum(axis=1)
    return {k: float((rank < k).mean()) for k in ks}


def text_to_image(
    pictures: npt.NDArray[np.floating],
    sentences: npt.NDArray[np.floating],
    owners: npt.NDArray[np.integer],
    ks: Sequence[int],
) -> dict[int, float]:
    """Return recall of finding the picture of each sentence.

    Args:
        pictures: unit vectors, (pictures, E).
        sentences: unit vectors, (sentences, E).
        owners: the picture of each sentence, (sentences,).
        ks: sizes of the shortlist.
    """
    right = owners[:, None] == np.arange(len(pictures))[None, :]
    return recall_at(sentences @ pictures.T, right, ks)


def image_to_text(
    pictures: npt.NDArray[np.floating],
    sentences: npt.NDArray[np.floating],
    owners: npt.NDArray[np.integer],
    ks: Sequence[int],
) -> dict[int, float]:
    """Return recall of finding any sentence of each picture; arguments as in `text_to_image`."""
    right = np.arange(len(pictures))[:, None] == owners[None, :]
    return recall_at(pictures @ sentences.T, right, ks)

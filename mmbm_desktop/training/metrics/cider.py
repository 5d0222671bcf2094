"""CIDEr-D: how much a caption says what people say of a picture, rare words weighing more."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mmbm_desktop.training.metrics.words import NGram, ngrams

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LONGEST = 4
SIGMA = 6.0
SCALE = 10.0

Vector = dict[NGram, float]


@dataclass(frozen=True)
class _Weighed:
    """A sentence's n-grams with their weights, the norms by n, and its length in pairs of words."""

    vector: Vector
    norms: tuple[float, ...]
    pairs: int


class CiderD:
    """CIDEr-D (Vedantam et al. 2015, section 5) with its usual settings: n up to 4, sigma 6, scale 10.

    Document frequencies come from the references, one document a picture, as in the COCO caption evaluation. As there,
    the length that the penalty compares is counted in pairs of words. The references are weighed once.
    """

    def __init__(self, references: Sequence[Sequence[Sequence[str]]]) -> None:
        """Weigh, for each picture, the words of its references, at least one."""
        self._documents: Mapping[NGram, int] = Counter(
            gram for right in references for gram in {g for words in right for g in ngrams(words, LONGEST)}
        )
        self._log_count = math.log(max(len(references), 1))
        self._references = [[self._weighed(words) for words in right] for right in references]

    def score(self, picture: int, words: Sequence[str]) -> float:
        """Return how much a caption agrees with the references of the picture at this place, 0 to 10."""
        ours, right = self._weighed(words), self._references[picture]
        return sum(_similarity(ours, theirs) for theirs in right) / len(right)

    def _weighed(self, words: Sequence[str]) -> _Weighed:
        """Return term frequency times inverse document frequency of each n-gram."""
        vector = {
            gram: count * (self._log_count - math.log(max(1, self._documents.get(gram, 0))))
            for gram, count in ngrams(words, LONGEST).items()
        }
        squares = [0.0] * LONGEST
        for gram, weight in vector.items():
            squares[len(gram) - 1] += weight**2
        return _Weighed(vector, tuple(math.sqrt(square) for square in squares), max(len(words) - 1, 0))


def cider_d(captions: Sequence[Sequence[str]], references: Sequence[Sequence[Sequence[str]]]) -> float:
    """Return the mean CIDEr-D of captions; see `CiderD`.

    Args:
        captions: the words of each picture's caption.
        references: for each picture, the words of its references, at least one.
    """
    if len(captions) != len(references):
        raise ValueError(f"{len(captions)} captions of {len(references)} pictures")
    measure = CiderD(references)
    return sum(measure.score(picture, words) for picture, words in enumerate(captions)) / len(captions)


def _similarity(ours: _Weighed, theirs: _Weighed) -> float:
    overlaps = [0.0] * LONGEST
    for gram, weight in ours.vector.items():
        other = theirs.vector.get(gram)
        if other is not None:
            overlaps[len(gram) - 1] += min(weight, other) * other
    norms = [a * b for a, b in zip(ours.norms, theirs.norms, strict=True)]
    total = sum(overlap / norm for overlap, norm in zip(overlaps, norms, strict=True) if norm)
    return SCALE * total / LONGEST * math.exp(-((ours.pairs - theirs.pairs) ** 2) / (2 * SIGMA**2))

"""CIDEr-D: how much a caption says what people say of a picture, rare words weighing more."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from mmbm_desktop.training.metrics.words import NGram, ngrams

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LONGEST = 4
SIGMA = 6.0
SCALE = 10.0

Vector = dict[NGram, float]


def cider_d(captions: Sequence[Sequence[str]], references: Sequence[Sequence[Sequence[str]]]) -> float:
    """Return the mean CIDEr-D (Vedantam et al. 2015, section 5) with its usual settings: n up to 4, sigma 6, scale 10.

    Document frequencies come from `references`, one document a picture, as in the COCO caption evaluation. As there,
    the length that the penalty compares is counted in pairs of words.

    Args:
        captions: the words of each picture's caption.
        references: for each picture, the words of its references, at least one.
    """
    documents = Counter(gram for right in references for gram in {g for words in right for g in ngrams(words, LONGEST)})
    log_count = math.log(max(len(references), 1))
    scores = [
        sum(_similarity(words, reference, documents, log_count) for reference in right) / len(right)
        for words, right in zip(captions, references, strict=True)
    ]
    return sum(scores) / len(scores)


def _similarity(
    words: Sequence[str], reference: Sequence[str], documents: Mapping[NGram, int], log_count: float
) -> float:
    ours, theirs = _vector(words, documents, log_count), _vector(reference, documents, log_count)
    total = 0.0
    for n in range(1, LONGEST + 1):
        norms = _norm(ours, n) * _norm(theirs, n)
        if norms:
            overlap = sum(min(v, theirs.get(g, 0.0)) * theirs.get(g, 0.0) for g, v in ours.items() if len(g) == n)
            total += overlap / norms
    difference = max(len(words) - 1, 0) - max(len(reference) - 1, 0)
    return SCALE * total / LONGEST * math.exp(-(difference**2) / (2 * SIGMA**2))


def _vector(words: Sequence[str], documents: Mapping[NGram, int], log_count: float) -> Vector:
    """Return term frequency times inverse document frequency of each n-gram."""
    return {g: count * (log_count - math.log(max(1, documents[g]))) for g, count in ngrams(words, LONGEST).items()}


def _norm(vector: Vector, n: int) -> float:
    return math.sqrt(sum(value**2 for gram, value in vector.items() if len(gram) == n))

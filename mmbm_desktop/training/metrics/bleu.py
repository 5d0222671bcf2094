"""BLEU-4 over a whole set of captions."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from mmbm_desktop.training.metrics.words import ngrams

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 4


def corpus_bleu(captions: Sequence[Sequence[str]], references: Sequence[Sequence[Sequence[str]]]) -> float:
    """Return corpus BLEU, 0 to 1 (Papineni et al. 2002, section 2.3): no smoothing, closest reference length.

    Args:
        captions: the words of each caption.
        references: for each caption, the words of its references, at least one.
    """
    matched, possible = Counter[int](), Counter[int]()
    written = wanted = 0
    for words, right in zip(captions, references, strict=True):
        written += len(words)
        wanted += min((abs(len(r) - len(words)), len(r)) for r in right)[1]
        most: Counter[tuple[str, ...]] = Counter()
        for reference in right:
            most |= ngrams(reference, LONGEST)
        for gram, count in ngrams(words, LONGEST).items():
            possible[len(gram)] += count
            matched[len(gram)] += min(count, most[gram])
    if not all(matched[n] for n in range(1, LONGEST + 1)):
        return 0.0
    precision = sum(math.log(matched[n] / possible[n]) for n in range(1, LONGEST + 1)) / LONGEST
    return math.exp(precision + min(0.0, 1 - wanted / written))

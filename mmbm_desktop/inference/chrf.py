"""chrF: character n-grams that a translation shares with its reference."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 6
BETA = 2


def corpus_chrf(translations: Sequence[str], references: Sequence[str]) -> float:
    """Return chrF2 over a whole set, 0 to 1 (Popović 2015), as sacreBLEU counts it.

    Counts are summed over the set, precision and recall averaged over the n-gram lengths that both sides have; white
    space is left out, and recall weighs `BETA` times as much as precision.

    Args:
        translations: one text each.
        references: the right translation of each.
    """
    matched, written, wanted = Counter[int](), Counter[int](), Counter[int]()
    for translation, reference in zip(translations, references, strict=True):
        ours, theirs = _ngrams(translation), _ngrams(reference)
        for grams, counts in ((ours, written), (theirs, wanted), (ours & theirs, matched)):
            for gram, count in grams.items():
                counts[len(gram)] += count
    lengths = [n for n in range(1, LONGEST + 1) if written[n] and wanted[n]]
    if not any(matched[n] for n in lengths):
        return 0.0
    precision = sum(matched[n] / written[n] for n in lengths) / len(lengths)
    recall = sum(matched[n] / wanted[n] for n in lengths) / len(lengths)
    return (1 + BETA**2) * precision * recall / (BETA**2 * precision + recall)


def _ngrams(text: str) -> Counter[str]:
    characters = "".join(text.split())
    return Counter(
        characters[start : start + n] for n in range(1, LONGEST + 1) for start in range(len(characters) - n + 1)
    )

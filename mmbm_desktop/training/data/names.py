"""Which words are written with capitals in the middle of a sentence, learned from sentences. Text only."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?")
_STARTS = re.compile(r"(?:^|[.!?:]\s|[\"'(“])\s*$")


def usual_spellings(sentences: Iterable[str], others: Iterable[str]) -> dict[str, str]:
    """Return words in small letters with their usual spelling, where that has a capital: "tom": "Tom", "i'm": "I'm".

    The usual spelling was seen more often than all others together.

    Args:
        sentences: in English; a spelling counts away from their start and from quotes.
        others: texts in which no word gets a capital for its place: entries of a word list, Chinese with English words.
    """
    seen: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text in sentences:
        for word in _WORD.finditer(text):
            if not _STARTS.search(text[: word.start()]):
                seen[word[0].lower()][word[0]] += 1
    for text in others:
        for word in _WORD.finditer(text):
            seen[word[0].lower()][word[0]] += 1
    usual = {low: spellings.most_common(1)[0] for low, spellings in seen.items()}
    return {
        low: spelling for low, (spelling, count) in usual.items() if spelling != low and 2 * count > seen[low].total()
    }

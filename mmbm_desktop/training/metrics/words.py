"""Captions as lists of words, the way caption metrics count them."""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

NGram = tuple[str, ...]


def caption_words(text: str, language: str) -> tuple[str, ...]:
    """Split a caption: lower case, no punctuation; English at spaces, Chinese into characters.

    This is what the Penn Treebank tokeniser of the COCO caption evaluation (Chen et al. 2015, section 4) leaves of
    plain sentences, apart from its splitting of "don't" into two.
    """
    kept = "".join(" " if unicodedata.category(c).startswith("P") and c not in "'’-" else c for c in text.lower())
    return tuple("".join(kept.split())) if language == "zh" else tuple(kept.split())


def ngrams(words: Sequence[str], longest: int) -> Counter[NGram]:
    """Count the n-grams of lengths 1 to `longest`."""
    return Counter(
        tuple(words[start : start + n]) for n in range(1, longest + 1) for start in range(len(words) - n + 1)
    )

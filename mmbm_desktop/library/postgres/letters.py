"""Every three letters of a text as numbers, for PostgreSQL's index of arrays; pg_trgm is not on every server.

The numbers are checksums: two trigrams may share one, so what the index finds is compared with the text itself.
"""

from __future__ import annotations

from zlib import crc32

LETTERS = 3
_HALF, _WHOLE = 1 << 31, 1 << 32


def grams_of(folded: str) -> list[int]:
    """Return the numbers of all trigrams of a text, each once, in order."""
    return sorted({_number(folded[place : place + LETTERS]) for place in range(len(folded) - LETTERS + 1)})


def asked_grams(folded: str) -> list[int]:
    """Return trigrams that cover a text: any text that contains it has them all. None under three letters."""
    if len(folded) < LETTERS:
        return []
    places = {*range(0, len(folded) - LETTERS + 1, LETTERS), len(folded) - LETTERS}
    return sorted({_number(folded[place : place + LETTERS]) for place in places})


def _number(gram: str) -> int:
    """Return four bytes with a sign, as PostgreSQL's integers have."""
    number = crc32(gram.encode("utf-8", "replace"))
    return number - _WHOLE if number >= _HALF else number

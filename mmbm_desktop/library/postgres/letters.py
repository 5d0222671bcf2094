"""Every one, two and three letters of a text as numbers, for PostgreSQL's index of arrays; pg_trgm is not everywhere.

The numbers are checksums: two groups of letters may share one, so what the index finds is compared with the text
itself. One and two letters are there for themselves, as most Chinese words have no third.
"""

from __future__ import annotations

from zlib import crc32

LETTERS = 3
_HALF, _WHOLE = 1 << 31, 1 << 32


def grams_of(folded: str) -> list[int]:
    """Return the numbers of all groups of up to three letters of a text, each once, in order."""
    groups = {folded[start : start + size] for size in range(1, LETTERS + 1) for start in range(len(folded) - size + 1)}
    return sorted(set(map(gram_of, groups)))


def asked_groups(folded: str) -> list[str]:
    """Return groups of letters that cover a text, which is not empty: any text that contains it has them all."""
    if len(folded) <= LETTERS:
        return [folded]
    places = {*range(0, len(folded) - LETTERS + 1, LETTERS), len(folded) - LETTERS}
    return sorted({folded[place : place + LETTERS] for place in places})


def asked_grams(folded: str) -> list[int]:
    """Return the numbers of `asked_groups`."""
    return sorted(set(map(gram_of, asked_groups(folded))))


def gram_of(group: str) -> int:
    """Return a group's number: four bytes with a sign, as PostgreSQL's integers have."""
    number = crc32(group.encode("utf-8", "replace"))
    return number - _WHOLE if number >= _HALF else number

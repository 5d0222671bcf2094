"""Finds items by what their names, captions and transcripts contain. The full-text table knows every three letters.

One or two letters, as most Chinese words have, are looked for by the trigrams that begin with them.

A sentence asked as one phrase makes SQLite walk through the lists of all its trigrams, most of them in a tenth of a
million items. So only a few of them are asked for, the rarest that do not overlap, and the texts that have these are
compared with the whole. How rare a trigram is, a sample of the library says.
"""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING

from mmbm_desktop.library.finding import shown_of
from mmbm_desktop.library.rows import like_literal
from mmbm_desktop.library.sqlite_dialect import ALL_WORDS, BEGINNING, TRIGRAM, beginning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mmbm_desktop.library.connection import Connection, Cursor
    from mmbm_desktop.protocol.filters import Filters

_SAMPLED = 500
_GROWN = 2
_ASKED_FOR = 4
WORTH_RANKING = 300
_ROWS_AT_ONCE = 310
_MOST_BEGUN = 300
"""Trigrams that one question may list: so many take 20 ms; a hundred thousand would take seconds."""
_K1 = 1.2
_B = 0.75


class WordSearch:
    """Any number of threads may search."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._sample: tuple[int, Counter[str]] = (0, Counter())

    def ids(self, connection: Connection, wanted: str, top: int, filters: Filters) -> tuple[int, ...]:
        """Return ids of up to `top` items that contain `wanted`, which is not empty.

        Up to 300 are ranked by BM25 as SQLite computes it for one phrase, but for the mean length, which is that of
        the texts found (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009). Where
        more items contain it, and for one or two letters, that tells little: the newest are first.
        """
        found: list[int] = []
        weights: dict[int, tuple[int, int]] = {}
        enough = max(top, WORTH_RANKING + 1)
        matches = self._matches(connection, wanted)
        whole = False
        while len(found) < enough and not whole:
            part = [match for _, match in zip(range(_ROWS_AT_ONCE), matches, strict=False)]
            whole = len(part) < _ROWS_AT_ONCE
            found += shown_of(connection, [number for number, _, _ in part], filters)
            weights.update((number, (count, length)) for number, count, length in part)
        if whole and len(weights) <= WORTH_RANKING and len(wanted) >= TRIGRAM:
            found = ranked(found, weights)
        return tuple(found[:top])

    def _matches(self, connection: Connection, wanted: str) -> Iterator[tuple[int, int, int]]:
        """Yield (item id, how often it contains `wanted`, letters in all), the newest item first."""
        folded = wanted.lower()
        if len(wanted) < TRIGRAM:
            for (number,) in self._with_few_letters(connection, wanted):
                yield number, 1, 1
            return
        rows = connection.execute(
            f"SELECT rowid, {ALL_WORDS} FROM words WHERE words MATCH ? ORDER BY rowid DESC",  # noqa: S608 - our own
            (self._question(connection, folded),),
        )
        for number, text in rows:
            count = text.lower().count(folded)
            if count:
                yield number, count, len(text)

    def _with_few_letters(self, connection: Connection, wanted: str) -> Cursor:
        """Yield the rows that contain one or two letters: by the trigrams that begin with them where these are few.

        Where they are many the letters are frequent, and comparing the newest texts finds enough of them soon.
        """
        begun = connection.execute(f"{BEGINNING} LIMIT ?", (*beginning(wanted), _MOST_BEGUN + 1)).fetchall()
        if len(begun) > _MOST_BEGUN:
            compared = rf"SELECT rowid FROM words WHERE {ALL_WORDS} LIKE ? ESCAPE '\' ORDER BY rowid DESC"  # noqa: S608
            return connection.execute(compared, (f"%{like_literal(wanted)}%",))
        question = " OR ".join(_phrase(term) for (term,) in begun) or '""'
        return connection.execute("SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC", (question,))

    def _question(self, connection: Connection, folded: str) -> str:
        """Return what to ask the full-text table for: trigrams that all must be there."""
        known = self._frequencies(connection)
        places = sorted(range(len(folded) - TRIGRAM + 1), key=lambda place: known[folded[place : place + TRIGRAM]])
        chosen: list[int] = []
        for place in places:
            if len(chosen) < _ASKED_FOR and all(abs(place - other) >= TRIGRAM for other in chosen):
                chosen.append(place)
        return " AND ".join(_phrase(folded[place : place + TRIGRAM]) for place in chosen)

    def _frequencies(self, connection: Connection) -> Counter[str]:
        """Return in how many texts of a sample a trigram is; the sample is renewed when the library has doubled."""
        newest = connection.execute("SELECT MAX(id) FROM items").fetchone()[0] or 0
        with self._guard:
            if newest > _GROWN * self._sample[0]:
                self._sample = (newest, _sampled(connection, newest))
            return self._sample[1]


def _phrase(trigram: str) -> str:
    return '"' + trigram.replace('"', '""') + '"'


def _sampled(connection: Connection, newest: int) -> Counter[str]:
    numbers = range(1, newest + 1, max(1, newest // _SAMPLED))
    marks = ",".join("?" * len(numbers))
    rows = connection.execute(
        f"SELECT {ALL_WORDS} FROM words WHERE rowid IN ({marks})",  # noqa: S608
        tuple(numbers),
    )
    counts: Counter[str] = Counter()
    for (text,) in rows:
        folded = text.lower()
        counts.update({folded[place : place + TRIGRAM] for place in range(len(folded) - TRIGRAM + 1)})
    return counts


def ranked(ids: list[int], weights: dict[int, tuple[int, int]]) -> list[int]:
    """Return ids by BM25 of one phrase, the best first; `weights` has (how often it is there, letters in all)."""
    mean = sum(length for _, length in weights.values()) / max(1, len(weights))

    def score(number: int) -> float:
        count, length = weights[number]
        return count * (_K1 + 1) / (count + _K1 * (1 - _B + _B * length / mean))

    return sorted(ids, key=lambda number: -score(number))

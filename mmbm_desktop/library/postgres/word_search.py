"""Finds items by what their names, captions and transcripts contain: an index of letters, or the newest texts.

What many items contain is looked for in the texts themselves, the newest first, until there are enough: the index would
name a tenth of the library, and each of these rows would have to be fetched. A sample of texts says what is frequent.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from mmbm_desktop.library.finding import condition_of
from mmbm_desktop.library.postgres.letters import LETTERS, asked_groups, gram_of
from mmbm_desktop.library.postgres.sample import Sampling
from mmbm_desktop.library.word_search import WORTH_RANKING, ranked
from mmbm_desktop.protocol.filters import EVERYTHING

if TYPE_CHECKING:
    from mmbm_desktop.library.connection import Condition, Connection
    from mmbm_desktop.library.postgres.sample import Sample
    from mmbm_desktop.protocol.filters import Filters

_ASKED_FOR = 4
# Of n items a share p contains the letters. The index fetches n * p rows from all over the table, a walk from the
# newest reads about wanted / p rows one after another. Measured at 100,000: 3 µs and 0.5 µs a row.
_CHEAPER = 0.16
_PRESENT = "NOT EXISTS (SELECT 1 FROM items WHERE id = rowid AND missing > 0)"
_WALK = f"SELECT rowid FROM words WHERE strpos(folded, ?) > 0 AND {_PRESENT} ORDER BY rowid DESC LIMIT {{most}}"  # noqa: S608
_INDEXED = """WITH holding AS MATERIALIZED
    (SELECT rowid FROM words WHERE grams @> ?::int[] AND strpos(folded, ?) > 0)
    SELECT rowid FROM holding{joined} WHERE {where} ORDER BY rowid DESC LIMIT {most}"""
_WEIGHED = """SELECT found.rowid, length(folded), length(replace(folded, ?, '')) FROM ({found}) found
    JOIN words ON words.rowid = found.rowid ORDER BY found.rowid DESC"""
_NEWEST = "SELECT COALESCE(MAX(rowid), 0) FROM words"


class PostgresWords:
    """Any number of threads may search."""

    def __init__(self) -> None:
        self._sampling = Sampling()

    def ids(self, connection: Connection, wanted: str, top: int, filters: Filters) -> tuple[int, ...]:
        """Return ids of up to `top` items that contain `wanted`, which is not empty.

        They are ranked as `library.word_search` ranks them: up to 300 by BM25, more of them by age.
        """
        folded = wanted.lower()
        most = max(top, WORTH_RANKING + 1)
        sample = self._sampling.sample(connection)
        found, values = _found(connection, sample, folded, most, filters)
        statement = _WEIGHED.format(found=found)
        rows, ((newest,),) = connection.ask((statement, (folded, *values)), (_NEWEST, ()))
        self._sampling.grown_to(newest)
        ids = [row[0] for row in rows]
        if len(ids) <= WORTH_RANKING and len(wanted) >= LETTERS:
            weights = {number: ((whole - rest) // len(folded), whole) for number, whole, rest in rows}
            ids = ranked(ids, weights)
        return tuple(ids[:top])


def _found(connection: Connection, sample: Sample, folded: str, most: int, filters: Filters) -> Condition:
    """Return a statement for the newest ids, and its values."""
    share = sample.share(folded)
    if filters == EVERYTHING and share > math.sqrt(_CHEAPER * most / max(1, sample.newest)):
        return _WALK.format(most=most), (folded,)
    grams = [gram_of(group) for group in sample.rarest(asked_groups(folded), _ASKED_FOR)]
    if filters == EVERYTHING:
        return _INDEXED.format(joined="", where=_PRESENT, most=most), (grams, folded)
    where, values = condition_of(connection.dialect, filters)
    joined = " JOIN items ON id = rowid"
    return _INDEXED.format(joined=joined, where=f"missing = 0{where}", most=most), (grams, folded, *values)

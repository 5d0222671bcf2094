"""Search among the many vectors of one model: candidates from its index, ranked by their exact cosines.

The database logs which items' vectors were stored or deleted since the index was made. Those are left out of what the
index says, and their present vectors are compared one by one.
"""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.library.finding import count_shown, shown_ids, shown_of
from mmbm_desktop.library.stored_vectors import counter, missing_ids, newer_ids, searchable, stored, vectors_of
from mmbm_desktop.library.vectors import VectorMatrix, best_of
from mmbm_desktop.protocol.filters import EVERYTHING, Filters

if TYPE_CHECKING:
    import numpy.typing as npt

    from mmbm_desktop.library.connection import Connection
    from mmbm_desktop.library.vector_index import VectorIndex

    Ids = npt.NDArray[np.int64]
    Scored = tuple[list[tuple[int, float]], int]
    """(item id, cosine) pairs, best first, and how many items were compared."""

_LEAST_CANDIDATES = 400
_MORE_THAN_WANTED = 1.2
_WIDER = 4
_AT_ONCE = 8192
_MOST_CANDIDATES = 50_000
# Of n items that a filter leaves among N, `top` are among about top * N / n candidates, and a candidate costs as much
# as some items that are listed and compared: both ways cost the same where n * n is that factor * top * N. Below it the
# items that are left are compared one by one. The factor is an estimate.
_FEW = 4.0


class NearVectors:
    """An index and the vectors that came after it. Every method may be called from any thread.

    Args:
        index: the opened index.
    """

    def __init__(self, index: VectorIndex) -> None:
        self._index = index
        self._model, self._dimensions = index.record.model, index.record.dimensions
        self._newer = VectorMatrix(self._dimensions, index.record.version)
        self._changed: Ids = np.zeros(0, np.int64)
        self._lock = threading.Lock()
        self._counted: tuple[int, Ids, int] | None = None

    def search(self, connection: Connection, query: npt.NDArray[np.float32], top: int, filters: Filters) -> Scored:
        """Return the items most similar to `query` (D,), and how many were compared.

        Where a filter leaves many items that number is of those that meet it, with a vector or not.
        """
        self._catch_up(connection)
        missing, searched = self._missing(connection)
        if filters != EVERYTHING:
            return self._search_some(connection, query, top, filters, missing)
        if top <= 0:
            return [], searched
        count = max(_LEAST_CANDIDATES, int(top * _MORE_THAN_WANTED))
        while True:
            rows = self._candidates(query, count, missing)
            hits = self._ranked(query, top, rows, missing)[0]
            if len(hits) >= min(top, searched) or count > len(self._index.ids):
                return hits, searched
            count *= _WIDER

    def _search_some(
        self,
        connection: Connection,
        query: npt.NDArray[np.float32],
        top: int,
        filters: Filters,
        missing: Ids,
    ) -> Scored:
        few = math.isqrt(int(_FEW * max(top, 1) * stored(connection, self._model)))
        left = shown_ids(connection, filters, few + 1)
        count = max(_LEAST_CANDIDATES, 2 * top)
        while len(left) > few and count <= _MOST_CANDIDATES:
            rows = self._candidates(query, count, missing)
            fitting = np.array(shown_of(connection, self._index.ids[rows].tolist(), filters), np.int64)
            rows = rows[np.isin(self._index.ids[rows], fitting)]
            if rows.size >= top:
                newer = np.array(shown_of(connection, self._newer.ids().tolist(), filters), np.int64)
                return self._ranked(query, top, rows, missing, newer)[0], count_shown(connection, filters)
            count *= _WIDER
        every = np.array(left if len(left) <= few else shown_ids(connection, filters), np.int64)
        return self._ranked(query, top, self._index.rows_of(self._unchanged(every)), missing, every)

    def _candidates(self, query: npt.NDArray[np.float32], count: int, missing: Ids) -> Ids:
        """Return about `count` rows, the nearest of the index whose items are neither missing nor changed."""
        rows = self._index.nearest(query, count)
        ids = self._index.ids[rows]
        return rows[~np.isin(ids, missing) & ~np.isin(ids, self._changed)]

    def _unchanged(self, ids: Ids) -> Ids:
        return ids[~np.isin(ids, self._changed)]

    def _ranked(
        self, query: npt.NDArray[np.float32], top: int, rows: Ids, missing: Ids, only: Ids | None = None
    ) -> Scored:
        """Rank rows of the index together with what is newer, of that `only` some items; never the missing ones."""
        ids = self._index.ids[rows]
        scores = np.concatenate(
            [
                self._index.vectors[rows[start : start + _AT_ONCE]].astype(np.float32) @ query
                for start in range(0, max(1, rows.size), _AT_ONCE)
            ]
        )
        newer, compared = self._newer.search(query, top + missing.size, only)
        newer = [(number, score) for number, score in newer if not _within(number, missing)]
        hits = best_of(
            np.concatenate([ids, np.array([number for number, _ in newer], np.int64)]),
            np.concatenate([scores, np.array([score for _, score in newer], np.float32)]),
            top,
        )
        return hits, int(rows.size) + compared

    def _catch_up(self, connection: Connection) -> None:
        """Read the vectors that the database has got since."""
        version = counter(connection)
        with self._lock:
            if self._newer.version >= version:
                return
            ids = newer_ids(connection, self._model, self._newer.version)
            found, vectors = vectors_of(connection, self._model, self._dimensions, ids)
            given = dict(zip(found.tolist(), vectors.astype(np.float32), strict=True))
            self._changed = np.union1d(self._changed, ids)
            self._newer.follow(np.setdiff1d(ids, found).tolist(), given, version)

    def _missing(self, connection: Connection) -> tuple[Ids, int]:
        """Return the ids of missing items, and how many others have a vector; remembered until something changes."""
        version = counter(connection)
        known = self._counted
        if known is None or known[0] != version:
            known = (version, missing_ids(connection), searchable(connection, self._model))
            self._counted = known
        return known[1], known[2]


def _within(number: int, ids: Ids) -> bool:
    """Whether a number is in sorted ids."""
    place = int(np.searchsorted(ids, number))
    return place < ids.size and int(ids[place]) == number

"""Exact search over one model's vectors, kept in memory as one matrix. A cache: the database is the truth."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

_FIRST_ROWS = 1024
_GROWTH = 1.5


class VectorMatrix:
    """Unit vectors of `size` numbers by item id. Every method may be called from any thread.

    float32, because a product of half-precision numbers takes a processor ten times as long. `version` is the
    database's counter of changes that the matrix agrees with.
    """

    def __init__(self, size: int, version: int, rows: int = 0) -> None:
        self.version = version
        self._size = size
        self._lock = threading.Lock()
        self._row_of: dict[int, int] = {}
        self._ids = np.zeros(rows, np.int64)
        self._matrix = np.zeros((rows, size), np.float32)

    def __len__(self) -> int:
        return len(self._row_of)

    def append(self, ids: npt.NDArray[np.int64], vectors: npt.NDArray[np.floating]) -> None:
        """Add vectors (n, size) of items (n,) that are not here yet."""
        with self._lock:
            start = len(self._row_of)
            self._make_room(start + len(ids))
            self._ids[start : start + len(ids)] = ids
            self._matrix[start : start + len(ids)] = vectors
            self._row_of.update(zip(ids.tolist(), range(start, start + len(ids)), strict=True))

    def follow(self, gone: Iterable[int], new: Mapping[int, npt.NDArray[np.float32]], version: int) -> None:
        """Drop the items `gone`, add or replace the `new` ones, each (size,), and agree with `version`."""
        with self._lock:
            for item_id in gone:
                self._drop(item_id)
            for item_id, vector in new.items():
                row = self._row_of.get(item_id, len(self._row_of))
                self._make_room(row + 1)
                self._row_of[item_id] = row
                self._ids[row] = item_id
                self._matrix[row] = vector
            self.version = version

    def search(
        self, query: npt.NDArray[np.float32], top: int, only: npt.NDArray[np.int64] | None = None
    ) -> tuple[list[tuple[int, float]], int]:
        """Return the `top` (item id, cosine) pairs, best first, and how many items were compared.

        Args:
            query: unit vector (size,).
            top: how many at most.
            only: compare the items with these ids only; None for all.
        """
        with self._lock:
            count = len(self._row_of)
            ids = self._ids[:count]
            scores = self._matrix[:count] @ query
            rows = np.arange(count) if only is None else np.flatnonzero(np.isin(ids, only))
            scores, ids = scores[rows], ids[rows]
        return best_of(ids, scores, top), int(rows.size)

    def ids(self) -> npt.NDArray[np.int64]:
        """Return the ids of the items."""
        with self._lock:
            return self._ids[: len(self._row_of)].copy()

    def _drop(self, item_id: int) -> None:
        """Take an item out; the last row takes its place."""
        row = self._row_of.pop(item_id, None)
        if row is None:
            return
        last = len(self._row_of)
        if row != last:
            moved = int(self._ids[last])
            self._ids[row], self._matrix[row] = moved, self._matrix[last]
            self._row_of[moved] = row

    def _make_room(self, rows: int) -> None:
        if rows <= len(self._matrix):
            return
        room = max(rows, int(len(self._matrix) * _GROWTH), _FIRST_ROWS)
        ids, matrix = np.zeros(room, np.int64), np.zeros((room, self._size), np.float32)
        ids[: len(self._ids)], matrix[: len(self._matrix)] = self._ids, self._matrix
        self._ids, self._matrix = ids, matrix


def best_of(ids: npt.NDArray[np.int64], scores: npt.NDArray[np.float32], top: int) -> list[tuple[int, float]]:
    """Return the `top` (id, score) pairs, best first, equal ones by id."""
    best = np.arange(ids.size)
    if ids.size > max(top, 0):
        best = np.argpartition(scores, ids.size - top)[ids.size - top :] if top > 0 else best[:0]
    best = best[np.lexsort((ids[best], -scores[best]))]
    return list(zip(ids[best].tolist(), scores[best].tolist(), strict=True))

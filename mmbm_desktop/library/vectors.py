"""Exact search over one model's vectors, kept in memory as one matrix. A cache: the database is the truth."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

Vector = "npt.NDArray[np.float32]"
_FIRST_ROWS = 1024


class VectorMatrix:
    """Unit vectors by item id, growing by doubling. Every method may be called from any thread.

    `version` is the database counter the matrix agrees with.
    """

    def __init__(self, version: int) -> None:
        self.version = version
        self._lock = threading.Lock()
        self._row_of: dict[int, int] = {}
        self._ids = np.zeros(0, np.int64)
        self._matrix = np.zeros((0, 0), np.float32)

    def __len__(self) -> int:
        return len(self._row_of)

    def put(self, entries: Iterable[tuple[int, npt.NDArray[np.float32]]], version: int) -> None:
        """Add or replace vectors, each of shape (D,), and agree with `version`."""
        with self._lock:
            for item_id, vector in entries:
                row = self._row_of.setdefault(item_id, len(self._row_of))
                self._make_room(row + 1, vector.size)
                self._ids[row] = item_id
                self._matrix[row] = vector
            self.version = version

    def fill(self, ids: npt.NDArray[np.int64], matrix: npt.NDArray[np.float32]) -> None:
        """Take over all vectors at once: ids (n,), matrix (n, D)."""
        with self._lock:
            self._ids, self._matrix = ids, matrix
            self._row_of = {int(item_id): row for row, item_id in enumerate(ids)}

    def search(
        self,
        query: npt.NDArray[np.float32],
        top: int,
        *,
        only: npt.NDArray[np.int64] | None,
        never: npt.NDArray[np.int64],
    ) -> tuple[list[tuple[int, float]], int]:
        """Return the `top` (item id, cosine) pairs, best first, and how many were compared.

        Args:
            query: unit vector (D,).
            top: how many at most.
            only: compare these ids only; None for all.
            never: ids that are left out.
        """
        with self._lock:
            count = len(self._row_of)
            ids, matrix = self._ids[:count], self._matrix[:count]
            if not count or matrix.shape[1] != query.size:
                return [], 0
            scores = matrix @ query
        allowed = np.ones(count, bool) if only is None else np.isin(ids, only)
        if never.size:
            allowed &= ~np.isin(ids, never)
        rows = np.flatnonzero(allowed)
        if rows.size > top:
            rows = rows[np.argpartition(-scores[rows], top - 1)[:top]]
        rows = rows[np.lexsort((ids[rows], -scores[rows]))]
        return [(int(ids[row]), float(scores[row])) for row in rows], int(allowed.sum())

    def _make_room(self, rows: int, size: int) -> None:
        if not self._matrix.size:
            self._matrix = np.zeros((max(rows, _FIRST_ROWS), size), np.float32)
            self._ids = np.zeros(len(self._matrix), np.int64)
        elif rows > len(self._matrix):
            self._matrix = np.concatenate([self._matrix, np.zeros_like(self._matrix)])
            self._ids = np.concatenate([self._ids, np.zeros_like(self._ids)])

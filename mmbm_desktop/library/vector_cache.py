"""The matrices of a library's vectors, kept in step with the database. Only items that are not missing are in them.

Every change of what can be found bumps a counter in the same transaction. A matrix that agreed with the counter before
a change of this process follows that change; one that does not agree any more, because another process wrote, is read
again at the next search.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.library.finding import ids_of
from mmbm_desktop.library.stored_vectors import counter
from mmbm_desktop.library.vectors import VectorMatrix
from mmbm_desktop.library.writing import half_precision
from mmbm_desktop.protocol.filters import Filters

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from mmbm_desktop.library.connection import Connection
    from mmbm_desktop.library.interface import IndexedItem
    from mmbm_desktop.library.writing import Stored

_KEPT = 2
_ROWS_AT_ONCE = 8192


@dataclass(frozen=True)
class VectorChanges:
    """What one transaction changed: items `gone`, `new` vectors by model and item, items that came `back`."""

    gone: tuple[int, ...]
    new: dict[str, dict[int, npt.NDArray[np.float32]]] = field(default_factory=dict)
    back: bool = False

    @classmethod
    def of_stored(cls, items: Sequence[IndexedItem], stored: Sequence[Stored]) -> VectorChanges:
        """Return what storing `items` changed."""
        new: dict[str, dict[int, npt.NDArray[np.float32]]] = {}
        for item, one in zip(items, stored, strict=True):
            if one.vectors_dropped:
                for vectors in new.values():
                    vectors.pop(one.item_id, None)
            if item.embedding is not None:
                vector = half_precision(item.embedding).astype(np.float32)
                new.setdefault(item.embedding_model, {})[one.item_id] = vector
        gone = tuple(one.item_id for one in stored if one.vectors_dropped)
        return cls(gone, new, any(one.was_missing for one in stored))

    def announce(self, connection: Connection) -> int:
        """Bump the counter in the caller's transaction and return what it was before."""
        before = counter(connection)
        connection.execute("UPDATE counters SET value = ? WHERE name = 'vectors'", (before + 1,))
        return before


class VectorCache:
    """The matrices of the last used models, and the ids of the last used folder."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._matrices: dict[tuple[str, int], VectorMatrix] = {}
        self._folder: tuple[Filters, int, npt.NDArray[np.int64]] | None = None

    def matrix(self, connection: Connection, model: str, size: int) -> VectorMatrix:
        """Return the matrix of `model`'s vectors of `size` numbers, as new as the connection's moment or newer."""
        with self._lock:
            version = counter(connection)
            matrix = self._matrices.pop((model, size), None)
            if matrix is None or matrix.version < version:
                matrix = _read_matrix(connection, model, size, version)
            self._matrices[model, size] = matrix
            while len(self._matrices) > _KEPT:
                del self._matrices[next(iter(self._matrices))]
            return matrix

    def ids_of(self, connection: Connection, filters: Filters) -> npt.NDArray[np.int64]:
        """Return the ids of the items that meet the conditions, missing ones too.

        Those of a folder alone are remembered: the counter tells of every item that came or went, but not of words.
        """
        version = counter(connection)
        if self._folder is not None and self._folder[:2] == (filters, version):
            return self._folder[2]
        ids = np.fromiter(ids_of(connection, filters), np.int64)
        if filters == Filters(filters.folder):
            self._folder = (filters, version, ids)
        return ids

    def follow(self, changes: VectorChanges, before: int) -> None:
        """Bring the matrices that agreed with the database up to `before` these committed changes up to date again."""
        with self._lock:
            for (model, size), matrix in list(self._matrices.items()):
                if matrix.version != before:
                    continue
                if changes.back:
                    del self._matrices[model, size]
                    continue
                given = changes.new.get(model, {})
                fitting = {number: vector for number, vector in given.items() if vector.shape == (size,)}
                matrix.follow([*changes.gone, *(given.keys() - fitting.keys())], fitting, before + 1)

    def drop(self, model: str, size: int) -> None:
        """Forget a model's matrix."""
        with self._lock:
            self._matrices.pop((model, size), None)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._matrices.clear()
            self._folder = None


def _read_matrix(connection: Connection, model: str, size: int, version: int) -> VectorMatrix:
    wanted = "FROM embeddings WHERE model = ? AND length(vector) = ?"
    values = (model, size * np.dtype(np.float16).itemsize)
    (count,) = connection.execute(f"SELECT COUNT(*) {wanted}", values).fetchone()
    matrix = VectorMatrix(size, version, count)
    missing = np.fromiter((row[0] for row in connection.execute("SELECT id FROM items WHERE missing > 0")), np.int64)
    rows = connection.execute(f"SELECT item_id, vector {wanted}", values)
    while part := rows.fetchmany(_ROWS_AT_ONCE):
        ids = np.fromiter((row[0] for row in part), np.int64, len(part))
        vectors = np.frombuffer(b"".join(row[1] for row in part), np.float16).reshape(len(part), size)
        here = ~np.isin(ids, missing)
        matrix.append(ids[here], vectors[here])
    return matrix

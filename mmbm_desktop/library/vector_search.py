"""Decides how a library's vectors are searched: few one by one, many through an index beside the database."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mmbm_desktop.library.index_builder import IndexBuilder, IndexLimits, Work, fits, work_on
from mmbm_desktop.library.near_vectors import NearVectors
from mmbm_desktop.library.places import index_folder
from mmbm_desktop.library.stored_vectors import stored
from mmbm_desktop.library.vector_cache import VectorCache
from mmbm_desktop.library.vector_index import IndexFolder
from mmbm_desktop.protocol.filters import EVERYTHING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from mmbm_desktop.library.connection import Connection
    from mmbm_desktop.library.connections import Connections
    from mmbm_desktop.library.near_vectors import Scored
    from mmbm_desktop.library.vector_cache import VectorChanges
    from mmbm_desktop.library.vector_index import IndexRecord
    from mmbm_desktop.protocol.filters import Filters

_LOOK_AGAIN_AFTER = 2000


@dataclass(frozen=True)
class _Opened:
    near: NearVectors
    record: IndexRecord
    stamp: tuple[int, int]


class VectorSearch:
    """Searches one model's vectors at a time; never compares those of two. May be called from any thread.

    While an index is missing or being made, the vectors are compared one by one; while it lacks the newest, those are
    compared beside it.
    """

    def __init__(self, connections: Connections, limits: IndexLimits, *, read_only: bool = False) -> None:
        file = connections.file
        self._limits = limits
        self._matrices = VectorCache()
        self._folder = IndexFolder(index_folder(file))
        self.builder = IndexBuilder(connections, self._folder, limits)
        if read_only:
            self.builder.close()
        self._guard = threading.Lock()
        self._opened: dict[tuple[str, int], _Opened] = {}
        self._unseen: dict[tuple[str, int], int] = {}

    def search(
        self, connection: Connection, query: npt.NDArray[np.float32], model: str, top: int, filters: Filters
    ) -> Scored:
        """Return `model`'s items most similar to the unit vector `query` (D,), and how many were compared."""
        near = self._near(connection, model, query.size)
        if near is not None:
            return near.search(connection, query, top, filters)
        matrix = self._matrices.matrix(connection, model, query.size)
        only = None if filters == EVERYTHING else self._matrices.ids_of(connection, filters)
        return matrix.search(query, top, only)

    def follow(self, changes: VectorChanges, before: int) -> None:
        """Take note of committed changes to a database whose counter stood at `before`."""
        self._matrices.follow(changes, before)
        for model, vectors in changes.new.items():
            for vector in list(vectors.values())[:1]:
                key = (model, vector.size)
                self._unseen[key] = self._unseen.get(key, 0) + len(vectors)
                if self._unseen[key] >= _LOOK_AGAIN_AFTER:
                    self._unseen[key] = 0
                    self.builder.want(*key)

    def clear(self) -> None:
        """Forget what is in memory."""
        self._matrices.clear()
        with self._guard:
            self._opened.clear()

    def wait(self) -> None:
        """Return when no index is being made any more."""
        self.builder.wait()

    def close(self) -> None:
        """Stop building; safe to call twice."""
        self.builder.close()
        self.clear()

    def _near(self, connection: Connection, model: str, dimensions: int) -> NearVectors | None:
        """Return the published index, if there are many vectors and an index; have it made or extended."""
        if stored(connection, model) <= self._limits.exact_up_to:
            return None
        with self._guard:
            opened = self._newest(connection, model, dimensions)
        work = work_on(connection, opened.record if opened else None, model, self._limits)
        if work is not Work.NOTHING:
            self.builder.want(model, dimensions)
        if opened is None:
            return None
        self._matrices.drop(model, dimensions)
        return opened.near

    def _newest(self, connection: Connection, model: str, dimensions: int) -> _Opened | None:
        """Return the index that is published now, the one before it if the new one is of no use to this reader."""
        key = (model, dimensions)
        stamp = self._folder.stamp(model, dimensions)
        known = self._opened.get(key)
        if known is not None and not fits(connection, known.record):
            known = None
        if stamp is None or (known is not None and known.stamp == stamp):
            return known
        record = self._folder.record(model, dimensions)
        index = self._folder.opened(model, dimensions) if record and fits(connection, record) else None
        if index is None:
            return known
        self._opened[key] = _Opened(NearVectors(index), index.record, stamp)
        return self._opened[key]

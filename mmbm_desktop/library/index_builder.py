"""Makes and extends the indexes of a library's vectors, in a thread of its own. Searching goes on meanwhile."""

from __future__ import annotations

import logging
import os
import threading
import time
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.library.index_writer import IndexWriter
from mmbm_desktop.library.stored_vectors import (
    accept_token,
    accepted_tokens,
    counter,
    newer_ids,
    newer_than,
    stored,
    vectors_after,
    vectors_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import numpy.typing as npt

    from mmbm_desktop.library.connection import Connection
    from mmbm_desktop.library.connections import Connections
    from mmbm_desktop.library.stored_vectors import Vectors
    from mmbm_desktop.library.vector_index import IndexFolder, IndexRecord

    Ids = npt.NDArray[np.int64]

log = logging.getLogger(__name__)

_AT_ONCE = 512
_CLOSING_S = 2.0
_SHRUNKEN = 0.7


@dataclass(frozen=True)
class IndexLimits:
    """When an index is worth it.

    Attributes:
        exact_up_to: so many vectors are compared one by one. Measured on two busy cores, 256 numbers a vector: 50,000
            take 8 ms (median; 95th percentile 15), 100,000 take 16 ms (21), and an index of 100,000 4 to 7 ms.
        newer: so many vectors that the index does not know yet are compared one by one beside it, at least.
        newer_share: the same as a share of the vectors in the index, so that a growing library is not forever written.
        pause_s: how long after a try that another process, or an error, prevented the next one is made.
    """

    exact_up_to: int = 50_000
    newer: int = 10_000
    newer_share: float = 0.05
    pause_s: float = 10.0


class Work(Enum):
    """What an index needs."""

    NOTHING = auto()
    EXTEND = auto()
    MAKE = auto()


def work_on(connection: Connection, record: IndexRecord | None, model: str, limits: IndexLimits) -> Work:
    """Return what the index with this record needs; None for no index."""
    count = stored(connection, model)
    if count <= limits.exact_up_to:
        return Work.NOTHING
    if record is None or not fits(connection, record) or count < _SHRUNKEN * record.rows:
        return Work.MAKE
    newer = newer_than(connection, model, record.version)
    return Work.EXTEND if newer > max(limits.newer, limits.newer_share * record.rows) else Work.NOTHING


def fits(connection: Connection, record: IndexRecord) -> bool:
    """Whether an index was made of this database: a backup that took its place does not know the token."""
    return record.token in accepted_tokens(connection, record.model, record.dimensions)


class IndexBuilder:
    """Builds what is wanted, one index at a time. Every method may be called from any thread.

    Args:
        connections: the library's; a build reads in short transactions, so that the write-ahead log is not held.
        folder: where the indexes are.
        limits: when an index is worth it.
    """

    def __init__(self, connections: Connections, folder: IndexFolder, limits: IndexLimits) -> None:
        self._connections = connections
        self._folder = folder
        self._limits = limits
        self._guard = threading.Lock()
        self._wanted: dict[tuple[str, int], None] = {}
        self._not_before_s = 0.0
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()

    def want(self, model: str, dimensions: int) -> None:
        """See in the background whether an index needs work, and do it."""
        with self._guard:
            if self._closed.is_set() or time.monotonic() < self._not_before_s:
                return
            self._wanted[model, dimensions] = None
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="vector-index", daemon=True)
                self._thread.start()

    def wait(self) -> None:
        """Return when nothing more is being built."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def close(self) -> None:
        """Stop building; what was begun is thrown away. Safe to call twice."""
        self._closed.set()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(_CLOSING_S)

    def _run(self) -> None:
        while True:
            with self._guard:
                if not self._wanted or self._closed.is_set():
                    self._thread = None
                    return
                model, dimensions = next(iter(self._wanted))
                del self._wanted[model, dimensions]
            done = False
            try:
                done = self._build(model, dimensions)
            except (MmbmError, OSError, RuntimeError, MemoryError) as error:
                log.info("no index of %s: %s", model, error)
            if not done:
                with self._guard:
                    self._not_before_s = time.monotonic() + self._limits.pause_s

    def _build(self, model: str, dimensions: int) -> bool:
        """Do what is to be done; return False where another process is at it, or the library was closed."""
        with self._folder.building() as mine:
            if not mine:
                return False
            record = self._folder.record(model, dimensions)
            with self._connections.reading() as connection:
                work = work_on(connection, record, model, self._limits)
                version = counter(connection)
            if work is Work.NOTHING:
                return True
            self._folder.clean(model, dimensions)
            began = time.monotonic()
            old = self._folder.opened(model, dimensions, loaded=True) if work is Work.EXTEND else None
            writer = IndexWriter(self._folder, model, dimensions, old)
            try:
                parts = self._newer(model, dimensions, old.record) if old else self._all(model, dimensions, version)
                whole = self._write(writer, parts)
                if not whole or not writer.rows:
                    return False
                written = writer.write(version)
                with self._connections.writing() as connection:
                    accept_token(connection, model, dimensions, writer.token)
                writer.publish(written)
            finally:
                writer.close()
                self._folder.clean(model, dimensions)
            log.info("index of %s: %d vectors, %.1f s", model, written.rows, time.monotonic() - began)
            return True

    def _write(self, writer: IndexWriter, parts: Iterator[tuple[Ids, Vectors]]) -> bool:
        """Put in all vectors, or those that the old index lacks; return False when closed."""
        for ids, (found, vectors) in parts:
            if self._closed.is_set():
                return False
            writer.drop(ids)
            if found.size:
                writer.add(found, vectors, _threads())
        return True

    def _all(self, model: str, dimensions: int, version: int) -> Iterator[tuple[Ids, Vectors]]:
        """Give what was stored up to `version`: what came later is put in the next time, and would else be in twice."""
        last, later = -1, set[int]()
        while True:
            with self._connections.reading() as connection:
                later.update(newer_ids(connection, model, version).tolist())
                version = counter(connection)
                ids, vectors = vectors_after(connection, model, dimensions, last, _AT_ONCE)
            if not ids.size:
                return
            last = int(ids[-1])
            kept = [row for row, number in enumerate(ids.tolist()) if number not in later]
            yield ids, (ids[kept], vectors[kept])

    def _newer(self, model: str, dimensions: int, record: IndexRecord) -> Iterator[tuple[Ids, Vectors]]:
        with self._connections.reading() as connection:
            newer = newer_ids(connection, model, record.version)
        for start in range(0, newer.size, _AT_ONCE):
            ids = newer[start : start + _AT_ONCE]
            with self._connections.reading() as connection:
                found = vectors_of(connection, model, dimensions, ids)
            yield ids, found


def _threads() -> int:
    """Half of the processors: a person is at work beside it."""
    return max(1, (os.cpu_count() or 1) // 2)

"""Searches vectors on the server: few one by one, many through an HNSW index that follows them by itself."""

from __future__ import annotations

import hashlib
import logging
import math
import threading
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import psycopg
from psycopg import sql

from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.library.finding import condition_of, count_shown
from mmbm_desktop.library.index_builder import IndexLimits
from mmbm_desktop.library.postgres.connection import vector_text
from mmbm_desktop.protocol.filters import EVERYTHING

if TYPE_CHECKING:
    import numpy.typing as npt

    from mmbm_desktop.library.connection import Connection
    from mmbm_desktop.library.postgres.connections import PostgresConnections
    from mmbm_desktop.library.vector_cache import VectorChanges
    from mmbm_desktop.protocol.filters import Filters

    Scored = tuple[list[tuple[int, float]], int]

log = logging.getLogger(__name__)

LIMITS = IndexLimits(exact_up_to=20_000)
"""When the server's index is worth it."""
_BUILDERS = 0x6D6D6276
_MOST_DIMENSIONS = 2000
_CANDIDATES, _MOST_CANDIDATES = 200, 1000
_FEW = 4.0
_CLOSING_S = 2.0
_MEMORY = "512MB"
_STATE = """SELECT (SELECT COALESCE(SUM(stored), 0)::bigint FROM embedding_counts WHERE model = ? AND dimensions = ?),
    EXISTS (SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(?) AND indisvalid),
    (SELECT COUNT(*) FROM items JOIN embeddings e ON e.item_id = id WHERE missing > 0 AND e.model = ?
    AND e.dimensions = ?)"""
_EXACT = """SELECT e.item_id, -(e.vector <#> ?::vector) AS score, COUNT(*) OVER () FROM embeddings e
    JOIN items ON items.id = e.item_id AND missing = 0 WHERE e.model = ? AND e.dimensions = ?{where}
    ORDER BY score DESC, e.item_id LIMIT ?"""
_WIDTH = "SELECT set_config('hnsw.ef_search', ?, true), set_config('enable_seqscan', 'off', true)"
# Sorted by the very expression that is indexed, which is then what the rows hold, too: the query is sent once.
_NEAR = """SELECT near.item_id, -distance FROM
    (SELECT item_id, vector::vector({size}) <#> ?::vector AS distance FROM embeddings
    WHERE model = ? AND dimensions = {size} ORDER BY distance LIMIT {most}) near
    {present} ORDER BY distance, near.item_id LIMIT ?"""
_PRESENT = "WHERE NOT EXISTS (SELECT 1 FROM items WHERE id = near.item_id AND missing > 0)"
_FITTING = "JOIN items ON items.id = near.item_id AND missing = 0 WHERE TRUE{where}"


class PostgresVectors:
    """Any number of threads may search. Nothing is kept here: the server has the vectors, and their index.

    Args:
        connections: for the building of indexes, which has a connection of its own.
        limits: when an index is made.
    """

    def __init__(self, connections: PostgresConnections, limits: IndexLimits) -> None:
        self._limits = limits
        self.builder = IndexMaker(connections, limits.pause_s)

    def search(
        self, connection: Connection, query: npt.NDArray[np.float32], model: str, top: int, filters: Filters
    ) -> Scored:
        """Return `model`'s items most similar to the unit vector `query` (D,), and how many were compared.

        Through the index that number is of the items that meet the conditions, with a vector or not.
        """
        asked = (model, query.size, f"mmbm.{_name(model, query.size)}", model, query.size)
        stored, indexed, missing = connection.execute(_STATE, asked).fetchone()
        if stored == 0:
            return [], 0
        if stored > self._limits.exact_up_to and top > 0:
            if indexed:
                left = stored - missing if filters == EVERYTHING else count_shown(connection, filters)
                hits = _near(connection, query, model, top, filters, missing) if left > _few(top, stored) else []
                if len(hits) >= top:
                    return hits, left
            else:
                self.builder.want(model, query.size)
        return _exact(connection, query, model, top, filters)

    def follow(self, changes: VectorChanges, before: int) -> None:
        """The server's index follows by itself."""

    def clear(self) -> None:
        """There is nothing to forget."""

    def wait(self) -> None:
        """Return when no index is being made any more."""
        self.builder.wait()

    def close(self) -> None:
        """Stop building; safe to call twice."""
        self.builder.close()


def _exact(connection: Connection, query: npt.NDArray[np.float32], model: str, top: int, filters: Filters) -> Scored:
    where, values = condition_of(connection.dialect, filters)
    rows = connection.execute(
        _EXACT.format(where=where), (vector_text(query), model, query.size, *values, max(top, 1))
    ).fetchall()
    return [(number, score) for number, score, _ in rows[: max(top, 0)]], rows[0][2] if rows else 0


def _few(top: int, stored: int) -> int:
    """Return up to how many items are compared one by one, see `near_vectors`."""
    return math.isqrt(int(_FEW * top * stored))


def _near(
    connection: Connection, query: npt.NDArray[np.float32], model: str, top: int, filters: Filters, missing: int
) -> list[tuple[int, float]]:
    """Return the best of the index's candidates that are there and meet the conditions, `top` at most.

    A candidate costs as much as any other, so there are hardly more than are wanted; all that may be, where too few of
    those are left.
    """
    where, values = condition_of(connection.dialect, filters)
    present = _PRESENT if filters == EVERYTHING else _FITTING.format(where=where)
    wanted = max(_CANDIDATES, top + min(missing, top // 5)) if filters == EVERYTHING else _MOST_CANDIDATES
    hits: list[tuple[int, float]] = []
    for most in sorted({min(wanted, _MOST_CANDIDATES), _MOST_CANDIDATES}):
        statement = _NEAR.format(size=int(query.size), most=most, present=present)
        _, hits = connection.ask((_WIDTH, (str(most),)), (statement, (vector_text(query), model, *values, top)))
        if len(hits) >= top:
            break
    return hits


def _name(model: str, dimensions: int) -> str:
    return f"near_{hashlib.sha256(f'{model} {dimensions}'.encode('utf-8', 'replace')).hexdigest()[:16]}"


class IndexMaker:
    """Has the server make indexes, one after another, while searching and storing go on.

    One computer at a time has one made; what was broken off by a killed program is dropped and begun again.
    """

    def __init__(self, connections: PostgresConnections, pause_s: float) -> None:
        self._connections = connections
        self._pause_s = pause_s
        self._guard = threading.Lock()
        self._wanted: dict[tuple[str, int], float] = {}
        self._thread: threading.Thread | None = None
        self._raw: psycopg.Connection[tuple[Any, ...]] | None = None
        self._closed = False

    def want(self, model: str, dimensions: int) -> None:
        """Have an index made; returns at once."""
        key = (model, dimensions)
        with self._guard:
            due = time.monotonic() >= self._wanted.get(key, 0.0)
            if self._closed or not due or dimensions > _MOST_DIMENSIONS or self._thread is not None:
                return
            self._thread = threading.Thread(target=self._run, args=key, name="vector-index", daemon=True)
            self._thread.start()

    def wait(self) -> None:
        """Return when nothing is being made any more."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def close(self) -> None:
        """Break off what is being made; safe to call twice."""
        with self._guard:
            self._closed = True
            thread, raw = self._thread, self._raw
        if raw is not None:
            raw.cancel_safe(timeout=_CLOSING_S)
        if thread is not None:
            thread.join(_CLOSING_S)

    def _run(self, model: str, dimensions: int) -> None:
        try:
            with self._connections.alone() as raw:
                with self._guard:
                    if self._closed:
                        return
                    self._raw = raw
                _make(raw, model, dimensions)
        except MmbmError as error:
            log.info("no index of vectors: %s", error)
        finally:
            with self._guard:
                self._raw = self._thread = None
                self._wanted[model, dimensions] = time.monotonic() + self._pause_s


def _make(raw: psycopg.Connection[tuple[Any, ...]], model: str, dimensions: int) -> None:
    name = sql.Identifier(_name(model, dimensions))
    row = raw.execute("SELECT pg_try_advisory_lock(%s)", (_BUILDERS,)).fetchone()
    if not row or not row[0]:
        return
    known = raw.execute(
        "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", (f"mmbm.{_name(model, dimensions)}",)
    ).fetchone()
    if known and known[0]:
        return
    if known:
        raw.execute(sql.SQL("DROP INDEX CONCURRENTLY {}").format(name))
    raw.execute(sql.SQL("SET maintenance_work_mem = {}").format(sql.Literal(_MEMORY)))
    raw.execute("SET max_parallel_maintenance_workers = 0")
    raw.execute("SET lock_timeout = 0")
    began = time.monotonic()
    raw.execute(
        sql.SQL(
            "CREATE INDEX CONCURRENTLY {} ON embeddings USING hnsw ((vector::vector({})) vector_ip_ops)"
            " WHERE model = {} AND dimensions = {}"
        ).format(name, sql.Literal(dimensions), sql.Literal(model), sql.Literal(dimensions))
    )
    log.info("an index of %d numbers a vector was made in %.0f s", dimensions, time.monotonic() - began)

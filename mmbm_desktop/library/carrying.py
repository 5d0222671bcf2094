"""Copies all that a library holds into an empty one, of whatever store the two are, in one transaction.

Rows keep their ids, so that a person's steps can still be undone. What can be made again is not copied: the full text
is written anew, indexes of vectors are made when they are first needed. Whoever is killed on the way leaves an empty
library behind, and nothing twice.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.progress import no_progress
from mmbm_desktop.library.journal import taken_out_by_others
from mmbm_desktop.library.leaving import mark_gone
from mmbm_desktop.library.rows import refresh_words
from mmbm_desktop.library.vector_cache import VectorChanges

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.base.progress import CancelToken, ReportProgress
    from mmbm_desktop.library.connection import Connection, Connections

CARRIED = {
    "items": "id",
    "captions": "id",
    "transcripts": "id",
    "embeddings": "item_id",
    "answers": "item_id",
    "sounds": "id",
    "notes": "item_id",
    "gone": "item_id",
    "tags": "id",
    "corrections": "id",
    "folders": "position",
    "journal": "id",
}
"""The tables in an order in which rows come after what they refer to, and what each is sorted by."""
MADE_AGAIN = frozenset({"words", "counters", "item_counts", "embedding_counts", "embedding_log", "vector_indexes"})
_NUMBERED = ("id", "position")
_MUST_BE_EMPTY = ("items", "folders", "corrections", "journal")
_ROWS_AT_ONCE = 500


@dataclass
class _Way:
    """How far the copy is; looks whether it is still wanted."""

    total: int
    report: ReportProgress
    token: CancelToken | None
    done: int = 0

    def advance(self, rows: int) -> None:
        if self.token is not None:
            self.token.check()
        self.done += rows
        self.report(self.done, self.total)


def carry(
    source: Connections,
    target: Connections,
    place: str,
    now_s: float,
    progress: ReportProgress = no_progress,
    token: CancelToken | None = None,
) -> int:
    """Copy a library as it is at this moment, and return how many items that are not missing it has.

    From a server only this person's own steps come along; items in folders that others took out count as gone, so that
    they are forgotten after 30 days as they would be there. Progress is counted in rows.

    Args:
        source: the library; may be in use.
        target: an empty library.
        place: what an error calls the target.
        now_s: seconds since 1970.
        progress: told how far it is.
        token: stops it.

    Raises:
        Cancelled: nothing was written.
        InputFault: LIBRARY_NOT_EMPTY, something is in the target.
        MmbmError: what either store meets; nothing was written.
    """
    with source.reading() as there, target.writing() as here:
        for table in _MUST_BE_EMPTY:
            if here.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone():  # noqa: S608 - our own tables
                raise InputFault(ErrorCode.LIBRARY_NOT_EMPTY, table, path=place)
        counts = {table: _count(there, table) for table in CARRIED}
        way = _Way(sum(counts.values()) + counts["items"], progress, token)
        for table, key in CARRIED.items():
            _carry_table(there, here, table, key, way)
        mark_gone(here, taken_out_by_others(here), now_s)
        ids = [number for (number,) in here.execute("SELECT id FROM items ORDER BY id").fetchall()]
        for start in range(0, len(ids), _ROWS_AT_ONCE):
            part = ids[start : start + _ROWS_AT_ONCE]
            refresh_words(here, part)
            way.advance(len(part))
        VectorChanges(()).announce(here)
        (shown,) = here.execute("SELECT COUNT(*) FROM items WHERE missing = 0").fetchone()
    return int(shown)


def _carry_table(there: Connection, here: Connection, table: str, key: str, way: _Way) -> None:
    columns = [name for name in _columns(there, table) if name in _columns(here, table)]
    statement = f"SELECT {', '.join(columns)} FROM {table} WHERE TRUE{_own(there, table)} ORDER BY {key}"  # noqa: S608
    place = columns.index("vector") if "vector" in columns else None
    with closing(there.batches(statement, _ROWS_AT_ONCE)) as parts:
        for rows in parts:
            here.insert_rows(table, columns, rows if place is None else _with_vectors(there, here, rows, place))
            way.advance(len(rows))
    if key in _NUMBERED:
        here.dialect.number_after(here, table, key, there.dialect.last_number(there, table, key))


def _with_vectors(there: Connection, here: Connection, rows: Sequence[Any], place: int) -> list[list[Any]]:
    """Return rows whose vectors are written as the other store takes them."""
    changed = [list(row) for row in rows]
    for row in changed:
        row[place] = here.dialect.vector(there.dialect.vector_of(row[place]))
    return changed


def _columns(connection: Connection, table: str) -> list[str]:
    """Return the columns that can be written; a server computes one of its own."""
    described = connection.execute(f"SELECT * FROM {table} LIMIT 0").description or ()  # noqa: S608 - our own tables
    return [column[0] for column in described if column[0] not in ("origin", "dimensions")]


def _count(connection: Connection, table: str) -> int:
    (count,) = connection.execute(f"SELECT COUNT(*) FROM {table} WHERE TRUE{_own(connection, table)}").fetchone()  # noqa: S608
    return int(count)


def _own(connection: Connection, table: str) -> str:
    return connection.dialect.here if table == "journal" else ""

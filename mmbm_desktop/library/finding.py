"""Questions to the tables that take care which index answers them; every one inside the caller's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmbm_desktop.library.rows import ITEM_COLUMNS, below, in_parts, item_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from mmbm_desktop.protocol.results import Item

_LIKE_SPECIAL = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})
_TRIGRAM = 3
_WORTH_RANKING = 5000
_ROWS_AT_ONCE = 500
_SMALL_PART = 8


def page_of_items(
    connection: sqlite3.Connection, offset: int, limit: int, folder: str | None, kind: str | None
) -> tuple[tuple[Item, ...], int]:
    """Return `limit` items from `offset` on that are not missing, the newest file first, and how many there are."""
    where, values = _filter(folder, kind)
    total = _count(connection, where, values)
    # A small folder is sorted; of a large one the page is picked from the index by time, sorted already.
    small = folder is not None and total * _SMALL_PART < _count(connection)
    where = f"+missing = 0{where}" if small else f"missing = 0{_not_by_path(where)}"
    # The page first and its words after: the words of the items before it are never looked up.
    rows = connection.execute(
        f"SELECT {ITEM_COLUMNS} FROM"  # noqa: S608 - constants of our own
        f" (SELECT id FROM items WHERE {where} ORDER BY modified_s DESC, id DESC LIMIT ? OFFSET ?) page"
        " CROSS JOIN items i ON i.id = page.id ORDER BY i.modified_s DESC, i.id DESC",
        (*values, limit, offset),
    ).fetchall()
    return tuple(item_of(row) for row in rows), total


def count_below(connection: sqlite3.Connection, folder: str) -> int:
    """Return how many items below a folder are not missing."""
    return _count(connection, *_filter(folder))


def ids_with_words(connection: sqlite3.Connection, wanted: str, top: int, folder: str | None) -> tuple[int, ...]:
    """Return ids of up to `top` items that contain `wanted`, which is not empty: the best ones first.

    Where that tells little, for one or two letters and for what thousands of items contain, the newest are first.
    """
    found: list[int] = []
    matches = _matches(connection, wanted)
    while len(found) < top and (rows := matches.fetchmany(_ROWS_AT_ONCE)):
        found += _shown(connection, [row[0] for row in rows], folder)
    matches.close()
    return tuple(found[:top])


def _matches(connection: sqlite3.Connection, wanted: str) -> sqlite3.Cursor:
    if len(wanted) < _TRIGRAM:
        return connection.execute(
            "SELECT rowid FROM words WHERE name || char(10) || captions || char(10) || transcript"
            r" LIKE ? ESCAPE '\' ORDER BY rowid DESC",
            (f"%{wanted.translate(_LIKE_SPECIAL)}%",),
        )
    phrase = f'"{wanted.replace(chr(34), chr(34) * 2)}"'
    many = connection.execute("SELECT 1 FROM words WHERE words MATCH ? LIMIT 1 OFFSET ?", (phrase, _WORTH_RANKING))
    order = "rank" if many.fetchone() is None else "rowid DESC"
    return connection.execute(f"SELECT rowid FROM words WHERE words MATCH ? ORDER BY {order}", (phrase,))  # noqa: S608


def _shown(connection: sqlite3.Connection, ids: list[int], folder: str | None) -> list[int]:
    """Return those of `ids` that are not missing and lie below `folder`, in the same order."""
    where, values = _filter(folder)
    shown: set[int] = set()
    for marks, part in in_parts(ids):
        rows = connection.execute(
            f"SELECT id FROM items WHERE id IN ({marks}) AND +missing = 0{_not_by_path(where)}",  # noqa: S608
            (*part, *values),
        )
        shown.update(row[0] for row in rows)
    return [number for number in ids if number in shown]


def _count(connection: sqlite3.Connection, where: str = "", values: Sequence[str | bytes] = ()) -> int:
    """Return how many items that fit `where` are not missing: all less the missing, so that indices are enough."""
    row = connection.execute(
        f"SELECT (SELECT COUNT(*) FROM items WHERE TRUE{where})"  # noqa: S608 - constants of our own
        f" - (SELECT COUNT(*) FROM items WHERE missing = 1{_not_by_path(where)})",
        (*values, *values),
    ).fetchone()
    return int(row[0])


def _filter(folder: str | None, kind: str | None = None) -> tuple[str, tuple[str | bytes, ...]]:
    """Return a condition on items, to be put after another one, and its values."""
    where, values = "", ()
    if folder is not None:
        where, values = " AND path >= ? AND path < ?", below(folder)
    if kind is not None:
        where, values = f"{where} AND kind = ?", (*values, kind)
    return where, values


def _not_by_path(where: str) -> str:
    """Return the condition such that SQLite cannot use the index by path."""
    return where.replace(" path", " +path")

"""Items whose files are gone: out of the results at once, for good after 30 days. Inside the caller's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmbm_desktop.library.journal import GONE, KEPT_S, PRESENT
from mmbm_desktop.library.rows import below, in_parts, stored_path
from mmbm_desktop.library.writing import delete_items, is_gone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.library.connection import Connection


def gone_below(connection: Connection, folder: str, seen: Sequence[str]) -> tuple[int, ...]:
    """Return the shown items below a folder that were not seen there and have no file any more."""
    present = {stored_path(path) for path in seen}
    rows = _shown_between(connection, *below(folder))
    return tuple(number for number, path in rows if path not in present and is_gone(path))


def gone_at(connection: Connection, paths: Sequence[str]) -> tuple[int, ...]:
    """Return the shown items at or below some paths that have no file any more."""
    found: dict[int, bytes] = {}
    for path in paths:
        own = stored_path(path)
        found.update(
            connection.execute(
                f"SELECT id, path FROM items WHERE path = ? AND +missing = 0{connection.dialect.here}",  # noqa: S608
                (own,),
            ).fetchall()
        )
        found.update(_shown_between(connection, *below(path)))
    return tuple(number for number, path in found.items() if is_gone(path))


def mark_gone(connection: Connection, ids: Sequence[int], now_s: float) -> None:
    """Take items out of the results; from now on they have 30 days to come back."""
    for marks, part in in_parts(ids):
        connection.execute(f"UPDATE items SET missing = {GONE} WHERE id IN ({marks})", part)  # noqa: S608 - our own
        connection.execute(
            f"INSERT INTO gone (item_id, since_s) SELECT id, ? FROM items WHERE id IN ({marks})"  # noqa: S608
            " ON CONFLICT (item_id) DO UPDATE SET since_s = excluded.since_s",
            (now_s, *part),
        )


def forget_gone(connection: Connection, now_s: float) -> int:
    """Delete what has been gone for `KEPT_S` seconds, with all that is known of it; return how many items went."""
    rows = connection.execute(
        "SELECT item_id FROM gone JOIN items ON id = item_id WHERE missing = ? AND since_s < ?", (GONE, now_s - KEPT_S)
    ).fetchall()
    delete_items(connection, [number for (number,) in rows])
    connection.execute("DELETE FROM gone WHERE item_id IN (SELECT id FROM items WHERE missing = ?)", (PRESENT,))
    return len(rows)


def _shown_between(connection: Connection, low: bytes, high: bytes) -> list[tuple[int, bytes]]:
    return connection.execute(
        f"SELECT id, path FROM items WHERE path >= ? AND path < ? AND +missing = 0{connection.dialect.here}",  # noqa: S608
        (low, high),
    ).fetchall()

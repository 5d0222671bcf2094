"""Tags in the tables, inside the caller's transaction: put on, taken off, taken over by copies, counted.

A tag belongs to an item and remembers the content it was given to, as a person's words do: a moved file keeps it, a
copy starts with it, a changed file keeps it too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmbm_desktop.library.rows import in_parts, refresh_words
from mmbm_desktop.protocol.history import TagCount
from mmbm_desktop.protocol.tags import once, tag_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mmbm_desktop.library.connection import Connection

    Row = list[str | int | float]

_COLUMNS = "item_id, content_hash, name, created_s"


def change_tags(
    connection: Connection, items: Sequence[int], add: Sequence[str], remove: Sequence[str], now_s: float
) -> dict[str, list[Row]]:
    """Put tags on and take others off; return the rows that came and went, empty where nothing changed.

    Raises:
        InputFault: ARGUMENT_INVALID, see `protocol.tags.tag_of`.
    """
    wanted, unwanted = once(map(tag_of, add)), {tag_of(tag).casefold() for tag in remove}
    change: dict[str, list[Row]] = {"gone": [], "new": []}
    for marks, part in in_parts(items):
        known = dict(connection.execute(f"SELECT id, content_hash FROM items WHERE id IN ({marks})", part).fetchall())  # noqa: S608
        has = _tags_of(connection, marks, part)
        change["gone"] += [has.pop(key) for key in list(has) if key[1] in unwanted]
        change["new"] += [
            [item, digest, tag, now_s]
            for item, digest in known.items()
            for tag in wanted
            if (item, tag.casefold()) not in has
        ]
    take_off(connection, change["gone"])
    put_on(connection, change["new"])
    return change


def put_on(connection: Connection, rows: Iterable[Row]) -> None:
    """Insert rows of tags, those whose items are gone for good or have the tag by now left out."""
    touched: set[int] = set()
    for row in rows:
        touched.add(int(row[0]))
        connection.execute(
            f"INSERT INTO tags ({_COLUMNS}) SELECT ?, ?, ?, ?"  # noqa: S608 - constants of our own
            " WHERE EXISTS (SELECT 1 FROM items WHERE id = ?) ON CONFLICT DO NOTHING",
            (*row, row[0]),
        )
    refresh_words(connection, touched)


def take_off(connection: Connection, rows: Iterable[Row]) -> None:
    """Delete rows of tags."""
    touched: set[int] = set()
    for item_id, _, name, _ in rows:
        touched.add(int(item_id))
        connection.execute(f"DELETE FROM tags WHERE item_id = ? AND {connection.dialect.tag_is}", (item_id, name))  # noqa: S608
    refresh_words(connection, touched)


def take_over_tags(connection: Connection, item_id: int, content_hash: str) -> None:
    """Give an item the tags that its content has as another item."""
    connection.execute(
        f"INSERT INTO tags ({_COLUMNS})"  # noqa: S608 - constants of our own
        " SELECT ?, content_hash, name, created_s FROM tags WHERE content_hash = ? AND item_id != ? ORDER BY id"
        " ON CONFLICT DO NOTHING",
        (item_id, content_hash, item_id),
    )


def counted_tags(connection: Connection) -> tuple[TagCount, ...]:
    """Return the tags of items that are not missing, the most used first."""
    same = connection.dialect.tag_key
    rows = connection.execute(
        "SELECT MIN(t.name), COUNT(*) AS many FROM tags t JOIN items i ON i.id = t.item_id WHERE i.missing = 0"  # noqa: S608
        f" GROUP BY {same} ORDER BY many DESC, {same}"
    )
    return tuple(TagCount(name, count) for name, count in rows)


def _tags_of(connection: Connection, marks: str, part: Sequence[int]) -> dict[tuple[int, str], Row]:
    """Return the tags of items by item and small letters."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM tags WHERE item_id IN ({marks})", part)  # noqa: S608
    return {(row[0], row[2].casefold()): list(row) for row in rows}

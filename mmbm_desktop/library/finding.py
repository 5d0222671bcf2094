"""Questions to the tables that take care which index answers them; every one inside the caller's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmbm_desktop.library.rows import (
    ITEM_COLUMNS,
    NEWEST_SOUNDS,
    below,
    in_parts,
    items_of,
    like_literal,
    storable_text,
)
from mmbm_desktop.library.stored_vectors import searchable
from mmbm_desktop.protocol.filters import EVERYTHING, Filters
from mmbm_desktop.protocol.order import NEWEST_FIRST, SortKey
from mmbm_desktop.protocol.tasks import MediaKind, Task

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mmbm_desktop.library.connection import Condition, Connection, Dialect, Value
    from mmbm_desktop.protocol.order import Order
    from mmbm_desktop.protocol.results import Item

_KEYS = {SortKey.DATE: "modified_s", SortKey.NAME: "path", SortKey.SIZE: "size_bytes"}
_SMALL_PART = 8
MANY = 1 << 60
"""More than there are: for no limit."""
_ANSWERED = r""" AND (EXISTS (SELECT 1 FROM embeddings w WHERE w.item_id = items.id AND w.model LIKE ? ESCAPE '\')
    OR EXISTS (SELECT 1 FROM captions w WHERE w.item_id = items.id AND w.model LIKE ? ESCAPE '\')
    OR EXISTS (SELECT 1 FROM transcripts w WHERE w.item_id = items.id AND w.model LIKE ? ESCAPE '\'))"""
_LABELLED = rf""" AND (EXISTS (SELECT 1 FROM tags t WHERE t.item_id = items.id AND t.name LIKE ? ESCAPE '\')
    OR EXISTS (SELECT 1 FROM sounds w WHERE w.item_id = items.id AND {NEWEST_SOUNDS}
    AND (replace(w.label, '_', ' ') LIKE ? ESCAPE '\' OR w.label LIKE ? ESCAPE '\'
        OR w.name_en LIKE ? ESCAPE '\' OR w.name_zh LIKE ? ESCAPE '\')))"""  # noqa: S608 - constants of our own
_EMBEDDED = Task.EMBED_IMAGE.value


def page_of_items(
    connection: Connection, offset: int, limit: int, filters: Filters, order: Order = NEWEST_FIRST
) -> tuple[tuple[Item, ...], int]:
    """Return `limit` items from `offset` on that are not missing, in an order, and how many there are."""
    total = count_shown(connection, filters)
    if filters == Filters(kind=filters.kind) and total == count_shown(connection, EVERYTHING):
        filters = EVERYTHING
    where, values = condition_of(connection.dialect, filters)
    key, way = _KEYS[order.key], "DESC" if order.descending else "ASC"
    # A small folder is sorted; of a large one the page is picked from the index by time, sorted already.
    small = filters.folder is not None and total * _SMALL_PART < count_shown(connection, EVERYTHING)
    by_path = where if order.key is SortKey.NAME else _not_by_path(where)
    where = f"+missing = 0{where}" if small else f"missing = 0{by_path}"
    # The last pages are counted from the end: SQLite steps over every row before the first.
    from_end = filters == EVERYTHING and offset > total // 2
    stepping = way
    if from_end:
        limit = max(0, min(limit, total - offset))
        offset, stepping = max(0, total - offset - limit), "ASC" if order.descending else "DESC"
    # The page first and its words after: the words of the items before it are never looked up.
    rows = connection.execute(
        f"SELECT {ITEM_COLUMNS} FROM"  # noqa: S608 - constants of our own
        f" (SELECT id FROM items WHERE {where} ORDER BY {key} {stepping}, id {stepping} LIMIT ? OFFSET ?) page"
        f" CROSS JOIN items i ON i.id = page.id ORDER BY i.{key} {way}, i.id {way}",
        (*values, limit, offset),
    ).fetchall()
    return items_of(connection, rows), total


def count_below(connection: Connection, folder: str) -> int:
    """Return how many items below a folder are not missing."""
    return _count(connection, *condition_of(connection.dialect, Filters(folder)))


def embedded_by(connection: Connection, model: str) -> tuple[int, int]:
    """Return how many shown items `model` embedded, and how many it tried in vain, without a look at each."""
    (in_vain,) = connection.execute(
        "SELECT COUNT(*) FROM answers a JOIN items ON items.id = a.item_id AND missing = 0"
        " WHERE a.task = ? AND a.model = ? AND a.failed = 1",
        (_EMBEDDED, model),
    ).fetchone()
    return searchable(connection, model), int(in_vain)


def ids_behind(connection: Connection, answer: tuple[str, str, str], after: int, limit: int) -> tuple[int, ...]:
    """Return ids above `after` of shown items that others gave the (task, language) for, and the model did not try."""
    task, language, model = answer
    rows = connection.execute(
        "SELECT DISTINCT a.item_id FROM answers a JOIN items ON items.id = a.item_id AND missing = 0"
        " WHERE a.task = ? AND a.language = ? AND a.failed = 0 AND a.item_id > ?"
        " AND NOT EXISTS (SELECT 1 FROM answers b WHERE b.item_id = a.item_id AND b.task = a.task"
        " AND b.language = a.language AND b.model = ?) ORDER BY a.item_id LIMIT ?",
        (task, language, after, model, limit),
    )
    return tuple(row[0] for row in rows)


def ids_not_asked(
    connection: Connection, kind: MediaKind, answer: tuple[str, str], after: int, limit: int
) -> tuple[int, ...]:
    """Return ids above `after` of shown items of a kind that the (task, model) was not tried for."""
    rows = connection.execute(
        "SELECT id FROM items WHERE missing = 0 AND kind = ? AND id > ?"
        " AND NOT EXISTS (SELECT 1 FROM answers a WHERE a.item_id = items.id AND a.task = ? AND a.model = ?)"
        " ORDER BY id LIMIT ?",
        (kind.value, after, *answer, limit),
    )
    return tuple(row[0] for row in rows)


def ids_of(connection: Connection, filters: Filters) -> Iterator[int]:
    """Yield the ids of the items that meet the conditions, missing ones too."""
    where, values = condition_of(connection.dialect, filters)
    return (row[0] for row in connection.execute(f"SELECT id FROM items WHERE TRUE{where}", values))  # noqa: S608


def shown_ids(connection: Connection, filters: Filters, most: int = MANY) -> tuple[int, ...]:
    """Return the ids of up to `most` items that are not missing and meet the conditions."""
    where, values = condition_of(connection.dialect, filters)
    rows = connection.execute(f"SELECT id FROM items WHERE +missing = 0{where} LIMIT ?", (*values, most))  # noqa: S608
    return tuple(row[0] for row in rows)


def shown_of(connection: Connection, ids: list[int], filters: Filters) -> list[int]:
    """Return those of `ids` that are not missing and meet the conditions, in the same order."""
    where, values = condition_of(connection.dialect, filters)
    shown: set[int] = set()
    for marks, part in in_parts(ids):
        rows = connection.execute(
            f"SELECT id FROM items WHERE id IN ({marks}) AND +missing = 0{_not_by_path(where)}",  # noqa: S608
            (*part, *values),
        )
        shown.update(row[0] for row in rows)
    return [number for number in ids if number in shown]


def count_shown(connection: Connection, filters: Filters) -> int:
    """Return how many items are not missing and meet the conditions."""
    if filters == Filters(kind=filters.kind):
        condition, values = ("WHERE kind = ?", (filters.kind,)) if filters.kind else ("", ())
        row = connection.execute(f"SELECT SUM(shown) FROM item_counts {condition}", values).fetchone()  # noqa: S608
        return int(row[0] or 0)
    return _count(connection, *condition_of(connection.dialect, filters))


def _count(connection: Connection, where: str = "", values: Sequence[Value] = ()) -> int:
    """Return how many items that fit `where` are not missing: all less the missing, so that indices are enough."""
    row = connection.execute(
        f"SELECT (SELECT COUNT(*) FROM items WHERE TRUE{where})"  # noqa: S608 - constants of our own
        f" - (SELECT COUNT(*) FROM items WHERE missing > 0{_not_by_path(where)})",
        (*values, *values),
    ).fetchone()
    return int(row[0])


def condition_of(dialect: Dialect, filters: Filters) -> Condition:
    """Return conditions on items, to be put after another one, and their values."""
    parts: list[Condition] = []
    if filters.folder is not None:
        parts.append((" AND path >= ? AND path < ?", below(filters.folder)))
    if filters.kind is not None:
        parts.append((" AND kind = ?", (filters.kind,)))
    if filters.after_s is not None:
        parts.append((" AND modified_s >= ?", (filters.after_s,)))
    if filters.before_s is not None:
        parts.append((" AND modified_s < ?", (filters.before_s,)))
    if filters.folder_name is not None:
        condition, values = dialect.in_a_folder(storable_text(filters.folder_name.strip("/\\")))
        parts.append((f" AND {condition}", values))
    if filters.model is not None:
        begins = f"{like_literal(storable_text(filters.model))}%"
        parts.append((_ANSWERED, (begins,) * _ANSWERED.count("?")))
    for tag in filters.tags:
        parts.append((f" AND id IN (SELECT item_id FROM tags WHERE {dialect.tag_is})", (storable_text(tag),)))  # noqa: S608, PERF401
    if filters.label is not None:
        parts.append(_label_condition(filters.label))
    for wanted in filters.words:
        source, values = dialect.holding(storable_text(wanted).strip())
        parts.append((f" AND id IN ({source})", values))
    return "".join(part for part, _ in parts), tuple(value for _, values in parts for value in values)


def _label_condition(label: str) -> Condition:
    """Return the condition that a tag, or a sound's id or name in some language, has `label` in it."""
    contains = f"%{like_literal(storable_text(label).strip())}%"
    return _LABELLED, (contains,) * _LABELLED.count("?")


def _not_by_path(where: str) -> str:
    """Return the condition such that SQLite cannot use the index by path."""
    return where.replace(" path", " +path")

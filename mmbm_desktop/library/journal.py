"""The journal: a person's steps, each written in the transaction that does it; they can be undone after a restart.

A step holds what is needed to take it back and to do it again: the rows of words and tags it added or took off, or the
items it took out. Items taken out stay in their tables, hidden, until their step is forgotten. What models write is no
step, but for a batch that a person asked for: its rows, written in parts, are one.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mmbm_desktop.library import corrections
from mmbm_desktop.library.rows import below, in_parts, refresh_words, shown_path, stored_path
from mmbm_desktop.library.tagging import put_on, take_off
from mmbm_desktop.library.writing import delete_items
from mmbm_desktop.protocol.corrections import CorrectionKind
from mmbm_desktop.protocol.journal import Action, Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.library.connection import Connection
    from mmbm_desktop.protocol.corrections import NewCorrection

KEPT_S = 30 * 24 * 3600.0
"""How long a step can be undone."""
PRESENT, GONE, TAKEN_OUT, LEFT_OUT = 0, 1, 2, 3
"""Values of `items.missing`: the file is there; it is gone; a person took its folder out of the library; or it alone.

One that was taken out alone stays out however often its folder is indexed, until the folder is taken out and added.
"""
_TABLES = {
    Action.CAPTION: "captions",
    Action.TRANSCRIPT: "transcripts",
    Action.CAPTION_AGAIN: "captions",
    Action.TRANSLATE: "captions",
}
_TAKING_OUT = {Action.REMOVE_FOLDER: TAKEN_OUT, Action.REMOVE_ITEMS: LEFT_OUT}
"""Steps that change which items there are, and what their items become."""


def note_words(
    connection: Connection,
    action: Action,
    item_id: int,
    after_row: int,
    now_s: float,
    corrected: Sequence[int] = (),
) -> None:
    """Note the rows that a person added to an item's captions or transcripts after row `after_row`, if any.

    `corrected` are the rows of corrections that belong to them.
    """
    rows = _new_rows(connection, _TABLES[action], after_row, "item_id = ? AND author = 'person'", (item_id,))
    if rows:
        learned = corrections.rows_as_data(connection, corrected)
        change = {"items": [item_id], "rows": rows, "corrections": learned}
        _note(connection, action, _path_of(connection, item_id), change, now_s)


def add_correction(connection: Connection, new: NewCorrection, now_s: float) -> None:
    """Store a label or a thumb as one step."""
    row = corrections.insert(connection, new, now_s)
    action = Action.LABEL if new.kind is CorrectionKind.LABEL else Action.THUMB
    _note(
        connection, action, new.path, {"items": [], "corrections": corrections.rows_as_data(connection, (row,))}, now_s
    )


def note_batch(connection: Connection, action: Action, after_row: int, now_s: float, batch: int | None) -> int | None:
    """Note all rows of words after row `after_row` as a part of one step; return the step's number, see `_note`."""
    rows = _new_rows(connection, _TABLES[action], after_row, "TRUE", ())
    if not rows:
        return batch
    items = list(dict.fromkeys(row["item_id"] for row in rows))
    return _note(
        connection, action, _path_of(connection, items[0]), {"items": items, "rows": rows}, now_s, batch, part=True
    )


def note_tags(connection: Connection, change: dict[str, list[Any]], now_s: float, batch: int | None) -> int | None:
    """Note rows of tags that came and went as a part of one step; return the step's number, see `_note`."""
    items = list(dict.fromkeys(row[0] for row in (*change["gone"], *change["new"])))
    if not items:
        return batch
    path = _path_of(connection, items[0])
    return _note(connection, Action.TAGS, path, {"items": items, **change}, now_s, batch, part=True)


def note_import(connection: Connection, source: str, before: dict[str, int], tags: Sequence[Any], now_s: float) -> None:
    """Note all rows of words after the rows `before`, and rows of tags that came, as one step; they can be searched.

    `source` is the folder that they came from.
    """
    change: dict[str, Any] = {table: _new_rows(connection, table, row, "TRUE", ()) for table, row in before.items()}
    change |= {"gone": [], "new": list(tags)}
    rows = [*(row["item_id"] for table in before for row in change[table]), *(row[0] for row in tags)]
    if rows:
        change["items"] = list(dict.fromkeys(rows))
        _note(connection, Action.IMPORT, source, change, now_s)
        refresh_words(connection, change["items"])


def last_rows(connection: Connection) -> dict[str, int]:
    """Return the highest row id of each table of words."""
    return {_TABLES[action]: last_row(connection, action) for action in (Action.CAPTION, Action.TRANSCRIPT)}


def last_row(connection: Connection, action: Action) -> int:
    """Return the highest row id of captions or transcripts."""
    return int(connection.execute(f"SELECT COALESCE(MAX(id), 0) FROM {_TABLES[action]}").fetchone()[0])  # noqa: S608


def take_out_folder(connection: Connection, path: str, now_s: float) -> tuple[int, ...]:
    """Forget a folder and hide the items that lie below it and below no other, as one step; return those."""
    change = _folder_change(connection, path)
    _note(connection, Action.REMOVE_FOLDER, path, change, now_s)
    _do_taking_out(connection, Action.REMOVE_FOLDER, path, change)
    return tuple(change["items"])


def _folder_change(connection: Connection, path: str) -> dict[str, Any]:
    """Return what taking out a folder changes, as things are now: by a redo it may hold more than when it was noted."""
    own = stored_path(path)
    row = connection.execute("SELECT position, done, wanted FROM folders WHERE path = ?", (own,)).fetchone()
    others = [
        below(shown_path(one)) for (one,) in connection.execute("SELECT path FROM folders WHERE path != ?", (own,))
    ]
    rows = connection.execute(
        "SELECT id, path FROM items WHERE path >= ? AND path < ? AND missing != ?", (*below(path), TAKEN_OUT)
    ).fetchall()
    items = [number for number, one in rows if not any(low <= one < high for low, high in others)]
    return {"folder": list(row) if row else None, "items": items, **_hidden(connection, items)}


def take_out_items(connection: Connection, items: Sequence[int], now_s: float) -> tuple[int, ...]:
    """Hide items, as one step; return those that were not hidden before."""
    shown: list[int] = []
    for state in (PRESENT, GONE):
        shown += _in_state(connection, items, state)
    if shown:
        change = {"items": shown, **_hidden(connection, shown)}
        path = _path_of(connection, shown[0])
        _note(connection, Action.REMOVE_ITEMS, path, change, now_s)
        _do_taking_out(connection, Action.REMOVE_ITEMS, path, change)
    return tuple(shown)


def _new_rows(
    connection: Connection, table: str, after_row: int, condition: str, values: tuple[object, ...]
) -> list[dict[str, Any]]:
    found = connection.execute(f"SELECT * FROM {table} WHERE id > ? AND {condition}", (after_row, *values))  # noqa: S608
    columns = [column[0] for column in found.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in found]


def _path_of(connection: Connection, item_id: int) -> str:
    return shown_path(connection.execute("SELECT path FROM items WHERE id = ?", (item_id,)).fetchone()[0])


def _hidden(connection: Connection, items: Sequence[int]) -> dict[str, list[int]]:
    """Return which items were hidden before a step takes them out, so that they are hidden again when it is undone."""
    return {"gone": _in_state(connection, items, GONE), "left_out": _in_state(connection, items, LEFT_OUT)}


def _in_state(connection: Connection, items: Sequence[int], missing: int) -> list[int]:
    found: list[int] = []
    for marks, part in in_parts(items):
        rows = connection.execute(f"SELECT id FROM items WHERE id IN ({marks}) AND missing = {missing}", part)  # noqa: S608
        found += [number for (number,) in rows]
    return found


def _note(
    connection: Connection,
    action: Action,
    path: str,
    change: dict[str, Any],
    now_s: float,
    batch: int | None = None,
    *,
    part: bool = False,
) -> int | None:
    """Append a step, or a `part` of the step `batch`, a new one where that is None; return the number of its step.

    Undone ones can no longer be done again: the world went another way.
    """
    connection.execute(f"DELETE FROM journal WHERE undone = 1{connection.dialect.here}")  # noqa: S608 - our own
    row = connection.execute(
        "INSERT INTO journal (action, path, change, created_s, batch) VALUES (?, ?, ?, ?, ?)",
        (action.value, stored_path(path), json.dumps(change, ensure_ascii=False), now_s, batch),
    ).lastrowid
    if part and batch is None:
        connection.execute("UPDATE journal SET batch = id WHERE id = ?", (row,))
        return row
    return batch


def next_steps(connection: Connection) -> tuple[Step | None, Step | None]:
    """Return the step that `undo` would take back and the one that `redo` would do again."""
    undo, redo = _next(connection, undone=False), _next(connection, undone=True)
    return (undo[0] if undo else None), (redo[0] if redo else None)


def undo(connection: Connection) -> Step | None:
    """Take the latest step back; None where there is none."""
    return _turn(connection, undone=False)


def redo(connection: Connection) -> Step | None:
    """Do the step again that was undone last; None where there is none."""
    return _turn(connection, undone=True)


def _turn(connection: Connection, *, undone: bool) -> Step | None:
    found = _next(connection, undone=undone)
    if found is None:
        return None
    step, parts = found
    for number, change in parts:
        connection.execute("UPDATE journal SET undone = ? WHERE id = ?", (not undone, number))
        (corrections.put_again if undone else corrections.take_back)(connection, change.get("corrections", ()))
        if undone and step.action is Action.REMOVE_FOLDER:
            change.update(_folder_change(connection, step.path))
        if step.action in _TAKING_OUT:
            (_do_taking_out if undone else _undo_taking_out)(connection, step.action, step.path, change)
        elif step.action is Action.TAGS:
            _turn_tags(connection, change, forth=undone)
        elif step.action is Action.IMPORT:
            _turn_import(connection, change, forth=undone)
        elif step.action in _TABLES:
            (_do_words if undone else _undo_words)(connection, _TABLES[step.action], change)
        if undone:
            text = json.dumps(change, ensure_ascii=False)
            connection.execute("UPDATE journal SET change = ? WHERE id = ?", (text, number))
    return step


def _next(connection: Connection, *, undone: bool) -> tuple[Step, Sequence[tuple[int, dict[str, Any]]]] | None:
    """Return a step and the numbers and changes of its parts, in the order in which they are to be turned."""
    order = "ASC" if undone else "DESC"
    first = connection.execute(
        f"SELECT id, action, path, batch FROM journal WHERE undone = ?{connection.dialect.here}"  # noqa: S608
        f" ORDER BY id {order} LIMIT 1",
        (undone,),
    ).fetchone()
    if first is None:
        return None
    number, action, path, batch = first
    condition, value = ("id = ?", number) if batch is None else ("batch = ?", batch)
    rows = connection.execute(
        f"SELECT id, change, path FROM journal WHERE {condition} AND undone = ? ORDER BY id {order}",  # noqa: S608
        (value, undone),
    ).fetchall()
    parts = [(row[0], json.loads(row[1])) for row in rows]
    items = dict.fromkeys(item for _, change in parts for item in _items_of(change))
    path = min(rows)[2] if batch is not None else path
    shown = () if action == Action.REMOVE_FOLDER else tuple(items)
    return Step(Action(action), shown_path(path), shown), parts


def _items_of(change: dict[str, Any]) -> list[int]:
    """Return the items of a step; older versions wrote the one item of a caption by itself."""
    return [change["item"]] if "item" in change else change["items"]


def _undo_words(connection: Connection, table: str, change: dict[str, Any]) -> None:
    for row in change["rows"]:
        connection.execute(
            f"DELETE FROM {table} WHERE id = ? AND item_id = ?",  # noqa: S608 - constants of our own
            (row["id"], row["item_id"]),
        )
    refresh_words(connection, _items_of(change))


def _do_words(connection: Connection, table: str, change: dict[str, Any]) -> None:
    """Add the rows again. Their old ids may be others' by now, so they get new ones, noted in `change`."""
    for row in change["rows"]:
        values = {name: value for name, value in row.items() if name != "id"}
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        cursor = connection.execute(
            f"INSERT INTO {table} ({names}) SELECT {marks}"  # noqa: S608 - columns of our own table
            " WHERE EXISTS (SELECT 1 FROM items WHERE id = ?)",
            (*values.values(), row["item_id"]),
        )
        if cursor.rowcount:
            row["id"] = cursor.lastrowid
    refresh_words(connection, _items_of(change))


def _turn_tags(connection: Connection, change: dict[str, Any], *, forth: bool) -> None:
    take_off(connection, change["gone"] if forth else change["new"])
    put_on(connection, change["new"] if forth else change["gone"])


def _turn_import(connection: Connection, change: dict[str, Any], *, forth: bool) -> None:
    for action in (Action.CAPTION, Action.TRANSCRIPT):
        rows = {"items": [], "rows": change[_TABLES[action]]}
        (_do_words if forth else _undo_words)(connection, _TABLES[action], rows)
    _turn_tags(connection, change, forth=forth)
    refresh_words(connection, change["items"])


def _do_taking_out(connection: Connection, action: Action, path: str, change: dict[str, Any]) -> None:
    if action is Action.REMOVE_FOLDER:
        connection.execute("DELETE FROM folders WHERE path = ?", (stored_path(path),))
    _mark(connection, change["items"], _TAKING_OUT[action])


def _undo_taking_out(connection: Connection, action: Action, path: str, change: dict[str, Any]) -> None:
    if change.get("folder") is not None:
        position, done, *wanted = change["folder"]
        # A folder added since may have its place; then it comes last.
        if connection.execute("SELECT 1 FROM folders WHERE position = ?", (position,)).fetchone():
            position = None
        names, values = ("path, done", [stored_path(path), done])
        if position is not None:
            names, values = f"position, {names}", [position, *values]
        connection.execute(
            f"INSERT INTO folders ({names}) VALUES ({', '.join('?' * len(values))}) ON CONFLICT DO NOTHING",  # noqa: S608
            values,
        )
        for asked in wanted:  # older versions noted none
            connection.execute("UPDATE folders SET wanted = ? WHERE path = ?", (asked, stored_path(path)))
    _mark(connection, change["items"], PRESENT, only=_TAKING_OUT[action])
    _mark(connection, change["gone"], GONE, only=PRESENT)
    _mark(connection, change.get("left_out", ()), LEFT_OUT, only=PRESENT)


def _mark(connection: Connection, items: Sequence[int], missing: int, only: int | None = None) -> None:
    condition = "" if only is None else f" AND missing = {only}"
    for marks, part in in_parts(items):
        connection.execute(f"UPDATE items SET missing = {missing} WHERE id IN ({marks}){condition}", part)  # noqa: S608


def taken_out_by_others(connection: Connection) -> list[int]:
    """Return the items that are hidden with a folder, but by no step of this journal."""
    own: set[int] = set()
    steps = connection.execute("SELECT change FROM journal WHERE action = ?", (Action.REMOVE_FOLDER.value,))
    for (text,) in steps.fetchall():
        own.update(json.loads(text)["items"])
    hidden = connection.execute("SELECT id FROM items WHERE missing = ?", (TAKEN_OUT,)).fetchall()
    return [number for (number,) in hidden if number not in own]


def forget_old(connection: Connection, now_s: float) -> None:
    """Forget steps that are older than `KEPT_S`, and for good the items of folders that they took out, if still out.

    Items that were taken out alone are remembered: the next indexing would bring them back otherwise.
    """
    before = now_s - KEPT_S
    rows = connection.execute(
        "SELECT change FROM journal WHERE created_s < ? AND action = ?", (before, Action.REMOVE_FOLDER.value)
    ).fetchall()
    for (text,) in rows:
        for marks, part in in_parts(json.loads(text)["items"]):
            out = connection.execute(f"SELECT id FROM items WHERE id IN ({marks}) AND missing = {TAKEN_OUT}", part)  # noqa: S608
            delete_items(connection, [number for (number,) in out.fetchall()])
    connection.execute("DELETE FROM journal WHERE created_s < ?", (before,))

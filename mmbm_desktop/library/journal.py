"""The journal: a person's steps, each written in the transaction that does it; they can be undone after a restart.

A step holds what is needed to take it back and to do it again: the rows of words it added, or the items of a folder it
took out. Items taken out stay in their tables, hidden, until their step is forgotten. What models write is no step.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mmbm_desktop.library import corrections
from mmbm_desktop.library.rows import in_parts, refresh_words, shown_path, stored_path
from mmbm_desktop.library.writing import delete_items
from mmbm_desktop.protocol.corrections import CorrectionKind
from mmbm_desktop.protocol.journal import Action, Step

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from mmbm_desktop.protocol.corrections import NewCorrection

KEPT_S = 30 * 24 * 3600.0
"""How long a step can be undone."""
PRESENT, GONE, TAKEN_OUT = 0, 1, 2
"""Values of `items.missing`: the file is there; it is gone; a person took it out of the library."""
_TABLES = {Action.CAPTION: "captions", Action.TRANSCRIPT: "transcripts"}


def note_words(
    connection: sqlite3.Connection,
    action: Action,
    item_id: int,
    after_row: int,
    now_s: float,
    corrected: Sequence[int] = (),
) -> None:
    """Note the rows that a person added to an item's captions or transcripts after row `after_row`, if any.

    `corrected` are the rows of corrections that belong to them.
    """
    table = _TABLES[action]
    found = connection.execute(
        f"SELECT * FROM {table} WHERE item_id = ? AND id > ? AND author = 'person'",  # noqa: S608 - our own
        (item_id, after_row),
    )
    columns = [column[0] for column in found.description]
    rows = [dict(zip(columns, row, strict=True)) for row in found]
    if rows:
        (path,) = connection.execute("SELECT path FROM items WHERE id = ?", (item_id,)).fetchone()
        _note(connection, action, shown_path(path), _words(connection, item_id, rows, corrected), now_s)


def _words(
    connection: sqlite3.Connection, item_id: int, rows: list[dict[str, Any]], corrected: Sequence[int]
) -> dict[str, Any]:
    return {"item": item_id, "rows": rows, "corrections": corrections.rows_as_data(connection, corrected)}


def add_correction(connection: sqlite3.Connection, new: NewCorrection, now_s: float) -> None:
    """Store a label or a thumb as one step."""
    row = corrections.insert(connection, new, now_s)
    action = Action.LABEL if new.kind is CorrectionKind.LABEL else Action.THUMB
    _note(connection, action, new.path, {"corrections": corrections.rows_as_data(connection, (row,))}, now_s)


def last_row(connection: sqlite3.Connection, action: Action) -> int:
    """Return the highest row id of captions or transcripts."""
    return int(connection.execute(f"SELECT COALESCE(MAX(id), 0) FROM {_TABLES[action]}").fetchone()[0])  # noqa: S608


def take_out_folder(connection: sqlite3.Connection, path: str, items: Sequence[int], now_s: float) -> None:
    """Hide items and forget the folder they came from, as one step."""
    row = connection.execute("SELECT position, done FROM folders WHERE path = ?", (stored_path(path),)).fetchone()
    gone: list[int] = []
    for marks, part in in_parts(items):
        hidden = connection.execute(f"SELECT id FROM items WHERE id IN ({marks}) AND missing = {GONE}", part)  # noqa: S608
        gone += [number for (number,) in hidden]
    change = {"folder": list(row) if row else None, "items": list(items), "gone": gone}
    _note(connection, Action.REMOVE_FOLDER, path, change, now_s)
    _do_folder(connection, path, change)


def _note(connection: sqlite3.Connection, action: Action, path: str, change: dict[str, Any], now_s: float) -> None:
    """Append a step. Undone ones can no longer be done again: the world went another way."""
    connection.execute("DELETE FROM journal WHERE undone = 1")
    connection.execute(
        "INSERT INTO journal (action, path, change, created_s) VALUES (?, ?, ?, ?)",
        (action.value, stored_path(path), json.dumps(change, ensure_ascii=False), now_s),
    )


def next_steps(connection: sqlite3.Connection) -> tuple[Step | None, Step | None]:
    """Return the step that `undo` would take back and the one that `redo` would do again."""
    undo, redo = _next(connection, undone=False), _next(connection, undone=True)
    return (undo[1] if undo else None), (redo[1] if redo else None)


def undo(connection: sqlite3.Connection) -> Step | None:
    """Take the latest step back; None where there is none."""
    return _turn(connection, undone=False)


def redo(connection: sqlite3.Connection) -> Step | None:
    """Do the step again that was undone last; None where there is none."""
    return _turn(connection, undone=True)


def _turn(connection: sqlite3.Connection, *, undone: bool) -> Step | None:
    found = _next(connection, undone=undone)
    if found is None:
        return None
    number, step, change = found
    connection.execute("UPDATE journal SET undone = ? WHERE id = ?", (not undone, number))
    (corrections.put_again if undone else corrections.take_back)(connection, change.get("corrections", ()))
    if step.action is Action.REMOVE_FOLDER:
        (_do_folder if undone else _undo_folder)(connection, step.path, change)
    elif step.action in _TABLES:
        (_do_words if undone else _undo_words)(connection, _TABLES[step.action], change)
    return step


def _next(connection: sqlite3.Connection, *, undone: bool) -> tuple[int, Step, dict[str, Any]] | None:
    order = "ASC" if undone else "DESC"
    row = connection.execute(
        f"SELECT id, action, path, change FROM journal WHERE undone = ? ORDER BY id {order} LIMIT 1",  # noqa: S608
        (undone,),
    ).fetchone()
    if row is None:
        return None
    number, action, path, text = row
    change = json.loads(text)
    items = (change["item"],) if "item" in change else ()
    return number, Step(Action(action), shown_path(path), items), change


def _undo_words(connection: sqlite3.Connection, table: str, change: dict[str, Any]) -> None:
    for row in change["rows"]:
        connection.execute(f"DELETE FROM {table} WHERE id = ?", (row["id"],))  # noqa: S608 - constants of our own
    refresh_words(connection, change["item"])


def _do_words(connection: sqlite3.Connection, table: str, change: dict[str, Any]) -> None:
    if connection.execute("SELECT 1 FROM items WHERE id = ?", (change["item"],)).fetchone() is None:
        return
    for row in change["rows"]:
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        connection.execute(
            f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 - columns of our own table
            tuple(row.values()),
        )
    refresh_words(connection, change["item"])


def _do_folder(connection: sqlite3.Connection, path: str, change: dict[str, Any]) -> None:
    connection.execute("DELETE FROM folders WHERE path = ?", (stored_path(path),))
    _mark(connection, change["items"], TAKEN_OUT)


def _undo_folder(connection: sqlite3.Connection, path: str, change: dict[str, Any]) -> None:
    if change["folder"] is not None:
        position, done = change["folder"]
        connection.execute(
            "INSERT OR IGNORE INTO folders (position, path, done) VALUES (?, ?, ?)", (position, stored_path(path), done)
        )
    _mark(connection, change["items"], PRESENT, only=TAKEN_OUT)
    _mark(connection, change["gone"], GONE, only=PRESENT)


def _mark(connection: sqlite3.Connection, items: Sequence[int], missing: int, only: int | None = None) -> None:
    condition = "" if only is None else f" AND missing = {only}"
    for marks, part in in_parts(items):
        connection.execute(f"UPDATE items SET missing = {missing} WHERE id IN ({marks}){condition}", part)  # noqa: S608


def forget_old(connection: sqlite3.Connection, now_s: float) -> None:
    """Forget steps that are older than `KEPT_S`, and for good the items that they took out and that are still out."""
    before = now_s - KEPT_S
    rows = connection.execute(
        "SELECT change FROM journal WHERE created_s < ? AND action = ?", (before, Action.REMOVE_FOLDER.value)
    ).fetchall()
    for (text,) in rows:
        for marks, part in in_parts(json.loads(text)["items"]):
            out = connection.execute(f"SELECT id FROM items WHERE id IN ({marks}) AND missing = {TAKEN_OUT}", part)  # noqa: S608
            delete_items(connection, [number for (number,) in out.fetchall()])
    connection.execute("DELETE FROM journal WHERE created_s < ?", (before,))

"""Files that the library knows already: as they are, moved, or come back. In the caller's transaction; hashes nothing.

Size, time and inode tell that a file is the one that was stored. A file at a new path is an item's moved file if all
three agree and the item's own file is gone: a renamed folder of ten thousand files costs one look at each. Files may
change places, and one may be moved over another: each item goes with its file, and one whose file was moved over is
gone.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mmbm_desktop.base.giving_way import give_way
from mmbm_desktop.library.interface import Known
from mmbm_desktop.library.journal import GONE, LEFT_OUT, PRESENT, TAKEN_OUT
from mmbm_desktop.library.rows import in_parts, refresh_words, shown_path, stored_path
from mmbm_desktop.library.writing import displace, is_gone, moved_from, storable_inode
from mmbm_desktop.protocol.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.library.connection import Connection
    from mmbm_desktop.media.scan import ScannedFile


@dataclass(frozen=True)
class Recognised:
    """What is known by path; the ids of items that are shown again, and of those whose place another has taken."""

    known: dict[str, Known]
    back: tuple[int, ...]
    displaced: tuple[int, ...] = ()


def recognise(connection: Connection, files: Sequence[ScannedFile]) -> Recognised:
    """Return what is held of files as they are now; take moved items along and show missing ones again."""
    found: dict[str, int] = {}
    back: list[int] = []
    left_out: set[int] = set()
    displaced: dict[int, None] = {}
    for file in files:
        give_way()
        row = _left_out(connection, file) or _stored_as_it_is(connection, file) or _moved(connection, file, displaced)
        if row is None:
            continue
        number, missing = row
        displaced.pop(number, None)
        found[file.path] = number
        if missing in (GONE, TAKEN_OUT):
            connection.execute("UPDATE items SET missing = 0 WHERE id = ?", (number,))
            back.append(number)
        if missing == LEFT_OUT:
            left_out.add(number)
    answers = answers_of(connection, list(found.values()))
    known = {path: Known(number, answers[number], number in left_out) for path, number in found.items()}
    return Recognised(known, tuple(back), tuple(displaced))


def known_content(connection: Connection, path: str, content_hash: str, inode: int) -> Known | None:
    """Return what is held of the item that `store` would give this path and content; None where it would be new."""
    row = connection.execute(
        "SELECT id, content_hash FROM items WHERE path = ?", (stored_path(path),)
    ).fetchone() or moved_from(connection, content_hash, inode)
    if row is None or row[1] != content_hash:
        return None
    return Known(row[0], answers_of(connection, [row[0]])[row[0]])


def answers_of(connection: Connection, ids: Sequence[int]) -> dict[int, frozenset[tuple[str, str, str]]]:
    """Return (task, language, model) of every answer to items; those of people have the model ""."""
    found: dict[int, set[tuple[str, str, str]]] = {number: set() for number in ids}
    for marks, part in in_parts(ids):
        rows = connection.execute(
            f"SELECT item_id, task, language, model FROM answers WHERE item_id IN ({marks})"  # noqa: S608 - question marks
            f" UNION ALL SELECT item_id, ?, language, '' FROM captions WHERE author = 'person' AND item_id IN ({marks})"
            f" UNION ALL SELECT item_id, ?, '', '' FROM transcripts WHERE author = 'person' AND item_id IN ({marks})",
            (*part, Task.CAPTION, *part, Task.TRANSCRIBE, *part),
        )
        for number, task, language, model in rows:
            give_way()
            found[number].add((task, language, model))
    return {number: frozenset(answers) for number, answers in found.items()}


def _left_out(connection: Connection, file: ScannedFile) -> tuple[int, int] | None:
    """Return an item that a person took out alone, whatever became of its file since."""
    return connection.execute(
        "SELECT id, missing FROM items WHERE path = ? AND missing = ?", (stored_path(file.path), LEFT_OUT)
    ).fetchone()


def _stored_as_it_is(connection: Connection, file: ScannedFile) -> tuple[int, int] | None:
    return connection.execute(
        "SELECT id, missing FROM items WHERE path = ? AND size_bytes = ? AND modified_s = ?"  # noqa: S608 - our own
        f" AND {connection.dialect.same_inode}",
        (stored_path(file.path), file.size_bytes, file.modified_s, storable_inode(file.inode)),
    ).fetchone()


def _moved(connection: Connection, file: ScannedFile, displaced: dict[int, None]) -> tuple[int, int] | None:
    """Give the item whose file this was its new path; None where there is none.

    An item that had the path loses it and becomes one of `displaced`, until its own file is found.
    """
    if not file.inode:
        return None
    path = stored_path(file.path)
    rows = connection.execute(
        "SELECT id, missing, path FROM items WHERE inode = ? AND size_bytes = ? AND modified_s = ? AND kind = ?"  # noqa: S608
        + connection.dialect.here,
        (storable_inode(file.inode), file.size_bytes, file.modified_s, file.kind.value),
    ).fetchall()
    former = connection.execute("SELECT id, missing FROM items WHERE path = ?", (path,)).fetchone()
    row = next((row for row in rows if is_gone(row[2])), None)
    if row is None and former is not None:  # a known file in another's place: they changed places, or all moved up one
        row = next((row for row in rows if not _is_at(row[2], file)), None)
    if row is None:
        return None
    number, missing, old = row
    if former is not None:
        displace(connection, former[0])
        if former[1] == PRESENT:
            displaced[former[0]] = None
    connection.execute("UPDATE items SET path = ? WHERE id = ?", (path, number))
    if _name(old) != _name(path):
        refresh_words(connection, (number,))
    return number, missing


def _is_at(stored: bytes, file: ScannedFile) -> bool:
    """Whether the file, or a hard link to it, lies at a path; one that may not be looked at does."""
    try:
        return os.stat(shown_path(stored)).st_ino == file.inode  # noqa: PTH116 - as in `is_gone`
    except (OSError, ValueError):
        return not is_gone(stored)


def _name(stored: bytes) -> str:
    return shown_path(stored).replace("\\", "/").rpartition("/")[2]

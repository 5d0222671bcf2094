"""The table of corrections, written in the transaction of the edit. Which of them count is not decided here."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any

from mmbm_desktop.library.rows import shown_path, storable_text, stored_path
from mmbm_desktop.protocol.corrections import Correction, CorrectionKind, NewCorrection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mmbm_desktop.library.connection import Connection

_WORDS = ("kind", "content_hash", "said", "text", "model", "language", "rating")
_COLUMNS = ("id", "path", *_WORDS, "created_s")
_ALL = ", ".join(_COLUMNS)
_ITEMS = "FROM items i WHERE i.content_hash = c.content_hash AND i.missing = 0"
_PATH = (
    f"COALESCE((SELECT i.path {_ITEMS} AND i.path = c.path), (SELECT i.path {_ITEMS} ORDER BY i.path LIMIT 1), c.path)"
)
_READ = ", ".join(_PATH if name == "path" else name for name in _COLUMNS)
_SELECT = f"SELECT {_READ} FROM corrections c WHERE id >= ? ORDER BY id"  # noqa: S608 - constants of our own
_TABLES = {CorrectionKind.CAPTION: "captions", CorrectionKind.TRANSCRIPT: "transcripts"}


@dataclass(frozen=True)
class Words:
    """A person's words for an item, and whose words they set right; "" where that is to be looked up."""

    text: str
    language: str
    said: str = ""
    said_by: str = ""


def insert(connection: Connection, new: NewCorrection, now_s: float) -> int:
    """Append a correction and return its row's id."""
    words = [getattr(new, name) for name in _WORDS]
    values = [storable_text(one) if isinstance(one, str) else one for one in words]
    cursor = connection.execute(
        f"INSERT INTO corrections (path, {', '.join(_WORDS)}, created_s) VALUES ({', '.join('?' * 9)})",  # noqa: S608
        (stored_path(new.path), *values, now_s),
    )
    return int(cursor.lastrowid or 0)


def insert_words(
    connection: Connection, kind: CorrectionKind, item_id: int, words: Iterable[Words], now_s: float
) -> tuple[int, ...]:
    """Append a correction for each of a person's texts, before they themselves are stored; return the rows' ids."""
    found = connection.execute("SELECT path, content_hash FROM items WHERE id = ?", (item_id,)).fetchone()
    if found is None:
        return ()
    ids = []
    for one in words:
        said, by = (one.said, one.said_by) if one.said_by else _said(connection, kind, item_id, one.language)
        new = NewCorrection(kind, shown_path(found[0]), found[1], said, one.text, by, one.language)
        ids.append(insert(connection, new, now_s))
    return tuple(ids)


def _said(connection: Connection, kind: CorrectionKind, item_id: int, language: str) -> tuple[str, str]:
    """Return what a model said last of an item's present content, and who."""
    row = connection.execute(
        f"SELECT w.text, w.model FROM {_TABLES[kind]} w JOIN items i ON i.id = w.item_id"  # noqa: S608 - our own
        " WHERE i.id = ? AND w.content_hash = i.content_hash AND w.language = ? AND w.author = 'model'"
        " ORDER BY w.id DESC LIMIT 1",
        (item_id, language),
    ).fetchone()
    return (row[0], row[1]) if row else ("", "")


def all_corrections(connection: Connection, first: int = 0) -> tuple[Correction, ...]:
    """Return every row from the id `first` on, the oldest first; files that moved in the library at their new paths."""
    found = []
    for row in connection.execute(_SELECT, (first,)):
        values = dict(zip(_COLUMNS, row, strict=True))
        values |= {"path": shown_path(values["path"]), "kind": CorrectionKind(values["kind"])}
        found.append(Correction(**values))
    return tuple(found)


def rows_as_data(connection: Connection, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Return rows as JSON can hold them, for the journal."""
    kept = [one for one in all_corrections(connection, min(ids)) if one.id in ids] if ids else []
    names = list(Correction.__dataclass_fields__)
    return [{**dict(zip(names, astuple(one), strict=True)), "kind": str(one.kind)} for one in kept]


def take_back(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Delete rows that `rows_as_data` returned."""
    connection.executemany("DELETE FROM corrections WHERE id = ?", [(row["id"],) for row in rows])


def put_again(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows that were taken back."""
    connection.executemany(
        f"INSERT INTO corrections ({_ALL}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608 - our own
        " ON CONFLICT DO NOTHING",
        [tuple(stored_path(row[name]) if name == "path" else row[name] for name in _COLUMNS) for row in rows],
    )

"""The library in one SQLite file. One item a path: two copies of a picture are two items; a moved one stays itself."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.library.connections import Connections
from mmbm_desktop.library.interface import CaptionEntry, Library, VectorHit
from mmbm_desktop.library.rows import ITEM_COLUMNS, below, item_of, refresh_words, shown_path, stored_path
from mmbm_desktop.library.vectors import VectorMatrix
from mmbm_desktop.library.writing import insert_captions, insert_transcript, store_item
from mmbm_desktop.protocol.catalogue import FolderInfo

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    import numpy.typing as npt

    from mmbm_desktop.library.interface import IndexedItem, NewCaption, NewTranscript
    from mmbm_desktop.protocol.results import Item

_LIKE_SPECIAL = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})
_TRIGRAM = 3
_AT_ONCE = 500


class SqliteLibrary(Library):
    """See `Library`. Opening makes or migrates the file.

    Raises:
        EnvironmentFault: the file cannot be opened, is damaged, locked, or of a newer program.
    """

    def __init__(self, file: Path) -> None:
        self._connections = Connections(file)
        self._matrices: dict[str, VectorMatrix] = {}
        self._loading = threading.Lock()

    # --- writing -------------------------------------------------------------------------------------------------

    def store(self, items: Sequence[IndexedItem]) -> tuple[int, ...]:
        """See `Library.store`."""
        now = time.time()
        with self._connections.writing() as connection:
            ids = tuple(store_item(connection, item, now) for item in items)
            before = _vector_counter(connection)
            connection.execute("UPDATE counters SET value = value + 1 WHERE name = 'vectors'")
        self._follow(items, ids, before)
        return ids

    def _follow(self, items: Sequence[IndexedItem], ids: Sequence[int], before: int) -> None:
        """Bring the matrices that were up to date before this store up to date again."""
        for model, matrix in self._matrices.items():
            if matrix.version == before:
                pairs = zip(ids, items, strict=True)
                new = [(number, i.embedding) for number, i in pairs if i.embedding_model == model]
                matrix.put([(number, vector) for number, vector in new if vector is not None], before + 1)

    def mark_missing(self, folder: str, seen: Sequence[str]) -> int:
        """See `Library.mark_missing`."""
        low, high = below(folder)
        with self._connections.writing() as connection:
            rows = connection.execute(
                "SELECT id, path FROM items WHERE path >= ? AND path < ? AND NOT missing", (low, high)
            ).fetchall()
            present = {stored_path(path) for path in seen}
            gone = [(number,) for number, path in rows if path not in present]
            connection.executemany("UPDATE items SET missing = 1 WHERE id = ?", gone)
        return len(gone)

    def add_captions(self, item_id: int, captions: Sequence[NewCaption]) -> None:
        """See `Library.add_captions`."""
        with self._connections.writing() as connection:
            insert_captions(connection, item_id, captions, time.time())
            refresh_words(connection, item_id)

    def add_transcript(self, item_id: int, transcript: NewTranscript) -> None:
        """See `Library.add_transcript`."""
        with self._connections.writing() as connection:
            insert_transcript(connection, item_id, transcript, time.time())
            refresh_words(connection, item_id)

    def add_folder(self, path: str) -> None:
        """See `Library.add_folder`."""
        with self._connections.writing() as connection:
            connection.execute("INSERT OR IGNORE INTO folders (path) VALUES (?)", (stored_path(path),))

    def set_folder_done(self, path: str, *, done: bool) -> None:
        """See `Library.set_folder_done`."""
        with self._connections.writing() as connection:
            connection.execute("UPDATE folders SET done = ? WHERE path = ?", (done, stored_path(path)))

    def remove_folder(self, path: str) -> None:
        """See `Library.remove_folder`."""
        low, high = below(path)
        with self._connections.writing() as connection:
            connection.execute("DELETE FROM folders WHERE path = ?", (stored_path(path),))
            others = [below(shown_path(row[0])) for row in connection.execute("SELECT path FROM folders")]
            rows = connection.execute("SELECT id, path FROM items WHERE path >= ? AND path < ?", (low, high)).fetchall()
            gone = [(number,) for number, own in rows if not any(a <= own < b for a, b in others)]
            connection.executemany("DELETE FROM words WHERE rowid = ?", gone)
            connection.executemany("DELETE FROM items WHERE id = ?", gone)
            connection.execute("UPDATE counters SET value = value + 1 WHERE name = 'vectors'")

    # --- reading -------------------------------------------------------------------------------------------------

    def unchanged(self, path: str, size_bytes: int, modified_s: float, embedding_model: str) -> bool:
        """See `Library.unchanged`."""
        with self._connections.reading() as connection:
            row = connection.execute(
                "SELECT kind, EXISTS (SELECT 1 FROM embeddings WHERE item_id = items.id AND model = ?) FROM items"
                " WHERE path = ? AND size_bytes = ? AND modified_s = ? AND NOT missing",
                (embedding_model, stored_path(path), size_bytes, modified_s),
            ).fetchone()
        return row is not None and (row[0] == "recording" or bool(row[1]))

    def caption_history(self, item_id: int) -> tuple[CaptionEntry, ...]:
        """See `Library.caption_history`."""
        with self._connections.reading() as connection:
            rows = connection.execute(
                "SELECT text, language, score, model, author, created_s FROM captions WHERE item_id = ?"
                " ORDER BY id DESC",
                (item_id,),
            ).fetchall()
        return tuple(CaptionEntry(*row) for row in rows)

    def items(self, ids: Sequence[int]) -> tuple[Item, ...]:
        """See `Library.items`."""
        found: dict[int, Item] = {}
        with self._connections.reading() as connection:
            for start in range(0, len(ids), _AT_ONCE):
                part = ids[start : start + _AT_ONCE]
                marks = ",".join("?" * len(part))
                rows = connection.execute(f"SELECT {ITEM_COLUMNS} FROM items i WHERE i.id IN ({marks})", part)  # noqa: S608
                found.update((row[0], item_of(row)) for row in rows)
        return tuple(found[number] for number in ids if number in found)

    def item_at(self, path: str) -> Item | None:
        """See `Library.item_at`."""
        with self._connections.reading() as connection:
            row = connection.execute(
                f"SELECT {ITEM_COLUMNS} FROM items i WHERE i.path = ?",  # noqa: S608 - constants of our own
                (stored_path(path),),
            ).fetchone()
        return item_of(row) if row else None

    def browse(self, offset: int, limit: int, folder: str | None, kind: str | None) -> tuple[tuple[Item, ...], int]:
        """See `Library.browse`."""
        where, values = "NOT i.missing", []
        if folder is not None:
            where, values = f"{where} AND i.path >= ? AND i.path < ?", [*below(folder)]
        if kind is not None:
            where, values = f"{where} AND i.kind = ?", [*values, kind]
        with self._connections.reading() as connection:
            total = connection.execute(f"SELECT COUNT(*) FROM items i WHERE {where}", values).fetchone()[0]  # noqa: S608
            rows = connection.execute(
                f"SELECT {ITEM_COLUMNS} FROM items i WHERE {where}"  # noqa: S608 - constants of our own
                " ORDER BY i.modified_s DESC, i.id DESC LIMIT ? OFFSET ?",
                [*values, limit, offset],
            ).fetchall()
        return tuple(item_of(row) for row in rows), total

    def search_words(self, text: str, top: int, folder: str | None = None) -> tuple[int, ...]:
        """See `Library.search_words`."""
        wanted = text.strip()
        if not wanted:
            return ()
        low, high = below(folder) if folder is not None else (b"", b"\xff")
        if len(wanted) >= _TRIGRAM:
            where, value, order = "words MATCH ?", f'"{wanted.replace(chr(34), chr(34) * 2)}"', "rank"
        else:
            where, order = r"name || char(10) || captions || char(10) || transcript LIKE ? ESCAPE '\'", "i.id DESC"
            value = f"%{wanted.translate(_LIKE_SPECIAL)}%"
        with self._connections.reading() as connection:
            rows = connection.execute(
                f"SELECT i.id FROM words JOIN items i ON i.id = words.rowid WHERE {where}"  # noqa: S608
                f" AND NOT i.missing AND i.path >= ? AND i.path < ? ORDER BY {order} LIMIT ?",
                (value, low, high, top),
            ).fetchall()
        return tuple(row[0] for row in rows)

    def search_vectors(
        self, query: npt.NDArray[np.float32], model: str, top: int, folder: str | None = None
    ) -> tuple[tuple[VectorHit, ...], int]:
        """See `Library.search_vectors`."""
        matrix = self._matrix(model)
        with self._connections.reading() as connection:
            only = None
            if folder is not None:
                only = _ids(connection, "SELECT id FROM items WHERE path >= ? AND path < ?", below(folder))
            never = _ids(connection, "SELECT id FROM items WHERE missing", ())
        hits, searched = matrix.search(np.asarray(query, np.float32), top, only=only, never=never)
        return tuple(VectorHit(number, score) for number, score in hits), searched

    def _matrix(self, model: str) -> VectorMatrix:
        """Return the model's matrix, read again from the database when another process or a removal changed it."""
        with self._loading, self._connections.reading() as connection:
            version = _vector_counter(connection)
            matrix = self._matrices.get(model)
            if matrix is None or matrix.version != version:
                matrix = _read_matrix(connection, model, version)
                self._matrices[model] = matrix
            return matrix

    def folders(self) -> tuple[FolderInfo, ...]:
        """See `Library.folders`."""
        found = []
        with self._connections.reading() as connection:
            for path, done in connection.execute("SELECT path, done FROM folders ORDER BY position").fetchall():
                shown = shown_path(path)
                count = connection.execute(
                    "SELECT COUNT(*) FROM items WHERE path >= ? AND path < ? AND NOT missing", below(shown)
                ).fetchone()[0]
                found.append(FolderInfo(shown, count, bool(done)))
        return tuple(found)

    def check(self) -> tuple[str, ...]:
        """See `Library.check`."""
        with self._connections.reading() as connection:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            found += [f"foreign key: {row}" for row in connection.execute("PRAGMA foreign_key_check")]
        return tuple(complaint for complaint in found if complaint != "ok")

    def close(self) -> None:
        """See `Library.close`."""
        self._connections.close()
        self._matrices.clear()


def _vector_counter(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT value FROM counters WHERE name = 'vectors'").fetchone()[0])


def _ids(connection: sqlite3.Connection, statement: str, values: Sequence[bytes]) -> npt.NDArray[np.int64]:
    return np.fromiter((row[0] for row in connection.execute(statement, values)), np.int64)


def _read_matrix(connection: sqlite3.Connection, model: str, version: int) -> VectorMatrix:
    rows = connection.execute("SELECT item_id, vector FROM embeddings WHERE model = ?", (model,)).fetchall()
    matrix = VectorMatrix(version)
    if rows:
        ids = np.fromiter((row[0] for row in rows), np.int64, len(rows))
        halves = np.frombuffer(b"".join(row[1] for row in rows), np.float16).reshape(len(rows), -1)
        matrix.fill(ids, halves.astype(np.float32))
    return matrix

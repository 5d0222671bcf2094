"""The library in one SQLite file. One item a path: two copies of a picture are two items; a moved one stays itself."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.library import journal, leaving, recognising
from mmbm_desktop.library.connections import Connections
from mmbm_desktop.library.finding import count_below, coverage_of, ids_behind, ids_with_words, page_of_items
from mmbm_desktop.library.interface import CaptionEntry, Library, VectorHit
from mmbm_desktop.library.rows import (
    ITEM_COLUMNS,
    below,
    in_parts,
    items_of,
    refresh_words,
    shown_path,
    storable_text,
    stored_path,
)
from mmbm_desktop.library.vector_cache import VectorCache, VectorChanges
from mmbm_desktop.library.writing import insert_captions, insert_transcript, store_item
from mmbm_desktop.protocol.catalogue import FolderInfo
from mmbm_desktop.protocol.filters import EVERYTHING
from mmbm_desktop.protocol.journal import Action

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from mmbm_desktop.library.interface import IndexedItem, Known, NewCaption, NewTranscript
    from mmbm_desktop.media.scan import ScannedFile
    from mmbm_desktop.protocol.filters import Filters
    from mmbm_desktop.protocol.journal import Step
    from mmbm_desktop.protocol.results import Item

_DIFFERENCE = "SELECT rowid FROM {} EXCEPT SELECT rowid FROM {}"


class SqliteLibrary(Library):
    """See `Library`. Opening makes or migrates the file.

    Raises:
        EnvironmentFault: the file cannot be opened, is damaged, locked, or of a newer program.
    """

    def __init__(self, file: Path, clock: Callable[[], float] = time.time) -> None:
        self._connections = Connections(file)
        self._vectors = VectorCache()
        self._clock = clock
        self.forget_old()

    # --- writing -------------------------------------------------------------------------------------------------

    def store(self, items: Sequence[IndexedItem]) -> tuple[int, ...]:
        """See `Library.store`."""
        now = self._clock()
        with self._connections.writing() as connection:
            stored = [store_item(connection, item, now) for item in items]
            changes = VectorChanges.of_stored(items, stored)
            before = changes.announce(connection)
        self._vectors.follow(changes, before)
        return tuple(one.item_id for one in stored)

    def mark_missing(self, folder: str, seen: Sequence[str]) -> int:
        """See `Library.mark_missing`."""
        return self._leave(lambda connection: leaving.gone_below(connection, folder, seen))

    def mark_gone(self, paths: Sequence[str]) -> int:
        """See `Library.mark_gone`."""
        return self._leave(lambda connection: leaving.gone_at(connection, paths))

    def _leave(self, leavers: Callable[[sqlite3.Connection], tuple[int, ...]]) -> int:
        """Mark items as gone. Their files are looked at before others must wait for the writing."""
        with self._connections.reading() as connection:
            gone = leavers(connection)
        if gone:
            with self._connections.writing() as connection:
                leaving.mark_gone(connection, gone, self._clock())
                changes = VectorChanges(gone)
                before = changes.announce(connection)
            self._vectors.follow(changes, before)
        return len(gone)

    def forget_old(self) -> int:
        """See `Library.forget_old`."""
        with self._connections.writing() as connection:
            journal.forget_old(connection, self._clock())
            return leaving.forget_gone(connection, self._clock())

    def recognise(self, files: Sequence[ScannedFile]) -> dict[str, Known]:
        """See `Library.recognise`."""
        with self._connections.writing() as connection:
            found = recognising.recognise(connection, files)
            changes = VectorChanges((), back=True) if found.back else None
            before = changes.announce(connection) if changes else 0
        if changes:
            self._vectors.follow(changes, before)
        return found.known

    def add_captions(self, item_id: int, captions: Sequence[NewCaption]) -> None:
        """See `Library.add_captions`."""
        with self._connections.writing() as connection:
            before = journal.last_row(connection, Action.CAPTION)
            insert_captions(connection, item_id, captions, self._clock())
            journal.note_words(connection, Action.CAPTION, item_id, before, self._clock())
            refresh_words(connection, item_id)

    def add_transcript(self, item_id: int, transcript: NewTranscript) -> None:
        """See `Library.add_transcript`."""
        with self._connections.writing() as connection:
            before = journal.last_row(connection, Action.TRANSCRIPT)
            insert_transcript(connection, item_id, transcript, self._clock())
            journal.note_words(connection, Action.TRANSCRIPT, item_id, before, self._clock())
            refresh_words(connection, item_id)

    def add_folder(self, path: str, wanted: Sequence[str] = ("captions",)) -> None:
        """See `Library.add_folder`."""
        with self._connections.writing() as connection:
            connection.execute(
                "INSERT INTO folders (path, wanted) VALUES (?, ?)"
                " ON CONFLICT (path) DO UPDATE SET wanted = excluded.wanted",
                (stored_path(path), ",".join(wanted)),
            )

    def set_folder_done(self, path: str, *, done: bool) -> None:
        """See `Library.set_folder_done`."""
        with self._connections.writing() as connection:
            connection.execute("UPDATE folders SET done = ? WHERE path = ?", (done, stored_path(path)))

    def remove_folder(self, path: str) -> None:
        """See `Library.remove_folder`."""
        low, high = below(path)
        with self._connections.writing() as connection:
            rows = connection.execute("SELECT path FROM folders WHERE path != ?", (stored_path(path),))
            others = [below(shown_path(row[0])) for row in rows]
            rows = connection.execute(
                "SELECT id, path FROM items WHERE path >= ? AND path < ? AND missing != ?",
                (low, high, journal.TAKEN_OUT),
            ).fetchall()
            gone = tuple(number for number, own in rows if not any(a <= own < b for a, b in others))
            journal.take_out_folder(connection, path, gone, self._clock())
            changes = VectorChanges(gone)
            before = changes.announce(connection)
        self._vectors.follow(changes, before)

    def undo(self) -> Step | None:
        """See `Library.undo`."""
        return self._turn(journal.undo)

    def redo(self) -> Step | None:
        """See `Library.redo`."""
        return self._turn(journal.redo)

    def _turn(self, turn: Callable[[sqlite3.Connection], Step | None]) -> Step | None:
        with self._connections.writing() as connection:
            step = turn(connection)
            if step is None or step.action is not Action.REMOVE_FOLDER:
                return step
            VectorChanges(()).announce(connection)
        self._vectors.clear()
        return step

    # --- reading -------------------------------------------------------------------------------------------------

    def known_content(self, path: str, content_hash: str, inode: int) -> Known | None:
        """See `Library.known_content`."""
        with self._connections.reading() as connection:
            return recognising.known_content(connection, path, content_hash, inode)

    def coverage(self, model: str) -> tuple[int, int]:
        """See `Library.coverage`."""
        with self._connections.reading() as connection:
            return coverage_of(connection, model)

    def behind(self, task: str, language: str, model: str, after: int, limit: int) -> tuple[int, ...]:
        """See `Library.behind`."""
        with self._connections.reading() as connection:
            return ids_behind(connection, (task, language, model), after, limit)

    def next_steps(self) -> tuple[Step | None, Step | None]:
        """See `Library.next_steps`."""
        with self._connections.reading() as connection:
            return journal.next_steps(connection)

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
            for marks, part in in_parts(ids):
                rows = connection.execute(f"SELECT {ITEM_COLUMNS} FROM items i WHERE i.id IN ({marks})", part)  # noqa: S608
                found.update((item.id, item) for item in items_of(connection, rows.fetchall()))
        return tuple(found[number] for number in ids if number in found)

    def item_at(self, path: str) -> Item | None:
        """See `Library.item_at`."""
        with self._connections.reading() as connection:
            rows = connection.execute(
                f"SELECT {ITEM_COLUMNS} FROM items i WHERE i.path = ?",  # noqa: S608 - constants of our own
                (stored_path(path),),
            ).fetchall()
            return next(iter(items_of(connection, rows)), None)

    def browse(self, offset: int, limit: int, filters: Filters = EVERYTHING) -> tuple[tuple[Item, ...], int]:
        """See `Library.browse`."""
        with self._connections.reading() as connection:
            return page_of_items(connection, offset, limit, filters)

    def search_words(self, text: str, top: int, filters: Filters = EVERYTHING) -> tuple[int, ...]:
        """See `Library.search_words`."""
        wanted = storable_text(text).strip()
        if not wanted:
            return ()
        with self._connections.reading() as connection:
            return ids_with_words(connection, wanted, top, filters)

    def search_vectors(
        self, query: npt.NDArray[np.float32], model: str, top: int, filters: Filters = EVERYTHING
    ) -> tuple[tuple[VectorHit, ...], int]:
        """See `Library.search_vectors`."""
        query = np.asarray(query, np.float32)
        with self._connections.reading() as connection:
            matrix = self._vectors.matrix(connection, model, query.size)
            only = None if filters == EVERYTHING else self._vectors.ids_of(connection, filters)
        hits, searched = matrix.search(query, top, only)
        return tuple(VectorHit(number, score) for number, score in hits), searched

    def folders(self) -> tuple[FolderInfo, ...]:
        """See `Library.folders`."""
        with self._connections.reading() as connection:
            rows = connection.execute("SELECT path, done, wanted FROM folders ORDER BY position").fetchall()
            return tuple(
                FolderInfo(path, count_below(connection, path), bool(done), tuple(filter(None, wanted.split(","))))
                for path, done, wanted in ((shown_path(path), done, wanted) for path, done, wanted in rows)
            )

    def check(self) -> tuple[str, ...]:
        """See `Library.check`; also that the full text covers exactly the items."""
        with self._connections.reading() as connection:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            found += [f"foreign key: {row}" for row in connection.execute("PRAGMA foreign_key_check")]
            found += [
                f"words without item: {row[0]}" for row in connection.execute(_DIFFERENCE.format("words", "items"))
            ]
            found += [
                f"item without words: {row[0]}" for row in connection.execute(_DIFFERENCE.format("items", "words"))
            ]
        return tuple(complaint for complaint in found if complaint != "ok")

    def close(self) -> None:
        """See `Library.close`."""
        self._connections.close()
        self._vectors.clear()

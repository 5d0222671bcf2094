"""The library over statements that SQLite and PostgreSQL both take: everything but opening, searching and checking.

One item a path: two copies of a picture are two items; a moved one stays itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from mmbm_desktop.library import corrections, journal, leaving, recognising, tagging
from mmbm_desktop.library.finding import count_below, embedded_by, ids_behind, ids_not_asked, page_of_items, shown_ids
from mmbm_desktop.library.histories import caption_history, item_history
from mmbm_desktop.library.interface import Library, VectorHit
from mmbm_desktop.library.offering import filter_values
from mmbm_desktop.library.rows import (
    ITEM_COLUMNS,
    in_parts,
    items_of,
    refresh_words,
    shown_path,
    storable_text,
    stored_path,
)
from mmbm_desktop.library.storing import store_items
from mmbm_desktop.library.vector_cache import VectorChanges
from mmbm_desktop.library.writing import insert_captions, insert_transcript
from mmbm_desktop.protocol.catalogue import FolderInfo
from mmbm_desktop.protocol.corrections import CorrectionKind, counted
from mmbm_desktop.protocol.filters import EVERYTHING
from mmbm_desktop.protocol.journal import Action
from mmbm_desktop.protocol.order import NEWEST_FIRST

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from mmbm_desktop.library.connection import Connection, Connections
    from mmbm_desktop.library.interface import IndexedItem, ItemWords, Known, NewCaption, NewTranscript
    from mmbm_desktop.media.scan import ScannedFile
    from mmbm_desktop.protocol.corrections import Correction, NewCorrection
    from mmbm_desktop.protocol.filter_values import FilterValues
    from mmbm_desktop.protocol.filters import Filters
    from mmbm_desktop.protocol.history import CaptionEntry, ItemHistory, TagCount
    from mmbm_desktop.protocol.journal import Step
    from mmbm_desktop.protocol.order import Order
    from mmbm_desktop.protocol.results import Item
    from mmbm_desktop.protocol.tasks import MediaKind


class Words(Protocol):
    """A store's search for words."""

    def ids(self, connection: Connection, wanted: str, top: int, filters: Filters) -> tuple[int, ...]:
        """Return ids of up to `top` items that contain `wanted`, which is not empty, the best first."""
        ...


class Vectors(Protocol):
    """A store's search for vectors."""

    def search(
        self, connection: Connection, query: npt.NDArray[np.float32], model: str, top: int, filters: Filters
    ) -> tuple[list[tuple[int, float]], int]:
        """Return (item id, cosine) pairs of `model`'s vectors, the best first, and how many were compared."""
        ...

    def follow(self, changes: VectorChanges, before: int) -> None:
        """Take note of committed changes to a database whose counter stood at `before`."""
        ...

    def clear(self) -> None:
        """Forget what is in memory."""
        ...

    def wait(self) -> None:
        """Return when no index is being made any more."""
        ...

    def close(self) -> None:
        """Stop whatever goes on by itself; safe to call twice."""
        ...


class SqlLibrary(Library):
    """See `Library`. A store hands in what is its own; it opens, checks, and forgets what is old.

    Args:
        connections: lends connections.
        words: finds words.
        vectors: finds vectors.
        clock: seconds since 1970.
    """

    def __init__(self, connections: Connections, words: Words, vectors: Vectors, clock: Callable[[], float]) -> None:
        self._connections = connections
        self._words = words
        self._vectors = vectors
        self._clock = clock

    # --- writing -------------------------------------------------------------------------------------------------

    def store(self, items: Sequence[IndexedItem]) -> tuple[int, ...]:
        """See `Library.store`."""
        now = self._clock()
        with self._connections.writing() as connection:
            stored = store_items(connection, items, now)
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

    def _leave(self, leavers: Callable[[Connection], tuple[int, ...]]) -> int:
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
            if found.displaced:
                leaving.mark_gone(connection, found.displaced, self._clock())
            changes = VectorChanges(found.displaced, back=bool(found.back)) if found.back or found.displaced else None
            before = changes.announce(connection) if changes else 0
        if changes:
            self._vectors.follow(changes, before)
        return found.known

    def add_captions(self, item_id: int, captions: Sequence[NewCaption]) -> None:
        """See `Library.add_captions`."""
        mine = [corrections.Words(c.text, c.language, c.said, c.said_by) for c in captions if c.author == "person"]
        with self._connections.writing() as connection:
            before = journal.last_row(connection, Action.CAPTION)
            rows = corrections.insert_words(connection, CorrectionKind.CAPTION, item_id, mine, self._clock())
            insert_captions(connection, item_id, captions, self._clock())
            journal.note_words(connection, Action.CAPTION, item_id, before, self._clock(), rows)
            refresh_words(connection, (item_id,))

    def add_transcript(self, item_id: int, transcript: NewTranscript) -> None:
        """See `Library.add_transcript`."""
        mine = [corrections.Words(transcript.text, transcript.language)] if transcript.author == "person" else []
        with self._connections.writing() as connection:
            before = journal.last_row(connection, Action.TRANSCRIPT)
            rows = corrections.insert_words(connection, CorrectionKind.TRANSCRIPT, item_id, mine, self._clock())
            insert_transcript(connection, item_id, transcript, self._clock())
            journal.note_words(connection, Action.TRANSCRIPT, item_id, before, self._clock(), rows)
            refresh_words(connection, (item_id,))

    def add_correction(self, correction: NewCorrection) -> None:
        """See `Library.add_correction`."""
        with self._connections.writing() as connection:
            journal.add_correction(connection, correction, self._clock())

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
        with self._connections.writing() as connection:
            gone = journal.take_out_folder(connection, path, self._clock())
            changes = VectorChanges(gone)
            before = changes.announce(connection)
        self._vectors.follow(changes, before)

    def remove_items(self, items: Sequence[int]) -> int:
        """See `Library.remove_items`."""
        with self._connections.writing() as connection:
            gone = journal.take_out_items(connection, items, self._clock())
            changes = VectorChanges(gone)
            before = changes.announce(connection)
        self._vectors.follow(changes, before)
        return len(gone)

    def caption_batch(
        self, action: Action, captions: Mapping[int, Sequence[NewCaption]], batch: int | None = None
    ) -> int | None:
        """See `Library.caption_batch`."""
        now = self._clock()
        with self._connections.writing() as connection:
            before = journal.last_row(connection, action)
            for item_id, given in captions.items():
                insert_captions(connection, item_id, given, now)
            refresh_words(connection, captions)
            return journal.note_batch(connection, action, before, now, batch)

    def change_tags(
        self, items: Sequence[int], add: Sequence[str] = (), remove: Sequence[str] = (), batch: int | None = None
    ) -> int | None:
        """See `Library.change_tags`."""
        now = self._clock()
        with self._connections.writing() as connection:
            change = tagging.change_tags(connection, items, add, remove, now)
            return journal.note_tags(connection, change, now, batch)

    def import_words(self, source: str, words: Sequence[ItemWords]) -> None:
        """See `Library.import_words`."""
        now = self._clock()
        with self._connections.writing() as connection:
            before = journal.last_rows(connection)
            for one in words:
                insert_captions(connection, one.item_id, one.captions, now)
                if one.transcript is not None:
                    insert_transcript(connection, one.item_id, one.transcript, now)
            tags = [
                row
                for one in words
                for row in tagging.change_tags(connection, (one.item_id,), one.tags, (), now)["new"]
            ]
            journal.note_import(connection, source, before, tags, now)

    def undo(self) -> Step | None:
        """See `Library.undo`."""
        return self._turn(journal.undo)

    def redo(self) -> Step | None:
        """See `Library.redo`."""
        return self._turn(journal.redo)

    def _turn(self, turn: Callable[[Connection], Step | None]) -> Step | None:
        with self._connections.writing() as connection:
            step = turn(connection)
            if step is None or not step.changes_items:
                return step
            VectorChanges(()).announce(connection)
        self._vectors.clear()
        return step

    # --- reading -------------------------------------------------------------------------------------------------

    def corrections(self) -> tuple[Correction, ...]:
        """See `Library.corrections`."""
        with self._connections.reading() as connection:
            return counted(corrections.all_corrections(connection))

    def known_content(self, path: str, content_hash: str, inode: int) -> Known | None:
        """See `Library.known_content`."""
        with self._connections.reading() as connection:
            return recognising.known_content(connection, path, content_hash, inode)

    def embedded(self, model: str) -> tuple[int, int]:
        """See `Library.embedded`."""
        with self._connections.reading() as connection:
            return embedded_by(connection, model)

    def behind(self, task: str, language: str, model: str, after: int, limit: int) -> tuple[int, ...]:
        """See `Library.behind`."""
        with self._connections.reading() as connection:
            return ids_behind(connection, (task, language, model), after, limit)

    def not_asked(self, kind: MediaKind, task: str, model: str, after: int, limit: int) -> tuple[int, ...]:
        """See `Library.not_asked`."""
        with self._connections.reading() as connection:
            return ids_not_asked(connection, kind, (task, model), after, limit)

    def next_steps(self) -> tuple[Step | None, Step | None]:
        """See `Library.next_steps`."""
        with self._connections.reading() as connection:
            return journal.next_steps(connection)

    def caption_history(self, item_id: int) -> tuple[CaptionEntry, ...]:
        """See `Library.caption_history`."""
        with self._connections.reading() as connection:
            return caption_history(connection, item_id)

    def history(self, item_id: int) -> ItemHistory:
        """See `Library.history`."""
        with self._connections.reading() as connection:
            return item_history(connection, item_id)

    def tags(self) -> tuple[TagCount, ...]:
        """See `Library.tags`."""
        with self._connections.reading() as connection:
            return tagging.counted_tags(connection)

    def filter_values(self) -> FilterValues:
        """See `Library.filter_values`."""
        with self._connections.reading() as connection:
            return filter_values(connection)

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

    def browse(
        self, offset: int, limit: int, filters: Filters = EVERYTHING, order: Order = NEWEST_FIRST
    ) -> tuple[tuple[Item, ...], int]:
        """See `Library.browse`."""
        with self._connections.reading() as connection:
            return page_of_items(connection, offset, limit, filters, order)

    def ids(self, filters: Filters = EVERYTHING) -> tuple[int, ...]:
        """See `Library.ids`."""
        with self._connections.reading() as connection:
            return shown_ids(connection, filters)

    def search_words(self, text: str, top: int, filters: Filters = EVERYTHING) -> tuple[int, ...]:
        """See `Library.search_words`."""
        wanted = storable_text(text).strip()
        if not wanted:
            return ()
        with self._connections.reading() as connection:
            return self._words.ids(connection, wanted, top, filters)

    def search_vectors(
        self, query: npt.NDArray[np.float32], model: str, top: int, filters: Filters = EVERYTHING
    ) -> tuple[tuple[VectorHit, ...], int]:
        """See `Library.search_vectors`."""
        query = np.asarray(query, np.float32)
        with self._connections.reading() as connection:
            hits, searched = self._vectors.search(connection, query, model, top, filters)
        return tuple(VectorHit(number, score) for number, score in hits), searched

    def folders(self) -> tuple[FolderInfo, ...]:
        """See `Library.folders`."""
        with self._connections.reading() as connection:
            rows = connection.execute("SELECT path, done, wanted FROM folders ORDER BY position").fetchall()
            return tuple(
                FolderInfo(path, count_below(connection, path), bool(done), tuple(filter(None, wanted.split(","))))
                for path, done, wanted in ((shown_path(path), done, wanted) for path, done, wanted in rows)
            )

    def wait_for_index(self) -> None:
        """Return when no index of vectors is being made any more."""
        self._vectors.wait()

    def others_wrote(self) -> bool:
        """See `Library.others_wrote`."""
        return self._connections.others_wrote()

    def close(self) -> None:
        """See `Library.close`."""
        self._vectors.close()
        self._connections.close()

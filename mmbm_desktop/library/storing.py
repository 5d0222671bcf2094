"""Stores what an indexing run learned, many items at once, inside the caller's transaction.

Most items are entirely new: neither their path nor their content is known, to the library or in the batch. Nothing has
to be asked for each of these, so their rows go into the tables together: a server is asked some twenty times a batch
and not twenty times an item. The others go the way of `writing.store_item`, one by one.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from mmbm_desktop.library.rows import in_parts, refresh_words, storable_text, stored_path
from mmbm_desktop.library.writing import (
    CAPTION_COLUMNS,
    FILE_COLUMNS,
    SOUND_COLUMNS,
    TRANSCRIPT_COLUMNS,
    Stored,
    answers_in,
    caption_rows,
    file_row,
    half_precision,
    labels_in,
    sound_rows,
    store_item,
    transcript_row,
)
from mmbm_desktop.protocol.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mmbm_desktop.library.connection import Connection
    from mmbm_desktop.library.interface import IndexedItem
    from mmbm_desktop.library.writing import Row

_ANSWERS = "item_id, task, language, model, created_s, failed"
_OF_PEOPLE = "SELECT content_hash FROM {table} WHERE author = 'person' AND content_hash IN ({{marks}})"
_KNOWN_CONTENTS = (
    "SELECT content_hash FROM items WHERE content_hash IN ({marks})",
    "SELECT content_hash FROM tags WHERE content_hash IN ({marks})",
    _OF_PEOPLE.format(table="captions"),
    _OF_PEOPLE.format(table="transcripts"),
)
_KNOWN_PATHS = "SELECT path FROM items WHERE path IN ({marks})"


def store_items(connection: Connection, items: Sequence[IndexedItem], now_s: float) -> list[Stored]:
    """Add or update items with everything learned of them, in their order."""
    every = list(items)
    alone = _entirely_new(connection, every)
    stored: list[Stored] = []
    for new, run in groupby(every, key=lambda item: stored_path(item.facts.path) in alone):
        part = list(run)
        done = _insert(connection, part, now_s) if new else [store_item(connection, item, now_s) for item in part]
        stored += done
    refresh_words(connection, (one.item_id for one in stored))
    return stored


def _entirely_new(connection: Connection, items: Sequence[IndexedItem]) -> set[bytes]:
    """Return the paths of the items that have nothing to do with what is stored, nor with each other."""
    paths = Counter(stored_path(item.facts.path) for item in items)
    contents = Counter(item.facts.content_hash for item in items)
    known_paths = _known(connection, (_KNOWN_PATHS,), list(paths))
    known_contents = _known(connection, _KNOWN_CONTENTS, list(contents))
    return {
        path
        for path, content in ((stored_path(item.facts.path), item.facts.content_hash) for item in items)
        if paths[path] == contents[content] == 1 and path not in known_paths and content not in known_contents
    }


def _known(connection: Connection, statements: Sequence[str], values: Sequence[str | bytes]) -> set[str | bytes]:
    found: set[str | bytes] = set()
    for marks, part in in_parts(values):
        for rows in connection.ask(*((statement.format(marks=marks), part) for statement in statements)):
            found.update(row[0] for row in rows)
    return found


def _insert(connection: Connection, items: Sequence[IndexedItem], now_s: float) -> list[Stored]:
    ids = connection.dialect.new_items(connection, len(items))
    numbered = list(zip(ids, items, strict=True))
    tables: dict[str, tuple[str, Iterator[Row]]] = {
        "items": (f"id, {FILE_COLUMNS}, added_s", ((number, *file_row(one.facts), now_s) for number, one in numbered)),
        "embeddings": ("item_id, model, vector", _embeddings(connection, numbered)),
        "captions": (f"item_id, content_hash, {CAPTION_COLUMNS}", _captions(numbered, now_s)),
        "transcripts": (f"item_id, content_hash, {TRANSCRIPT_COLUMNS}", _transcripts(numbered, now_s)),
        "sounds": (f"item_id, content_hash, {SOUND_COLUMNS}", _sounds(numbered, now_s)),
        "notes": ("item_id, text", ((n, storable_text(one.note)) for n, one in numbered if one.note is not None)),
        "answers": (_ANSWERS, _answers(numbered, now_s)),
    }
    for table, (columns, rows) in tables.items():
        if given := list(rows):
            connection.insert_rows(table, columns.split(", "), given)
    return [Stored(number, new=True) for number in ids]


def _embeddings(connection: Connection, numbered: Sequence[tuple[int, IndexedItem]]) -> Iterator[Row]:
    for number, one in numbered:
        if one.embedding is not None:
            yield number, one.embedding_model, connection.dialect.vector(half_precision(one.embedding))


def _captions(numbered: Sequence[tuple[int, IndexedItem]], now_s: float) -> Iterator[Row]:
    for number, one in numbered:
        for row in caption_rows(one.captions, now_s):
            yield number, one.facts.content_hash, *row


def _transcripts(numbered: Sequence[tuple[int, IndexedItem]], now_s: float) -> Iterator[Row]:
    for number, one in numbered:
        if one.transcript is not None:
            yield number, one.facts.content_hash, *transcript_row(one.transcript, now_s)


def _sounds(numbered: Sequence[tuple[int, IndexedItem]], now_s: float) -> Iterator[Row]:
    for number, one in numbered:
        labels = labels_in(one)
        for row in sound_rows(labels, now_s) if labels is not None else ():
            yield number, one.facts.content_hash, *row


def _answers(numbered: Sequence[tuple[int, IndexedItem]], now_s: float) -> Iterator[Row]:
    """Yield each answer once; of several captions by one model there is one answer."""
    for number, one in numbered:
        found = {(Task.CAPTION, c.language, c.model): False for c in one.captions if c.author == "model"}
        if one.transcript is not None and one.transcript.author == "model":
            found[Task.TRANSCRIBE, "", one.transcript.model] = False
        for answer, failed in (found | answers_in(one)).items():
            yield number, *answer, now_s, failed

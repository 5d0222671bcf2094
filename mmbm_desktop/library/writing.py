"""Puts records into the tables, inside the caller's transaction. Decides when a file is an item already known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.library.rows import refresh_words, segments_as_json, shown_path, stored_path

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from mmbm_desktop.library.interface import FileFacts, IndexedItem, NewCaption, NewTranscript


def store_item(connection: sqlite3.Connection, item: IndexedItem, now_s: float) -> int:
    """Add or update one item with everything learned of it and return its id."""
    item_id = _put_file(connection, item.facts, now_s)
    if item.embedding is not None:
        vector = np.asarray(item.embedding, np.float16).tobytes()
        connection.execute(
            "INSERT OR REPLACE INTO embeddings (item_id, model, vector) VALUES (?, ?, ?)",
            (item_id, item.embedding_model, vector),
        )
    insert_captions(connection, item_id, item.captions, now_s)
    if item.transcript is not None:
        insert_transcript(connection, item_id, item.transcript, now_s)
    refresh_words(connection, item_id)
    return item_id


def _put_file(connection: sqlite3.Connection, facts: FileFacts, now_s: float) -> int:
    path = stored_path(facts.path)
    known = connection.execute("SELECT id, content_hash FROM items WHERE path = ?", (path,)).fetchone()
    if known is None:
        moved = _moved_from(connection, facts)
        if moved is None:
            return _insert(connection, facts, now_s)
        known = (moved, facts.content_hash)
    item_id, old_hash = known
    connection.execute(
        "UPDATE items SET path = ?, kind = ?, content_hash = ?, size_bytes = ?, modified_s = ?, inode = ?,"
        " width = ?, height = ?, duration_s = ?, missing = 0 WHERE id = ?",
        (path, *_values(facts), item_id),
    )
    if old_hash != facts.content_hash:
        connection.execute("DELETE FROM embeddings WHERE item_id = ?", (item_id,))
    return item_id


def _moved_from(connection: sqlite3.Connection, facts: FileFacts) -> int | None:
    """Return the item with the same content whose own file is gone, one with the same inode before others."""
    rows = connection.execute(
        "SELECT id, path FROM items WHERE content_hash = ? ORDER BY inode = ? DESC, id",
        (facts.content_hash, facts.inode),
    ).fetchall()
    return next((number for number, path in rows if not Path(shown_path(path)).exists()), None)


def _insert(connection: sqlite3.Connection, facts: FileFacts, now_s: float) -> int:
    cursor = connection.execute(
        "INSERT INTO items"
        " (path, kind, content_hash, size_bytes, modified_s, inode, width, height, duration_s, added_s)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (stored_path(facts.path), *_values(facts), now_s),
    )
    return int(cursor.lastrowid or 0)


def _values(facts: FileFacts) -> tuple[object, ...]:
    return (
        facts.kind.value,
        facts.content_hash,
        facts.size_bytes,
        facts.modified_s,
        facts.inode,
        facts.width,
        facts.height,
        facts.duration_s,
    )


def insert_captions(connection: sqlite3.Connection, item_id: int, captions: Sequence[NewCaption], now_s: float) -> None:
    """Append captions; of several the first, the best, becomes the newest."""
    connection.executemany(
        "INSERT INTO captions (item_id, content_hash, text, language, score, model, author, created_s)"
        " SELECT id, content_hash, ?, ?, ?, ?, ?, ? FROM items WHERE id = ?",
        [(c.text, c.language, c.score, c.model, c.author, now_s, item_id) for c in reversed(captions)],
    )


def insert_transcript(connection: sqlite3.Connection, item_id: int, transcript: NewTranscript, now_s: float) -> None:
    """Append a transcript."""
    connection.execute(
        "INSERT INTO transcripts (item_id, content_hash, text, language, segments, score, model, author, created_s)"
        " SELECT id, content_hash, ?, ?, ?, ?, ?, ?, ? FROM items WHERE id = ?",
        (
            transcript.text,
            transcript.language,
            segments_as_json(transcript.segments),
            transcript.score,
            transcript.model,
            transcript.author,
            now_s,
            item_id,
        ),
    )

"""Puts records into the tables, inside the caller's transaction. Decides when a file is an item already known.

Every file is an item of its own, and words and vectors belong to items. Content shared by two files could have been
one item with two paths, but then a person could not give the two different captions, forgetting a folder would have to
split items, and every list would have to choose a path. Instead an item that comes to hold a content takes over what
people wrote for that content elsewhere: for a copy, for a file overwritten by a known one, for a drive that came back.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mmbm_desktop.library.interface import NewSounds
from mmbm_desktop.library.rows import in_parts, segments_as_json, shown_path, storable_text, stored_path
from mmbm_desktop.library.tagging import take_over_tags
from mmbm_desktop.protocol.results import HeardSound
from mmbm_desktop.protocol.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from mmbm_desktop.library.connection import Connection
    from mmbm_desktop.library.interface import FileFacts, IndexedItem, NewCaption, NewTranscript

    Row = tuple[Any, ...]

_LARGEST_INTEGER = (1 << 63) - 1
CAPTION_COLUMNS = "text, language, score, model, author, created_s"
TRANSCRIPT_COLUMNS = "text, language, segments, score, model, author, created_s"
SOUND_COLUMNS = "label, name_en, name_zh, start_s, end_s, score, model, created_s"
FILE_COLUMNS = "path, kind, content_hash, size_bytes, modified_s, inode, width, height, duration_s"
_COLUMNS = {
    "captions": f"content_hash, {CAPTION_COLUMNS}",
    "transcripts": f"content_hash, {TRANSCRIPT_COLUMNS}",
}


@dataclass(frozen=True)
class Stored:
    """What storing did: `vectors_dropped` says that vectors of an older content went, of any model."""

    item_id: int
    vectors_dropped: bool = False
    was_missing: bool = False
    new: bool = False


def store_item(connection: Connection, item: IndexedItem, now_s: float) -> Stored:
    """Add or update one item with everything learned of it, but for its words in the full-text table."""
    stored = _put_file(connection, item.facts, now_s)
    if item.embedding is not None:
        connection.execute(
            "INSERT INTO embeddings (item_id, model, vector) VALUES (?, ?, ?)"
            " ON CONFLICT (model, item_id) DO UPDATE SET vector = excluded.vector",
            (stored.item_id, item.embedding_model, connection.dialect.vector(half_precision(item.embedding))),
        )
    captions = item.captions if stored.new else _not_said_yet(connection, stored.item_id, item.captions)
    insert_captions(connection, stored.item_id, captions, now_s)
    if item.transcript is not None and (stored.new or not _transcribed(connection, stored.item_id, item.transcript)):
        insert_transcript(connection, stored.item_id, item.transcript, now_s)
    labels = labels_in(item)
    if labels is not None:
        _insert_sounds(connection, stored.item_id, labels, now_s)
    if item.note is not None:
        connection.execute(
            "INSERT INTO notes (item_id, text) VALUES (?, ?) ON CONFLICT (item_id) DO UPDATE SET text = excluded.text",
            (stored.item_id, storable_text(item.note)),
        )
    for answer, failed in answers_in(item).items():
        note_answer(connection, stored.item_id, answer, now_s, failed=failed)
    return stored


def _not_said_yet(connection: Connection, item_id: int, captions: Sequence[NewCaption]) -> Sequence[NewCaption]:
    """Leave out captions that the item has: another program may have asked the same model for the same file."""
    if not captions:
        return ()
    rows = connection.execute(
        "SELECT w.text, w.language, w.model, w.author FROM captions w JOIN items i ON i.id = w.item_id"
        " WHERE i.id = ? AND w.content_hash = i.content_hash",
        (item_id,),
    )
    known = {tuple(row) for row in rows}
    return tuple(c for c in captions if (storable_text(c.text), c.language, c.model, c.author) not in known)


def _transcribed(connection: Connection, item_id: int, transcript: NewTranscript) -> bool:
    """Whether the item has this very transcript, see `_not_said_yet`."""
    row = connection.execute(
        "SELECT 1 FROM transcripts w JOIN items i ON i.id = w.item_id WHERE i.id = ?"
        " AND w.content_hash = i.content_hash AND w.text = ? AND w.model = ? AND w.author = ?",
        (item_id, storable_text(transcript.text), transcript.model, transcript.author),
    ).fetchone()
    return row is not None


def half_precision(vector: npt.NDArray[np.float32]) -> npt.NDArray[np.float16]:
    """Return a vector as it is stored; what is no number becomes 0, which no query is near to."""
    return np.nan_to_num(np.asarray(vector, np.float32), nan=0.0, posinf=0.0, neginf=0.0).astype(np.float16)


def _put_file(connection: Connection, facts: FileFacts, now_s: float) -> Stored:
    path = stored_path(facts.path)
    known = connection.execute("SELECT id, content_hash, missing FROM items WHERE path = ?", (path,)).fetchone()
    known = known or moved_from(connection, facts.content_hash, facts.inode)
    if known is None:
        item_id = _insert(connection, facts, now_s)
        _take_over_words(connection, item_id, facts.content_hash)
        return Stored(item_id, new=True)
    item_id, old_hash, missing = known
    connection.execute(
        "UPDATE items SET path = ?, kind = ?, content_hash = ?, size_bytes = ?, modified_s = ?, inode = ?,"
        " width = ?, height = ?, duration_s = ?, missing = 0 WHERE id = ?",
        (*file_row(facts), item_id),
    )
    changed = old_hash != facts.content_hash
    if changed:
        connection.execute("DELETE FROM embeddings WHERE item_id = ?", (item_id,))
        connection.execute("DELETE FROM answers WHERE item_id = ?", (item_id,))
        _take_over_words(connection, item_id, facts.content_hash)
    return Stored(item_id, vectors_dropped=changed, was_missing=bool(missing))


def moved_from(connection: Connection, content_hash: str, inode: int) -> tuple[int, str, int] | None:
    """Return the item with the same content whose own file is gone, one with the same inode before others."""
    rows = connection.execute(
        f"SELECT id, content_hash, missing, path FROM items WHERE content_hash = ?{connection.dialect.here}"  # noqa: S608
        " ORDER BY inode = ? DESC, id",
        (content_hash, storable_inode(inode)),
    ).fetchall()
    return next(((number, digest, missing) for number, digest, missing, path in rows if is_gone(path)), None)


def displace(connection: Connection, item_id: int) -> None:
    """Take an item's path away: another file was moved there. No file has the name that it gets."""
    (path,) = connection.execute("SELECT path FROM items WHERE id = ?", (item_id,)).fetchone()
    connection.execute("UPDATE items SET path = ? WHERE id = ?", (bytes(path) + f"\0{item_id}".encode(), item_id))


def is_gone(stored: bytes) -> bool:
    """Whether there is no file any more; one that may not be looked at is still there."""
    try:
        os.stat(shown_path(stored))  # noqa: PTH116 - Path.exists tells nothing of why
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return True
    except OSError:
        return False
    return False


def _take_over_words(connection: Connection, item_id: int, content_hash: str) -> None:
    """Give an item what people wrote for its content, tags included, while it was, or is, another item's."""
    take_over_tags(connection, item_id, content_hash)
    for table, columns in _COLUMNS.items():
        source = f"FROM {table} WHERE author = 'person' AND content_hash = ? AND item_id != ?"
        if connection.execute(f"SELECT 1 {source} LIMIT 1", (content_hash, item_id)).fetchone() is None:
            continue
        connection.execute(
            f"INSERT INTO {table} (item_id, {columns}) SELECT ?, {columns} {source}"  # noqa: S608 - constants of our own
            f" EXCEPT SELECT item_id, {columns} FROM {table} WHERE item_id = ? ORDER BY created_s",
            (item_id, content_hash, item_id, item_id),
        )


def _insert(connection: Connection, facts: FileFacts, now_s: float) -> int:
    cursor = connection.execute(
        f"INSERT INTO items ({FILE_COLUMNS}, added_s) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - our own
        (*file_row(facts), now_s),
    )
    return int(cursor.lastrowid or 0)


def file_row(facts: FileFacts) -> Row:
    """Return what is known of a file as a row of `FILE_COLUMNS`."""
    return (
        stored_path(facts.path),
        facts.kind.value,
        facts.content_hash,
        facts.size_bytes,
        facts.modified_s,
        storable_inode(facts.inode),
        facts.width,
        facts.height,
        facts.duration_s,
    )


def storable_inode(inode: int) -> int:
    """Return an inode as far as SQLite's integers reach; some file systems number with 64 and even 128 bits."""
    return inode & _LARGEST_INTEGER


def answers_in(item: IndexedItem) -> dict[tuple[str, str, str], bool]:
    """Return the (task, language, model) of an item that are no words, and whether each was in vain."""
    found: dict[tuple[str, str, str], bool] = dict.fromkeys(item.failed, True)
    if item.embedding is not None:
        found[Task.EMBED_IMAGE, "", item.embedding_model] = False
    if item.sounds is not None:
        found[Task.SOUNDS, "", item.sounds.model] = False
    if item.classes is not None:
        found[Task.CLASSIFY, "", item.classes.model] = False
    return found


def labels_in(item: IndexedItem) -> NewSounds | None:
    """Return what the table of sounds is to hold of an item: the sounds of a recording, or the classes of a picture.

    A class stands there as a label without times and names, and is found by words and as a label like a sound.
    """
    if item.classes is None:
        return item.sounds
    return NewSounds(
        tuple(HeardSound(one.label, 0.0, 0.0, one.score) for one in item.classes.guesses), item.classes.model
    )


def note_answer(
    connection: Connection, item_id: int, answer: tuple[str, str, str], now_s: float, *, failed: bool = False
) -> None:
    """Note that a (task, language, model) was done for an item's content, or tried in vain."""
    connection.execute(
        "INSERT INTO answers (item_id, task, language, model, created_s, failed)"
        " SELECT id, ?, ?, ?, ?, ? FROM items WHERE id = ?"
        " ON CONFLICT (item_id, task, language, model)"
        " DO UPDATE SET created_s = excluded.created_s, failed = excluded.failed",
        (*answer, now_s, failed, item_id),
    )


def _insert_sounds(connection: Connection, item_id: int, new: NewSounds, now_s: float) -> None:
    connection.executemany(
        f"INSERT INTO sounds (item_id, content_hash, {SOUND_COLUMNS})"  # noqa: S608 - constants of our own
        " SELECT id, content_hash, ?, ?, ?, ?, ?, ?, ?, ? FROM items WHERE id = ?",
        [(*row, item_id) for row in sound_rows(new, now_s)],
    )


def sound_rows(new: NewSounds, now_s: float) -> list[Row]:
    """Return what a model heard as rows of `SOUND_COLUMNS`."""
    return [
        (
            *(storable_text(text) for text in (one.label, one.name_en, one.name_zh)),
            *(_number(number) for number in (one.start_s, one.end_s, one.score)),
            new.model,
            now_s,
        )
        for one in new.sounds
    ]


def insert_captions(connection: Connection, item_id: int, captions: Sequence[NewCaption], now_s: float) -> None:
    """Append captions; of several the first, the best, becomes the newest. A model's are noted as its answers."""
    for caption in captions:
        if caption.author == "model":
            note_answer(connection, item_id, (Task.CAPTION, caption.language, caption.model), now_s)
    connection.executemany(
        f"INSERT INTO captions (item_id, content_hash, {CAPTION_COLUMNS})"  # noqa: S608 - constants of our own
        " SELECT id, content_hash, ?, ?, ?, ?, ?, ? FROM items WHERE id = ?",
        [(*row, item_id) for row in caption_rows(captions, now_s)],
    )


def caption_rows(captions: Sequence[NewCaption], now_s: float) -> list[Row]:
    """Return captions as rows of `CAPTION_COLUMNS`, in the order in which they are to be inserted."""
    return [(storable_text(c.text), c.language, _number(c.score), c.model, c.author, now_s) for c in reversed(captions)]


def insert_transcript(connection: Connection, item_id: int, transcript: NewTranscript, now_s: float) -> None:
    """Append a transcript. A model's is noted as its answer, also where nothing was said."""
    if transcript.author == "model":
        note_answer(connection, item_id, (Task.TRANSCRIBE, "", transcript.model), now_s)
    connection.execute(
        f"INSERT INTO transcripts (item_id, content_hash, {TRANSCRIPT_COLUMNS})"  # noqa: S608 - constants of our own
        " SELECT id, content_hash, ?, ?, ?, ?, ?, ?, ? FROM items WHERE id = ?",
        (*transcript_row(transcript, now_s), item_id),
    )


def transcript_row(transcript: NewTranscript, now_s: float) -> Row:
    """Return a transcript as a row of `TRANSCRIPT_COLUMNS`."""
    return (
        storable_text(transcript.text),
        transcript.language,
        segments_as_json(transcript.segments),
        _number(transcript.score),
        transcript.model,
        transcript.author,
        now_s,
    )


def _number(score: float) -> float:
    return score if math.isfinite(score) else 0.0


def delete_items(connection: Connection, ids: Sequence[int]) -> None:
    """Delete items with all that is known of them."""
    for marks, part in in_parts(ids):
        connection.execute(f"DELETE FROM words WHERE rowid IN ({marks})", part)  # noqa: S608 - question marks
        connection.execute(f"DELETE FROM items WHERE id IN ({marks})", part)  # noqa: S608 - question marks

"""How records become table rows and come back. Paths are stored as bytes: any file name fits, prefixes sort."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from mmbm_desktop.protocol.results import Item
from mmbm_desktop.protocol.tasks import MediaKind

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from mmbm_desktop.protocol.results import Segment

# The text of the newest caption of an item's present content in one language; the person's before any model's.
_CAPTION = """(SELECT text FROM captions c WHERE c.item_id = i.id AND c.language = '{language}'
    AND c.content_hash = i.content_hash ORDER BY c.author = 'person' DESC, c.id DESC LIMIT 1)"""
_TRANSCRIPT = """(SELECT text FROM transcripts t WHERE t.item_id = i.id
    AND t.content_hash = i.content_hash ORDER BY t.author = 'person' DESC, t.id DESC LIMIT 1)"""
ITEM_COLUMNS = f"""i.id, i.path, i.kind, i.content_hash, i.size_bytes, i.modified_s, i.width, i.height, i.duration_s,
    {_CAPTION.format(language="en")}, {_CAPTION.format(language="zh")}, {_TRANSCRIPT}, i.missing"""


def stored_path(path: str) -> bytes:
    """Return a path as it is stored; names that are no valid Unicode keep their bytes."""
    return path.encode("utf-8", "surrogatepass")


def shown_path(stored: bytes) -> str:
    """Return a stored path as text."""
    return stored.decode("utf-8", "surrogatepass")


def below(folder: str) -> tuple[bytes, bytes]:
    """Return (low, high): exactly the paths below `folder` satisfy low <= path < high."""
    prefix = stored_path(folder.rstrip("/" if os.sep == "/" else "/\\") + os.sep)
    return prefix, prefix[:-1] + bytes([prefix[-1] + 1])


def item_of(row: Iterable[Any]) -> Item:
    """Return the item of a row of `ITEM_COLUMNS`."""
    (number, path, kind, digest, size, modified, width, height, duration, english, chinese, transcript, missing) = row
    return Item(
        id=number,
        path=shown_path(path),
        kind=MediaKind(kind),
        content_hash=digest,
        size_bytes=size,
        modified_s=modified,
        width=width,
        height=height,
        duration_s=duration,
        caption_en=english or "",
        caption_zh=chinese or "",
        transcript=transcript or "",
        missing=bool(missing),
    )


def segments_as_json(segments: Iterable[Segment]) -> str:
    """Return segments with their words as JSON."""
    return json.dumps([asdict(segment) for segment in segments], ensure_ascii=False)


def refresh_words(connection: sqlite3.Connection, item_id: int) -> None:
    """Write an item's file name, captions and transcripts into the full-text table, in the caller's transaction."""
    row = connection.execute("SELECT path FROM items WHERE id = ?", (item_id,)).fetchone()
    connection.execute("DELETE FROM words WHERE rowid = ?", (item_id,))
    if row is None:
        return
    name = os.path.basename(row[0]).decode("utf-8", "replace")  # noqa: PTH119 - of bytes
    captions, transcripts = (
        "\n".join(
            text
            for (text,) in connection.execute(
                f"SELECT t.text FROM {table} t JOIN items i ON i.id = t.item_id AND i.content_hash = t.content_hash"  # noqa: S608
                " WHERE t.item_id = ? ORDER BY t.id DESC",
                (item_id,),
            )
        )
        for table in ("captions", "transcripts")
    )
    values = (item_id, name, captions, transcripts)
    connection.execute("INSERT INTO words (rowid, name, captions, transcript) VALUES (?, ?, ?, ?)", values)

"""Reads what was ever written about an item, inside the caller's transaction. Nothing is written here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmbm_desktop.library.rows import segments_of
from mmbm_desktop.protocol.history import CaptionEntry, ItemHistory, TranscriptEntry

if TYPE_CHECKING:
    from mmbm_desktop.library.connection import Connection


def caption_history(connection: Connection, item_id: int) -> tuple[CaptionEntry, ...]:
    """Return every caption of an item, newest first."""
    rows = connection.execute(
        "SELECT text, language, score, model, author, created_s FROM captions WHERE item_id = ? ORDER BY id DESC",
        (item_id,),
    )
    return tuple(CaptionEntry(*row) for row in rows)


def item_history(connection: Connection, item_id: int) -> ItemHistory:
    """Return everything about an item; nothing for one that there is not."""
    transcripts = connection.execute(
        "SELECT text, language, segments, score, model, author, created_s FROM transcripts WHERE item_id = ?"
        " ORDER BY id DESC",
        (item_id,),
    )
    return ItemHistory(
        caption_history(connection, item_id),
        tuple(TranscriptEntry(text, lang, segments_of(parts), *rest) for text, lang, parts, *rest in transcripts),
    )

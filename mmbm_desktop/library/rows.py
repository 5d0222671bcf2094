"""How records become table rows and come back. Paths are stored as bytes: any file name fits, prefixes sort."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeVar

from mmbm_desktop.base.giving_way import give_way
from mmbm_desktop.protocol.results import Answered, ClassGuess, HeardSound, Item, Segment, Word
from mmbm_desktop.protocol.tasks import MediaKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mmbm_desktop.library.connection import Connection

T = TypeVar("T")

_AT_ONCE = 500
_LIKE_SPECIAL = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})
_PREVIEW = 1000
"""How many letters of a note an item shows."""
# Which words of an item `i` hold: a model's for its present content, a person's for as long as the item lives.
_HOLDS = "w.item_id = i.id AND (w.content_hash = i.content_hash OR w.author = 'person')"
# The text that is shown: the person's before any model's, of the present content before an older one's, the newest.
_SHOWN = f"""(SELECT text FROM
    (SELECT w.*, w.content_hash = i.content_hash AS fits FROM {{table}} w WHERE {_HOLDS}) one
    {{condition}} ORDER BY author = 'person' DESC, fits DESC, id DESC LIMIT 1)"""  # noqa: S608 - constants of our own
NEWEST_SOUNDS = """w.created_s = (SELECT MAX(created_s) FROM answers a
    WHERE a.item_id = w.item_id AND a.task IN ('sounds', 'classify') AND a.failed = 0)"""
"""Which rows `w` of sounds count: those of the newest answer. A recording has sounds there, a picture classes."""
ITEM_COLUMNS = ", ".join(
    [
        "i.id, i.path, i.kind, i.content_hash, i.size_bytes, i.modified_s, i.width, i.height, i.duration_s",
        _SHOWN.format(table="captions", condition="WHERE language = 'en'"),
        _SHOWN.format(table="captions", condition="WHERE language = 'zh'"),
        _SHOWN.format(table="transcripts", condition=""),
        "i.missing",
        f"""CASE WHEN i.kind = 'text' THEN
            (SELECT substr(text, 1, {_PREVIEW}) FROM notes n WHERE n.item_id = i.id) END""",  # noqa: S608 - constants of our own
    ]
)
_ANSWERS = """SELECT item_id, task, model, created_s, language FROM answers
    WHERE failed = 0 AND item_id IN ({marks}) ORDER BY created_s, task, language, model"""
_SOUNDS = f"""SELECT item_id, label, start_s, end_s, score, name_en, name_zh FROM sounds w
    WHERE item_id IN ({{marks}}) AND {NEWEST_SOUNDS} ORDER BY start_s, id"""  # noqa: S608 - constants of our own
_TAGS = "SELECT item_id, name FROM tags WHERE item_id IN ({marks})"
_SOUND_NAMES = f"""SELECT DISTINCT i.id, w.label, w.name_en, w.name_zh FROM items i JOIN sounds w ON w.item_id = i.id
    WHERE i.id IN ({{marks}}) AND {NEWEST_SOUNDS}"""  # noqa: S608 - constants of our own
_TEXTS = "SELECT DISTINCT i.id, w.text FROM items i JOIN {table} w ON " + _HOLDS + " WHERE i.id IN ({{marks}})"  # noqa: S608
_WORDS = (
    "SELECT id, path FROM items WHERE id IN ({marks})",
    _TEXTS.format(table="captions") + " UNION ALL SELECT item_id, name FROM tags WHERE item_id IN ({marks})",  # noqa: S608
    _TEXTS.format(table="transcripts"),
    _SOUND_NAMES,
    "SELECT item_id, text FROM notes WHERE item_id IN ({marks})",
)
"""What an item's words are made of."""
_REFRESHED_AT_ONCE = 100
"""Items whose words are in memory at a time: a note may be long."""


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


def in_parts(ids: Sequence[T]) -> Iterator[tuple[str, Sequence[T]]]:
    """Cut ids, or other values, into parts that fit one statement, each with its question marks for `IN (...)`."""
    for start in range(0, len(ids), _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        yield ",".join("?" * len(part)), part


def items_of(connection: Connection, rows: Sequence[Sequence[Any]]) -> tuple[Item, ...]:
    """Return the items of rows of `ITEM_COLUMNS`, with what has more than one row an item, fetched for all at once."""
    ids, labelled = [row[0] for row in rows], [row[0] for row in rows if row[2] != MediaKind.TEXT]
    answers, labels, tags = _grouped(connection, (_ANSWERS, ids), (_SOUNDS, labelled), (_TAGS, ids))
    return tuple(
        _item_of(
            row,
            sorted((name for (name,) in tags.get(row[0], ())), key=str.lower),
            tuple(HeardSound(*one) for one in labels.get(row[0], ())),
            (Answered(*one) for one in answers.get(row[0], ())),
        )
        for row in rows
    )


def _grouped(connection: Connection, *statements: tuple[str, Sequence[int]]) -> list[dict[int, list[tuple[Any, ...]]]]:
    """Return the rows of each statement by the item id that they begin with; it has a place for question marks."""
    asked = [
        (place, (statement.format(marks=marks), part))
        for place, (statement, ids) in enumerate(statements)
        for marks, part in in_parts(ids)
    ]
    found: list[dict[int, list[tuple[Any, ...]]]] = [{} for _ in statements]
    for (place, _), rows in zip(asked, connection.ask(*(question for _, question in asked)), strict=True):
        for number, *row in rows:
            give_way()
            found[place].setdefault(number, []).append(tuple(row))
    return found


def _item_of(
    row: Sequence[Any], tags: Iterable[str], labels: tuple[HeardSound, ...], answers: Iterable[Answered]
) -> Item:
    give_way()
    (number, path, kind, digest, size, modified, width, height, duration, *words, missing, text) = row
    english, chinese, transcript = words
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
        tags=tuple(tags),
        text=text or "",
        sounds=labels if kind == MediaKind.RECORDING else (),
        answers=tuple(answers),
        classes=tuple(ClassGuess(one.label, one.score) for one in labels) if kind == MediaKind.PHOTO else (),
    )


def like_literal(text: str) -> str:
    """Return what stands for `text` in a pattern of LIKE whose escape character is the backslash."""
    return text.translate(_LIKE_SPECIAL)


def segments_as_json(segments: Iterable[Segment]) -> str:
    """Return segments with their words as JSON."""
    return storable_text(json.dumps([asdict(segment) for segment in segments], ensure_ascii=False))


def segments_of(text: str) -> tuple[Segment, ...]:
    """Return the segments that `segments_as_json` wrote."""
    return tuple(
        Segment(**{**segment, "words": tuple(Word(**word) for word in segment.get("words", ()))})
        for segment in json.loads(text)
    )


def storable_text(text: str) -> str:
    """Return text without what SQLite's text and full-text search cannot hold: lone surrogates and zero bytes."""
    return text.encode("utf-8", "replace").decode().replace("\0", " ")


def refresh_words(connection: Connection, ids: Iterable[int]) -> None:
    """Write items' file names, captions and transcripts into the full-text table, in the caller's transaction.

    Their tags are found as words too: they stand behind the captions, a line each. What is heard besides speech, the
    sounds by their names in both languages, stands with the transcripts, and so does the text of a note.
    """
    every = list(dict.fromkeys(ids))
    for start in range(0, len(every), _REFRESHED_AT_ONCE):
        part = every[start : start + _REFRESHED_AT_ONCE]
        marks = ",".join("?" * len(part))
        asked = [(statement.format(marks=marks), part * statement.count("{marks}")) for statement in _WORDS]
        paths, captions, transcripts, sounds, notes = connection.ask(*asked)
        said, heard = _texts_by_item(captions), _texts_by_item([*transcripts, *_sound_names(sounds), *notes])
        words = {
            number: (_file_name(path), "\n".join(said.get(number, ())), "\n".join(heard.get(number, ())))
            for number, path in paths
        }
        connection.dialect.put_words(connection, words)


def _file_name(stored: bytes) -> str:
    return os.path.basename(stored).decode("utf-8", "replace").replace("\0", " ")  # noqa: PTH119 - of bytes


def _texts_by_item(rows: Iterable[Sequence[Any]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for number, text in rows:
        found.setdefault(number, []).append(text)
    return found


def _sound_names(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[int, str]]:
    for number, label, *names in rows:
        yield from ((number, name) for name in dict.fromkeys((label.replace("_", " "), *names)) if name)

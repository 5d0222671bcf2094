"""Tables of many files: CSV (RFC 4180, with a byte order mark so that spreadsheets read Chinese) and JSON lines."""

from __future__ import annotations

import codecs
import csv
import io
import json
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, cast

from mmbm_desktop.library.sidecars.encoded import FileText, unusable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mmbm_desktop.library.sidecars.described import Described, main_language
    from mmbm_desktop.protocol.results import Caption

    Row = Mapping[str, object]

COLUMNS = ("path", "file_name", "kind", "caption_en", "caption_zh", "tags", "transcript")
_LONGEST_CELL = 1 << 24
CAPTION_COLUMNS = ("file_name", "language", "text", "score")
TABLE_SUFFIXES = (".csv", ".jsonl")


def item_row(item: Described) -> Row:
    """Return the row of a whole item."""
    captions = dict(item.captions)
    values = (
        item.path,
        PurePath(item.path).name,
        str(item.kind),
        captions.get("en", ""),
        captions.get("zh", ""),
        list(item.tags),
        item.transcript,
    )
    return dict(zip(COLUMNS, values, strict=True))


def caption_rows(name: str, captions: Sequence[Caption]) -> list[Row]:
    """Return a row for each caption of one picture, as `mmbm caption --sidecar` writes them."""
    return [
        dict(zip(CAPTION_COLUMNS, (name, one.language, one.text, round(one.score, 4)), strict=True)) for one in captions
    ]


def encoded_rows(rows: Sequence[Row], columns: Sequence[str], suffix: str, old: FileText | None = None) -> bytes:
    """Return a table's bytes: `old`, if any, and the rows after it.

    Raises:
        InputFault: SIDECAR_INVALID, "other-columns": the table that is there is another one.
    """
    if suffix == ".jsonl":
        kept = old.text if old else ""
        end = "\n" if kept and not kept.endswith("\n") else ""
        return (old or FileText("")).encoded(kept + end + "".join(map(_json_line, rows)))
    if old is not None and old.text.strip() and _header(old.text) != list(columns):
        raise unusable("other-columns", ", ".join(_header(old.text)))
    begun = old is not None and bool(old.text.strip())
    text = old.text if old is not None and begun else ""
    newline = old.newline if old is not None and begun else "\r\n"
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator=newline)
    if not begun:
        writer.writerow(columns)
    writer.writerows([cell(row[name]) for name in columns] for row in rows)
    end = newline if text and not text.endswith("\n") else ""
    like = old if old is not None and begun else FileText("", codecs.BOM_UTF8)
    return like.encoded(text + end + buffer.getvalue())


def rows_of(text: str, suffix: str) -> Iterator[dict[str, Any]]:
    """Yield a table's rows.

    Raises:
        InputFault: SIDECAR_INVALID, "not-a-table".
    """
    csv.field_size_limit(_LONGEST_CELL)
    try:
        if suffix == ".csv":
            yield from csv.DictReader(io.StringIO(text, newline=""), strict=True)
            return
        for line in filter(str.strip, text.splitlines() if "\n" not in text else text.split("\n")):
            row = json.loads(line)
            if not isinstance(row, dict):
                raise unusable("not-a-table")
            yield cast("dict[str, Any]", row)
    except (csv.Error, json.JSONDecodeError) as error:
        raise unusable("not-a-table", str(error)) from error


def captions_of_row(row: Mapping[str, Any]) -> dict[str, str]:
    """Return a row's captions by language, whichever of our tables it is of."""
    found = {language: _text(row.get(f"caption_{language}")) for language in ("en", "zh")}
    plain = _text(row.get("text"))
    if plain:
        language = _text(row.get("language")) or main_language(plain)
        found[language] = plain
    return {language: text for language, text in found.items() if text and language in ("en", "zh")}


def tags_of_row(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return a row's tags, a list or one text with commas."""
    tags = row.get("tags") or ()
    parts = tags.split(",") if isinstance(tags, str) else [str(tag) for tag in tags]
    return tuple(part.strip() for part in parts if part.strip())


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _header(text: str) -> list[str]:
    return next(iter(csv.reader(io.StringIO(text, newline=""))), [])


def cell(value: object) -> object:
    """Return a cell as CSV holds it; what Unicode cannot hold of a file's name is written as escapes."""
    text = ", ".join(map(str, value)) if isinstance(value, list) else value  # pyright: ignore[reportUnknownArgumentType]
    return text.encode("utf-8", "backslashreplace").decode() if isinstance(text, str) else text


def _json_line(row: Row) -> str:
    line = json.dumps(dict(row), ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:
        line = json.dumps(dict(row))
    return f"{line}\n"

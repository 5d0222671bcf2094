"""Folders of pictures with captions: which pictures, which sentences, which split. Reads text files, decodes nothing.

Two layouts are known: `metadata.jsonl` or `metadata.csv` with a `file_name` column (Hugging Face imagefolder), and
`captions.jsonl` with `file`, `split`, `captions` and `captions_zh` (flickr8k as published with its Chinese captions).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.files import os_errors_sorted
from mmbm_desktop.protocol.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from mmbm_desktop.protocol.requests import Language

SPLITS = ("train", "val", "test")
LANGUAGES: tuple[Language, ...] = ("en", "zh")
FEWEST_PICTURES = 3
"""One for each split."""

_CAPTION_COLUMNS = ("captions", "captions_zh", "caption", "caption_zh", "text", "text_zh")
_SPLIT_NAMES = {"validation": "val", "valid": "val", "dev": "val", "training": "train", "testing": "test"}


@dataclass(frozen=True)
class CaptionedPicture:
    """A picture, the split it belongs to and its sentences by language."""

    path: Path
    split: str
    captions: Mapping[str, tuple[str, ...]]


def read_captioned(folder: Path) -> tuple[CaptionedPicture, ...]:
    """Return every picture that a data folder's table lists with at least one sentence, in the table's order.

    Without a split column each picture's name decides: about 80 % train, 10 % val, 10 % test, the same every time.

    Raises:
        InputFault: there is no table, it cannot be read, it has no caption column, or it lists too few pictures.
    """
    if not folder.is_dir():
        raise InputFault(ErrorCode.FOLDER_NOT_FOUND, path=str(folder))
    rows = list(_rows(folder))
    if not any(column in row for row in rows for column in _CAPTION_COLUMNS):
        raise _invalid(folder, "no-captions", f"none of the columns {', '.join(_CAPTION_COLUMNS)}")
    pictures = [picture for row in rows if (picture := _picture(folder, row)) is not None]
    if len(pictures) < FEWEST_PICTURES:
        raise _invalid(folder, "too-few-pictures", f"{len(pictures)} pictures with a caption")
    if not any("split" in row for row in rows):
        pictures = _with_every_split(pictures)
    return tuple(pictures)


def of_split(pictures: Iterable[CaptionedPicture], split: str) -> tuple[CaptionedPicture, ...]:
    """Return the pictures of one split."""
    return tuple(picture for picture in pictures if picture.split == split)


def _invalid(folder: Path, reason: str, detail: str) -> InputFault:
    return InputFault(ErrorCode.DATASET_INVALID, detail, path=str(folder), reason=reason)


def _rows(folder: Path) -> Iterator[dict[str, Any]]:
    for name, parse in (("captions.jsonl", _jsonl), ("metadata.jsonl", _jsonl), ("metadata.csv", _csv)):
        table = folder / name
        if table.is_file():
            with os_errors_sorted(table):
                data = table.read_bytes()
            try:
                yield from parse(data.decode("utf-8-sig"))
            except (ValueError, csv.Error) as error:
                raise _invalid(table, "table-unreadable", str(error)) from error
            return
    raise _invalid(folder, "no-table", "no captions.jsonl, metadata.jsonl or metadata.csv")


def _jsonl(text: str) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError(f"line {number} is not an object")
            yield row


def _csv(text: str) -> Iterator[dict[str, Any]]:
    for row in csv.DictReader(io.StringIO(text, newline="")):
        yield {column: value for column, value in row.items() if column is not None and value}


def _picture(folder: Path, row: Mapping[str, Any]) -> CaptionedPicture | None:
    name = row.get("file_name") or row.get("file")
    captions = _captions(row)
    if not isinstance(name, str) or not captions:
        return None
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise _invalid(folder, "outside-folder", name)
    split = str(row.get("split") or _split_of(name)).lower()
    return CaptionedPicture(path, _SPLIT_NAMES.get(split, split), captions)


def _captions(row: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for column in _CAPTION_COLUMNS:
        value = row.get(column, ())
        for sentence in (value,) if isinstance(value, str) else value:
            if isinstance(sentence, str) and sentence.strip():
                found.setdefault(language_of(sentence), []).append(sentence.strip())
    return {language: tuple(sentences) for language, sentences in found.items()}


def _split_of(name: str) -> str:
    tenth = int(hashlib.sha256(name.encode()).hexdigest(), 16) % 10
    return {8: "val", 9: "test"}.get(tenth, "train")


def _with_every_split(pictures: list[CaptionedPicture]) -> list[CaptionedPicture]:
    """Move pictures so that small sets, too, have one of each split; large ones come out as they went in."""
    present = {picture.split for picture in pictures}
    if present >= set(SPLITS):
        return pictures
    splits = ["val", "test", *["train"] * (len(pictures) - 2)]
    ordered = sorted(pictures, key=lambda picture: hashlib.sha256(picture.path.name.encode()).digest())
    moved = {
        picture.path: CaptionedPicture(picture.path, split, picture.captions)
        for picture, split in zip(ordered, splits, strict=True)
    }
    return [moved[picture.path] for picture in pictures]

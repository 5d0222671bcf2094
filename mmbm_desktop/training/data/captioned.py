"""Folders of pictures with captions: which pictures, which sentences, which split. Reads text files, decodes nothing.

Two layouts are known. `metadata.jsonl` or `metadata.csv` with a `file_name` column and captions, in the folder or in
each of its folders `train`, `validation` and `test` (Hugging Face imagefolder). And `captions.jsonl` with `file`,
`split`, `captions` and `captions_zh` (flickr8k as published with its Chinese captions), or `captions.csv`. A caption
column holds a sentence or a list of them, in CSV a JSON list; further rows of a picture add to its captions. A
sentence's own letters say its language.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mmbm_desktop.protocol.languages import language_of
from mmbm_desktop.training.data.tables import SPLITS, file_of, invalid, read_rows, split_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from mmbm_desktop.protocol.requests import Language

LANGUAGES: tuple[Language, ...] = ("en", "zh")
FEWEST_PICTURES = 3
"""One for each split."""

TABLES = ("captions.jsonl", "metadata.jsonl", "metadata.csv", "captions.csv")
CAPTION_COLUMNS = tuple(f"{name}{end}" for name in ("captions", "caption", "text") for end in ("", "_en", "_zh"))
_SPLIT_FOLDERS = ("train", "validation", "valid", "val", "dev", "test")


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
    rows = list(_rows(folder))
    if not any(column in row for _, row in rows for column in CAPTION_COLUMNS):
        raise invalid(folder, "no-captions", f"none of the columns {', '.join(CAPTION_COLUMNS)}")
    pictures = _merged(picture for place, row in rows if (picture := _picture(place, row)) is not None)
    if len(pictures) < FEWEST_PICTURES:
        raise invalid(folder, "too-few-pictures", f"{len(pictures)} pictures with a caption")
    if not any("split" in row for _, row in rows):
        pictures = _with_every_split(pictures)
    return tuple(pictures)


def of_split(pictures: Iterable[CaptionedPicture], split: str) -> tuple[CaptionedPicture, ...]:
    """Return the pictures of one split."""
    return tuple(picture for picture in pictures if picture.split == split)


def _rows(folder: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield the table's rows, or those of the splits' own tables, with the folder that their names start at."""
    parts = [folder / name for name in _SPLIT_FOLDERS if any((folder / name / table).is_file() for table in TABLES)]
    if not parts or any((folder / table).is_file() for table in TABLES):
        yield from ((folder, row) for row in read_rows(folder, TABLES))
    else:
        yield from ((part, {"split": part.name, **row}) for part in parts for row in read_rows(part, TABLES))


def _merged(pictures: Iterable[CaptionedPicture]) -> list[CaptionedPicture]:
    """Return each picture once, with the captions of all its rows; the first row says its split."""
    found: dict[Path, CaptionedPicture] = {}
    for picture in pictures:
        known = found.setdefault(picture.path, picture)
        if known is not picture:
            languages = [*known.captions, *(name for name in picture.captions if name not in known.captions)]
            captions = {name: (*known.captions.get(name, ()), *picture.captions.get(name, ())) for name in languages}
            found[picture.path] = CaptionedPicture(picture.path, known.split, captions)
    return list(found.values())


def _picture(folder: Path, row: Mapping[str, Any]) -> CaptionedPicture | None:
    captions = captions_of(row)
    path = file_of(folder, row) if captions else None
    if path is None:
        return None
    return CaptionedPicture(path, split_of(row, str(row.get("file_name") or row.get("file"))), captions)


def captions_of(row: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the sentences of a row by language; a language without any is left out."""
    found: dict[str, list[str]] = {}
    for column in CAPTION_COLUMNS:
        for sentence in _listed(row.get(column)):
            if isinstance(sentence, str) and sentence.strip():
                found.setdefault(language_of(sentence), []).append(sentence.strip())
    return {language: tuple(sentences) for language, sentences in found.items()}


def _listed(value: Any) -> Sequence[Any]:
    """Return the sentences in a cell: one, a list, or a list written as JSON."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            return (value,)
    if isinstance(value, str):
        return (value,)
    return value if isinstance(value, list) else ()


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

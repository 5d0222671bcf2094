"""Writes corrections as data folders that the recipes read: a table, and links to the person's own files.

A reader of data folders opens nothing outside of them, so each file appears inside under the hash of its content: as a
hard link, which is the file itself and takes no room, or as a copy where the disk cannot link. What a person wrote is
never changed or moved. A file whose bytes are no longer those that were corrected is left out and reported.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.base.files import os_errors_sorted, sha256_of, write_atomically
from mmbm_desktop.protocol.corrections import CorrectionKind, is_held_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from mmbm_desktop.protocol.corrections import Correction
    from mmbm_desktop.protocol.results import Item

TABLE, THUMBS = "metadata.jsonl", "thumbs.jsonl"
LANGUAGES = ("en", "zh")
_CHECKED_OF = 8
"""One learned item in so many is not learned from but checked on while training."""
_CANARY_OF, _GENERAL_CHECKED_OF = 4, 8


@dataclass
class Written:
    """What a data folder holds: how many items, and the paths of those that could not be used."""

    items: int = 0
    missing: list[str] = field(default_factory=list)


def write_captions(folder: Path, corrections: Sequence[Correction], item_at: Callable[[str], Item | None]) -> Written:
    """Write captions as `metadata.jsonl` and ratings as `thumbs.jsonl`.

    All pictures need sentences in the same languages. One that lacks a person's in a language gets what the library
    has; a language that is still not there for all is dropped, or, if none is left, the pictures without the language
    that most have. `corrected` names the languages in which a person has spoken.
    """
    written, folder_files = Written(), _Files(folder)
    names = {one.content_hash: folder_files.add(one, written) for one in reversed(corrections)}
    rows = [
        _caption_row(names[digest], digest, of_it, item_at(of_it[0].path))
        for digest, of_it in _by_content(corrections).items()
        if names[digest] and any(one.lesson for one in of_it)
    ]
    kept = _same_languages(rows)
    thumbs = [
        {"file_name": names[one.content_hash], "caption": one.said, "rating": one.rating, "model": one.model}
        for one in corrections
        if one.kind is CorrectionKind.THUMB and names[one.content_hash] and not one.held_out
    ]
    _write_table(folder / TABLE, with_splits(kept))
    _write_table(folder / THUMBS, thumbs)
    written.items = len(kept)
    return written


def _caption_row(name: str, digest: str, corrections: Sequence[Correction], item: Item | None) -> dict[str, Any]:
    """Return a picture's row; what a person wrote comes before what they only liked, the newest first."""
    known = {"en": item.caption_en, "zh": item.caption_zh} if item is not None else {}
    row: dict[str, Any] = {"file_name": name, "content": digest, "corrected": []}
    for language in LANGUAGES:
        mine = [one for one in corrections if one.language == language and one.lesson]
        mine.sort(key=lambda one: one.kind is CorrectionKind.THUMB)
        text = mine[0].lesson if mine else known.get(language, "")
        if text:
            row[f"caption_{language}"] = text
        if mine:
            row["corrected"].append(language)
    return row


def _same_languages(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    counts = {language: sum(f"caption_{language}" in row for row in rows) for language in LANGUAGES}
    spoken = {language for row in rows for language in row["corrected"]}
    everywhere = [language for language in LANGUAGES if counts[language] == len(rows) and language in spoken]
    kept = everywhere or [max(LANGUAGES, key=lambda language: counts[language])]
    dropped = {f"caption_{language}" for language in LANGUAGES if language not in kept}
    return [
        {
            **{name: value for name, value in row.items() if name not in dropped},
            "corrected": [language for language in row["corrected"] if language in kept],
        }
        for row in rows
        if all(f"caption_{language}" in row for language in kept) and set(row["corrected"]) & set(kept)
    ]


def write_labels(folder: Path, corrections: Iterable[Correction]) -> Written:
    """Write classes of pictures as `metadata.jsonl` with `file_name` and `label`."""
    return _write_texts(folder, corrections, "label")


def write_transcripts(folder: Path, corrections: Iterable[Correction]) -> Written:
    """Write transcripts as `metadata.jsonl` with `file_name` and `transcription`."""
    return _write_texts(folder, corrections, "transcription")


def _write_texts(folder: Path, corrections: Iterable[Correction], column: str) -> Written:
    written, files = Written(), _Files(folder)
    rows: list[dict[str, Any]] = []
    for one in corrections:
        if name := files.add(one, written):
            row = {"file_name": name, "content": one.content_hash, column: one.text, "said": one.said}
            rows.append(row if column == "label" else {**row, "language": one.language})
    _write_table(folder / TABLE, with_splits(rows))
    written.items = len(rows)
    return written


def write_general(folder: Path, items: Iterable[Item], without: frozenset[str], most: int) -> int:
    """Write pictures of the library that nobody corrected, those whose hashes come first; return how many.

    The hash of each decides whether it is learned again, checked on while training, or kept as the canary. What they
    show is for the model that is improved to say: its own answers are what the new one must not forget.
    """
    files, rows = _Files(folder), []
    for item in sorted(items, key=lambda item: item.content_hash):
        if item.content_hash in without or len(rows) == most:
            continue
        if name := files.link(Path(item.path), item.content_hash):
            rows.append({"file_name": name, "content": item.content_hash, "split": _general_split(item.content_hash)})
    _write_table(folder / TABLE, rows)
    return len(rows)


def _general_split(digest: str) -> str:
    number = int(digest[8:16], 16)
    if number % _CANARY_OF == 0:
        return "test"
    return "val" if number // _CANARY_OF % _GENERAL_CHECKED_OF == 0 else "train"


def with_splits(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows with a split by the hash of their content: held-out ones "test", at least one of the others "val"."""
    learned = sorted({row["content"] for row in rows if not is_held_out(row["content"])}, key=lambda one: one[8:])
    checked = {one for one in learned if int(one[8:16], 16) % _CHECKED_OF == 0} or set(learned[:1])
    if len(checked) == len(learned):
        checked = set(learned[:1])
    splits = {one: "val" if one in checked else "train" for one in learned}
    return [{**row, "split": splits.get(row["content"], "test")} for row in rows]


def _by_content(corrections: Iterable[Correction]) -> dict[str, list[Correction]]:
    found: dict[str, list[Correction]] = {}
    for one in corrections:
        found.setdefault(one.content_hash, []).append(one)
    return found


def _write_table(file: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    write_atomically(file, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode())


class _Files:
    """The files of one data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with os_errors_sorted(folder):
            folder.mkdir(parents=True, exist_ok=True)

    def add(self, correction: Correction, written: Written) -> str:
        """Return the name of a correction's file in the folder; "" where it is missing, which is noted."""
        name = self.link(Path(correction.path), correction.content_hash)
        if not name and correction.path not in written.missing:
            written.missing.append(correction.path)
        return name

    def link(self, source: Path, digest: str) -> str:
        """Return the name under which a file appears in the folder; "" where it is gone or was changed.

        Raises:
            MmbmError: the folder cannot be written.
        """
        name = f"{digest[:32]}{source.suffix.lower()}"
        target = self._folder / name
        try:
            if sha256_of(source) != digest:
                return ""
        except MmbmError:
            return ""
        if not target.exists():
            with os_errors_sorted(target):
                _link(source, target)
        return name


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source.resolve(), target)
    except OSError:
        shutil.copyfile(source, target)

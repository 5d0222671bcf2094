"""Tables that say what a data folder's files are: JSON lines and CSV, read row by row. Opens no other file."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from typing import TYPE_CHECKING, Any

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.files import os_errors_sorted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

SPLITS = ("train", "val", "test")
_SPLIT_NAMES = {"validation": "val", "valid": "val", "dev": "val", "training": "train", "testing": "test"}


def read_rows(folder: Path, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield the rows of the first table of `names`, each `.jsonl` or `.csv`, that a data folder has.

    Raises:
        InputFault: the folder or the table is missing, or the table cannot be read.
    """
    if not folder.is_dir():
        raise InputFault(ErrorCode.FOLDER_NOT_FOUND, path=str(folder))
    table = next((folder / name for name in names if (folder / name).is_file()), None)
    if table is None:
        raise invalid(folder, "no-table", f"none of {', '.join(names)}")
    with os_errors_sorted(table):
        data = table.read_bytes()
    try:
        yield from (_csv if table.suffix == ".csv" else _jsonl)(data.decode("utf-8-sig"))
    except (ValueError, csv.Error) as error:
        raise invalid(table, "table-unreadable", str(error)) from error


def file_of(folder: Path, row: Mapping[str, Any]) -> Path | None:
    """Return the file that a row is about, None where it names none.

    Raises:
        InputFault: the file is not in the folder.
    """
    name = row.get("file_name") or row.get("file")
    if not isinstance(name, str):
        return None
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise invalid(folder, "outside-folder", name)
    return path


def split_of(row: Mapping[str, Any], name: str) -> str:
    """Return a row's split; without one the name decides: about 80 % train, 10 % val, 10 % test, always the same."""
    split = str(row.get("split") or {8: "val", 9: "test"}.get(hashed(name) % 10, "train")).lower()
    return _SPLIT_NAMES.get(split, split)


def named_split(name: str) -> str:
    """Return the split that a folder or a column calls by one of its usual names; "" where it is none of them."""
    split = _SPLIT_NAMES.get(name.strip().lower(), name.strip().lower())
    return split if split in SPLITS else ""


def hashed(name: str) -> int:
    """Return a large number that is the same for the same name everywhere."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16)


def invalid(place: Path, reason: str, detail: str) -> InputFault:
    """Return the refusal of a data folder or of its table."""
    return InputFault(ErrorCode.DATASET_INVALID, detail, path=str(place), reason=reason)


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

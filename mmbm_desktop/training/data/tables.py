"""Tables of a data folder: JSON lines or CSV with a header. Reads text, decodes no picture and no sound."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.files import os_errors_sorted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path


def read_table(folder: Path, names: Sequence[str]) -> list[dict[str, Any]] | None:
    """Return the rows of the first table of these names that a folder has; None where it has none of them.

    Raises:
        InputFault: the folder is missing, or the table cannot be read (DATASET_INVALID, "table-unreadable").
    """
    if not folder.is_dir():
        raise InputFault(ErrorCode.FOLDER_NOT_FOUND, path=str(folder))
    for name in names:
        table = folder / name
        if not table.is_file():
            continue
        with os_errors_sorted(table):
            data = table.read_bytes()
        parse = _csv if table.suffix == ".csv" else _jsonl
        try:
            return list(parse(data.decode("utf-8-sig")))
        except (ValueError, csv.Error) as error:
            raise invalid(table, "table-unreadable", str(error)) from error
    return None


def path_inside(folder: Path, row: Mapping[str, Any]) -> Path | None:
    """Return the file that a row names in `file_name` or `file`; None where it names none.

    Raises:
        InputFault: it lies outside the folder (DATASET_INVALID, "outside-folder").
    """
    name = row.get("file_name") or row.get("file")
    if not isinstance(name, str):
        return None
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise invalid(folder, "outside-folder", name)
    return path


def invalid(path: Path, reason: str, detail: str) -> InputFault:
    """Return the error of a data folder that cannot be used."""
    return InputFault(ErrorCode.DATASET_INVALID, detail, path=str(path), reason=reason)


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

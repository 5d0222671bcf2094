"""Captions beside the pictures: one .txt each, or one captions.jsonl / .csv a folder. Nothing is overwritten."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.files import os_errors_sorted, write_atomically

if TYPE_CHECKING:
    from mmbm_desktop.protocol.results import Caption

FORMATS = ("txt", "jsonl", "csv")


def write_sidecar(picture: Path, captions: tuple[Caption, ...], form: str) -> Path:
    """Write captions of `picture` in the `form` "txt", "jsonl" or "csv" and return the file.

    A .txt that holds something else stays as it is; rows are appended to .jsonl and .csv.

    Raises:
        InputFault: FILE_EXISTS, a .txt with other content is there.
        EnvironmentFault: the folder cannot be written.
    """
    if form == "txt":
        return _write_text(picture.with_suffix(".txt"), captions)
    target = picture.parent / f"captions.{form}"
    rows = [(picture.name, caption.language, caption.text, round(caption.score, 4)) for caption in captions]
    encode = _json_lines if form == "jsonl" else _csv_lines
    with os_errors_sorted(target):
        old = target.read_bytes() if target.exists() else b""
    write_atomically(target, old + encode(rows, first=not old))
    return target


def _write_text(target: Path, captions: tuple[Caption, ...]) -> Path:
    content = "".join(f"{caption.text}\n" for caption in captions).encode()
    with os_errors_sorted(target):
        if target.exists() and target.read_bytes() != content:
            raise InputFault(ErrorCode.FILE_EXISTS, path=str(target))
    write_atomically(target, content)
    return target


def _json_lines(rows: list[tuple[str, str, str, float]], *, first: bool) -> bytes:
    del first
    names = ("file_name", "language", "text", "score")
    return "".join(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) + "\n" for row in rows).encode()


def _csv_lines(rows: list[tuple[str, str, str, float]], *, first: bool) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    if first:
        writer.writerow(("file_name", "language", "text", "score"))
    writer.writerows(rows)
    return buffer.getvalue().encode()

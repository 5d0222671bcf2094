"""Text files as notes: read as people wrote them, whatever the encoding; nothing in them is run or followed."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.files import os_errors_sorted
from mmbm_desktop.media.formats import PHOTO_SUFFIXES, RECORDING_SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

LONGEST_BYTES = 1 << 20
"""How much of a text is read; what follows is not found."""
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_MEDIA = PHOTO_SUFFIXES | RECORDING_SUFFIXES


def read_note(path: Path) -> str:
    """Return the text of a file: UTF-8, UTF-16 with its mark, else GB 18030, which older Chinese texts are in.

    Raises:
        InputFault: FILE_NOT_FOUND; FILE_EMPTY; FILE_UNREADABLE, it holds zero bytes and is no text.
        EnvironmentFault: PERMISSION_DENIED.
    """
    with os_errors_sorted(path), path.open("rb") as file:
        content = file.read(LONGEST_BYTES)
    if not content.strip():
        raise InputFault(ErrorCode.FILE_EMPTY, path=str(path))
    marked = next((encoding for mark, encoding in _BOMS if content.startswith(mark)), None)
    if marked is None and b"\0" in content:
        raise InputFault(ErrorCode.FILE_UNREADABLE, "no text: it holds zero bytes", path=str(path))
    if marked is not None:
        return content.decode(marked, "replace")
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(content)  # a letter cut at the end is left out
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace")


def is_sidecar(name: str, names: Collection[str]) -> bool:
    """Whether a text file belongs to a picture or recording of its folder: "a.txt" or "a.jpg.txt" beside "a.jpg"."""
    stem = name.rpartition(".")[0]
    if stem in names and _suffix(stem) in _MEDIA:
        return True
    return any(other.rpartition(".")[0] == stem and _suffix(other) in _MEDIA for other in names)


def _suffix(name: str) -> str:
    return f".{name.rpartition('.')[2].lower()}"

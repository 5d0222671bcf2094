"""Text files as people's programs leave them: with or without a byte order mark, with either kind of line end."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.files import os_errors_sorted

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_BYTES = 64 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True)
class FileText:
    """A file's text, as it stands, and how it was written: what comes before it and which encoding."""

    text: str
    mark: bytes = b""
    encoding: str = "utf-8"

    @property
    def newline(self) -> str:
        """The line end that the file uses."""
        return "\r\n" if "\r\n" in self.text else "\n"

    def encoded(self, text: str) -> bytes:
        """Return another text written in the same way; the caller takes care of line ends."""
        return self.mark + text.encode(self.encoding)


def unusable(reason: str, detail: str = "") -> InputFault:
    """Return the error for a sidecar that cannot be used and is left as it is."""
    return InputFault(ErrorCode.SIDECAR_INVALID, detail, reason=reason)


def read_text(path: Path) -> FileText | None:
    """Return a file's text; None where there is no file.

    Raises:
        InputFault: SIDECAR_INVALID, it is neither UTF-8 nor UTF-16 with a mark, or larger than `LARGEST_BYTES`.
        MmbmError: it cannot be read.
    """
    with os_errors_sorted(path):
        if not path.exists():
            return None
        if path.stat().st_size > LARGEST_BYTES:
            raise unusable("too-large")
        data = path.read_bytes()
    mark, encoding = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", "utf-8"))
    try:
        return FileText(data[len(mark) :].decode(encoding), mark, encoding)
    except UnicodeDecodeError as error:
        raise unusable("not-utf8", str(error)) from error

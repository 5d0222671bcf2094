"""What a file is: a photo, a recording, a text, or nothing we can use. Its first bytes decide, not its name."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.files import os_errors_sorted

_PHOTOS = "jpg jpeg jpe jfif png webp gif bmp tif tiff heic heif avif ppm pgm jp2"
_RECORDINGS = "wav wave flac ogg oga opus mp3 m4a aac aif aiff webm mka wma caf"
PHOTO_SUFFIXES = frozenset(f".{name}" for name in _PHOTOS.split())
RECORDING_SUFFIXES = frozenset(f".{name}" for name in _RECORDINGS.split())
TEXT_SUFFIXES = frozenset([".txt", ".md"])
HEAD_BYTES = 64


class FileKind(StrEnum):
    """What a file holds."""

    PHOTO = "photo"
    RECORDING = "recording"
    TEXT = "text"
    OTHER = "other"


_PHOTO_STARTS = (
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"GIF87a",
    b"GIF89a",
    b"BM",
    b"II*\0",
    b"MM\0*",
    b"II+\0",
    b"MM\0+",
    b"P5",
    b"P6",
    b"\0\0\0\x0cjP  ",
    b"\xff\x4f\xff\x51",
)
_RECORDING_STARTS = (b"fLaC", b"OggS", b"ID3", b"FORM", b"\x1aE\xdf\xa3", b"caff", b"0&\xb2u", b"RF64")
_PHOTO_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis"}


def kind_by_name(path: Path | str) -> FileKind:
    """Return what the name promises; for scanning, where opening every file would be slow."""
    suffix = os.path.splitext(path)[1].lower()  # noqa: PTH122 - a third of the time, and many files
    if suffix in PHOTO_SUFFIXES:
        return FileKind.PHOTO
    if suffix in RECORDING_SUFFIXES:
        return FileKind.RECORDING
    return FileKind.TEXT if suffix in TEXT_SUFFIXES else FileKind.OTHER


def kind_by_content(head: bytes) -> FileKind:
    """Return what a file's first 64 bytes say; OTHER when they say nothing known."""
    if head[4:8] == b"ftyp":
        return FileKind.PHOTO if head[8:12] in _PHOTO_BRANDS else FileKind.RECORDING
    if head[:4] == b"RIFF":
        return {b"WEBP": FileKind.PHOTO, b"WAVE": FileKind.RECORDING}.get(head[8:12], FileKind.OTHER)
    if head.startswith(_PHOTO_STARTS):
        return FileKind.PHOTO
    mpeg = len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0
    return FileKind.RECORDING if mpeg or head.startswith(_RECORDING_STARTS) else FileKind.OTHER


def recognise(path: Path) -> FileKind:
    """Return what a file is, by content, and by name only for plain text.

    Raises:
        InputFault: FILE_NOT_FOUND, FILE_EMPTY, UNSUPPORTED_TYPE (with `suffix`), or IMAGE_BROKEN / AUDIO_BROKEN for a
            file whose name promises a photo or a recording and whose content is neither.
        EnvironmentFault: PERMISSION_DENIED.
    """
    with os_errors_sorted(path):
        if path.is_dir():
            raise InputFault(ErrorCode.UNSUPPORTED_TYPE, path=str(path), suffix="")
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    if not head:
        raise InputFault(ErrorCode.FILE_EMPTY, path=str(path))
    found, promised = kind_by_content(head), kind_by_name(path)
    if found is not FileKind.OTHER:
        return found
    if promised is FileKind.TEXT:
        return FileKind.TEXT
    codes = {FileKind.PHOTO: ErrorCode.IMAGE_BROKEN, FileKind.RECORDING: ErrorCode.AUDIO_BROKEN}
    code = codes.get(promised, ErrorCode.UNSUPPORTED_TYPE)
    raise InputFault(code, "unknown content", path=str(path), suffix=path.suffix.lower())

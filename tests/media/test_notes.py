"""Texts are read whatever their encoding, and known from the sidecars of pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.media.notes import LONGEST_BYTES, is_sidecar, read_note
from mmbm_desktop.media.scan import ScannedFile, scan, scanned_file
from mmbm_desktop.protocol.tasks import MediaKind


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_text_is_read_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes("海边的笔记 and more".encode(encoding))

    assert read_note(tmp_path / "a.txt") == "海边的笔记 and more"


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", ErrorCode.FILE_EMPTY), (b" \n ", ErrorCode.FILE_EMPTY), (b"MZ\0\1", ErrorCode.FILE_UNREADABLE)],
)
def test_what_is_no_text_is_told(tmp_path: Path, content: bytes, code: ErrorCode) -> None:
    (tmp_path / "a.txt").write_bytes(content)

    with pytest.raises(InputFault) as caught:
        read_note(tmp_path / "a.txt")

    assert caught.value.code is code


def test_a_long_text_is_cut_between_letters(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("海".encode() * LONGEST_BYTES)

    assert read_note(tmp_path / "a.txt") == "海" * (LONGEST_BYTES // 3)


@pytest.mark.parametrize(
    ("name", "belongs"),
    [("a.txt", True), ("a.jpg.txt", True), ("b.txt", False), ("c.md", True), ("a.b.txt", False), ("d.txt", False)],
)
def test_a_text_beside_its_picture_is_no_note(name: str, belongs: bool) -> None:
    assert is_sidecar(name, {"a.jpg", "a.txt", "c.WAV", "d.txt", "d.md", name}) is belongs


def test_notes_are_found_where_they_are_wanted(tmp_path: Path) -> None:
    for name in ("a.jpg", "a.txt", "a.jpg.txt", "note.md", ".hidden.txt", "program.py"):
        (tmp_path / name).touch()

    wanted = [one for one in scan(tmp_path, notes=True) if isinstance(one, ScannedFile)]
    plain = [one for one in scan(tmp_path) if isinstance(one, ScannedFile)]

    assert [(Path(one.path).name, one.kind) for one in wanted] == [
        ("a.jpg", MediaKind.PHOTO),
        ("note.md", MediaKind.TEXT),
    ]
    assert [Path(one.path).name for one in plain] == ["a.jpg"]
    assert scanned_file(tmp_path / "note.md", notes=True) == wanted[1]
    for path, notes in ((tmp_path / "a.txt", True), (tmp_path / "note.md", False)):
        with pytest.raises(InputFault):
            scanned_file(path, notes=notes)

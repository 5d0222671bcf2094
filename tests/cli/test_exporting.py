"""`mmbm export` says what it would write, writes it, and `mmbm import` reads it back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mmbm_desktop.cli.main import main
from mmbm_desktop.library.interface import FileFacts, IndexedItem, NewCaption
from mmbm_desktop.library.sqlite_library import SqliteLibrary
from mmbm_desktop.protocol.tasks import MediaKind


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """Return a captioned photo of the library library.db."""
    file = tmp_path / "Trip" / "狗.jpg"
    file.parent.mkdir()
    file.write_bytes(b"\xff\xd8\xff")
    library = SqliteLibrary(tmp_path / "library.db")
    facts = FileFacts(str(file), MediaKind.PHOTO, "h", 3, file.stat().st_mtime, 7)
    words = (NewCaption("A dog.", "en", 0.5, "m 1"), NewCaption("一只狗。", "zh", 0.5, "m 1"))
    library.store([IndexedItem(facts, captions=words)])
    library.close()
    return file


def mmbm(photo: Path, capsys: pytest.CaptureFixture[str], line: str, *words: str) -> tuple[int, str, str]:
    status = main([*line.split(), *words, "--library", str(photo.parents[1] / "library.db")])
    out, err = capsys.readouterr()
    return status, out, err


def test_out_and_back(
    mmbm_home: Path, photo: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    query = ("kind:photo folder:Trip",)

    status, out, err = mmbm(photo, capsys, "export --sidecar xmp --sidecar txt --dry-run", *query)
    assert (status, len(out.splitlines())) == (0, 2)
    assert {tuple(line.split()) for line in out.splitlines()} == {
        ("new", f"{photo}.xmp"),
        ("new", str(photo)[:-3] + "txt"),
    }
    assert "Nothing was written. 1 items: 2 files would be" in err
    assert len(list(photo.parent.iterdir())) == 1

    status, out, _ = mmbm(photo, capsys, "export --sidecar xmp --json", *query)
    assert (status, json.loads(out)["action"]) == (0, "write")
    photo.with_suffix(".txt").write_text("Seen by me.\n", encoding="utf-8")
    status, out, err = mmbm(photo, capsys, "export --sidecar txt --lang en --existing overwrite")
    assert f"overwrite  {photo.with_suffix('.txt')}  (before: 狗.txt.bak)" in out
    Path(f"{photo.with_suffix('.txt')}.bak").replace(photo.with_suffix(".txt"))
    Path(f"{photo}.xmp").unlink()

    for changed in (1, 0):
        status, out, err = mmbm(photo, capsys, "import", str(photo.parent))
        assert (status, f"{changed} items changed" in err) == (0, True)
    status, out, _ = mmbm(photo, capsys, "undo")
    assert out == f"Undone: words read from files: {photo.parent}\n"


def test_what_is_wrong_is_said(mmbm_home: Path, photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert mmbm(photo, capsys, "export")[0] == 1
    Path(f"{photo}.xmp").write_text("notes")

    status, out, _ = mmbm(photo, capsys, "export --sidecar xmp --json")

    assert (status, json.loads(out)["error"]) == (1, "sidecar-invalid")

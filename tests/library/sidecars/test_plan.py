"""What would be written and what is written are the same; nothing that somebody else wrote is lost."""

from __future__ import annotations

import codecs
import os
import stat
import sys
from pathlib import Path

import pytest

from mmbm_desktop.base.errors import ErrorCode
from mmbm_desktop.library.sidecars.described import Described
from mmbm_desktop.library.sidecars.plan import Planner, Proposal, apply
from mmbm_desktop.library.sidecars.table_plan import table_proposal
from mmbm_desktop.library.sidecars.tables import item_row, rows_of
from mmbm_desktop.protocol.failure import ItemFailure
from mmbm_desktop.protocol.results import Segment
from mmbm_desktop.protocol.sidecars import Existing, FileAction, Naming, PlannedFile, SidecarForm
from mmbm_desktop.protocol.tasks import MediaKind
from tests.library.sidecars.conftest import LIGHTROOM, described

TXT, XMP, SRT, VTT, JSON = SidecarForm


def written(
    item: Described, *forms: SidecarForm, existing: Existing = Existing.KEEP, naming: Naming | None = None
) -> list[PlannedFile]:
    """Write an item's sidecars and return what was done; it is also what was planned."""
    proposals = list(Planner(forms, existing, naming).proposals(item))
    assert all(isinstance(one, Proposal) for one in proposals), proposals
    done = [apply(one) for one in proposals if isinstance(one, Proposal)]
    assert done == [one.planned for one in proposals if isinstance(one, Proposal)]
    return done


def failure(item: Described, form: SidecarForm, existing: Existing = Existing.OVERWRITE) -> ItemFailure:
    (found,) = Planner((form,), existing).proposals(item)
    assert isinstance(found, ItemFailure)
    return found


def test_text_is_kept_grown_or_replaced(photo: Path) -> None:
    file = photo.with_suffix(".txt")
    file.write_bytes(codecs.BOM_UTF8 + b"mine\r\nA dog.")

    (kept,) = written(described(photo), TXT)
    assert (kept.action, kept.reason) == (FileAction.KEEP, "exists")

    (grown,) = written(described(photo), TXT, existing=Existing.APPEND)
    assert grown.action is FileAction.APPEND
    assert file.read_bytes() == codecs.BOM_UTF8 + "mine\r\nA dog.\r\n一只狗。\r\n".encode()

    (again,) = written(described(photo), TXT, existing=Existing.APPEND)
    assert (again.action, again.reason) == (FileAction.KEEP, "same")

    (replaced,) = written(described(photo), TXT, existing=Existing.OVERWRITE)
    assert (replaced.action, Path(replaced.backup).name) == (FileAction.OVERWRITE, "照片 1.txt.bak")
    assert file.read_text(encoding="utf-8-sig").splitlines() == ["A dog.", "一只狗。"]
    assert Path(replaced.backup).read_text(encoding="utf-8-sig").splitlines() == ["mine", "A dog.", "一只狗。"]


def test_an_earlier_backup_is_not_written_over(photo: Path) -> None:
    for text in ("one", "two", "three"):
        written(described(photo, text, ""), TXT, existing=Existing.OVERWRITE)

    kept = {
        name: photo.with_name(name).read_text(encoding="utf-8").strip()
        for name in os.listdir(photo.parent)
        if ".bak" in name
    }
    assert kept == {"照片 1.txt.bak": "one", "照片 1.txt.bak2": "two"}


@pytest.mark.parametrize(
    ("there", "naming", "expected"),
    [
        ((), None, "照片 1.jpg.xmp"),
        ((), Naming.STEM, "照片 1.xmp"),
        (("照片 1.xmp",), None, "照片 1.xmp"),
        (("照片 1.XMP",), None, "照片 1.XMP"),
        (("照片 1.xmp", "照片 1.cr2"), None, "照片 1.jpg.xmp"),
        (("照片 1.jpg.xmp",), Naming.STEM, "照片 1.jpg.xmp"),
        (("照片 1.xmp", "照片 1.jpg.xmp"), None, "照片 1.jpg.xmp"),
    ],
)
def test_a_sidecar_that_is_there_is_taken_whatever_its_convention(
    photo: Path, there: tuple[str, ...], naming: Naming | None, expected: str
) -> None:
    for name in there:
        photo.with_name(name).write_text(LIGHTROOM, encoding="utf-8")

    (done,) = written(described(photo), XMP, naming=naming)

    assert Path(done.path).name == expected
    assert done.action is (FileAction.MERGE if expected in there else FileAction.WRITE)


def test_two_photos_never_share_a_file(photo: Path) -> None:
    other = photo.with_suffix(".png")
    other.write_bytes(b"\x89PNG")
    planner = Planner((TXT,), Existing.OVERWRITE)

    found = [*planner.proposals(described(photo)), *planner.proposals(described(other))]

    assert isinstance(found[0], Proposal)
    assert isinstance(found[1], ItemFailure)
    assert found[1].failure.params["reason"] == "same-name"
    assert [Path(one.path).name for one in written(described(other), TXT, naming=Naming.WHOLE)] == ["照片 1.png.txt"]


@pytest.mark.parametrize("existing", [Existing.APPEND, Existing.OVERWRITE])
@pytest.mark.parametrize(("form", "data", "reason"), [(TXT, b"\xff\xfa\x80", "not-utf8"), (XMP, b"<a/>", "not-xmp")])
def test_what_cannot_be_read_is_refused_and_left(
    photo: Path, form: SidecarForm, data: bytes, reason: str, existing: Existing
) -> None:
    file = photo.with_name(f"照片 1.{form}")
    file.write_bytes(data)

    found = failure(described(photo), form, existing)

    assert (found.path, found.failure.params["reason"]) == (str(file), reason)
    assert file.read_bytes() == data


def test_a_file_that_is_gone_gets_no_sidecar(tmp_path: Path) -> None:
    assert failure(described(tmp_path / "no folder" / "a.jpg"), TXT).failure.code is ErrorCode.FILE_NOT_FOUND
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_told_by_the_dry_run_too(photo: Path) -> None:
    photo.parent.chmod(0o500)
    try:
        assert failure(described(photo), TXT).failure.code is ErrorCode.PERMISSION_DENIED
    finally:
        photo.parent.chmod(0o700)


@pytest.mark.skipif(sys.platform == "win32", reason="rights and links are a POSIX thing")
def test_rights_and_links_stay(photo: Path) -> None:
    real = photo.with_name("real.txt")
    real.write_text("old")
    real.chmod(0o640)
    photo.with_suffix(".txt").symlink_to(real)

    written(described(photo), TXT, XMP, existing=Existing.OVERWRITE)

    assert photo.with_suffix(".txt").is_symlink()
    assert real.read_text(encoding="utf-8").startswith("A dog.")
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    mask = os.umask(0o022)
    os.umask(mask)
    assert stat.S_IMODE(photo.with_name("照片 1.jpg.xmp").stat().st_mode) == 0o666 & ~mask


def test_control_characters_are_said(photo: Path) -> None:
    (done,) = written(described(photo, "a\x07 dog\0", ""), XMP)

    assert done.dropped == 2


def test_a_recording_gets_transcripts_and_no_captions(tmp_path: Path) -> None:
    file = tmp_path / "talk.wav"
    file.touch()
    segments = (Segment("hello  there", 0.5, 1.25, 0.9), Segment("a < b", 2.0, 3.0, 0.8))
    item = Described(str(file), MediaKind.RECORDING, (), (), "hello there a < b", segments, "en", 4.0)

    done = written(item, *SidecarForm)

    assert [Path(one.path).name for one in done] == ["talk.txt", "talk.srt", "talk.vtt", "talk.json"]
    assert (tmp_path / "talk.txt").read_text() == "hello there\na < b\n"
    assert "00:00:00,500 --> 00:00:01,250\nhello there" in (tmp_path / "talk.srt").read_text()
    (kept,) = written(item, SRT, existing=Existing.APPEND)
    assert (kept.action, kept.reason) == (FileAction.KEEP, "same")
    typed = Described(str(file), MediaKind.RECORDING, (), (), "typed by hand", (), "en", 4.0)
    (left,) = written(typed, SRT, existing=Existing.APPEND)
    assert left.reason == "no-growing"
    (replaced,) = written(typed, SRT, existing=Existing.OVERWRITE)
    assert replaced.backup
    assert "00:00:00,000 --> 00:00:04,000\ntyped by hand" in (tmp_path / "talk.srt").read_text()


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_a_table_is_made_grown_kept_and_replaced(tmp_path: Path, suffix: str) -> None:
    table = tmp_path / f"all{suffix}"
    rows = [item_row(described(tmp_path / name, '=1+1, "x"\nline two')) for name in ("a.jpg", "\udcff.jpg")]

    def put(count: int, existing: Existing) -> tuple[FileAction, str]:
        done = apply(table_proposal(str(table), rows[:count], existing))
        return done.action, done.reason

    assert put(1, Existing.KEEP) == (FileAction.WRITE, "")
    assert put(1, Existing.KEEP) == (FileAction.KEEP, "same")
    assert put(2, Existing.KEEP) == (FileAction.KEEP, "exists")
    assert put(2, Existing.APPEND) == (FileAction.APPEND, "")
    assert put(2, Existing.APPEND) == (FileAction.KEEP, "same")
    text = table.read_bytes().decode("utf-8-sig")
    assert [row["caption_en"] for row in rows_of(text, suffix)] == ['=1+1, "x"\nline two'] * 2
    assert put(1, Existing.OVERWRITE) == (FileAction.OVERWRITE, "")
    assert (tmp_path / f"all{suffix}.bak").read_bytes().decode("utf-8-sig") == text


def test_rows_are_not_put_under_other_columns(tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    table.write_text("name,price\nx,1\n")

    with pytest.raises(Exception, match=r"other-columns|price"):
        table_proposal(str(table), [item_row(described(tmp_path / "a.jpg"))], Existing.APPEND)

    assert table.read_text() == "name,price\nx,1\n"

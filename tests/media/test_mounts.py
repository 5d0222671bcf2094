"""Where folders lie: one is recognised as itself, and a mount point as one whose drive is away."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.media import mounts
from mmbm_desktop.media.mounts import is_drive_away, place_of
from mmbm_desktop.media.scan import scan


def test_a_folder_is_itself_whatever_lies_in_it(tmp_path: Path) -> None:
    before = place_of(str(tmp_path))
    (tmp_path / "new").mkdir()
    after = place_of(str(tmp_path))

    assert before is not None
    assert after is not None
    assert (before.empty, after.empty, after.is_that_of(before)) == (True, False, True)
    assert not after.is_that_of(place_of(str(tmp_path / "new")))
    assert place_of(str(tmp_path / "none")) is None
    assert not after.is_that_of(None)


def test_an_empty_place_of_a_drive_says_that_it_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drive, other = tmp_path / "my drive", tmp_path / "other"
    drive.mkdir()
    other.mkdir()
    fstab = tmp_path / "fstab"
    place = str(drive).replace(" ", "\\040")
    fstab.write_text(f"# places\nUUID=1 none swap sw 0 0\n\nUUID=2 {place} ext4 defaults 0 0\n#UUID=3 {other} ext4\n")
    monkeypatch.setattr(mounts, "FSTAB", fstab)

    assert (is_drive_away(drive), is_drive_away(other)) == (True, False)
    with pytest.raises(InputFault) as raised:
        next(scan(drive))
    assert raised.value.code is ErrorCode.FOLDER_NOT_FOUND
    (drive / "a.jpg").touch()
    assert not is_drive_away(drive)
    monkeypatch.setattr(mounts, "FSTAB", tmp_path / "none")
    assert not is_drive_away(other)

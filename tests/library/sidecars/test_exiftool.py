"""ExifTool, a reader of somebody else's, finds in our XMP what we put there and what was there before."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from mmbm_desktop.library.sidecars.plan import Planner, Proposal, apply
from mmbm_desktop.library.sidecars.xmp import read_xmp
from mmbm_desktop.protocol.sidecars import Existing, SidecarForm
from tests.library.sidecars.conftest import HARD, LIGHTROOM, described

pytestmark = pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
TAGS = ("-XMP:all", "-XMP-dc:Description-en", "-XMP-dc:Description-zh-CN", "-validate", "-warning")


def exiftool(*words: str | Path) -> dict[str, object]:
    answer = subprocess.run(["exiftool", "-j", "-struct", *map(str, words)], capture_output=True, check=True)
    return json.loads(answer.stdout)[0]


def exported(photo: Path, english: str, chinese: str, tags: tuple[str, ...]) -> Path:
    planner = Planner((SidecarForm.XMP,), Existing.KEEP)
    for proposal in planner.proposals(described(photo, english, chinese, tags)):
        assert isinstance(proposal, Proposal)
        return Path(apply(proposal).path)
    raise AssertionError("nothing was proposed")


def test_a_new_sidecar_says_both_languages_and_tags(photo: Path) -> None:
    long = "很长的描述，" * 830
    file = exported(photo, f"{HARD}\x07", long, ("dog", "节日 & 假期", '"quoted"'))

    found = exiftool(*TAGS, file)

    assert (found["Description"], found["Description-en"], found["Description-zh-CN"]) == (HARD, HARD, long)
    assert found["Subject"] == ["dog", "节日 & 假期", '"quoted"']
    assert found["Validate"] == "OK"
    assert "Warning" not in found


def test_a_merged_sidecar_keeps_what_others_wrote(photo: Path) -> None:
    existing = photo.with_suffix(".xmp")
    existing.write_text(LIGHTROOM, encoding="utf-8")

    file = exported(photo, "A dog.", "一只狗。", ("dog", "summer"))

    found = exiftool(*TAGS, "-XMP-dc:Description-fr", file)
    assert file == existing
    assert found["Subject"] == ["summer", "R&D", "dog"]
    assert (found["Description-en"], found["Description-zh-CN"]) == ("A dog.", "一只狗。")
    assert found["Description-fr"] == "Ma légende"
    assert (found["Rating"], found["Exposure2012"], found["ToneCurve"]) == (4, "+0.35", ["0, 0", "255, 255"])
    assert found["Validate"] == "OK"


def test_what_exiftool_writes_is_read_and_merged(photo: Path) -> None:
    file = photo.with_name(f"{photo.name}.xmp")
    said = ["-XMP-dc:Description=By hand", "-XMP-dc:Description-zh-CN=手写", "-XMP-dc:Subject=cat", "-XMP:Rating=2"]
    subprocess.run(["exiftool", "-q", *said, "-o", str(file)], check=True)
    assert read_xmp(file.read_text(encoding="utf-8")).captions == {"en": "By hand", "zh": "手写"}

    exported(photo, "A dog.", "一只狗。", ("dog",))

    found = exiftool(*TAGS, file)
    assert (found["Description"], found["Description-zh-CN"]) == ("By hand", "手写")
    assert (found["Subject"], found["Rating"], found["Validate"]) == (["cat", "dog"], 2, "OK")

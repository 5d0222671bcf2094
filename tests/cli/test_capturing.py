"""`mmbm capture`: real pictures of FFmpeg's test source, sounds of a virtual microphone, and what is refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mmbm_desktop.cli.main import main
from tests.virtual_microphone import missing_programs, speak_to_file, virtual_microphone

MOVING = "lavfi:testsrc2=size=64x48:rate=50,realtime"


def test_pictures_go_into_the_class_that_is_meant(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "data"
    line = ["--count", "2", "--seconds", "0.05", "--camera", MOVING, "--json"]

    assert main(["capture", str(folder), "AC/DC", *line]) == 0
    assert main(["capture", str(folder), "ac/dc", *line]) == 0

    records = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
    assert [record["label"] for record in records] == ["AC-DC"] * 4
    assert sorted(record["path"] for record in records) == sorted(map(str, (folder / "AC-DC").iterdir()))


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (["cat", "--camera", "v4l2:/dev/no-such-camera"], "camera-missing"),
        (["cat", "--camera", "a name that no camera has"], "camera-missing"),
        (["cat", "--camera", "v4l2:/dev/null"], "camera-failed"),
        (["cat", "--microphone", "a name that no microphone has"], "microphone-missing"),
        (["Test", "--camera", MOVING], "class-name-invalid"),
        ([], "argument-invalid"),
    ],
)
def test_what_cannot_be_captured_is_told_and_leaves_no_folder(
    line: list[str], error: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "data"

    status = main(["capture", str(folder), *line, "--json"])

    assert status == 1
    assert json.loads(capsys.readouterr().out)["error"] == error
    assert not folder.exists()


def test_a_lost_camera_keeps_what_was_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    short = "lavfi:testsrc2=size=64x48:rate=50:duration=0.2,realtime"

    status = main(["capture", str(tmp_path), "cat", "--camera", short, "--seconds", "0.05", "--json"])

    *taken, lost = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
    assert status == 1
    assert lost["error"] == "camera-lost"
    assert all(Path(record["path"]).exists() for record in taken)
    assert taken


@pytest.mark.skipif(bool(missing_programs()), reason=f"not installed: {missing_programs()}")
def test_sounds_of_a_virtual_microphone(tmp_path: Path) -> None:
    folder, line = str(tmp_path / "data"), ["--seconds", "0.4", "--count", "7", "--json"]
    spoken = speak_to_file("one two", tmp_path / "spoken.wav")
    with virtual_microphone() as microphone:
        child = subprocess.Popen(
            [sys.executable, "-m", "mmbm_desktop", "capture", folder, "numbers", "--microphone", *line],
            env={**os.environ, **microphone.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert child.stdout is not None
        first = json.loads(child.stdout.readline())
        microphone.play(spoken)
        rest = [json.loads(text) for text in child.communicate(timeout=60)[0].splitlines()]

    assert child.returncode == 0
    assert first["silent"]
    assert not all(record["silent"] for record in rest)
    assert len(list((tmp_path / "data" / "numbers").glob("*.wav"))) == 7


def test_devices_are_listed_or_their_lack_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["capture", "--list", "--json"])

    records = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
    assert status == (1 if any("error" in record for record in records) else 0)
    assert {record.get("device") or record["error"].removesuffix("-missing") for record in records} <= {
        "camera",
        "microphone",
        "audio-library",
    }
    assert records

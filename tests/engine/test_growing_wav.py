"""A recording on disk can be played at every moment."""

from __future__ import annotations

import wave
from datetime import datetime
from pathlib import Path

import pytest

from mmbm_desktop.base.errors import ErrorCode, MmbmError
from mmbm_desktop.engine.growing_wav import BYTES_PER_S, GrowingWav, new_recording

resource = pytest.importorskip("resource", reason="no file size limits there")
SECOND = bytes(range(256)) * (BYTES_PER_S // 256)


def frames(path: Path) -> bytes:
    with wave.open(str(path), "rb") as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16_000, 1, 2)
        return file.readframes(file.getnframes())


def test_what_was_appended_can_be_read_and_played(tmp_path: Path) -> None:
    wav = GrowingWav(tmp_path / "a" / "x.wav", tmp_path / "a")
    wav.append(SECOND)
    wav.append(b"\1\2" * 100)

    assert wav.read(0, 10) == SECOND[:10]
    assert wav.read(BYTES_PER_S, 1000) == b"\1\2" * 100
    assert wav.read(BYTES_PER_S + 200, 1000) == b""
    assert not wav.ended
    wav.end()
    assert wav.ended
    assert wav.read(0, 2) == SECOND[:2]
    wav.close()
    assert frames(tmp_path / "a" / "x.wav") == SECOND + b"\1\2" * 100
    assert wav.seconds == pytest.approx(1 + 100 / 16_000)


def test_its_header_is_right_after_every_second_even_if_it_is_never_closed(tmp_path: Path) -> None:
    wav = GrowingWav(tmp_path / "x.wav", tmp_path)
    for _ in range(15):
        wav.append(SECOND[: BYTES_PER_S // 10])

    assert len(frames(tmp_path / "x.wav")) == BYTES_PER_S
    wav.close()


def test_an_empty_one_is_a_valid_file_and_can_be_deleted(tmp_path: Path) -> None:
    wav = GrowingWav(tmp_path / "x.wav", tmp_path)
    wav.end()
    assert frames(tmp_path / "x.wav") == b""

    wav.close(delete=True)
    wav.close(delete=True)

    assert list(tmp_path.iterdir()) == []


def test_one_without_a_name_leaves_nothing_behind(tmp_path: Path) -> None:
    wav = GrowingWav(None, tmp_path)
    wav.append(SECOND)
    assert wav.read(0, 4) == SECOND[:4]

    wav.close()

    assert list(tmp_path.iterdir()) == []


def test_a_file_that_exists_is_never_overwritten(tmp_path: Path) -> None:
    now = datetime(2026, 8, 9, 14, 3, 22).astimezone()
    first = GrowingWav(new_recording(tmp_path, now), tmp_path)
    second = GrowingWav(new_recording(tmp_path, now), tmp_path)

    assert first.path == tmp_path / "2026-08-09 14-03-22.wav"
    assert second.path == tmp_path / "2026-08-09 14-03-22 2.wav"
    with pytest.raises(MmbmError):
        GrowingWav(first.path, tmp_path)
    first.close()
    second.close()


def test_a_full_disk_is_told_and_what_was_written_stays_whole(tmp_path: Path) -> None:
    wav = GrowingWav(tmp_path / "x.wav", tmp_path)
    wav.append(SECOND)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (BYTES_PER_S + 1000, limits[1]))
    try:
        with pytest.raises(MmbmError):
            wav.append(SECOND)
        wav.end()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        wav.close()

    assert frames(tmp_path / "x.wav") == SECOND


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(MmbmError) as caught:
        GrowingWav(tmp_path / "file" / "x.wav", tmp_path / "file")

    assert caught.value.code in (ErrorCode.FILE_UNREADABLE, ErrorCode.FILE_EXISTS)

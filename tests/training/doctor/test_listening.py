"""Recordings that are silent, cut off, short, long, of several rates, the same or broken."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from mmbm_desktop.base.errors import Cancelled
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.protocol.finding_codes import FindingCode
from mmbm_desktop.training.doctor.recordings import hear
from tests.training.doctor.drawings import examined, named, of_code, only
from tests.training.tones import make_tones, tone

RATE = 16_000


@pytest.fixture
def sounds(tmp_path: Path) -> Path:
    """Return three different recordings each of two sounds."""
    for word in ("up", "down"):
        (tmp_path / word).mkdir()
        for number in range(3):
            soundfile.write(tmp_path / word / f"{word}-{number}.wav", tone(word, number), RATE)
    return tmp_path


def test_clean_recordings_have_only_small_classes(sounds: Path) -> None:
    assert [one.code for one in examined(sounds).findings] == [FindingCode.CLASS_SMALL]


def test_everything_odd_is_told(sounds: Path) -> None:
    up = sounds / "up"
    soundfile.write(up / "silent.wav", np.random.default_rng(1).normal(0, 1e-4, RATE), RATE)
    soundfile.write(up / "loud.wav", np.clip(8 * tone("up", 9), -1, 1), RATE)
    soundfile.write(up / "short.wav", tone("up", 8)[2000:2800], RATE)
    soundfile.write(up / "long.wav", np.tile(tone("up", 7), 80), RATE)
    soundfile.write(up / "fast.wav", tone("up", 6), 22_050)
    shutil.copy(up / "up-0.wav", up / "twin.wav")
    shutil.copy(up / "up-1.wav", sounds / "down" / "wrong.wav")
    (up / "broken.wav").write_bytes(b"no sound at all")

    report = examined(sounds)

    assert named(only(report, FindingCode.SILENT)) == [{"silent.wav"}]
    assert named(only(report, FindingCode.CLIPPED)) == [{"loud.wav"}]
    assert named(only(report, FindingCode.SHORT)) == [{"short.wav"}]
    assert named(only(report, FindingCode.LONG)) == [{"long.wav"}]
    assert only(report, FindingCode.RATES_MIXED).params["rates"] == "16000, 22050"
    assert named(only(report, FindingCode.SAME)) == [{"up-0.wav", "twin.wav"}]
    assert named(only(report, FindingCode.SAME_ACROSS_CLASSES)) == [{"up-1.wav", "wrong.wav"}]
    assert only(report, FindingCode.UNREADABLE).params["reason"] == "audio-broken"


def test_clipping_is_heard_through_a_lossy_codec(tmp_path: Path) -> None:
    random = np.random.default_rng(4)
    noise = np.convolve(random.normal(0, 0.15, 2 * RATE), np.ones(4) / 2, "same")
    assert np.abs(noise).max() < 0.95
    soundfile.write(tmp_path / "fine.ogg", noise, RATE, format="OGG", subtype="VORBIS")
    soundfile.write(tmp_path / "cut.ogg", np.clip(6 * noise, -1, 1), RATE, format="OGG", subtype="VORBIS")

    assert not hear(str(tmp_path / "fine.ogg"), CancelToken()).clipped
    assert hear(str(tmp_path / "cut.ogg"), CancelToken()).clipped


def test_loud_noise_that_just_reaches_full_scale_is_not_clipped(tmp_path: Path) -> None:
    noise = np.random.default_rng(6).normal(0, 1, RATE)
    soundfile.write(tmp_path / "loud.wav", 0.999 * noise / np.abs(noise).max(), RATE)

    assert not hear(str(tmp_path / "loud.wav"), CancelToken()).clipped


def test_stretches_of_one_recording_may_have_several_labels(sounds: Path) -> None:
    rows = [{"file": "up/up-0.wav", "label": label, "start": 0.0, "end": 0.2} for label in ("a", "b")]
    (sounds / "labels.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")

    report = examined(sounds)

    assert report.items == 2
    assert not of_code(report, FindingCode.SAME_ACROSS_CLASSES)


def test_transcripts_without_words_and_clips_too_long_to_be_commands(tmp_path: Path) -> None:
    folder = make_tones(tmp_path / "tones", each=3)
    soundfile.write(folder / "audio" / "long.wav", np.tile(tone("up", 7), 40), RATE)
    with (folder / "transcripts.jsonl").open("a", encoding="utf-8") as table:
        table.write('\n{"file": "audio/long.wav", "text": "long"}\n{"file": "audio/up-0.wav", "text": " ... "}')

    report = examined(folder)

    assert named(only(report, FindingCode.LONG)) == [{"long.wav"}]
    assert named(only(report, FindingCode.TEXT_EMPTY)) == [{"up-0.wav"}]


def test_a_long_recording_is_given_up_when_cancelled(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "one.wav", tone("up", 0), RATE)
    token = CancelToken()
    token.cancel()

    with pytest.raises(Cancelled):
        hear(str(tmp_path / "one.wav"), token)

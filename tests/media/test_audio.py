"""Recordings of every format stream as 16 kHz mono; broken ones are told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.media.audio import SAMPLE_RATE_HZ, blocks_16k, probe_audio
from mmbm_desktop.media.levels import level_of, outline_of

SECONDS, RATE = 1.5, 44_100


def tone(frequency_hz: float = 440.0, seconds: float = SECONDS, rate: int = RATE, amplitude: float = 0.5) -> np.ndarray:
    return (amplitude * np.sin(2 * np.pi * frequency_hz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def write_m4a(file: Path, samples: np.ndarray) -> None:
    import av

    with av.open(str(file), "w") as container:
        stream = container.add_stream("aac", rate=RATE, layout="mono")
        for start in range(0, len(samples), 1024):
            block = np.ascontiguousarray(samples[None, start : start + 1024])
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
            frame.sample_rate = RATE
            frame.pts = start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.ogg", "a.mp3", "a.m4a"])
def test_a_tone_keeps_its_pitch_and_length_in_every_format(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    if name == "a.m4a":
        write_m4a(file, tone())
    else:
        soundfile.write(file, np.stack([tone(), tone()], axis=1), RATE)

    facts = probe_audio(file)
    blocks = list(blocks_16k(file, block_s=0.25))
    sound = np.concatenate(blocks)

    assert facts.duration_s == pytest.approx(SECONDS, abs=0.1)
    assert all(block.dtype == np.int16 and len(block) == 4000 for block in blocks[:-1])
    assert len(sound) / SAMPLE_RATE_HZ == pytest.approx(SECONDS, abs=0.1)
    spectrum = np.abs(np.fft.rfft(sound[4000:20_000]))
    assert spectrum.argmax() == pytest.approx(440, abs=2)


def test_opposite_channels_cancel_and_full_scale_does_not_wrap(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.stack([tone(), -tone()], axis=1), RATE)
    soundfile.write(tmp_path / "b.wav", np.full(16_000, 1.0), 16_000, subtype="FLOAT")

    assert np.abs(np.concatenate(list(blocks_16k(tmp_path / "a.wav")))).max() <= 2
    assert np.concatenate(list(blocks_16k(tmp_path / "b.wav"))).min() > 0


def test_reading_is_lazy(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "long.wav", np.zeros(16_000 * 60, np.int16), 16_000)

    assert len(next(iter(blocks_16k(tmp_path / "long.wav", block_s=0.5)))) == 8000


def test_every_broken_recording_has_its_reason(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "zero.wav", np.zeros(0, np.int16), 16_000)
    bad = tone()
    bad[1000] = np.nan
    soundfile.write(tmp_path / "nan.wav", bad, RATE, subtype="FLOAT")
    infinite = tone()
    infinite[1000] = np.inf
    soundfile.write(tmp_path / "inf.wav", infinite, RATE, subtype="FLOAT")
    (tmp_path / "empty.wav").write_bytes(b"")
    (tmp_path / "text.wav").write_bytes(b"hello, this is text")
    (tmp_path / "header.flac").write_bytes(b"fLaC" + bytes(20))
    (tmp_path / "picture.mp3").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    expected = {
        "zero.wav": ErrorCode.AUDIO_EMPTY,
        "nan.wav": ErrorCode.AUDIO_NOT_FINITE,
        "inf.wav": ErrorCode.AUDIO_NOT_FINITE,
        "empty.wav": ErrorCode.FILE_EMPTY,
        "text.wav": ErrorCode.AUDIO_BROKEN,
        "header.flac": ErrorCode.AUDIO_BROKEN,
        "picture.mp3": ErrorCode.UNSUPPORTED_TYPE,
        "missing.wav": ErrorCode.FILE_NOT_FOUND,
    }
    found = {}

    for name in expected:
        with pytest.raises(InputFault) as caught:
            list(blocks_16k(tmp_path / name))
        found[name] = caught.value.code

    assert found == expected


def test_levels_are_parts_of_full_scale() -> None:
    loud = level_of((tone(amplitude=0.5) * 32_767).astype(np.int16))

    assert loud.peak == pytest.approx(0.5, abs=0.01)
    assert loud.rms == pytest.approx(0.5 / np.sqrt(2), abs=0.01)
    assert level_of(tone(amplitude=0.25)).peak == pytest.approx(0.25, abs=0.01)
    assert level_of(np.zeros(0, np.int16)).outline == (0.0, 0.0, 0.0, 0.0)
    assert outline_of([0.1, 0.9, 0.2, 0.3], 2) == (0.9, 0.3)
    assert outline_of([], 3) == (0.0, 0.0, 0.0)

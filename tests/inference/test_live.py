"""Transcription of sound as it arrives, with the real recogniser."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mmbm_desktop.base.errors import Cancelled, InputFault
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.inference.live import LiveTranscriber
from mmbm_desktop.inference.speech.recogniser import Recogniser
from mmbm_desktop.media.audio import blocks_16k

SPOKEN = Path(__file__).parents[1] / "data" / "speech" / "espeak_thousand_people.wav"


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser()


@pytest.fixture(scope="module")
def spoken() -> np.ndarray:
    return np.concatenate(list(blocks_16k(SPOKEN)))


def feed(live: LiveTranscriber, sound: np.ndarray, piece_bytes: int) -> list[str]:
    data = sound.astype("<i2").tobytes()
    return [live.feed(data[start : start + piece_bytes]) for start in range(0, len(data), piece_bytes)]


@pytest.mark.parametrize("piece_bytes", [3200, 1001])
def test_live_text_grows_with_the_sound_and_ends_in_a_transcript(
    recogniser: Recogniser, spoken: np.ndarray, piece_bytes: int
) -> None:
    live = LiveTranscriber(recogniser)
    pause = np.zeros(24_000, np.int16)
    texts = feed(live, np.concatenate([pause, spoken, pause, spoken, pause]), piece_bytes)
    result = live.finish("kept.wav")
    assert texts[0] == ""
    assert any("people" in text for text in texts[: len(texts) // 2 + 1])
    assert texts[-1] == result.text
    assert result.text.count("people") == 2
    assert result.path == "kept.wav"
    assert result.duration_s == pytest.approx(4.5 + 2 * len(spoken) / 16_000)
    assert 1.4 < result.segments[0].start_s < 1.9
    assert 5.4 < result.segments[1].start_s < 6.0


def test_a_recording_that_stops_in_the_middle_of_a_word_still_has_its_text(
    recogniser: Recogniser, spoken: np.ndarray
) -> None:
    live = LiveTranscriber(recogniser)
    partial = feed(live, spoken[:30_000], 3200)[-1]
    result = live.finish()
    assert "thousand" in partial
    assert "thousand" in result.text


def test_a_recording_of_nothing_is_an_empty_transcript(recogniser: Recogniser) -> None:
    result = LiveTranscriber(recogniser).finish()
    assert result.segments == ()
    assert result.duration_s == 0.0


def test_a_cancelled_recording_frees_the_recogniser(recogniser: Recogniser, spoken: np.ndarray) -> None:
    token = CancelToken()
    live = LiveTranscriber(recogniser, token=token)
    feed(live, spoken[:25_000], 3200)
    token.cancel()
    with pytest.raises(Cancelled):
        feed(live, spoken[25_000:], 3200)
    live.close()
    again = LiveTranscriber(recogniser)
    feed(again, spoken, 3200)
    assert "people" in again.finish().text


def test_a_language_it_does_not_know_is_refused_at_once(recogniser: Recogniser) -> None:
    with pytest.raises(InputFault):
        LiveTranscriber(recogniser, "zh")

"""Voices that are made: what they say, when, and what happens without the program."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.base.progress import no_progress
from mmbm_desktop.training.data.synthesised import SPEAKER, synthesised

needs_speech = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")


@needs_speech
def test_every_voice_says_all_texts_and_the_same_run_hears_the_same():
    told: list[int] = []
    first = synthesised(("one", "turn left"), 5, "en", 3, lambda done, _: told.append(done))
    again = synthesised(("one", "turn left"), 5, "en", 3, no_progress)
    assert told == [1, 2, 3, 4, 5]
    assert [clip.text for clip in first] == ["one", "turn left", "one", "turn left", "one"]
    speakers = [clip.speaker for clip in first]
    assert speakers[0] == speakers[1] != speakers[2] == speakers[3] != speakers[4]
    assert all(speaker.startswith(SPEAKER) for speaker in speakers)
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one.pcm, other.pcm)


@needs_speech
def test_a_clip_is_as_loud_as_speech_and_has_no_silence_around_it():
    (clip,) = synthesised(("seven",), 1, "en", 1, no_progress)
    assert clip.pcm.dtype == np.int16
    assert 0.15 < len(clip.pcm) / 16_000 < 1.5
    assert np.abs(clip.pcm[:800]).max() > 100
    assert np.abs(clip.pcm[-800:]).max() > 50


@needs_speech
def test_a_language_that_nobody_speaks_is_refused():
    with pytest.raises(EnvironmentFault) as caught:
        synthesised(("one",), 1, "xx-none", 1, no_progress)
    assert caught.value.code is ErrorCode.TRAINING_FAILED
    assert caught.value.params["reason"] == "synthesiser-failed"


def test_without_the_program_a_run_that_wants_voices_is_refused_and_others_are_not(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert synthesised(("one",), 0, "en", 1, no_progress) == ()
    with pytest.raises(EnvironmentFault) as caught:
        synthesised(("one",), 1, "en", 1, no_progress)
    assert caught.value.params["reason"] == "no-synthesiser"

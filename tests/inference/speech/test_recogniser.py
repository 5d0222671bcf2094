"""PocketSphinx on real speech."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.inference.speech.recogniser import Recogniser, readable, recogniser_name, require_language
from mmbm_desktop.media.audio import blocks_16k

SPEECH = Path(__file__).parents[2] / "data" / "speech"


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser()


@pytest.fixture(scope="module")
def spoken() -> np.ndarray:
    """Return 2.5 s: "seven hundred thousand people"."""
    return np.concatenate(list(blocks_16k(SPEECH / "espeak_thousand_people.wav")))


def test_words_come_with_times_in_order_and_confidences(recogniser: Recogniser, spoken: np.ndarray) -> None:
    recogniser.begin(spoken)
    recogniser.feed(spoken)
    words = recogniser.end(10.0)
    assert [word.text for word in words][1:] == ["hundred", "thousand", "people"]
    assert words[0].start_s >= 10.0
    assert words[-1].end_s <= 10.0 + len(spoken) / 16_000
    assert all(a.end_s <= b.start_s for a, b in itertools.pairwise(words))
    assert all(word.start_s < word.end_s and 0.0 <= word.confidence <= 1.0 for word in words)


def test_pieces_give_the_same_words_as_the_whole(recogniser: Recogniser, spoken: np.ndarray) -> None:
    recogniser.begin(spoken)
    recogniser.feed(spoken)
    whole = recogniser.end(0.0)
    recogniser.begin(spoken)
    for start in range(0, len(spoken), 3000):
        recogniser.feed(spoken[start : start + 3000])
    assert recogniser.end(0.0) == whole


def test_the_text_so_far_grows(recogniser: Recogniser, spoken: np.ndarray) -> None:
    recogniser.begin(spoken)
    recogniser.feed(spoken[:22_000])
    early = recogniser.text()
    recogniser.feed(spoken[22_000:])
    late = recogniser.text()
    recogniser.drop()
    assert "people" in late
    assert len(early) < len(late)


def test_a_dropped_stretch_leaves_no_trace(recogniser: Recogniser, spoken: np.ndarray) -> None:
    recogniser.begin(spoken)
    recogniser.feed(spoken[:9000])
    recogniser.drop()
    recogniser.drop()
    recogniser.begin(spoken)
    recogniser.feed(spoken)
    assert recogniser.end(0.0)[-1].text == "people"


def test_silence_has_no_words(recogniser: Recogniser) -> None:
    quiet = np.zeros(16_000, np.int16)
    recogniser.begin(quiet)
    recogniser.feed(quiet)
    assert recogniser.end(0.0) == ()


def test_fillers_and_variants_are_not_read() -> None:
    assert readable(["<s>", "the(2)", "<sil>", "[NOISE]", "++COUGH++", "dog", "i", "i'm", "in"]) == "the dog I I'm in"


def test_other_languages_are_refused() -> None:
    require_language("en")
    with pytest.raises(InputFault) as caught:
        require_language("zh")
    assert caught.value.code is ErrorCode.LANGUAGE_UNSUPPORTED
    assert caught.value.params["language"] == "zh"


def test_the_name_says_the_version() -> None:
    name, version = recogniser_name().split(" ")
    assert name == "pocketsphinx-en"
    assert version[0].isdigit()

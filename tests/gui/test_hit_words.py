"""What the window says of hits and captions, with probabilities and without."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mmbm_desktop.engine.fake_answers import caption_result, items
from mmbm_desktop.gui.hit_words import HitWords, percent
from mmbm_desktop.protocol.requests import CaptionRequest
from mmbm_desktop.protocol.results import Hit

ITEM = items(1)[0]


@pytest.fixture
def words(qapp) -> HitWords:
    return HitWords()


@pytest.mark.parametrize(
    ("probability", "shown"),
    [(0.0, "0%"), (0.001, "<1%"), (0.006, "1%"), (0.244, "24%"), (0.99, "99%"), (0.9999, ">99%"), (1.0, "100%")],
)
def test_only_the_impossible_and_the_certain_are_called_so(probability, shown):
    assert percent(probability) == shown


def test_a_probability_is_shown_and_explained(words):
    hit = Hit(ITEM, 0.61, (("picture", 0.61),), 0.24)
    assert words.badge(hit) == "24%"
    assert words.meaning(hit).startswith("24%: in a test")
    assert words.spoken(hit) == "24% probable"


def test_a_similarity_is_not_called_a_probability(words):
    hit = Hit(ITEM, 0.61, (("picture", 0.61),))
    assert words.badge(hit) == "0.61"
    assert "not a probability" in words.meaning(hit)
    assert words.spoken(hit) == "score 0.61"


def test_what_words_alone_found_has_no_number(words):
    hit = Hit(ITEM, 0.0, (("words", 1.0),))
    assert (words.badge(hit), words.meaning(hit), words.spoken(hit)) == (
        "words",
        "Found by its words.",
        "Found by its words.",
    )


def test_a_caption_says_what_its_number_means(words):
    result = replace(caption_result(CaptionRequest("/a.jpg")), probability=0.64)
    assert words.caption_badge(result) == "fits the picture · 64%"
    assert words.caption_meaning(result).startswith("64%: in a test")
    raw = replace(result, probability=None)
    assert words.caption_badge(raw) == "fits the picture · 0.31"
    assert "not a probability" in words.caption_meaning(raw)

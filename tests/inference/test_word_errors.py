"""Word error rate."""

from __future__ import annotations

import pytest

from mmbm_desktop.inference.word_errors import edit_distance, word_error_rate
from mmbm_desktop.protocol.spoken_words import spoken_words


def test_words_are_compared_as_spoken() -> None:
    assert spoken_words("“Well-known,” don’t you—think?") == ["well", "known", "don't", "you", "think"]
    assert spoken_words("  'tis  ") == ["tis"]
    assert spoken_words("...") == []


@pytest.mark.parametrize(
    ("said", "heard", "errors"),
    [
        ("the cat sat", "the cat sat", 0),
        ("the cat sat", "the cat", 1),
        ("the cat sat", "the black cat sat", 1),
        ("the cat sat", "a cat sits", 2),
        ("", "one two", 2),
        ("one two", "", 2),
    ],
)
def test_substitutions_insertions_and_deletions_count_one_each(said: str, heard: str, errors: int) -> None:
    assert edit_distance(said.split(), heard.split()) == errors


def test_the_rate_is_over_all_words_of_all_pairs() -> None:
    assert word_error_rate(["one two three", "four"], ["one two", "four five"]) == pytest.approx(0.5)
    assert word_error_rate([], []) == 0.0


def test_texts_without_a_partner_are_refused() -> None:
    with pytest.raises(ValueError, match="argument"):
        word_error_rate(["one"], [])

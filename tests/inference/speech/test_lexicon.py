"""From a spelling to a known word."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from mmbm_desktop.inference.speech.lexicon import most_probable, path_log_probability, snapped

KNOWN = ("one", "nine", "ten", "eight")


@pytest.mark.parametrize(
    ("spelling", "word"),
    [("one", "one"), ("on", "one"), ("onee", "one"), ("ane", "one"), ("eiht", "eight"), ("tone", "one")],
)
def test_a_spelling_one_edit_away_from_a_known_word_is_that_word(spelling, word):
    assert snapped(spelling, KNOWN) == word


@pytest.mark.parametrize(("spelling", "known"), [("hit", ("hat", "hot")), ("abe", KNOWN), ("ht", KNOWN)])
def test_between_two_known_words_or_far_from_all_nothing_is_chosen(spelling, known):
    assert snapped(spelling, known) == spelling


@pytest.mark.parametrize("word", [[1], [1, 2], [1, 1], [2, 1, 2]])
def test_the_probability_is_the_sum_over_all_paths_that_spell_the_word(word):
    rows = np.random.default_rng(len(word)).dirichlet(np.ones(3), 5)
    paths = (
        path
        for path in itertools.product(range(3), repeat=5)
        if [letter for letter, _ in itertools.groupby(path) if letter] == word
    )
    expected = sum(np.prod([rows[step, letter] for step, letter in enumerate(path)]) for path in paths)
    assert path_log_probability(np.log(rows), word) == pytest.approx(np.log(expected))


def test_the_word_that_the_steps_make_most_probable_is_chosen():
    rows = np.array([[0.1, 0.5, 0.4], [0.1, 0.3, 0.6], [0.9, 0.05, 0.05]])
    word, confidence = most_probable(rows, "ab", ("ab", "ba", "bb"))
    assert word == "ab"
    assert 0.5 < confidence < 0.6

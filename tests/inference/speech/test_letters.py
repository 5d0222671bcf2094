"""Letter scores to words."""

from __future__ import annotations

import numpy as np
import pytest

from mmbm_desktop.inference.speech.letters import MARGIN_S, STEP_S, read_words, spelled, utterance_frames

LETTERS = " abeghinot"
KNOWN = ("one", "nine", "ten", "eight")


def scores(path: str, sure: float = 0.9) -> np.ndarray:
    """Return probabilities whose most probable path is `path`, one letter a step; "-" is the blank."""
    rows = np.full((len(path), 1 + len(LETTERS)), (1 - sure) / len(LETTERS), np.float32)
    for row, letter in zip(rows, path, strict=True):
        row[0 if letter == "-" else 1 + LETTERS.index(letter)] = sure
    return rows


def texts(path: str) -> list[str]:
    return [word.text for word in read_words(scores(path), LETTERS, KNOWN, 0.0, 9.0)]


def test_repetitions_are_one_letter_and_blanks_none():
    assert "".join(LETTERS[one.letter] for one in spelled(scores("-aab--bb-b-"))) == "abbb"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("--o-nn-e---", ["one"]),
        ("one- -ten", ["one", "ten"]),
        (" - one -  - ten - ", ["one", "ten"]),
        ("-----", []),
        ("- - -", []),
        ("", []),
    ],
)
def test_spaces_part_words(path, words):
    assert texts(path) == words


def test_times_count_from_the_start_without_the_margin_and_stay_in_the_utterance():
    steps = round(MARGIN_S / STEP_S)
    path = "-" * steps + "t-een" + "----" + " " + "o-ne" + "-" * 30
    first, second = read_words(scores(path), LETTERS, KNOWN, 10.0, 10.0 + 14 * STEP_S)
    assert (first.start_s, first.end_s) == (10.0, pytest.approx(10 + 5 * STEP_S))
    assert (second.start_s, second.end_s) == (pytest.approx(10 + 10 * STEP_S), pytest.approx(10 + 14 * STEP_S))
    (early,) = read_words(scores("one"), LETTERS, KNOWN, 10.0, 11.0)
    assert early.start_s == early.end_s == 10.0


def test_the_confidence_is_the_mean_probability_of_the_letters():
    path = np.concatenate([scores("o", 0.9), scores("n", 0.7), scores("e", 0.5), scores("-", 0.99)])
    (word,) = read_words(path, LETTERS, KNOWN, 0.0, 9.0)
    assert word.confidence == pytest.approx(0.7)


@pytest.mark.parametrize("count", [0, 1, 5000])
def test_an_utterance_has_frames_however_short_it_is(count):
    frames = utterance_frames(np.zeros(count, np.int16))
    assert frames.shape == (1 + (count + 3200 - 400) // 160, 64)


def test_a_spelling_is_mended_by_one_edit_or_by_probability():
    assert texts("nie") == ["nine"]
    (word,) = read_words(scores("-e-hht-"), LETTERS, KNOWN, 0.0, 9.0)
    assert word.text == "eight"
    assert word.confidence < 0.5
    (plain,) = read_words(scores("hat"), LETTERS, (), 0.0, 9.0)
    assert plain.text == "hat"

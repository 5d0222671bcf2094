"""Which words are believed."""

from __future__ import annotations

from mmbm_desktop.inference.speech.plausibility import believed_segment, segment_of
from mmbm_desktop.protocol.results import Word


def words(*lengths: tuple[str, float], confidence: float = 0.5) -> tuple[Word, ...]:
    made, now = [], 1.0
    for text, seconds in lengths:
        made.append(Word(text, now, now + seconds, confidence))
        now += seconds
    return tuple(made)


def test_words_of_a_usual_length_make_a_segment_with_their_times() -> None:
    segment = believed_segment(words(("seven", 0.4), ("people", 0.6)))
    assert segment is not None
    assert (segment.text, segment.start_s, segment.end_s) == ("seven people", 1.0, 2.0)


def test_a_word_of_several_seconds_is_noise() -> None:
    assert believed_segment(words(("thank", 4.6))) is None


def test_a_segment_that_is_mostly_noise_is_not_believed_at_all() -> None:
    assert believed_segment(words(("if", 0.2), ("thank", 4.6), ("up", 0.2))) is None


def test_a_single_dragged_word_is_left_out_of_a_sentence() -> None:
    segment = believed_segment(words(("we", 0.2), ("are", 0.3), ("a", 0.6), ("going", 0.5), ("tomorrow", 0.8)))
    assert segment is not None
    assert segment.text == "we are going tomorrow"


def test_confidence_is_weighted_by_time() -> None:
    segment = believed_segment((Word("one", 0.0, 0.3, 1.0), Word("thousand", 0.3, 1.2, 0.2)))
    assert segment is not None
    assert abs(segment.confidence - (0.3 * 1.0 + 0.9 * 0.2) / 1.2) < 1e-9


def test_what_the_recogniser_does_not_believe_itself_is_left_out() -> None:
    assert believed_segment(words(("seven", 0.4), confidence=0.01)) is None


def test_nothing_said_is_no_segment() -> None:
    assert believed_segment(()) is None


def test_words_at_the_edge_of_a_stretch_that_have_no_length_are_a_segment_all_the_same():
    segment = segment_of((Word("two", 1.2, 1.2, 0.4), Word("four", 1.2, 1.2, 0.6)))
    assert (segment.text, segment.confidence) == ("two four", 0.5)

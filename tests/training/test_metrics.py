"""Metrics against values worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mmbm_desktop.training.metrics.bleu import corpus_bleu
from mmbm_desktop.training.metrics.cider import CiderD, cider_d
from mmbm_desktop.training.metrics.recall import image_to_text, recall_at, text_to_image
from mmbm_desktop.training.metrics.words import caption_words


def words(text: str) -> list[str]:
    return text.split()


def test_recall_counts_the_queries_whose_best_right_answer_is_near_the_top():
    scores = np.array([[0.9, 0.5, 0.1], [0.9, 0.5, 0.1], [0.9, 0.5, 0.1]])
    right = np.eye(3, dtype=bool)
    assert recall_at(scores, right, (1, 2, 3)) == pytest.approx({1: 1 / 3, 2: 2 / 3, 3: 1})


def test_recall_gives_nothing_for_equal_scores():
    assert recall_at(np.zeros((2, 4)), np.eye(2, 4, dtype=bool), (1, 3, 4)) == {1: 0, 3: 0, 4: 1}


def test_any_of_a_pictures_sentences_counts_and_each_sentence_is_a_query():
    pictures = np.eye(2)
    sentences = np.array([[1, 0], [0, 1], [0.4, 0.6]])
    owners = np.array([0, 1, 0])
    assert text_to_image(pictures, sentences, owners, (1,)) == {1: pytest.approx(2 / 3)}
    assert image_to_text(pictures, sentences, owners, (1,)) == {1: 1}


def test_bleu_of_a_reference_is_one():
    caption = words("a dog runs in the grass")
    assert corpus_bleu([caption], [[caption, words("two dogs")]]) == pytest.approx(1)


def test_bleu_clips_counts_and_punishes_shortness():
    """Of "the cat sat on the": 5/5, 4/4, 3/3, 2/2 n-grams match a reference of 7 words, so only brevity costs."""
    value = corpus_bleu([words("the cat sat on the")], [[words("the cat sat on the old mat")]])
    assert value == pytest.approx(math.exp(1 - 7 / 5))


def test_bleu_takes_the_geometric_mean_of_the_whole_sets_precisions():
    """Captions "a b c d x" and "a b c d": 8/9, 6/7, 4/5, 2/3 n-grams match; the lengths are those wanted."""
    captions = [words("a b c d x"), words("a b c d")]
    references = [[words("a b c d e")], [words("a b c d")]]
    expected = (8 / 9 * 6 / 7 * 4 / 5 * 2 / 3) ** 0.25
    assert corpus_bleu(captions, references) == pytest.approx(expected)


def test_bleu_without_a_common_four_gram_is_zero():
    assert corpus_bleu([words("a b c")], [[words("a b c")]]) == 0


def test_cider_of_the_only_reference_is_ten():
    captions = [words("a red dog runs"), words("two cats sleep here")]
    assert cider_d(captions, [[c] for c in captions]) == pytest.approx(10)


def test_cider_of_nothing_in_common_is_zero():
    assert cider_d([words("x y z w"), words("a b c d")], [[words("a b c d")], [words("e f g h")]]) == 0


def test_cider_weighs_rare_words_and_punishes_length():
    """Two pictures, references "a b" and "a c"; captions "a b b" and "a c".

    idf: a occurs with both pictures (log 2/2 = 0); b, c, "a b", "a c", "b b" with one or none (L = log 2).
    Picture 1, n = 1: ours (b: 2L), theirs (b: L): min(2L, L) * L / (2L * L) = 1/2.
    n = 2: ours ("a b": L, "b b": L), theirs ("a b": L): L * L / (sqrt(2) L * L) = 1 / sqrt(2). n = 3, 4: theirs is empty.
    Pairs of words: 2 against 1, penalty exp(-1 / 72). Picture 2: n = 1 and 2 are 1, so 10 * 2 / 4 = 5.
    """
    first = 10 * (0.5 + 1 / math.sqrt(2)) / 4 * math.exp(-1 / 72)
    value = cider_d([words("a b b"), words("a c")], [[words("a b")], [words("a c")]])
    assert value == pytest.approx((first + 5) / 2)


def test_a_caption_is_scored_against_one_pictures_references_by_all_of_them():
    references = [[words("a red dog runs"), words("a dog")], [words("two cats sleep here")]]
    measure = CiderD(references)
    captions = [words("a dog runs"), words("two cats sleep")]
    each = [measure.score(place, caption) for place, caption in enumerate(captions)]
    assert cider_d(captions, references) == pytest.approx(sum(each) / 2)
    assert measure.score(0, captions[0]) > measure.score(0, captions[1]) == 0


def test_chinese_is_split_into_characters_and_english_at_spaces():
    assert caption_words("Two dogs, running .", "en") == ("two", "dogs", "running")
    assert caption_words("两只狗。", "zh") == ("两", "只", "狗")

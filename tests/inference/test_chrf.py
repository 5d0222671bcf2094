"""chrF against values worked by hand."""

from __future__ import annotations

import pytest

from mmbm_desktop.inference.chrf import corpus_chrf


def test_the_reference_itself_is_one_whatever_its_blanks():
    assert corpus_chrf(["a dog  runs"], ["a dog runs"]) == pytest.approx(1)


def test_nothing_in_common_is_zero_and_so_is_nothing():
    assert corpus_chrf(["xyz"], ["abc"]) == 0
    assert corpus_chrf([""], ["abc"]) == 0
    assert corpus_chrf([], []) == 0


def test_precision_and_recall_are_averaged_over_the_lengths_both_sides_have():
    """Of "abc" against "abd": 2/3 characters and 1/2 pairs match, 0/1 triples; as many on either side, so F is P."""
    assert corpus_chrf(["abc"], ["abd"]) == pytest.approx((2 / 3 + 1 / 2 + 0) / 3)


def test_recall_weighs_four_times_as_much():
    """Of "ab" against "abcd": P = (1 + 1) / 2 over lengths 1 and 2, R = (2/4 + 1/3) / 2."""
    recall = (2 / 4 + 1 / 3) / 2
    assert corpus_chrf(["ab"], ["abcd"]) == pytest.approx(5 * recall / (4 + recall))


def test_counts_are_summed_over_the_set_and_repeated_grams_are_clipped():
    """Characters: "aa" against "a" gives 1 of 2, "b" against "b" 1 of 1: P = 2/3, R = 2/2; no length 2 on the right."""
    assert corpus_chrf(["aa", "b"], ["a", "b"]) == pytest.approx(5 * (2 / 3) / (4 * (2 / 3) + 1))

"""Splits are carved by content: the same in any order, never through equal pictures, and one of each where that can be."""

from __future__ import annotations

import hashlib
import random
from collections import Counter

import pytest

from mmbm_desktop.training.data.splitting import carved


def contents(count: int, start: int = 0) -> list[str]:
    return [hashlib.sha256(str(number).encode()).hexdigest() for number in range(start, start + count)]


def test_each_class_gives_fifteen_in_a_hundred_to_val_and_to_test():
    labels = ["cat"] * 100 + ["dog"] * 40

    splits = carved(labels, contents(140), [""] * 140)

    counted = Counter(zip(labels, splits, strict=True))
    assert [counted["cat", split] for split in ("train", "val", "test")] == [70, 15, 15]
    assert [counted["dog", split] for split in ("train", "val", "test")] == [28, 6, 6]


def test_the_order_of_the_items_does_not_matter():
    items = list(zip(["cat", "dog"] * 20, contents(40), strict=True))
    before = dict(zip(items, carved(*zip(*items, strict=True), [""] * 40), strict=True))
    random.Random(3).shuffle(items)

    assert dict(zip(items, carved(*zip(*items, strict=True), [""] * 40), strict=True)) == before


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (1, {"train": 1}),
        (2, {"train": 1, "val": 1}),
        (3, {"train": 1, "val": 1, "test": 1}),
        (4, {"train": 2, "val": 1, "test": 1}),
    ],
)
def test_few_items_are_trained_on_first_then_checked_on(items, expected):
    assert Counter(carved(["cat"] * items, contents(items), [""] * items)) == expected


def test_equal_contents_stay_together_even_under_two_names():
    hashes = contents(30)
    labels, all_hashes = ["cat"] * 60 + ["dog"] * 30, hashes + hashes + hashes

    splits = carved(labels, all_hashes, [""] * 90)

    by_content = {one: {s for c, s in zip(all_hashes, splits, strict=True) if c == one} for one in hashes}
    assert all(len(found) == 1 for found in by_content.values())
    assert set(splits) == {"train", "val", "test"}


def test_the_folders_own_splits_are_kept_and_only_the_missing_one_is_carved():
    own = ["train"] * 20 + ["test"] * 5

    splits = carved(["cat"] * 25, contents(25), own)

    assert splits[20:] == ["test"] * 5
    assert Counter(splits[:20]) == {"train": 17, "val": 3}
    assert carved(["cat"] * 3, contents(3), ["train", "val", "test"]) == ["train", "val", "test"]

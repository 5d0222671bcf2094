"""Which labelled items are trained on, checked on and kept for the end, where a data folder does not say."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHARE = 0.15
"""Of each class's items, for each split that a folder lacks."""


def carved(labels: Sequence[str], contents: Sequence[str], splits: Sequence[str]) -> list[str]:
    """Return every item's split; where no item is in "val" or in "test", a part of each class's train split goes there.

    Hashes decide which, so the answer is the same in any order and on any computer, and equal contents stay together
    even under different labels. Each class gives about 15 %, at least one item while one is left to train on; of two
    items the second goes to "val".

    Args:
        labels: of the items.
        contents: hashes of the items.
        splits: as the folder says; "" counts as "train".
    """
    named = [split or "train" for split in splits]
    missing = [split for split in ("val", "test") if split not in named]
    decided: dict[str, str] = {}
    for label in sorted(set(labels)):
        mine = sorted(
            {c for c, one, split in zip(contents, labels, named, strict=True) if (one, split) == (label, "train")}
        )
        counts = _counts(len(mine), missing)
        for content in mine:
            if content in decided:
                counts[decided[content]] = counts.get(decided[content], 0) - 1
        for content in (one for one in mine if one not in decided):
            decided[content] = next((split for split in missing if counts[split] > 0), "train")
            counts[decided[content]] = counts.get(decided[content], 0) - 1
    return [decided[c] if split == "train" else split for c, split in zip(contents, named, strict=True)]


def _counts(items: int, missing: Sequence[str]) -> dict[str, int]:
    """Return how many of a class's items each missing split gets."""
    each = max(1, round(_SHARE * items))
    left, counts = items - 1, {}
    for split in missing:
        counts[split] = max(0, min(each, left))
        left -= counts[split]
    return counts

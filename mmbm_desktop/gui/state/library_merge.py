"""The steps that turn one list of ids into another, so that a refreshed view keeps its place. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True)
class MergePlan:
    """How to go from an old list of ids to a new one, in this order.

    Attributes:
        removals: (first, last) rows of the old list to take out; the last rows come first.
        moved: whether the ids that stay change their order among themselves.
        insertions: (first, last) rows of the new list to put in; the first rows come first.
    """

    removals: tuple[tuple[int, int], ...]
    moved: bool
    insertions: tuple[tuple[int, int], ...]


def plan_merge(old: Sequence[int], new: Sequence[int]) -> MergePlan:
    """Return the steps from `old` to `new`; each id occurs at most once in either."""
    in_new = set(new)
    in_old = {identity: row for row, identity in enumerate(old)}
    gone = [row for row, identity in enumerate(old) if identity not in in_new]
    fresh = [row for row, identity in enumerate(new) if identity not in in_old]
    stayed = [in_old[identity] for identity in new if identity in in_old]
    moved = any(before > after for before, after in pairwise(stayed))
    return MergePlan(tuple(reversed(_runs(gone))), moved, tuple(_runs(fresh)))


def _runs(rows: Iterable[int]) -> list[tuple[int, int]]:
    """Return ascending rows as (first, last) pairs of neighbours."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs

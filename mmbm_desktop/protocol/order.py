"""In which order the library lists its items."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SortKey(StrEnum):
    """What a list is sorted by. NAME: by folder, then by file name."""

    DATE = "date"
    NAME = "name"
    SIZE = "size"


@dataclass(frozen=True)
class Order:
    """A key, and whether the largest (newest, last) comes first."""

    key: SortKey = SortKey.DATE
    descending: bool = True


NEWEST_FIRST = Order()

"""What an evaluation is told and what it finds, whatever the family of the bundle."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True)
class Measuring:
    """What to measure.

    Attributes:
        bundle: its folder.
        data: the data folder.
        split: which part of it; each family names its own.
        limit: only the first so many items.
        beam: width of a beam search, where there is one; None for the one people's answers are looked for with.
    """

    bundle: Path
    data: Path
    split: str = "test"
    limit: int | None = None
    beam: int | None = None


@dataclass(frozen=True)
class Evaluation:
    """What was measured.

    Attributes:
        numbers: value by name, such as "text-to-image R@10, English".
        items: how many were used.
        unreadable: names of items that could not be read.
        answers: what the bundle said, a table of tables that can be written as JSON.
        details: Markdown that follows the numbers in the bundle's card.
    """

    numbers: dict[str, float]
    items: int
    unreadable: tuple[str, ...] = ()
    answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    details: str = ""

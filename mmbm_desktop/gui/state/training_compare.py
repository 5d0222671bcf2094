"""Numbers of several runs side by side, and which of them is the best. No Qt, no words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.protocol.training import RunReport, RunSettings

_LOSSES = ("caption", "contrast", "teacher", "token", "labels", "kl")
_BAD = re.compile(r"\b(loss|error|wer|cer|perplexity|ece|brier|deviation|substitutions|deletions|insertions)\b", re.I)
_NEITHER = ("solved from", "steps", "mean steps", "words en", "words zh", "epsilon")
"""Numbers of which more is neither better nor worse."""


@dataclass(frozen=True)
class Row:
    """One line of the table: a number by name, and the columns that have the best one (none where all are equal)."""

    name: str
    values: tuple[float | None, ...]
    best: frozenset[int]


def lower_is_better(name: str) -> bool:
    """Whether a smaller number of that name is the better one."""
    return name in _LOSSES or _BAD.search(name) is not None


def numbers_of(report: RunReport | None, metrics: dict[str, float]) -> dict[str, float]:
    """Return what is known of a run: its assessment, else its val split, else the latest of its curve."""
    if report is not None and report.assessment is not None:
        return dict(report.assessment.numbers)
    return dict(report.metrics) if report is not None else dict(metrics)


def rows_of(numbers: Sequence[dict[str, float]]) -> tuple[Row, ...]:
    """Return every number that a run has, in the order in which they come."""
    names = dict.fromkeys(name for one in numbers for name in one)
    return tuple(_row(name, tuple(one.get(name) for one in numbers)) for name in names)


def _row(name: str, values: tuple[float | None, ...]) -> Row:
    known = [value for value in values if value is not None]
    if len(known) < 2 or min(known) == max(known) or name in _NEITHER:
        return Row(name, values, frozenset())
    top = min(known) if lower_is_better(name) else max(known)
    return Row(name, values, frozenset(column for column, value in enumerate(values) if value == top))


def differing(settings: Sequence[RunSettings | None]) -> dict[str, tuple[object, ...]]:
    """Return the settings in which runs differ, a value a run."""
    names = ("recipe", "preset", "epochs", "learning_rate", "batch", "weight_decay", "seed", "device", "data")
    found = {name: tuple(getattr(one, name, None) for one in settings) for name in names}
    options = dict.fromkeys(name for one in settings if one is not None for name in one.options)
    found |= {name: tuple(one.options.get(name) if one is not None else None for one in settings) for name in options}
    return {name: values for name, values in found.items() if len({repr(value) for value in values}) > 1}

"""Records about a data folder: what kind it is, what is in it, and what the data doctor found."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from mmbm_desktop.base.errors import ParamValue


class DataKind(StrEnum):
    """How a data folder is laid out, which decides the recipes that can learn from it."""

    PICTURE_CLASSES = "picture-classes"
    SOUND_CLASSES = "sound-classes"
    CAPTIONED_PICTURES = "captioned-pictures"
    TRANSCRIBED_SPEECH = "transcribed-speech"
    TEXT_PAIRS = "text-pairs"
    UNKNOWN = "unknown"


class Severity(StrEnum):
    """How much a finding matters. A `BLOCKER` keeps a run from starting."""

    NOTE = "note"
    WARNING = "warning"
    BLOCKER = "blocker"


@dataclass(frozen=True)
class Finding:
    """One thing that the data doctor noticed.

    Attributes:
        code: which check, such as "near-duplicates" or "class-small"; its words are made in `gui` and `cli`.
        severity: how much it matters.
        params: named values for the words (class names, counts).
        groups: paths that belong together: each pair of duplicates, or one path a group.
    """

    code: str
    severity: Severity
    params: dict[str, ParamValue] = field(default_factory=dict)
    groups: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class ClassCount:
    """How many items a class has (or, without classes, a split)."""

    label: str
    items: int


@dataclass(frozen=True)
class DataReport:
    """What a data folder holds.

    Attributes:
        path: the folder.
        kind: how it is laid out.
        recipes: names of the recipes that can learn from it, the usual one first.
        items: readable items.
        classes: counts by class, most items first; empty without classes.
        splits: counts by split, where the folder has splits of its own.
        findings: what was noticed, blockers first.
    """

    path: str
    kind: DataKind
    recipes: tuple[str, ...] = ()
    items: int = 0
    classes: tuple[ClassCount, ...] = ()
    splits: tuple[ClassCount, ...] = ()
    findings: tuple[Finding, ...] = ()

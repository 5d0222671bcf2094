"""What is odd about the classes and splits of a data folder: counts and names. Opens nothing."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from mmbm_desktop.protocol.dataset import ClassCount, DataKind, Severity
from mmbm_desktop.protocol.finding_codes import FindingCode
from mmbm_desktop.training.data.captioned import FEWEST_PICTURES
from mmbm_desktop.training.data.pairs import FEWEST_PAIRS
from mmbm_desktop.training.data.sounds import FEWEST_SOUNDS
from mmbm_desktop.training.data.spoken import FEWEST_CLIPS
from mmbm_desktop.training.data.tables import SPLITS
from mmbm_desktop.training.doctor.survey import finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mmbm_desktop.protocol.dataset import Finding
    from mmbm_desktop.training.doctor.survey import Item

FEWEST: Mapping[DataKind, int] = {
    DataKind.PICTURE_CLASSES: 4,
    DataKind.SOUND_CLASSES: FEWEST_SOUNDS,
    DataKind.CAPTIONED_PICTURES: FEWEST_PICTURES,
    DataKind.TRANSCRIBED_SPEECH: FEWEST_CLIPS,
    DataKind.TEXT_PAIRS: FEWEST_PAIRS,
}
"""Items without which no run starts; two classes with one item to learn from and one to check with are the least."""
WANTED_OF_CLASS = 10
IMBALANCE = 5
"""The largest class has so many times the items of the smallest."""
LONGEST_NAME = 100


def class_counts(items: Sequence[Item]) -> tuple[ClassCount, ...]:
    """Return how many items each class has, most first."""
    counts = Counter(item.label for item in items if item.label)
    return tuple(ClassCount(label, count) for label, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def split_counts(counts: Mapping[str, int]) -> tuple[ClassCount, ...]:
    """Return how many items each split has; train, val and test first; empty without splits."""
    order = {split: place for place, split in enumerate(SPLITS)}
    named = sorted((split for split in counts if split), key=lambda split: (order.get(split, len(order)), split))
    return tuple(ClassCount(split, counts[split]) for split in named)


def about_amounts(kind: DataKind, items: int) -> Iterator[Finding]:
    """Yield what keeps a run from starting for want of items."""
    if kind in FEWEST and items < FEWEST[kind]:
        yield finding(FindingCode.TOO_FEW, Severity.BLOCKER, items=items, needed=FEWEST[kind])


def about_splits(splits: Sequence[ClassCount]) -> Iterator[Finding]:
    """Yield the splits that no recipe uses."""
    for split in splits:
        if split.label not in SPLITS and not split.label.startswith("fold"):
            yield finding(FindingCode.SPLIT_UNKNOWN, Severity.WARNING, split=split.label, count=split.items)


def about_classes(items: Sequence[Item], classes: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what is odd about classes.

    Args:
        items: the usable ones.
        classes: every class with its folder, "" where a table names it.
    """
    counts = class_counts(items)
    if len(counts) == 1:
        yield finding(FindingCode.ONE_CLASS, Severity.BLOCKER, label=counts[0].label)
    known = {one.label for one in counts}
    empty = sorted(label for label in classes if label not in known)
    if empty:
        folders = [[classes[label]] for label in empty if classes[label]]
        yield finding(FindingCode.CLASS_EMPTY, Severity.WARNING, folders, label=empty[0], count=len(empty))
    yield from _about_sizes(counts)
    splits: defaultdict[str, set[str]] = defaultdict(set)
    for item in items:
        splits[item.label].add(item.split)
    if any("train" in ones for ones in splits.values()):
        untrained = [one.label for one in counts if "train" not in splits[one.label]]
        if untrained:
            yield finding(FindingCode.CLASS_UNTRAINED, Severity.WARNING, label=untrained[0], count=len(untrained))
    yield from _about_names(classes)


def _about_sizes(counts: Sequence[ClassCount]) -> Iterator[Finding]:
    small = [one for one in counts if one.items < WANTED_OF_CLASS]
    if small:
        least = small[-1]
        params = {"label": least.label, "items": least.items, "wanted": WANTED_OF_CLASS}
        yield finding(FindingCode.CLASS_SMALL, Severity.WARNING, count=len(small), **params)
    if len(counts) > 1 and counts[0].items >= IMBALANCE * counts[-1].items:
        most, least = counts[0], counts[-1]
        large = {"largest": most.label, "most": most.items}
        yield finding(FindingCode.IMBALANCED, Severity.WARNING, smallest=least.label, fewest=least.items, **large)


def _about_names(classes: Mapping[str, str]) -> Iterator[Finding]:
    odd: defaultdict[str, list[str]] = defaultdict(list)
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for label in sorted(classes):
        problem = problem_of(label)
        if problem:
            odd[problem].append(label)
        alike[" ".join(unicodedata.normalize("NFKC", label).casefold().split())].append(label)
    for problem, labels in odd.items():
        folders = [[classes[label]] for label in labels if classes[label]]
        params = {"label": labels[0], "problem": problem}
        yield finding(FindingCode.NAME_ODD, Severity.WARNING, folders, count=len(labels), **params)
    same = [labels for labels in alike.values() if len(labels) > 1]
    if same:
        groups = [[classes[label] or label for label in labels] for labels in same]
        params = {"first": same[0][0], "second": same[0][1]}
        yield finding(FindingCode.NAMES_ALIKE, Severity.WARNING, groups, count=len(same), **params)


def problem_of(label: str) -> str:
    """Return what is strange about a class name as `FindingCode.NAME_ODD` calls it, "" where nothing is."""
    if any(0xDC80 <= ord(sign) <= 0xDCFF for sign in label):
        return "not-text"
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co") for sign in label):
        return "control"
    if label.startswith("."):
        return "hidden"
    if "/" in label or "\\" in label:
        return "slash"
    if label != label.strip():
        return "spaces"
    return "long" if len(label) > LONGEST_NAME else ""

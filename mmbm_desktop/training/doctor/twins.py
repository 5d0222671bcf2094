"""The same or nearly the same thing twice: which duplicates are harmless, which have two labels, which cross splits."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mmbm_desktop.protocol.dataset import Severity
from mmbm_desktop.protocol.finding_codes import FindingCode
from mmbm_desktop.training.doctor.survey import finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mmbm_desktop.protocol.dataset import Finding
    from mmbm_desktop.training.doctor.survey import Item


@dataclass
class Roles:
    """The labels and the splits that each file has in the items, by the file's name."""

    labels: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    splits: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, items: Iterable[Item]) -> Roles:
        """Gather the roles of files; a stretch's label is not its whole recording's."""
        roles = cls()
        for item in items:
            roles.labels[item.name] |= set() if item.stretch else {item.label}
            roles.splits[item.name].add(item.split)
        return roles


def same_contents(items: Sequence[Item], digests: Sequence[bytes]) -> list[list[str]]:
    """Return names of files with the same content, and alone those that the items list with two labels or splits."""
    groups: defaultdict[bytes, list[str]] = defaultdict(list)
    for item, digest in zip(items, digests, strict=True):
        groups[digest].append(item.name)
    return list(groups.values())


def about_twins(groups: Iterable[Sequence[str]], roles: Roles, *, exact: bool) -> Iterator[Finding]:
    """Yield what duplicates mean.

    Args:
        groups: names of files that are the same, or look it; of one file only where it may contradict itself.
        roles: of the files.
        exact: the contents are the same, byte by byte.
    """
    inside: list[Sequence[str]] = []
    classes: list[Sequence[str]] = []
    splits: list[Sequence[str]] = []
    for group in groups:
        labelled = len(set().union(*(roles.labels[name] for name in group))) > 1
        crossing = len(set().union(*(roles.splits[name] for name in group))) > 1
        classes += [group] if labelled else []
        splits += [group] if crossing else []
        inside += [group] if len(group) > 1 and not labelled and not crossing else []
    codes = _EXACT if exact else _NEARLY
    harmless = Severity.WARNING if exact else Severity.NOTE
    severities = (harmless, Severity.WARNING, Severity.WARNING)
    for code, severity, found in zip(codes, severities, (inside, classes, splits), strict=True):
        if found:
            yield finding(code, severity, found, count=len(found), files=sum(map(len, found)))


_EXACT = (FindingCode.SAME, FindingCode.SAME_ACROSS_CLASSES, FindingCode.SAME_ACROSS_SPLITS)
_NEARLY = (FindingCode.ALIKE, FindingCode.ALIKE_ACROSS_CLASSES, FindingCode.ALIKE_ACROSS_SPLITS)

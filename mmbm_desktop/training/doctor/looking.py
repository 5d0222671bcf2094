"""Looks pictures over: unreadable ones, the same or alike ones, and ones that look like another class."""

from __future__ import annotations

import os
import zlib
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.errors import ErrorCode
from mmbm_desktop.protocol.dataset import Severity
from mmbm_desktop.protocol.finding_codes import FindingCode
from mmbm_desktop.training.doctor.looks import alike
from mmbm_desktop.training.doctor.mislabels import FEWEST, FEWEST_OF_CLASS, judge
from mmbm_desktop.training.doctor.pictures import see_pictures
from mmbm_desktop.training.doctor.survey import finding, finding_of_each
from mmbm_desktop.training.doctor.twins import Roles, about_twins, same_contents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from mmbm_desktop.base.progress import CancelToken, ReportProgress
    from mmbm_desktop.protocol.dataset import Finding
    from mmbm_desktop.training.doctor.pictures import SeenPictures
    from mmbm_desktop.training.doctor.seeing import Seer
    from mmbm_desktop.training.doctor.survey import Item

SAMPLE = 6000
"""So many pictures at most are compared with their labels; more would take minutes and tell the same."""
LABELS_TOLD = 100
"""Classes whose labels are doubted, most pictures first."""
SURE = 0.6
"""Doubts about labels are warnings where the model is right about so many others, else notes."""


def look_over(
    items: Sequence[Item], find_seer: Callable[[], Seer | None], token: CancelToken, report: ReportProgress
) -> tuple[set[str], list[Finding]]:
    """Open every picture once and return the names of those that can be read, and what was noticed.

    Args:
        items: with labels, or without for captioned pictures; a file may be listed more than once.
        find_seer: gives the model that sees pictures; called only where labels can be compared.
        token: checked between two pictures.
        report: told the pictures done.

    Raises:
        Cancelled: `token` was cancelled.
    """
    files = list({item.name: item for item in items}.values())
    sample = sample_of(files)
    seer = find_seer() if sample else None
    seen = see_pictures(files, sample, seer, token, report)
    findings = list(about_unreadable(seen.unreadable))
    roles = Roles.of(items)
    same = same_contents(seen.items, seen.digests)
    findings += about_twins(same, roles, exact=True)
    findings += about_twins(_alike(seen, token), roles, exact=False)
    if any(item.label for item in files):
        findings += _about_labels(seen, sample, seer is not None and not seen.blind, token)
    return {item.name for item in seen.items}, findings


def about_unreadable(unreadable: Mapping[ErrorCode, Sequence[str]]) -> Iterator[Finding]:
    """Yield a finding for each reason why files cannot be read."""
    for code, names in sorted(unreadable.items()):
        if code is ErrorCode.FILE_NOT_FOUND:
            yield from finding_of_each(FindingCode.MISSING, Severity.WARNING, names)
        else:
            yield from finding_of_each(FindingCode.UNREADABLE, Severity.WARNING, names, reason=str(code))


def sample_of(items: Sequence[Item]) -> set[str]:
    """Return names of at most `SAMPLE` pictures, about as many of each class, the same ones every time.

    Empty where a comparison says nothing: fewer than two classes, or too few pictures.
    """
    by_label: defaultdict[str, list[str]] = defaultdict(list)
    for item in items:
        if item.label:
            by_label[item.label].append(item.name)
    large = {label: names for label, names in by_label.items() if len(names) >= FEWEST_OF_CLASS}
    if len(large) < 2 or sum(map(len, large.values())) < FEWEST:
        return set()
    each = max(FEWEST_OF_CLASS, SAMPLE // len(large))
    return {name for names in large.values() for name in sorted(names, key=_shuffled)[:each]}


def _shuffled(name: str) -> int:
    return zlib.crc32(os.fsencode(name))


def _alike(seen: SeenPictures, token: CancelToken) -> Iterator[list[str]]:
    """Yield names of pictures that look alike, one for each content."""
    first: dict[bytes, int] = {}
    for place, digest in enumerate(seen.digests):
        first.setdefault(digest, place)
    places = np.fromiter(first.values(), np.int64, len(first))
    for group in alike(seen.looks[places], seen.smalls[places], token):
        yield [seen.items[places[place]].name for place in group]


def _about_labels(seen: SeenPictures, sample: set[str], has_seer: bool, token: CancelToken) -> Iterator[Finding]:
    counts = Counter(seen.items[place].label for place in seen.sampled)
    names = sorted(label for label, count in counts.items() if count >= FEWEST_OF_CLASS)
    rows = [row for row, place in enumerate(seen.sampled) if counts[seen.items[place].label] >= FEWEST_OF_CLASS]
    if sample and not has_seer:
        yield _unchecked("no-model")
    elif len(rows) < FEWEST or len(names) < 2:
        yield _unchecked("few")
    else:
        number = {label: place for place, label in enumerate(names)}
        items = [seen.items[seen.sampled[row]] for row in rows]
        judgement = judge(seen.vectors[rows], np.array([number[item.label] for item in items]), token)
        if not judgement.usable:
            yield _unchecked("unsure")
            return
        severity = Severity.WARNING if judgement.accuracy >= SURE else Severity.NOTE
        yield from _about_doubts(
            [items[place] for place in judgement.doubted], [names[other] for other in judgement.likelier], severity
        )
        if len(rows) < len(seen.items):
            yield finding(FindingCode.MISLABELS_SAMPLED, Severity.NOTE, items=len(rows), of=len(seen.items))


def _about_doubts(doubted: Sequence[Item], likelier: Sequence[str], severity: Severity) -> Iterator[Finding]:
    paths: defaultdict[str, list[str]] = defaultdict(list)
    others: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for item, other in zip(doubted, likelier, strict=True):
        paths[item.label].append(item.name)
        others[item.label][other] += 1
    for label in sorted(paths, key=lambda one: -len(paths[one]))[:LABELS_TOLD]:
        other = ", ".join(name for name, _ in others[label].most_common(3))
        yield from finding_of_each(FindingCode.MISLABELLED, severity, paths[label], label=label, other=other)


def _unchecked(reason: str) -> Finding:
    return finding(FindingCode.MISLABELS_UNCHECKED, Severity.NOTE, reason=reason)

"""Listens recordings over: unreadable, silent, clipped, very short or long ones, several sample rates, duplicates."""

from __future__ import annotations

from collections import Counter
from statistics import median
from typing import TYPE_CHECKING

from mmbm_desktop.protocol.dataset import DataKind, Severity
from mmbm_desktop.protocol.finding_codes import FindingCode
from mmbm_desktop.training.data.spoken import LONGEST_S
from mmbm_desktop.training.doctor.looking import about_unreadable
from mmbm_desktop.training.doctor.recordings import SILENT_DB, hear_recordings
from mmbm_desktop.training.doctor.survey import finding, finding_of_each
from mmbm_desktop.training.doctor.twins import Roles, about_twins, same_contents

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mmbm_desktop.base.progress import CancelToken, ReportProgress
    from mmbm_desktop.protocol.dataset import Finding
    from mmbm_desktop.training.doctor.recordings import HeardRecordings
    from mmbm_desktop.training.doctor.survey import Item

SHORTEST_S = 0.1
LONG_S = 30.0
_TIMES_THE_USUAL = 10.0


def listen_over(
    items: Sequence[Item], kind: DataKind, token: CancelToken, report: ReportProgress
) -> tuple[set[str], list[Finding]]:
    """Listen to every recording once and return the names of those that can be read, and what was noticed.

    Raises:
        Cancelled: `token` was cancelled.
    """
    files = list({item.name: item for item in items}.values())
    found = hear_recordings(files, token, report)
    findings = list(about_unreadable(found.unreadable))
    same = same_contents(found.items, [one.digest for one in found.heard])
    findings += about_twins(same, Roles.of(items), exact=True)
    findings += _about_sound(found)
    findings += _about_lengths(found, kind)
    return {item.name for item in found.items}, findings


def _about_sound(found: HeardRecordings) -> Iterator[Finding]:
    pairs = list(zip(found.items, found.heard, strict=True))
    silent = [item.name for item, heard in pairs if heard.loudest_db < SILENT_DB]
    clipped = [item.name for item, heard in pairs if heard.clipped]
    yield from finding_of_each(FindingCode.SILENT, Severity.WARNING, silent)
    yield from finding_of_each(FindingCode.CLIPPED, Severity.WARNING, clipped)
    rates = Counter(heard.rate_hz for heard in found.heard)
    if len(rates) > 1:
        told = ", ".join(str(rate) for rate, _ in rates.most_common(10))
        yield finding(FindingCode.RATES_MIXED, Severity.NOTE, rates=told)


def _about_lengths(found: HeardRecordings, kind: DataKind) -> Iterator[Finding]:
    if not found.heard:
        return
    pairs = list(zip(found.items, found.heard, strict=True))
    short = [item.name for item, heard in pairs if heard.seconds < SHORTEST_S]
    yield from finding_of_each(FindingCode.SHORT, Severity.WARNING, short, seconds=SHORTEST_S)
    spoken = kind is DataKind.TRANSCRIBED_SPEECH
    usual = median(heard.seconds for heard in found.heard)
    limit = LONGEST_S if spoken else max(LONG_S, round(_TIMES_THE_USUAL * usual, 1))
    long = [item.name for item, heard in pairs if heard.seconds > limit]
    severity = Severity.WARNING if spoken else Severity.NOTE
    yield from finding_of_each(FindingCode.LONG, severity, long, seconds=limit)

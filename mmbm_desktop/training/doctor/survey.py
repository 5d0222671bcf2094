"""What a data folder was recognised as: its items with labels, splits and words, before any of them is opened."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mmbm_desktop.protocol.dataset import DataKind, Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mmbm_desktop.base.errors import ParamValue
    from mmbm_desktop.protocol.finding_codes import FindingCode

GROUPS_TOLD = 200
PATHS_TOLD = 50
"""So many groups of a finding, and paths of a group, are named; a report of 100,000 files stays small."""


@dataclass(frozen=True, slots=True)
class Item:
    """A picture, a recording, or a stretch of one, as a folder or a table lists it.

    Attributes:
        path: of the file.
        member: inside the zip file `path`; "" for a file of its own.
        label: its class; "" without classes.
        split: as the folder says; "" where it does not.
        stretch: only a part of the recording is meant.
    """

    path: str
    member: str = ""
    label: str = ""
    split: str = ""
    stretch: bool = False

    @property
    def name(self) -> str:
        """What it is called in findings."""
        return f"{self.path}!{self.member}" if self.member else self.path


@dataclass
class Survey:
    """A recognised folder.

    Attributes:
        kind: how it is laid out.
        items: in the folder's or the table's order; empty for pairs of texts.
        classes: every class with its folder ("" where a table names it), empty ones included.
        findings: what was noticed on the way.
        pairs: usable pairs by split, for pairs of texts.
    """

    kind: DataKind
    items: list[Item] = field(default_factory=list)
    classes: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    pairs: dict[str, int] = field(default_factory=dict)


def finding(
    code: FindingCode, severity: Severity, groups: Iterable[Sequence[str]] = (), **params: ParamValue
) -> Finding:
    """Return a finding that names at most `GROUPS_TOLD` groups."""
    told = []
    for group in groups:
        if len(told) == GROUPS_TOLD:
            break
        told.append(tuple(group[:PATHS_TOLD]))
    return Finding(code, severity, params, tuple(told))


def finding_of_each(code: FindingCode, severity: Severity, paths: Sequence[str], **params: ParamValue) -> list[Finding]:
    """Return a finding with a group for each path and their `count`; none without any."""
    return [finding(code, severity, ([path] for path in paths), count=len(paths), **params)] if paths else []

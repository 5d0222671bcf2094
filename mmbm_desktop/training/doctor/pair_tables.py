"""Tables of pairs of texts, row by row: which can be learned from, and what is odd about the others."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.errors import InputFault
from mmbm_desktop.protocol.dataset import DataKind, Severity
from mmbm_desktop.protocol.finding_codes import FindingCode
from mmbm_desktop.training.data.pairs import numbered_rows, pair_of, simplified_characters, table_files
from mmbm_desktop.training.doctor.survey import Survey, finding, finding_of_each

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from mmbm_desktop.base.progress import CancelToken
    from mmbm_desktop.protocol.dataset import Finding

FEWEST_TO_COMPARE = 50
"""The usual ratio of lengths is not known from fewer pairs."""
UNUSUAL = 6.0
"""A logarithm of the ratio so many deviations from the median is told."""
LEAST_DEVIATION = 0.2
"""Of the logarithm; sentences made by rule may all have nearly one ratio."""
LONG_ENOUGH = 12
"""Characters of the longer side, a Chinese one counted as three; short texts may differ in length by chance."""
_CHECK_EVERY = 1024

Row = dict[str, str]


def survey_pairs(folder: Path, token: CancelToken) -> Survey:
    """Return what the tables of a folder hold. An unreadable table is told; the others are read.

    Raises:
        Cancelled: `token` was cancelled.
    """
    survey = Survey(DataKind.TEXT_PAIRS)
    rows: list[tuple[str, Row]] = []
    for file in table_files(folder):
        token.check()
        try:
            rows += [(f"{file}:{number}", row) for number, row in numbered_rows(file)]
        except (InputFault, csv.Error) as error:
            reason = error.params.get("reason") if isinstance(error, InputFault) else None
            code, named = FindingCode.TABLE_UNUSABLE, str(reason or "table-unreadable")
            survey.findings.append(finding(code, Severity.BLOCKER, [[str(file)]], table=file.name, reason=named))
    if not rows and not survey.findings:
        unusable = finding(FindingCode.TABLE_UNUSABLE, Severity.BLOCKER, table="*.tsv", reason="no-pairs")
        return Survey(DataKind.UNKNOWN, findings=[unusable])
    reader = _Reader(simplified_characters(row for _, row in rows))
    for number, (place, row) in enumerate(rows):
        if number % _CHECK_EVERY == 0:
            token.check()
        reader.take(place, row)
    survey.pairs = reader.splits()
    survey.findings += reader.findings()
    return survey


@dataclass
class _Reader:
    simplified: Mapping[int, str]
    empty: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    seen: set[tuple[str, str]] = field(default_factory=set)
    sentences: dict[tuple[str, str], str] = field(default_factory=dict)
    split_of: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    english: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    own_splits: bool = False

    def take(self, place: str, row: Row) -> None:
        if "meanings_en" not in row:
            en, zh = row.get("en", "").strip(), (row.get("zh") or row.get("zh_human") or row.get("zh_baidu_mt") or "")
            if not en or not zh.strip():
                self.empty.append(place)
                return
            if en.casefold() == zh.strip().casefold():
                self.same.append(place)
                return
        pair = pair_of(row, self.simplified)
        if pair is None:
            self.unused += [place] if "meanings_en" not in row else []
            return
        if (pair.en, pair.zh) in self.seen:
            self.repeated.append(place)
        else:
            self.seen.add((pair.en, pair.zh))
            self.split_of[pair.split] += 1
            if pair.kind != "word":
                self.sentences[pair.en, pair.zh] = place
        if row.get("split"):
            self.own_splits = True
            self.english[pair.en.casefold()].append((pair.split, place))

    def splits(self) -> dict[str, int]:
        """Return pairs by split; all under "" where the tables have no splits of their own."""
        return dict(self.split_of) if self.own_splits else {"": len(self.seen)}

    def findings(self) -> Iterator[Finding]:
        yield from finding_of_each(FindingCode.TEXT_EMPTY, Severity.WARNING, self.empty)
        yield from finding_of_each(FindingCode.PAIRS_SAME, Severity.WARNING, self.same)
        yield from finding_of_each(FindingCode.PAIRS_UNUSED, Severity.NOTE, self.unused)
        yield from finding_of_each(FindingCode.PAIRS_REPEATED, Severity.NOTE, self.repeated)
        yield from finding_of_each(FindingCode.PAIRS_UNEVEN, Severity.WARNING, uneven(self.sentences))
        leaks = [[place for _, place in told] for told in self.english.values() if _crosses(told)]
        if leaks:
            yield finding(FindingCode.TEXT_ACROSS_SPLITS, Severity.WARNING, leaks, count=len(leaks))


def _crosses(told: list[tuple[str, str]]) -> bool:
    splits = {split for split, _ in told}
    return "train" in splits and len(splits) > 1


def uneven(pairs: Mapping[tuple[str, str], str]) -> list[str]:
    """Return the places of pairs whose sides' lengths do not go together, the oddest first.

    The logarithm of the ratio of the lengths in characters is about normal (Gale and Church, "A Program for Aligning
    Sentences in Bilingual Corpora", 1993); median and median absolute deviation stand for mean and deviation, so that
    the odd ones do not decide what is usual.

    Args:
        pairs: (English, Chinese) with the place of each.
    """
    if len(pairs) < FEWEST_TO_COMPARE:
        return []
    ratios = np.array([math.log(len(en) / len(zh)) for en, zh in pairs])
    longer = np.array([max(len(en), 3 * len(zh)) for en, zh in pairs])
    away = np.abs(ratios - np.median(ratios))
    deviation = max(LEAST_DEVIATION, 1.4826 * float(np.median(away)))
    odd = np.flatnonzero((away / deviation > UNUSUAL) & (longer >= LONG_ENOUGH))
    places = list(pairs.values())
    return [places[index] for index in odd[np.argsort(-away[odd], kind="stable")]]

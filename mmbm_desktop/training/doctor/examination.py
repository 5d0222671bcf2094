"""The whole examination of a data folder, from its names to its report."""

from __future__ import annotations

import dataclasses
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.progress import no_progress
from mmbm_desktop.protocol.dataset import DataKind, DataReport, Severity
from mmbm_desktop.protocol.recipe_catalogue import RECIPES
from mmbm_desktop.training.doctor.classes import about_amounts, about_classes, about_splits, class_counts, split_counts
from mmbm_desktop.training.doctor.layout import recognise
from mmbm_desktop.training.doctor.listening import listen_over
from mmbm_desktop.training.doctor.looking import look_over
from mmbm_desktop.training.doctor.seeing import find_seer
from mmbm_desktop.training.doctor.tree import look_around

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mmbm_desktop.base.progress import CancelToken, ReportProgress
    from mmbm_desktop.protocol.dataset import Finding
    from mmbm_desktop.training.doctor.seeing import Seer
    from mmbm_desktop.training.doctor.survey import Survey

_SEEN = (DataKind.PICTURE_CLASSES, DataKind.CAPTIONED_PICTURES)
_HEARD = (DataKind.SOUND_CLASSES, DataKind.TRANSCRIBED_SPEECH)
_ORDER = (Severity.BLOCKER, Severity.WARNING, Severity.NOTE)


def examine(
    folder: Path,
    token: CancelToken,
    report: ReportProgress = no_progress,
    seer: Callable[[], Seer | None] = find_seer,
) -> DataReport:
    """Look a data folder over. Nothing in it is changed.

    Args:
        folder: anything a person may drop.
        token: checked between two files and within long ones.
        report: told the files done.
        seer: gives the model that pictures are seen with, None where there is none.

    Raises:
        Cancelled: `token` was cancelled.
        InputFault: FOLDER_NOT_FOUND, FOLDER_UNREADABLE.
        MmbmError: a table's file cannot be read.
    """
    report(0, None)
    folder = folder.absolute()
    survey = recognise(folder, look_around(folder, token), token)
    if survey.kind in _SEEN:
        usable, findings = look_over(survey.items, seer, token, report)
    elif survey.kind in _HEARD:
        usable, findings = listen_over(survey.items, survey.kind, token, report)
    else:
        usable, findings = set(), []
    survey.items = [item for item in survey.items if item.name in usable]
    return _report(folder, survey, [*survey.findings, *findings])


def _report(folder: Path, survey: Survey, findings: Sequence[Finding]) -> DataReport:
    by_split = survey.pairs or Counter(item.split for item in survey.items)
    splits, items = split_counts(by_split), sum(by_split.values())
    found = [*findings, *about_amounts(survey.kind, items), *about_splits(splits)]
    if survey.kind in (DataKind.PICTURE_CLASSES, DataKind.SOUND_CLASSES):
        found += about_classes(survey.items, survey.classes)
    return DataReport(
        str(folder),
        survey.kind,
        tuple(recipe.name for recipe in RECIPES if survey.kind in recipe.kinds),
        items,
        class_counts(survey.items),
        splits,
        tuple(sorted(found, key=lambda one: _ORDER.index(one.severity))),
    )


def as_record(report: DataReport) -> dict[str, object]:
    """Return a report as JSON can hold it."""
    return dataclasses.asdict(report)

"""Corrections and improvements on this computer: the library, the runs and the settings put together.

A run's own folder says what it improves and how it compares; the settings say what was kept. There is no third store.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import ErrorCode, InputFault, MmbmError
from mmbm_desktop.base.files import sha256_of
from mmbm_desktop.engine.improving.data_set import Written, write_captions, write_labels, write_transcripts
from mmbm_desktop.engine.improving.interface import Improving
from mmbm_desktop.engine.improving.planning import RECIPE_OF, Planning
from mmbm_desktop.engine.model_store import SETTINGS_OF
from mmbm_desktop.protocol.corrections import (
    FEWEST_LEARNED,
    IMPROVABLE,
    CorrectionKind,
    ExportedCorrections,
    Improvement,
    NewCorrection,
    TaskCorrections,
    model_name,
    origin_of,
)
from mmbm_desktop.protocol.events import CorrectionsChanged
from mmbm_desktop.protocol.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Callable

    from mmbm_desktop.base.settings import Settings
    from mmbm_desktop.engine.model_store import ModelStore
    from mmbm_desktop.engine.one_thread import OneThread
    from mmbm_desktop.engine.runs.interface import Runs
    from mmbm_desktop.library.interface import Library
    from mmbm_desktop.protocol.corrections import Correction
    from mmbm_desktop.protocol.events import Event
    from mmbm_desktop.protocol.training import RunInfo

_RATINGS = (-1, 0, 1)


class LocalImproving(Improving):
    """See `Improving`.

    Args:
        library: keeps the corrections; written by `writer`, read by `reader`.
        writer: the one thread that writes.
        reader: the one thread that reads for a person.
        models: which model does what.
        runs: does the learning.
        settings: what was kept.
        announce: takes `CorrectionsChanged`.
    """

    def __init__(
        self,
        library: Library,
        writer: OneThread,
        reader: OneThread,
        models: ModelStore,
        runs: Runs,
        settings: Settings,
        announce: Callable[[Event], None],
    ) -> None:
        self._library, self._writer, self._reader = library, writer, reader
        self._models, self._runs, self._settings, self._announce = models, runs, settings, announce
        self._planning = Planning(library, reader, models, runs)

    # --- collecting --------------------------------------------------------------------------------------------------

    def set_label(self, path: str, said: str, label: str, model: str) -> None:
        """See `Improving.set_label`."""
        self._add(NewCorrection(CorrectionKind.LABEL, path, _content(path), said, label, model))

    def rate_caption(self, path: str, caption: str, language: str, model: str, rating: int) -> None:
        """See `Improving.rate_caption`."""
        if rating not in _RATINGS:
            raise InputFault(ErrorCode.ARGUMENT_INVALID, name="rating", value=rating)
        new = NewCorrection(CorrectionKind.THUMB, path, _content(path), caption, "", model, language, rating)
        self._add(new)

    def _add(self, new: NewCorrection) -> None:
        self._writer.run(lambda: self._library.add_correction(new))
        self._announce(CorrectionsChanged())

    def corrections(self) -> tuple[Correction, ...]:
        """See `Improving.corrections`."""
        return self._reader.run(self._library.corrections)

    def status(self) -> tuple[TaskCorrections, ...]:
        """See `Improving.status`."""
        known = self.corrections()
        return tuple(self._status(task, known) for task in IMPROVABLE)

    def _status(self, task: Task, known: tuple[Correction, ...]) -> TaskCorrections:
        reason = self._planning.reason(task)
        mine = self._planning.about(task, known)
        fit = mine if reason else self._planning.fitting(task, mine)
        return replace(_status(task, fit), unfit=len(mine) - len(fit), reason=reason)

    def export(self, folder: Path | None = None) -> ExportedCorrections:
        """See `Improving.export`."""
        place = folder or paths.data_dir() / "corrections" / "all"
        known = self.corrections()
        written: dict[str, tuple[Path, Written]] = {}
        captions = [one for one in known if one.task is Task.CAPTION]
        if captions:
            target = place / "captions"
            written["captions"] = (target, write_captions(target, captions, self._planning.item_at))
        labels = [one for one in known if one.kind is CorrectionKind.LABEL]
        for origin in sorted({origin_of(model_name(one.model)) for one in labels}):
            of_it, target = [one for one in labels if origin_of(model_name(one.model)) == origin], f"classes-{origin}"
            written[target] = (place / target, write_labels(place / target, of_it))
        transcripts = [one for one in known if one.kind is CorrectionKind.TRANSCRIPT]
        if transcripts:
            written["transcripts"] = (place / "transcripts", write_transcripts(place / "transcripts", transcripts))
        return ExportedCorrections(
            {name: str(target) for name, (target, _) in written.items()},
            {name: found.items for name, (_, found) in written.items()},
            tuple(dict.fromkeys(path for _, found in written.values() for path in found.missing)),
        )

    # --- learning ----------------------------------------------------------------------------------------------------

    def improve(self, task: Task, model: str | None = None, epochs: int | None = None) -> RunInfo:
        """See `Improving.improve`."""
        return self._runs.start(self._planning.settings(task, self.corrections(), model, epochs))

    def improvements(self) -> tuple[Improvement, ...]:
        """See `Improving.improvements`."""
        found = []
        for run in self._runs.all():
            try:
                found.append(self._improvement(run))
            except MmbmError:
                continue
        return tuple(one for one in found if one is not None)

    def _improvement(self, run: RunInfo) -> Improvement | None:
        settings = self._runs.settings(run.id)
        task = next((task for task, recipe in RECIPE_OF.items() if recipe == settings.recipe), None)
        if settings.improves is None or task is None:
            return None
        report = self._runs.report(run.id)
        comparison = report.comparison if report is not None else None
        kept = self._settings.text(SETTINGS_OF[task][0]) == settings.name
        return Improvement(run, task, settings.improves.model, settings.name, comparison, kept)

    def _named(self, run_id: str) -> Improvement:
        found = next((one for one in self.improvements() if one.run.id == run_id), None)
        if found is None:
            raise InputFault(ErrorCode.ARGUMENT_INVALID, "no such improvement", name="run", value=run_id)
        return found

    def keep(self, run_id: str) -> Improvement:
        """See `Improving.keep`."""
        found = self._named(run_id)
        if not found.run.bundle:
            raise InputFault(ErrorCode.ARGUMENT_INVALID, "it has made no model yet", name="run", value=run_id)
        self._models.choose(found.task, found.new)
        return self._answered_by(found, found.new)

    def revert(self, run_id: str) -> Improvement:
        """See `Improving.revert`."""
        found = self._named(run_id)
        self._models.choose(found.task, found.old)
        return self._answered_by(found, found.old)

    def _answered_by(self, found: Improvement, model: str) -> Improvement:
        """Name a model for a task; nobody, where that model answers without being named.

        A classifier is always named: the library is sorted only by one that is.
        """
        setting = SETTINGS_OF[found.task][0]
        before = self._settings.text(setting)
        self._settings.set(setting, "")
        if found.task is Task.CLASSIFY or self._models.choose(found.task).name != model:
            self._settings.set(setting, model)
        if self._settings.text(setting) != before:
            self._announce(CorrectionsChanged())
        return replace(found, kept=model == found.new)


def _content(path: str) -> str:
    return sha256_of(Path(path))


def _status(task: Task, corrections: list[Correction]) -> TaskCorrections:
    there = [one for one in corrections if _is_there(one.path)]
    usable = [one for one in there if one.lesson]
    learned = len({one.content_hash for one in usable if not one.held_out})
    held_out = len({one.content_hash for one in usable if one.held_out})
    return TaskCorrections(task, learned, held_out, len(corrections) - len(there), max(0, FEWEST_LEARNED - learned))


def _is_there(path: str) -> bool:
    try:
        return Path(path).is_file()
    except (OSError, ValueError):
        return False

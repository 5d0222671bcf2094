"""Scripted corrections and improvements for tests of the window and for demonstrations. Nothing is read or written."""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.engine.improving.interface import Improving
from mmbm_desktop.protocol.corrections import (
    FEWEST_LEARNED,
    TASK_OF,
    Correction,
    CorrectionKind,
    ExportedCorrections,
    Improvement,
    TaskCorrections,
    counted,
    improved_name,
)
from mmbm_desktop.protocol.events import CorrectionsChanged
from mmbm_desktop.protocol.tasks import Task
from mmbm_desktop.protocol.training import Improves, RunSettings

if TYPE_CHECKING:
    from mmbm_desktop.base.errors import MmbmError
    from mmbm_desktop.engine.fake import FakeEngine
    from mmbm_desktop.protocol.training import Comparison, RunInfo

_MODELS = {
    Task.CAPTION: ("image-text", "image-text-small"),
    Task.CLASSIFY: ("picture-classes", "pets"),
    Task.TRANSCRIBE: ("speech-commands", "my-commands"),
}


class FakeImproving(Improving):
    """Keeps corrections in memory; its runs are those of the engine's `FakeRuns`.

    Attributes:
        stored: every correction, the oldest first.
        comparisons: of runs, by id; a finished one without is not compared.
        kept: the run whose model answers, by task.
        exported: the folders that `export` was called with.
        raising: errors that the named methods raise.
        reasons: why the models of tasks can learn nothing.
    """

    def __init__(self, engine: FakeEngine) -> None:
        self.stored: list[Correction] = []
        self.comparisons: dict[str, Comparison] = {}
        self.kept: dict[Task, str] = {}
        self.exported: list[Path | None] = []
        self.raising: dict[str, MmbmError] = {}
        self.reasons: dict[Task, str] = {}
        self._engine = engine

    def put(self, kind: CorrectionKind, path: str, said: str, text: str, language: str = "", rating: int = 0) -> None:
        """Add a correction as if the person had made it; its file's name decides whether it is held out."""
        digest = hashlib.sha256(path.encode()).hexdigest()
        number, now = len(self.stored) + 1, time.time()
        self.stored.append(Correction(kind, path, digest, said, text, "model 1", language, rating, number, now))
        self._engine.emit(CorrectionsChanged())

    def set_label(self, path: str, said: str, label: str, model: str) -> None:
        """Keep a label."""
        del model
        self._raise_if_told("set_label")
        self.put(CorrectionKind.LABEL, path, said, label)

    def rate_caption(self, path: str, caption: str, language: str, model: str, rating: int) -> None:
        """Keep a rating."""
        del model
        self._raise_if_told("rate_caption")
        self.put(CorrectionKind.THUMB, path, caption, "", language, rating)

    def corrections(self) -> tuple[Correction, ...]:
        """Return those that count, the newest first."""
        self._raise_if_told("corrections")
        return counted(tuple(self.stored))

    def status(self) -> tuple[TaskCorrections, ...]:
        """Count; no file is looked for."""
        found = []
        for task in dict.fromkeys(TASK_OF.values()):
            mine = [one for one in self.corrections() if one.task is task and one.lesson]
            held_out = sum(one.held_out for one in mine)
            learned = len(mine) - held_out
            needed = max(0, FEWEST_LEARNED - learned)
            found.append(TaskCorrections(task, learned, held_out, 0, needed, reason=self.reasons.get(task, "")))
        return tuple(found)

    def export(self, folder: Path | None = None) -> ExportedCorrections:
        """Note the folder."""
        self._raise_if_told("export")
        self.exported.append(folder)
        return ExportedCorrections({"captions": str(folder)}, {"captions": len(self.corrections())})

    def improve(self, task: Task, model: str | None = None, epochs: int | None = None) -> RunInfo:
        """Start a scripted run."""
        self._raise_if_told("improve")
        status = next(one for one in self.status() if one.task is task)
        if status.needed:
            raise InputFault(ErrorCode.CORRECTIONS_TOO_FEW, task=str(task), there=status.learned, needed=status.needed)
        recipe, usual = _MODELS[task]
        old = model or usual
        name = improved_name(old, frozenset(run.name for run in self._engine.runs.all()))
        improves = Improves(old, f"/models/{old}")
        return self._engine.runs.start(RunSettings(recipe, "/corrections", name, epochs=epochs or 3, improves=improves))

    def improvements(self) -> tuple[Improvement, ...]:
        """Return the scripted runs that improve something."""
        self._raise_if_told("improvements")
        found = []
        for run in self._engine.runs.all():
            improves = self._engine.runs.settings(run.id).improves
            task = next((task for task, (recipe, _) in _MODELS.items() if recipe == run.recipe), None)
            if improves is not None and task is not None:
                comparison, kept = self.comparisons.get(run.id), self.kept.get(task) == run.id
                found.append(Improvement(run, task, improves.model, run.name, comparison, kept))
        return tuple(found)

    def keep(self, run_id: str) -> Improvement:
        """Note that a run's model answers."""
        self._raise_if_told("keep")
        found = next(one for one in self.improvements() if one.run.id == run_id)
        self.kept[found.task] = run_id
        self._engine.emit(CorrectionsChanged())
        return replace(found, kept=True)

    def revert(self, run_id: str) -> Improvement:
        """Note that it does no more."""
        self._raise_if_told("revert")
        found = next(one for one in self.improvements() if one.run.id == run_id)
        self.kept.pop(found.task, None)
        self._engine.emit(CorrectionsChanged())
        return replace(found, kept=False)

    def _raise_if_told(self, method: str) -> None:
        if method in self.raising:
            raise self.raising[method]

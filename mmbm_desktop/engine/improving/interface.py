"""Correct, learn, compare, keep or revert, as the window and the command line see it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from mmbm_desktop.protocol.corrections import Correction, ExportedCorrections, Improvement, TaskCorrections
    from mmbm_desktop.protocol.tasks import Task
    from mmbm_desktop.protocol.training import RunInfo


class Improving(ABC):
    """Collects corrections and lets models learn from them. Every method may be called from any thread.

    Captions and transcripts are collected by `Engine.save_caption` and `Engine.save_transcript`. All methods wait for
    the disk; `set_label`, `rate_caption`, `export` and `improve` read files, so call them outside the GUI thread.
    """

    @abstractmethod
    def set_label(self, path: str, said: str, label: str, model: str) -> None:
        """Store which class a picture shows, where `model` (name and version) had `said` another.

        Raises:
            MmbmError: the file is gone, the disk is full, or the library is locked.
        """

    @abstractmethod
    def rate_caption(self, path: str, caption: str, language: str, model: str, rating: int) -> None:
        """Store that a model's caption is good (1) or bad (-1); 0 takes that away.

        Raises:
            InputFault: another rating, or the file is gone.
            MmbmError: the disk is full, or the library is locked.
        """

    @abstractmethod
    def corrections(self) -> tuple[Correction, ...]:
        """Return the corrections that count, the newest first."""

    @abstractmethod
    def status(self) -> tuple[TaskCorrections, ...]:
        """Return how many there are for each task; looks whether their files are there."""

    @abstractmethod
    def export(self, folder: Path | None = None) -> ExportedCorrections:
        """Write all corrections as data folders for training below `folder`, by default in the data directory.

        Pictures and recordings are compared with their hashes and appear there as links to the person's own files, as
        copies where the disk cannot link; the files themselves are left alone.

        Raises:
            MmbmError: the folder cannot be written.
        """

    @abstractmethod
    def improve(self, task: Task, model: str | None = None, epochs: int | None = None) -> RunInfo:
        """Start a run that goes on from the model that answers a task, or from `model`.

        It makes a new model beside the old one and compares both; see `RunReport.comparison`.

        Raises:
            InputFault: CORRECTIONS_TOO_FEW (`task`, `there`, `needed`); ARGUMENT_INVALID, nobody can improve that task.
            EnvironmentFault: MODEL_MISSING, or a folder cannot be written.
        """

    @abstractmethod
    def improvements(self) -> tuple[Improvement, ...]:
        """Return the runs that learn from corrections, the newest first."""

    @abstractmethod
    def keep(self, run_id: str) -> Improvement:
        """Let a run's new model answer its task from now on.

        Raises:
            InputFault: there is no such run, or it has made no model.
            EnvironmentFault: the settings cannot be written.
        """

    @abstractmethod
    def revert(self, run_id: str) -> Improvement:
        """Let the model that a run began with answer its task again.

        Raises:
            InputFault: there is no such run.
            EnvironmentFault: that model is gone, or the settings cannot be written.
        """

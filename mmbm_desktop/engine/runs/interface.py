"""Training runs as the window and the command line see them. `LocalRuns` is real, `FakeRuns` scripted."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mmbm_desktop.engine.tuning.interface import Tuning
    from mmbm_desktop.protocol.recipes import RecipeInfo
    from mmbm_desktop.protocol.training import CurvePoint, RunInfo, RunReport, RunSettings, RunUse, Sample


class Runs(ABC):
    """Starts, pauses, resumes and keeps training runs. Every method may be called from any thread.

    A run is a folder; working on it is a job (a `TrainRequest`), one at a time. Changes are told by `RunChanged`,
    `RunAdvanced`, `RunSampled`, `RunRemoved` and, once a bundle was published, `ModelsChanged`. Those marked "reads the
    run" wait for the disk (milliseconds).
    """

    @abstractmethod
    def recipes(self) -> tuple[RecipeInfo, ...]:
        """Return what can be trained, with presets and settings."""

    @abstractmethod
    def all(self) -> tuple[RunInfo, ...]:
        """Return every run, newest first (reads the runs)."""

    @abstractmethod
    def start(self, settings: RunSettings) -> RunInfo:
        """Make a run's folder and queue it.

        Raises:
            InputFault: a setting makes no sense (SPEC_INVALID, ARGUMENT_INVALID) or the data folder is missing.
            EnvironmentFault: the folder cannot be written.
        """

    @abstractmethod
    def pause(self, run_id: str) -> None:
        """Stop at the next step with everything kept; ignored for a run that is not active."""

    @abstractmethod
    def resume(self, run_id: str) -> None:
        """Queue a paused, interrupted or failed run again; ignored for an active or a finished one."""

    @abstractmethod
    def extend(self, run_id: str, epochs: int) -> None:
        """Add epochs to the last phase; one that had ended goes on from its last checkpoint.

        Raises:
            InputFault: `epochs` is below 1, or the run is active.
        """

    @abstractmethod
    def finish(self, run_id: str) -> None:
        """Stop now and publish the best weights so far; ignored for a finished run.

        Raises:
            InputFault: nothing was checked on the val split yet, so there is no best.
        """

    @abstractmethod
    def remove(self, run_id: str) -> None:
        """Delete the run's folder, never its data or its published bundle.

        Raises:
            InputFault: the run is active.
        """

    @abstractmethod
    def settings(self, run_id: str) -> RunSettings:
        """Return what the run was told, to clone it (reads the run)."""

    @abstractmethod
    def curve(self, run_id: str) -> tuple[CurvePoint, ...]:
        """Return the whole curve (reads the run)."""

    @abstractmethod
    def samples(self, run_id: str) -> tuple[Sample, ...]:
        """Return the latest samples (reads the run)."""

    @abstractmethod
    def report(self, run_id: str) -> RunReport | None:
        """Return the report; None for a run that has not finished (reads the run)."""

    @abstractmethod
    def web_page(self, run_id: str, language: str) -> str:
        """Return the run's report as one self-contained HTML page in "en" or "zh" (reads the run).

        Raises:
            InputFault: the run has no report yet.
        """

    @abstractmethod
    def use(self, run_id: str) -> RunUse | None:
        """Return what a run's process uses of the computer, whoever started it; None where none is at work.

        It looks twice, half a second apart. A run that is worked on here tells it all the time, in its `RunInfo`.
        """

    @abstractmethod
    def devices(self) -> tuple[str, ...]:
        """Return where a run can go: "auto", "cpu", then "gpu:0" … and "all" where there are several. Cheap: cached."""

    @property
    @abstractmethod
    def tuning(self) -> Tuning:
        """Searches over settings, whose trials are runs like others."""

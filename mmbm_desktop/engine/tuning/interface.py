"""Searches over settings as the window and the command line see them. `LocalTuning` is real, `FakeTuning` scripted."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mmbm_desktop.protocol.training import RunSettings
    from mmbm_desktop.protocol.tuning import TuningInfo


class Tuning(ABC):
    """Starts, pauses, resumes and keeps searches. Every method may be called from any thread; all read the disk.

    Going on with a search is a job (a `TuneRequest`); every stretch of a trial is one, too (a `TrainRequest`). Changes
    are told by `TuningChanged` and `TuningRemoved`, those of the trials' runs as of every run.
    """

    @abstractmethod
    def all(self) -> tuple[TuningInfo, ...]:
        """Return every search, newest first."""

    @abstractmethod
    def start(self, settings: RunSettings, trials: int) -> TuningInfo:
        """Draw so many trials around a run's settings and queue the search; the seed decides what is drawn.

        Raises:
            InputFault: a setting makes no sense, there is nothing to try, or the number of trials is not 4 to 16.
            EnvironmentFault: the folder cannot be written.
        """

    @abstractmethod
    def pause(self, tuning_id: str) -> None:
        """Stop at the next step with everything kept; ignored for one that is not active."""

    @abstractmethod
    def resume(self, tuning_id: str) -> None:
        """Queue a paused, interrupted or failed search again; ignored for an active or a finished one."""

    @abstractmethod
    def remove_losers(self, tuning_id: str) -> None:
        """Delete the runs of trials that are out or failed; what they scored stays in the search's table."""

    @abstractmethod
    def remove(self, tuning_id: str) -> None:
        """Delete a search and its trials' runs but the one that won, never its data or the published bundle.

        Raises:
            InputFault: the search is active.
        """

"""Records of a search over settings: its trials, which are ordinary runs, and how the race between them stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mmbm_desktop.protocol.failure import Failure
    from mmbm_desktop.protocol.training import RunSettings, RunState, SettingValue

FEWEST_TRIALS, USUAL_TRIALS, MOST_TRIALS = 4, 8, 16


class TrialState(StrEnum):
    """Where a trial is. RACING: it waits for the others of its rung, or has its next one before it."""

    WAITING = "waiting"
    RUNNING = "running"
    RACING = "racing"
    OUT = "out"
    FAILED = "failed"
    GONE = "gone"
    BEST = "best"


@dataclass(frozen=True)
class TrialInfo:
    """One trial.

    Attributes:
        number: from 1 on; the first one has the settings as the person had them.
        run: id of its run, which may not be made yet.
        values: what it tries, by the setting's name; None: as the preset has it.
        state: where it is.
        scores: best score of the val split up to each rung that it came to; None where that was no number.
        there: whether its run's folder is there.
        failure: why it failed.
    """

    number: int
    run: str
    values: dict[str, SettingValue | None]
    state: TrialState
    scores: tuple[float | None, ...] = ()
    there: bool = False
    failure: Failure | None = None

    @property
    def score(self) -> float | None:
        """The latest of its scores."""
        return self.scores[-1] if self.scores else None

    @property
    def lost(self) -> bool:
        """Whether it is out of the race, its run still there or not."""
        return self.state in (TrialState.OUT, TrialState.FAILED)


@dataclass(frozen=True)
class TuningInfo:
    """One search at one moment.

    Attributes:
        id: its folder's name.
        path: its folder.
        settings: of the first trial; its name is that of the bundle to publish.
        state: where the search is.
        created_s: seconds since the epoch.
        rungs: epochs at which trials are compared; the last one is the planned end.
        tried: names of the settings that differ between trials.
        trials: in the order of their numbers.
        epochs_done: by all trials that came to a rung.
        epochs: that the search will probably take.
        best: id of the run that won; "" before.
        bundle: what it published.
        failure: why the search stopped.
    """

    id: str
    path: str
    settings: RunSettings
    state: RunState
    created_s: float
    rungs: tuple[int, ...]
    tried: tuple[str, ...]
    trials: tuple[TrialInfo, ...]
    epochs_done: int = 0
    epochs: int = 0
    best: str = ""
    bundle: str = ""
    failure: Failure | None = None

    @property
    def name(self) -> str:
        """Of the bundle that it makes."""
        return self.settings.name

    @property
    def runs(self) -> frozenset[str]:
        """Ids of all trials' runs."""
        return frozenset(trial.run for trial in self.trials)

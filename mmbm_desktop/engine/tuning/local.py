"""Searches on this computer: their files, a job for going on with one, events. The race itself is in `racing.py`."""

from __future__ import annotations

import logging
import os
import threading
from typing import TYPE_CHECKING, cast

from mmbm_desktop.base.errors import Cancelled, EnvironmentFault, ErrorCode, InputFault, MmbmError
from mmbm_desktop.engine.runs.checking import check_settings
from mmbm_desktop.engine.tuning.drawing import drawn_trials, planned_epochs, tried_names
from mmbm_desktop.engine.tuning.halving import planned
from mmbm_desktop.engine.tuning.interface import Tuning
from mmbm_desktop.engine.tuning.racing import Race, as_failure
from mmbm_desktop.engine.tuning.standing import info_of
from mmbm_desktop.engine.tuning.tuning_store import trial_id
from mmbm_desktop.protocol.events import JobChanged, TuningChanged, TuningRemoved
from mmbm_desktop.protocol.jobs import JobState
from mmbm_desktop.protocol.requests import TuneRequest
from mmbm_desktop.protocol.training import RunState
from mmbm_desktop.protocol.tuning import FEWEST_TRIALS, MOST_TRIALS

if TYPE_CHECKING:
    from collections.abc import Callable

    from mmbm_desktop.engine.job_queue import RunningJob
    from mmbm_desktop.engine.runs.interface import Runs
    from mmbm_desktop.engine.runs.jobs import Jobs
    from mmbm_desktop.engine.runs.run_store import RunStore
    from mmbm_desktop.engine.tuning.tuning_store import StoredTuning, TuningStore
    from mmbm_desktop.protocol.events import Event
    from mmbm_desktop.protocol.jobs import JobSnapshot
    from mmbm_desktop.protocol.results import TuneResult
    from mmbm_desktop.protocol.training import RunInfo, RunSettings
    from mmbm_desktop.protocol.tuning import TuningInfo

log = logging.getLogger(__name__)


class LocalTuning(Tuning):
    """Real searches. `work` is called in the thread of a job, `on_event` in that of the announcer.

    Args:
        store: the searches' files.
        run_store: the runs' folders.
        runs: what else is done with runs.
        jobs: takes a `TuneRequest` for a search and a `TrainRequest` for each stretch of a trial.
        announce: takes events; must return at once.
        info: returns a run as it is now.
    """

    def __init__(
        self,
        store: TuningStore,
        run_store: RunStore,
        runs: Runs,
        jobs: Jobs,
        announce: Callable[[Event], None],
        info: Callable[[str], RunInfo],
    ) -> None:
        self._store, self._run_store, self._runs = store, run_store, runs
        self._jobs, self._announce, self._run_info = jobs, announce, info
        self._guard = threading.Lock()
        self._races: dict[str, Race] = {}

    # --- the work ------------------------------------------------------------------------------------------------

    def work(self, job: RunningJob) -> TuneResult:
        """Do a `TuneRequest`.

        Raises:
            Cancelled: the search was paused.
            MmbmError: why it stopped.
        """
        tuning_id = cast("TuneRequest", job.request).tuning
        self._claim(tuning_id)
        race = Race(
            job, tuning_id, self._store, self._run_store, self._jobs, self._run_info, lambda: self._tell(tuning_id)
        )
        with self._guard:
            self._races[tuning_id] = race
        try:
            return race.run()
        except Cancelled:
            self._leave(tuning_id, RunState.PAUSED, None)
            raise
        except MmbmError as error:
            self._leave(tuning_id, RunState.FAILED, error)
            raise
        finally:
            with self._guard:
                del self._races[tuning_id]

    def _claim(self, tuning_id: str) -> None:
        stored = self._store.read(tuning_id)
        if stored.lives and stored.pid != os.getpid():
            path = str(self._store.path(tuning_id))
            raise EnvironmentFault(ErrorCode.TRAINING_FAILED, "", path=path, reason="search-busy")
        self._store.write(tuning_id, stored.claimed())

    def _leave(self, tuning_id: str, state: RunState, error: MmbmError | None) -> None:
        """Note how the search stopped, where that can be written."""
        try:
            stored = self._store.read(tuning_id)
            self._store.write(tuning_id, stored.left(state, None if error is None else as_failure(error)))
        except MmbmError as fault:
            log.warning("search %s: its state cannot be written: %s", tuning_id, fault)

    def on_event(self, event: Event) -> None:
        """Tell how a search is when its job was queued or has ended."""
        if isinstance(event, JobChanged) and isinstance(event.job.request, TuneRequest):
            self._tell(event.job.request.tuning)

    def _tell(self, tuning_id: str) -> None:
        try:
            self._announce(TuningChanged(self._info(tuning_id)))
        except MmbmError as error:
            log.info("search %s: %s", tuning_id, error)

    # --- Tuning --------------------------------------------------------------------------------------------------

    def all(self) -> tuple[TuningInfo, ...]:
        """See `Tuning.all`; a file that is damaged, or removed meanwhile, is left out."""
        found = []
        for tuning_id in self._store.ids():
            try:
                found.append(self._info(tuning_id))
            except MmbmError as error:
                log.warning("search %s: %s", tuning_id, error)
        return tuple(sorted(found, key=lambda info: info.created_s, reverse=True))

    def start(self, settings: RunSettings, trials: int) -> TuningInfo:
        """See `Tuning.start`."""
        check_settings(settings, self._runs.recipes(), self._runs.devices())
        if not FEWEST_TRIALS <= trials <= MOST_TRIALS or not tried_names(settings):
            raise InputFault(ErrorCode.ARGUMENT_INVALID, "4 to 16 trials", name="trials", value=trials)
        plan = planned(trials, planned_epochs(settings))
        tuning_id = self._store.make(settings, plan.rungs, plan.places, drawn_trials(settings, trials))
        self._jobs.submit(TuneRequest(tuning_id))
        return self._info(tuning_id)

    def pause(self, tuning_id: str) -> None:
        """See `Tuning.pause`."""
        job = self._job(tuning_id)
        if job is not None:
            self._jobs.cancel(job.id)

    def resume(self, tuning_id: str) -> None:
        """See `Tuning.resume`."""
        info = self._info(tuning_id)
        if not info.state.active and info.state is not RunState.FINISHED:
            self._jobs.submit(TuneRequest(tuning_id))

    def remove_losers(self, tuning_id: str) -> None:
        """See `Tuning.remove_losers`."""
        for trial in self._info(tuning_id).trials:
            if trial.lost and trial.there and not self._run_info(trial.run).state.active:
                self._runs.remove(trial.run)
        self._tell(tuning_id)

    def remove(self, tuning_id: str) -> None:
        """See `Tuning.remove`."""
        info = self._info(tuning_id)
        if info.state.active:
            raise InputFault(ErrorCode.ARGUMENT_INVALID, "it is active", name="search", value=tuning_id)
        for trial in info.trials:
            if trial.there and trial.run != info.best and not self._run_info(trial.run).state.active:
                self._runs.remove(trial.run)
        self._store.remove(tuning_id)
        self._announce(TuningRemoved(tuning_id))

    # --- inside --------------------------------------------------------------------------------------------------

    def _job(self, tuning_id: str) -> JobSnapshot | None:
        wanted = TuneRequest(tuning_id)
        return next((job for job in self._jobs.jobs() if job.request == wanted and not job.state.final), None)

    def _info(self, tuning_id: str) -> TuningInfo:
        path, stored = self._store.path(tuning_id), self._store.read(tuning_id)
        with self._guard:
            race = self._races.get(tuning_id)
        current = race.current if race is not None else None
        runs = (trial_id(tuning_id, index) for index in range(len(stored.trials)))
        there = {run for run in runs if self._run_store.there(run)}
        state = self._state(stored, self._job(tuning_id))
        return info_of(tuning_id, str(path), stored, state, current=current, there=there)

    def _state(self, stored: StoredTuning, job: JobSnapshot | None) -> RunState:
        if job is not None:
            states = {JobState.WAITING: RunState.WAITING, JobState.CANCELLING: RunState.STOPPING}
            return states.get(job.state, RunState.RUNNING)
        if not stored.state.active:
            return stored.state
        return RunState.RUNNING if stored.lives and stored.pid != os.getpid() else RunState.INTERRUPTED

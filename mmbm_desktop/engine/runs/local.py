"""Runs on this computer: folders, a job for each stretch of work, events. The work itself is in `working.py`."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from mmbm_desktop.base.errors import ErrorCode, InputFault, MmbmError
from mmbm_desktop.engine.runs.checking import check_settings
from mmbm_desktop.engine.runs.finding_rate import FindingRate
from mmbm_desktop.engine.runs.interface import Runs
from mmbm_desktop.engine.runs.use import use_now
from mmbm_desktop.engine.runs.web_page import web_page
from mmbm_desktop.engine.runs.working import Patience, Working, training_command
from mmbm_desktop.engine.tuning.local import LocalTuning
from mmbm_desktop.engine.tuning.tuning_store import TuningStore
from mmbm_desktop.protocol.events import JobChanged, RunChanged, RunRemoved
from mmbm_desktop.protocol.jobs import JobState
from mmbm_desktop.protocol.recipe_catalogue import RECIPES
from mmbm_desktop.protocol.requests import FindRateRequest, TrainRequest, TuneRequest
from mmbm_desktop.protocol.training import RunState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mmbm_desktop.engine.job_queue import RunningJob
    from mmbm_desktop.engine.runs.devices import Devices
    from mmbm_desktop.engine.runs.jobs import Jobs
    from mmbm_desktop.engine.runs.run_store import RunStore
    from mmbm_desktop.protocol.events import Event
    from mmbm_desktop.protocol.failure import Failure
    from mmbm_desktop.protocol.jobs import JobSnapshot
    from mmbm_desktop.protocol.recipes import RecipeInfo
    from mmbm_desktop.protocol.requests import Request
    from mmbm_desktop.protocol.results import Result, TrainResult
    from mmbm_desktop.protocol.training import CurvePoint, RunInfo, RunReport, RunSettings, RunUse, Sample

log = logging.getLogger(__name__)


class LocalRuns(Runs):
    """Real runs. `work` is called in the thread of a job, `on_event` in that of the announcer.

    Args:
        store: the runs' folders.
        devices: where a run can go.
        jobs: takes a `TrainRequest` for each stretch of work.
        announce: takes events; must return at once.
        patience: with the training processes.
        command: gives a process's program and arguments.
    """

    def __init__(
        self,
        store: RunStore,
        devices: Devices,
        jobs: Jobs,
        announce: Callable[[Event], None],
        patience: Patience | None = None,
        command: Callable[..., Sequence[str]] = training_command,
    ) -> None:
        self._store, self._devices, self._jobs, self._announce = store, devices, jobs, announce
        self._patience = patience or Patience()
        self._command = command
        self._guard = threading.RLock()
        self._working: dict[str, Working] = {}
        self._finishing: set[str] = set()
        self._ended: dict[str, tuple[RunState, Failure | None]] = {}
        self._tuning = LocalTuning(TuningStore(store.folder), store, self, jobs, announce, self._info)

    # --- the work ----------------------------------------------------------------------------------------------------

    @property
    def runners(self) -> Mapping[type[Request], Callable[[RunningJob], Result]]:
        """Who does which request of training in the thread of its job."""
        find_rate = FindingRate(self.devices, self._announce).run
        return {TrainRequest: self.work, FindRateRequest: find_rate, TuneRequest: self._tuning.work}

    def work(self, job: RunningJob) -> TrainResult:
        """Do a `TrainRequest`.

        Raises:
            Cancelled: the run was paused.
            MmbmError: why it failed.
        """
        run_id = cast("TrainRequest", job.request).run
        working = Working(job, self._store, self._announce, self._patience)
        with self._guard:
            self._working[run_id] = working
            self._ended.pop(run_id, None)
            if run_id in self._finishing:
                self._finishing.discard(run_id)
                working.finish()
        try:
            return working.run(self._command)
        finally:
            with self._guard:
                if working.ended is not None:
                    self._ended[run_id] = working.ended

    def on_event(self, event: Event) -> None:
        """Tell how a run is when a job of it was queued, also by a retry, or has ended, also without having begun."""
        self._tuning.on_event(event)
        if not isinstance(event, JobChanged) or not isinstance(event.job.request, TrainRequest):
            return
        run_id = event.job.request.run
        state = event.job.state
        with self._guard:
            working = self._working.get(run_id)
            if state.final and working is not None and working.job_id == event.job.id:
                del self._working[run_id]
        if state.final or state is JobState.WAITING:
            self._tell(run_id)

    def begin_close(self, timeout_s: float) -> None:
        """Have little patience with the process from now on; its job is cancelled by whoever keeps the jobs."""
        moment = time.monotonic() + timeout_s
        with self._guard:
            for working in self._working.values():
                working.end_by(moment)

    def _tell(self, run_id: str) -> None:
        try:
            self._announce(RunChanged(self._info(run_id)))
        except MmbmError as error:
            log.info("run %s: %s", run_id, error)

    # --- Runs --------------------------------------------------------------------------------------------------------

    def recipes(self) -> tuple[RecipeInfo, ...]:
        """See `Runs.recipes`."""
        return RECIPES

    def all(self) -> tuple[RunInfo, ...]:
        """See `Runs.all`; a run that is removed meanwhile is left out."""
        found = []
        for run_id in self._store.ids():
            try:
                found.append(self._info(run_id))
            except MmbmError as error:
                log.info("run %s: %s", run_id, error)
        return tuple(sorted(found, key=lambda info: info.created_s, reverse=True))

    def start(self, settings: RunSettings) -> RunInfo:
        """See `Runs.start`."""
        check_settings(settings, self.recipes(), self.devices())
        run_id = self._store.make(settings)
        return self._queue(run_id)

    def pause(self, run_id: str) -> None:
        """See `Runs.pause`."""
        job = self._job(run_id)
        if job is not None:
            self._jobs.cancel(job.id)

    def resume(self, run_id: str) -> None:
        """See `Runs.resume`."""
        info = self._info(run_id)
        if not info.state.active and info.state is not RunState.FINISHED:
            self._queue(run_id)

    def extend(self, run_id: str, epochs: int) -> None:
        """See `Runs.extend`; a run that had not ended waits to be resumed."""
        info = self._info(run_id)
        if epochs < 1:
            raise InputFault(ErrorCode.ARGUMENT_INVALID, name="epochs", value=epochs)
        _refuse_active(info)
        self._store.extend(run_id, epochs)
        if info.state is RunState.FINISHED:
            self._store.note(run_id, RunState.PAUSED)
            self._queue(run_id)
        else:
            self._tell(run_id)

    def finish(self, run_id: str) -> None:
        """See `Runs.finish`."""
        info = self._info(run_id)
        if info.state is RunState.FINISHED:
            return
        if info.best is None:
            raise InputFault(ErrorCode.ARGUMENT_INVALID, "nothing was checked yet", name="run", value=run_id)
        with self._guard:
            working = self._working.get(run_id)
            if working is None or working.ended is not None:
                self._finishing.add(run_id)
        if working is not None and working.ended is None:
            working.finish()
        elif not info.state.active:
            self._queue(run_id)

    def remove(self, run_id: str) -> None:
        """See `Runs.remove`."""
        _refuse_active(self._info(run_id))
        self._store.remove(run_id)
        self._announce(RunRemoved(run_id))

    def settings(self, run_id: str) -> RunSettings:
        """See `Runs.settings`."""
        return self._store.settings(run_id)

    def curve(self, run_id: str) -> tuple[CurvePoint, ...]:
        """See `Runs.curve`."""
        return self._store.curve(run_id)

    def samples(self, run_id: str) -> tuple[Sample, ...]:
        """See `Runs.samples`."""
        return self._store.samples(run_id)

    def report(self, run_id: str) -> RunReport | None:
        """See `Runs.report`."""
        return self._store.report(run_id) if self._info(run_id).state is RunState.FINISHED else None

    def web_page(self, run_id: str, language: str) -> str:
        """See `Runs.web_page`."""
        report = self.report(run_id)
        if report is None:
            raise InputFault(ErrorCode.ARGUMENT_INVALID, "it has no report yet", name="run", value=run_id)
        info, settings = self._info(run_id), self.settings(run_id)
        return web_page(info, settings, report, self.curve(run_id), language)

    def use(self, run_id: str) -> RunUse | None:
        """See `Runs.use`."""
        process = self._store.process(run_id)
        return None if process is None else use_now(*process)

    def devices(self) -> tuple[str, ...]:
        """See `Runs.devices`."""
        return self._devices.all()

    @property
    def tuning(self) -> LocalTuning:
        """See `Runs.tuning`."""
        return self._tuning

    # --- inside ------------------------------------------------------------------------------------------------------

    def _queue(self, run_id: str) -> RunInfo:
        waiting = replace(self._store.info(run_id), state=RunState.WAITING, failure=None)
        self._announce(RunChanged(waiting))
        self._jobs.submit(TrainRequest(run_id))
        return waiting

    def _job(self, run_id: str) -> JobSnapshot | None:
        """Return the job that works on a run, or will."""
        for job in self._jobs.jobs():
            if isinstance(job.request, TrainRequest) and job.request.run == run_id and not job.state.final:
                return job
        return None

    def _info(self, run_id: str) -> RunInfo:
        with self._guard:
            working = self._working.get(run_id)
            ended = self._ended.get(run_id)
        if working is not None and working.ended is None:
            return working.info
        info = self._store.info(run_id)
        job = self._job(run_id)
        if job is not None and (working is None or working.job_id != job.id):
            return replace(info, state=RunState.WAITING)
        if ended is not None and info.state is RunState.INTERRUPTED:
            return replace(info, state=ended[0], failure=ended[1])
        return info


def _refuse_active(info: RunInfo) -> None:
    if info.state.active:
        raise InputFault(ErrorCode.ARGUMENT_INVALID, "it is active", name="run", value=info.id)

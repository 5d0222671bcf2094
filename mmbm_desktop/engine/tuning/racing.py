"""Takes a search to its end: trains what is next, notes what came of it, publishes the best. Blocks its job's thread.

Every stretch of a trial is an ordinary training job. What it came to is read from the run's folder, never from the job,
so that a search that was cut off anywhere goes on where it was.
"""

from __future__ import annotations

import logging
import math
from dataclasses import replace
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import Cancelled, EnvironmentFault, ErrorCode, InputFault, MmbmError
from mmbm_desktop.engine.tuning.halving import Publish, Train, next_step
from mmbm_desktop.engine.tuning.standing import plan_of, standings_of
from mmbm_desktop.engine.tuning.tuning_store import trial_id
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.jobs import JobState
from mmbm_desktop.protocol.requests import TrainRequest
from mmbm_desktop.protocol.results import TuneResult
from mmbm_desktop.protocol.training import RunState

if TYPE_CHECKING:
    from collections.abc import Callable

    from mmbm_desktop.engine.job_queue import RunningJob
    from mmbm_desktop.engine.runs.jobs import Jobs
    from mmbm_desktop.engine.runs.run_store import RunStore
    from mmbm_desktop.engine.tuning.tuning_store import StoredTrial, StoredTuning, TuningStore
    from mmbm_desktop.protocol.jobs import JobSnapshot
    from mmbm_desktop.protocol.training import RunInfo

log = logging.getLogger(__name__)

_POLL_S = 0.1
_ATTEMPTS = 2
"""How often a stretch is begun when its process ends without a word; somebody else may have killed it."""
_SEARCH_ENDS = ("run-busy",)
_OF_TRIALS = (ErrorCode.TRAINING_FAILED, ErrorCode.OUT_OF_MEMORY, ErrorCode.SPEC_INVALID, ErrorCode.BUG)
"""What can be a trial's own fault; whatever else goes wrong would go wrong for every trial."""


class Race:
    """One search, worked on.

    Args:
        job: whose thread it blocks.
        tuning_id: of the search, which this process has claimed.
        store: the searches' files.
        runs: the runs' folders.
        jobs: take a `TrainRequest` for each stretch.
        info: returns a run as it is now.
        told: is called whenever the search has gone on.

    Attributes:
        current: index of the trial that is worked on.
    """

    def __init__(
        self,
        job: RunningJob,
        tuning_id: str,
        store: TuningStore,
        runs: RunStore,
        jobs: Jobs,
        info: Callable[[str], RunInfo],
        told: Callable[[], None],
    ) -> None:
        self._job, self._id, self._store, self._runs = job, tuning_id, store, runs
        self._jobs, self._info, self._told = jobs, info, told
        self.current: int | None = None

    def run(self) -> TuneResult:
        """Go on to the end.

        Raises:
            Cancelled: the search, or the trial that is worked on, was paused.
            MmbmError: all trials failed, or what would fail every one of them.
        """
        while True:
            self._job.token.check()
            stored = self._store.read(self._id)
            match next_step(plan_of(stored), standings_of(stored)):
                case None:
                    path = str(self._store.path(self._id))
                    raise EnvironmentFault(ErrorCode.TRAINING_FAILED, "", path=path, reason="all-trials-failed")
                case Publish(trial=trial):
                    done = self._last_stretch(stored, trial)
                case Train(trial=trial, rung=rung, alone=alone) if alone and rung == len(stored.rungs) - 1:
                    done = self._last_stretch(stored, trial)
                case Train(trial=trial, rung=rung):
                    done = self._stretch(stored, trial, rung)
            if done is not None:
                return done

    # --- one stretch ---------------------------------------------------------------------------------------------

    def _stretch(self, stored: StoredTuning, trial: int, rung: int) -> None:
        """Train a trial up to a rung and note its score there."""
        until = stored.rungs[rung]
        if self._train(stored, trial, until):
            self._scored(trial, rung)

    def _last_stretch(self, stored: StoredTuning, trial: int) -> TuneResult | None:
        """Train the best trial to its end, as the run that the person asked for, and publish it."""
        run_id = trial_id(self._id, trial)
        self._made(stored, trial)
        if self._gone(stored, trial):
            return None
        if not _reached(self._info(run_id), None):
            self._runs.rename(run_id, stored.settings.name)
        if not self._train(stored, trial, None):
            if self._runs.there(run_id):
                self._runs.rename(run_id, stored.trials[trial].settings.name)
            return None
        last = len(stored.rungs) - 1
        if len(stored.trials[trial].scores) <= last:
            self._scored(trial, last)
        bundle = self._info(run_id).bundle
        won = replace(self._store.read(self._id).left(RunState.FINISHED), best=trial, bundle=bundle)
        self._store.write(self._id, won)
        return TuneResult(self._id, run_id, bundle)

    def _train(self, stored: StoredTuning, trial: int, until: int | None) -> bool:
        """Work on a trial until it has come to an epoch, or is published; return whether it has."""
        run_id = trial_id(self._id, trial)
        self._made(stored, trial)
        self.current = trial
        self._told()
        try:
            for attempt in range(_ATTEMPTS):
                if self._gone(stored, trial):
                    return False
                if _reached(self._info(run_id), until):
                    return True
                job = self._follow(TrainRequest(run_id, until))
                self._job.token.check()
                if self._gone(stored, trial):
                    return False
                failure = self._failure(run_id, job, until)
                if failure is None:
                    return True
                if failure.params.get("reason") != "process-ended" or attempt + 1 == _ATTEMPTS:
                    self._failed(trial, failure)
        finally:
            self.current = None
            self._told()
        return False

    def _follow(self, request: TrainRequest) -> JobSnapshot | None:
        """Wait for a stretch, whose job is cancelled with this one; None where it was forgotten meanwhile."""
        job_id = self._jobs.submit(request)
        while True:
            try:
                return self._jobs.wait(job_id, _POLL_S)
            except TimeoutError:
                if self._job.token.cancelled:
                    self._jobs.cancel(job_id)
            except InputFault:
                return None

    def _failure(self, run_id: str, job: JobSnapshot | None, until: int | None) -> Failure | None:
        """Return why a trial failed on its last stretch; None where it came as far as it should.

        Raises:
            Cancelled: the trial was paused by somebody: so is the search.
            MmbmError: what would fail every trial.
        """
        info = self._info(run_id)
        if _reached(info, until):
            return None
        failure = info.failure or (job.failure if job is not None else None)
        if info.state is RunState.PAUSED or (job is not None and job.state is JobState.CANCELLED) or failure is None:
            raise Cancelled
        if failure.code not in _OF_TRIALS or failure.params.get("reason") in _SEARCH_ENDS:
            raise failure.as_error()
        return failure

    # --- what is noted -------------------------------------------------------------------------------------------

    def _made(self, stored: StoredTuning, trial: int) -> None:
        """Make a trial's run where it is not there yet; one that has scored and is not there was removed."""
        if not stored.trials[trial].scores:
            self._runs.make(stored.trials[trial].settings, trial_id(self._id, trial))

    def _gone(self, stored: StoredTuning, trial: int) -> bool:
        if self._runs.there(trial_id(self._id, trial)):
            return False
        log.info("search %s: trial %d was removed", self._id, trial + 1)
        self._note(trial, replace(stored.trials[trial], gone=True))
        return True

    def _scored(self, trial: int, rung: int) -> None:
        """Note the best score of a trial up to a rung, also where it has meanwhile come further."""
        stored = self._store.read(self._id)
        until = stored.rungs[rung] + 1e-6
        points = self._runs.curve(trial_id(self._id, trial))
        scores = [one.values.get("score", math.nan) for one in points if one.validation and one.epoch <= until]
        best = max(filter(math.isfinite, scores), default=None)
        known = stored.trials[trial]
        self._note(trial, replace(known, scores=(*known.scores[:rung], best)))

    def _failed(self, trial: int, failure: Failure) -> None:
        log.info("search %s: trial %d failed: %s", self._id, trial + 1, failure.params)
        known = self._store.read(self._id).trials[trial]
        self._note(trial, replace(known, failure=replace(failure, detail="")))

    def _note(self, trial: int, changed: StoredTrial) -> None:
        stored = self._store.read(self._id).with_trial(trial, changed)
        self._store.write(self._id, stored)
        done = sum(stored.rungs[len(one.scores) - 1] for one in stored.trials if one.scores)
        total = plan_of(stored).epochs
        self._job.progress(min(done, total), total)
        self._told()


def _reached(info: RunInfo, until: int | None) -> bool:
    """Whether a run has come to an epoch, or to its own end before it; None: whether it is published."""
    if until is None or info.state is RunState.FINISHED:
        return info.state is RunState.FINISHED
    return not info.state.active and info.failure is None and info.epochs_done >= min(until, info.epochs)


def as_failure(error: MmbmError) -> Failure:
    """Return the record of why a search stopped, without the details, which the trial's own log has."""
    return replace(Failure.of(error), detail="")

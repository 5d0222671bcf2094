"""Scripted searches for tests of the window and for demonstrations: a real race over made-up scores."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.engine.runs.checking import check_settings
from mmbm_desktop.engine.tuning.drawing import drawn_trials, planned_epochs
from mmbm_desktop.engine.tuning.halving import Train, next_step, planned
from mmbm_desktop.engine.tuning.interface import Tuning
from mmbm_desktop.engine.tuning.standing import info_of, plan_of, standings_of
from mmbm_desktop.engine.tuning.tuning_store import StoredTrial, StoredTuning, trial_id
from mmbm_desktop.protocol.events import ModelsChanged, TuningChanged, TuningRemoved
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.recipe_catalogue import RECIPES
from mmbm_desktop.protocol.training import CurvePoint, RunInfo, RunState
from mmbm_desktop.protocol.tuning import FEWEST_TRIALS, MOST_TRIALS, TrialState

if TYPE_CHECKING:
    from mmbm_desktop.base.errors import MmbmError
    from mmbm_desktop.engine.fake import FakeEngine
    from mmbm_desktop.engine.runs.fake import FakeRuns
    from mmbm_desktop.protocol.training import RunSettings
    from mmbm_desktop.protocol.tuning import TuningInfo

_CREATED_S = 1_790_000_000.0


class FakeTuning(Tuning):
    """Searches by script. A started one waits until `advance`, or goes on by itself with `pace_s` (seconds a stretch).

    Attributes:
        started: the settings and the number of trials of every `start`, in order.
        raising: errors that the named methods raise.
    """

    def __init__(self, engine: FakeEngine, runs: FakeRuns, pace_s: float | None = None) -> None:
        self.started: list[tuple[RunSettings, int]] = []
        self.raising: dict[str, MmbmError] = {}
        self._engine, self._runs, self._pace_s = engine, runs, pace_s
        self._stored: dict[str, StoredTuning] = {}

    # --- the script ----------------------------------------------------------------------------------------------

    def advance(self, tuning_id: str, stretches: int = 1) -> None:
        """Train the next trial to its rung, as often as said; after the last one the best is published."""
        for _ in range(stretches):
            stored = self._stored[tuning_id]
            step = next_step(plan_of(stored), standings_of(stored))
            if stored.state is not RunState.RUNNING:
                return
            if step is None:
                failure = EnvironmentFault(ErrorCode.TRAINING_FAILED, reason="all-trials-failed")
                self._change(tuning_id, stored.left(RunState.FAILED, Failure.of(failure)))
                return
            if isinstance(step, Train):
                self._train(tuning_id, step.trial, step.rung)
            if not isinstance(step, Train) or (step.alone and step.rung == len(stored.rungs) - 1):
                self._publish(tuning_id, step.trial)

    def fail_next(self, tuning_id: str, failure: Failure) -> None:
        """Let the trial that is next fail."""
        stored = self._stored[tuning_id]
        step = next_step(plan_of(stored), standings_of(stored))
        if isinstance(step, Train):
            self._put(tuning_id, step.trial, RunState.FAILED, 0, None)
            trial = replace(stored.trials[step.trial], failure=failure)
            self._change(tuning_id, stored.with_trial(step.trial, trial))

    def interrupt(self, tuning_id: str) -> None:
        """Leave a search as if the program had been killed."""
        self._change(tuning_id, self._stored[tuning_id].left(RunState.INTERRUPTED))

    # --- Tuning --------------------------------------------------------------------------------------------------

    def all(self) -> tuple[TuningInfo, ...]:
        """Return every search, newest first."""
        return tuple(self._info(one) for one in reversed(self._stored))

    def start(self, settings: RunSettings, trials: int) -> TuningInfo:
        """Make a search that is at its first trial."""
        if "start" in self.raising:
            raise self.raising["start"]
        check_settings(replace(settings, data="/"), RECIPES, self._runs.devices())
        if not FEWEST_TRIALS <= trials <= MOST_TRIALS:
            raise InputFault(ErrorCode.ARGUMENT_INVALID, name="trials", value=trials)
        self.started.append((settings, trials))
        plan = planned(trials, planned_epochs(settings))
        drawn = tuple(StoredTrial(one) for one in drawn_trials(settings, trials))
        tuning_id = f"{settings.name}-search-{len(self.started)}"
        created_s = _CREATED_S + len(self.started)
        self._change(tuning_id, StoredTuning(settings, plan.rungs, plan.places, drawn, created_s, RunState.RUNNING))
        if self._pace_s is not None:
            threading.Thread(target=self._play, args=(tuning_id, self._pace_s), daemon=True).start()
        return self._info(tuning_id)

    def pause(self, tuning_id: str) -> None:
        """Pause an active search at once."""
        stored = self._stored[tuning_id]
        if stored.state.active:
            self._change(tuning_id, stored.left(RunState.PAUSED))

    def resume(self, tuning_id: str) -> None:
        """Go on with a search that is neither active nor finished."""
        stored = self._stored[tuning_id]
        if not stored.state.active and stored.state is not RunState.FINISHED:
            self._change(tuning_id, stored.left(RunState.RUNNING))

    def remove_losers(self, tuning_id: str) -> None:
        """Forget the runs of trials that are out or failed."""
        for trial in self._info(tuning_id).trials:
            if trial.state in (TrialState.OUT, TrialState.FAILED) and trial.there:
                self._runs.remove(trial.run)
        self._engine.emit(TuningChanged(self._info(tuning_id)))

    def remove(self, tuning_id: str) -> None:
        """Forget a search and its runs but the best one."""
        info = self._info(tuning_id)
        if info.state.active:
            raise InputFault(ErrorCode.ARGUMENT_INVALID, "it is active", name="search", value=tuning_id)
        for trial in info.trials:
            if trial.there and trial.run != info.best:
                self._runs.remove(trial.run)
        del self._stored[tuning_id]
        self._engine.emit(TuningRemoved(tuning_id))

    # --- inside --------------------------------------------------------------------------------------------------

    def _play(self, tuning_id: str, pace_s: float) -> None:
        while tuning_id in self._stored and self._stored[tuning_id].state is not RunState.FINISHED:
            time.sleep(pace_s)
            self.advance(tuning_id)

    def _train(self, tuning_id: str, trial: int, rung: int) -> None:
        stored = self._stored[tuning_id]
        epochs = stored.rungs[rung]
        score = (1 - 0.06 * (3 * trial % 7)) * (1 - math.exp(-3 * epochs / stored.rungs[-1]))
        self._put(tuning_id, trial, RunState.PAUSED, epochs, score)
        known = stored.trials[trial]
        self._change(tuning_id, stored.with_trial(trial, replace(known, scores=(*known.scores, score))))

    def _publish(self, tuning_id: str, trial: int) -> None:
        stored = self._stored[tuning_id]
        score = stored.trials[trial].scores[-1]
        self._put(tuning_id, trial, RunState.FINISHED, stored.rungs[-1], score)
        bundle = f"/models/{stored.settings.name}"
        self._change(tuning_id, replace(stored.left(RunState.FINISHED), best=trial, bundle=bundle))
        self._engine.emit(ModelsChanged())

    def _put(self, tuning_id: str, trial: int, state: RunState, epochs: int, score: float | None) -> None:
        """Show a trial's run as it is now."""
        stored, run_id = self._stored[tuning_id], trial_id(tuning_id, trial)
        settings = stored.trials[trial].settings
        finished = state is RunState.FINISHED
        name = stored.settings.name if finished else settings.name
        info = RunInfo(
            id=run_id,
            path=f"/runs/{run_id}",
            name=name,
            recipe=settings.recipe,
            data=settings.data,
            state=state,
            created_s=stored.created_s + 0.01 * trial,
            epochs_done=epochs,
            epochs=stored.rungs[-1],
            metrics={} if score is None else {"score": score},
            best=score,
            bundle=f"/models/{name}" if finished else "",
        )
        values = {} if score is None else {"score": score}
        self._runs.put(info, replace(settings, name=name), (CurvePoint(epochs, values, validation=True),))

    def _change(self, tuning_id: str, stored: StoredTuning) -> None:
        self._stored[tuning_id] = stored
        self._engine.emit(TuningChanged(self._info(tuning_id)))

    def _info(self, tuning_id: str) -> TuningInfo:
        stored = self._stored[tuning_id]
        step = next_step(plan_of(stored), standings_of(stored))
        current = step.trial if step is not None and stored.state is RunState.RUNNING else None
        there = {run.id for run in self._runs.all()}
        return info_of(tuning_id, f"/runs/{tuning_id}", stored, stored.state, current=current, there=there)

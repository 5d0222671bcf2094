"""Scripted runs for tests of the window and for demonstrations: no process, no folder, the same curve every time.

Nothing happens by itself unless paced: a test calls `advance`, `fail`, `interrupt`. Events come in the caller's thread.
"""

from __future__ import annotations

import math
import threading
import time
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.engine.runs import fake_numbers
from mmbm_desktop.engine.runs.checking import check_settings
from mmbm_desktop.engine.runs.interface import Runs
from mmbm_desktop.engine.runs.web_page import web_page
from mmbm_desktop.engine.tuning.fake import FakeTuning
from mmbm_desktop.protocol.events import ModelsChanged, RunAdvanced, RunChanged, RunRemoved, RunSampled
from mmbm_desktop.protocol.jobs import JobId, JobState
from mmbm_desktop.protocol.recipe_catalogue import RECIPES
from mmbm_desktop.protocol.requests import TrainRequest
from mmbm_desktop.protocol.results import TrainResult
from mmbm_desktop.protocol.training import RunInfo, RunReport, RunSettings, RunState

if TYPE_CHECKING:
    from mmbm_desktop.base.errors import MmbmError
    from mmbm_desktop.engine.fake import FakeEngine
    from mmbm_desktop.protocol.failure import Failure
    from mmbm_desktop.protocol.recipes import RecipeInfo
    from mmbm_desktop.protocol.training import CurvePoint, RunUse, Sample

STEPS = 10
"""Steps of an epoch."""


class FakeRuns(Runs):
    """Runs by script. A started one waits until `advance`, or goes on by itself with `pace_s` (seconds a step).

    Its job is one of the engine's: cancelling it pauses the run. One run is worked on at a time, the next one begins
    when it has ended.

    Attributes:
        started: the settings of every `start`, in order.
        raising: errors that the named methods raise, for example `{"start": EnvironmentFault(...)}`.
        known_devices: what `devices` returns.
        checks_folder: whether `start` refuses a data folder that is not there.
    """

    def __init__(self, engine: FakeEngine, pace_s: float | None = None) -> None:
        self.started: list[RunSettings] = []
        self.raising: dict[str, MmbmError] = {}
        self.known_devices: tuple[str, ...] = ("auto", "cpu")
        self.checks_folder = False
        self._engine, self._pace_s = engine, pace_s
        self._numbers = count(1)
        self._runs: dict[str, RunInfo] = {}
        self._settings: dict[str, RunSettings] = {}
        self._curves: dict[str, list[CurvePoint]] = {}
        self._job_of: dict[str, JobId] = {}
        self._resumed: set[str] = set()
        self._changed = threading.RLock()
        self._tuning = FakeTuning(engine, self, None if pace_s is None else STEPS * pace_s)

    # --- the script ----------------------------------------------------------------------------------------------

    def advance(self, run_id: str, steps: int = STEPS) -> None:
        """Do some steps of an active run; after its last epoch it is published and FINISHED."""
        for _ in range(steps):
            with self._changed:
                info = self._runs.get(run_id)
                if info is None or not info.state.active:
                    return
                self._step(info)

    def fail(self, run_id: str, failure: Failure) -> None:
        """End an active run as FAILED."""
        self._end(run_id, RunState.FAILED, failure)
        self._engine.fail(self._job_of[run_id], failure)
        self._begin_next()

    def interrupt(self, run_id: str) -> None:
        """End an active run as if its process had been killed."""
        self._end(run_id, RunState.INTERRUPTED)
        self._engine.stop(self._job_of[run_id])
        self._begin_next()

    def silence(self, run_id: str, seconds: float) -> None:
        """Say that nothing was heard of a run for so long."""
        self._change(run_id, silent_s=seconds)

    def use_computer(self, run_id: str, use: RunUse) -> None:
        """Say what a run uses of the computer."""
        self._change(run_id, use=use)

    def halve_batch(self, run_id: str, batch: int) -> None:
        """Say that memory ran out and the batch was halved."""
        self._change(run_id, batch_halved_to=batch)

    def put(self, info: RunInfo, settings: RunSettings | None = None, curve: tuple[CurvePoint, ...] = ()) -> None:
        """Add a run as if it had been there before."""
        usual = RunSettings(info.recipe, info.data, info.name, epochs=info.epochs)
        self._runs[info.id], self._settings[info.id] = info, settings or usual
        self._curves[info.id] = list(curve)
        self._engine.emit(RunChanged(info))

    # --- Runs ----------------------------------------------------------------------------------------------------

    def recipes(self) -> tuple[RecipeInfo, ...]:
        """Return the real recipes."""
        return RECIPES

    def all(self) -> tuple[RunInfo, ...]:
        """Return every run, newest first."""
        self._raise_if_told("all")
        return tuple(reversed(self._runs.values()))

    def start(self, settings: RunSettings) -> RunInfo:
        """Make a run and queue it."""
        self._raise_if_told("start")
        data = settings.data if self.checks_folder else "/"
        check_settings(replace(settings, data=data), self.recipes(), self.devices())
        self.started.append(settings)
        run_id = f"{settings.name}-{next(self._numbers)}"
        recipe = next(one for one in RECIPES if one.name == settings.recipe)
        preset = next(one for one in recipe.presets if settings.preset in (None, one.name))
        info = RunInfo(
            id=run_id,
            path=f"/runs/{run_id}",
            name=settings.name,
            recipe=settings.recipe,
            data=settings.data,
            state=RunState.PAUSED,
            created_s=time.time(),
            epochs=settings.epochs or preset.epochs,
        )
        self._runs[run_id], self._settings[run_id], self._curves[run_id] = info, settings, []
        self._queue(run_id)
        return self._runs[run_id]

    def pause(self, run_id: str) -> None:
        """Pause an active run at once."""
        if self._known(run_id).state.active:
            self._engine.cancel(self._job_of[run_id])

    def resume(self, run_id: str) -> None:
        """Queue a run that is neither active nor finished."""
        self._raise_if_told("resume")
        if not self._known(run_id).state.active and self._known(run_id).state is not RunState.FINISHED:
            self._resumed.add(run_id)
            self._queue(run_id)

    def extend(self, run_id: str, epochs: int) -> None:
        """Add epochs; a finished run goes on."""
        info = self._known(run_id)
        if epochs < 1:
            raise InputFault(ErrorCode.ARGUMENT_INVALID, name="epochs", value=epochs)
        self._refuse_active(run_id)
        self._change(run_id, epochs=info.epochs + epochs)
        if info.state is RunState.FINISHED:
            self._resumed.add(run_id)
            self._queue(run_id)

    def finish(self, run_id: str) -> None:
        """Publish now what is best."""
        info = self._known(run_id)
        if info.state is RunState.FINISHED:
            return
        if info.best is None:
            raise InputFault(ErrorCode.ARGUMENT_INVALID, "nothing was checked yet", name="run", value=run_id)
        self._publish(run_id)

    def remove(self, run_id: str) -> None:
        """Forget a run that is not active."""
        self._raise_if_told("remove")
        self._refuse_active(run_id)
        del self._runs[run_id], self._settings[run_id], self._curves[run_id]
        self._engine.emit(RunRemoved(run_id))

    def settings(self, run_id: str) -> RunSettings:
        """Return what the run was told."""
        self._known(run_id)
        return self._settings[run_id]

    def curve(self, run_id: str) -> tuple[CurvePoint, ...]:
        """Return the curve so far."""
        self._known(run_id)
        return tuple(self._curves[run_id])

    def samples(self, run_id: str) -> tuple[Sample, ...]:
        """Return samples once an epoch was checked."""
        info = self._known(run_id)
        return fake_numbers.samples(info.recipe, info.epochs_done) if info.best is not None else ()

    def report(self, run_id: str) -> RunReport | None:
        """Return a made-up report of a finished run."""
        info = self._known(run_id)
        if info.state is not RunState.FINISHED:
            return None
        return RunReport(info.name, info.bundle, info.metrics, fake_numbers.assessment(info.recipe))

    def web_page(self, run_id: str, language: str) -> str:
        """Return the real page of the made-up report."""
        report = self.report(run_id)
        if report is None:
            raise InputFault(ErrorCode.ARGUMENT_INVALID, "it has no report yet", name="run", value=run_id)
        return web_page(self._known(run_id), self.settings(run_id), report, self.curve(run_id), language)

    def use(self, run_id: str) -> RunUse | None:
        """Return what was last said with `use_computer`."""
        return self._known(run_id).use

    def devices(self) -> tuple[str, ...]:
        """Return `known_devices`."""
        return self.known_devices

    @property
    def tuning(self) -> FakeTuning:
        """Scripted searches, whose trials are put here."""
        return self._tuning

    def job_stopped(self, job_id: JobId) -> None:
        """Hear from the engine that a job was cancelled: its run is paused."""
        for run_id, known in tuple(self._job_of.items()):
            if known == job_id and self._runs[run_id].state.active:
                self._end(run_id, RunState.PAUSED)
                self._begin_next()

    # --- inside --------------------------------------------------------------------------------------------------

    def _known(self, run_id: str) -> RunInfo:
        if run_id not in self._runs:
            raise InputFault(ErrorCode.ARGUMENT_INVALID, "no such run", name="run", value=run_id)
        return self._runs[run_id]

    def _refuse_active(self, run_id: str) -> None:
        if self._known(run_id).state.active:
            raise InputFault(ErrorCode.ARGUMENT_INVALID, "it is active", name="run", value=run_id)

    def _queue(self, run_id: str) -> None:
        self._change(run_id, state=RunState.WAITING, failure=None, silent_s=None)
        self._job_of[run_id] = self._engine.submit(TrainRequest(run_id))
        self._begin_next()

    def _begin_next(self) -> None:
        """Let the run that waits longest begin, if none is worked on."""
        states = [info.state for info in self._runs.values() if info.state.active]
        waiting = [info for info in self._runs.values() if info.state is RunState.WAITING]
        if not waiting or len(states) > len(waiting):
            return
        first = min(waiting, key=lambda info: self._job_of[info.id])
        self._change(first.id, state=RunState.PREPARING, device="CPU · 2 threads")
        self._engine.start(self._job_of[first.id])
        if self._pace_s is not None:
            threading.Thread(target=self._play, args=(first.id, self._pace_s), daemon=True).start()

    def _play(self, run_id: str, pace_s: float) -> None:
        while run_id in self._runs and self._runs[run_id].state.active:
            time.sleep(pace_s)
            self.advance(run_id, 1)

    def _step(self, info: RunInfo) -> None:
        if info.state is RunState.WAITING:
            return
        step, epoch = info.step % STEPS + 1, info.epochs_done
        resumed = info.id in self._resumed
        self._resumed.discard(info.id)
        points = [fake_numbers.train_point(epoch + step / STEPS, resumed=resumed)]
        changes: dict[str, object] = {"state": RunState.RUNNING, "step": step, "steps": STEPS, "step_ms": 120.0}
        if step == STEPS:
            points.append(fake_numbers.val_point(epoch + 1))
            metrics = points[-1].values
            changes |= {"epochs_done": epoch + 1, "metrics": metrics}
            changes["best"] = max(info.best if info.best is not None else -math.inf, metrics["score"])
        left = (info.epochs - epoch) * STEPS - step
        self._curves[info.id] += points
        self._engine.emit(RunAdvanced(info.id, tuple(points)))
        self._change(info.id, **changes, seconds_left=left * 0.12, silent_s=None)
        self._engine.progress(self._job_of[info.id], epoch * STEPS + step, info.epochs * STEPS)
        if step == STEPS:
            self._engine.emit(RunSampled(info.id, fake_numbers.samples(info.recipe, epoch + 1)))
            if epoch + 1 >= info.epochs:
                self._publish(info.id)

    def _publish(self, run_id: str) -> None:
        info = self._runs[run_id]
        bundle = f"/models/{info.name}"
        active = info.state.active
        self._change(run_id, state=RunState.FINISHED, bundle=bundle, seconds_left=0.0, use=None)
        self._engine.emit(ModelsChanged())
        if active and self._engine.job(self._job_of[run_id]).state is not JobState.CANCELLED:
            self._engine.finish(self._job_of[run_id], TrainResult(run_id, bundle, info.metrics))
        self._begin_next()

    def _end(self, run_id: str, state: RunState, failure: Failure | None = None) -> None:
        self._change(run_id, state=state, failure=failure, seconds_left=None, use=None)

    def _change(self, run_id: str, **changes: object) -> None:
        self._runs[run_id] = replace(self._runs[run_id], **changes)  # pyright: ignore[reportArgumentType]
        self._engine.emit(RunChanged(self._runs[run_id]))

    def _raise_if_told(self, method: str) -> None:
        if method in self.raising:
            raise self.raising[method]

"""Scripted runs do what a test says, in its own thread, and their jobs follow."""

from __future__ import annotations

import pytest

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.protocol.events import Event, ModelsChanged, RunAdvanced, RunChanged, RunSampled
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.jobs import JobState
from mmbm_desktop.protocol.results import TrainResult
from mmbm_desktop.protocol.training import RunInfo, RunSettings, RunState

SETTINGS = RunSettings("sounds", "/data", "birds", epochs=2)


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


def told(engine: FakeEngine) -> list[Event]:
    events: list[Event] = []
    engine.subscribe(events.append)
    return events


def state_of(engine: FakeEngine, run_id: str) -> RunState:
    return next(info.state for info in engine.runs.all() if info.id == run_id)


def test_a_run_is_advanced_to_its_end(engine):
    events = told(engine)
    run = engine.runs.start(SETTINGS)
    assert run.state is RunState.PREPARING
    engine.runs.advance(run.id, 4)
    engine.runs.advance(run.id, 16)
    (info,) = engine.runs.all()
    assert (info.state, info.epochs_done, info.bundle) == (RunState.FINISHED, 2, "/models/birds")
    points = [point for event in events if isinstance(event, RunAdvanced) for point in event.points]
    assert tuple(points) == engine.runs.curve(run.id)
    assert [point.epoch for point in points if point.validation] == [1, 2]
    assert sum(isinstance(event, RunSampled) for event in events) == 2
    assert any(isinstance(event, ModelsChanged) for event in events)
    (job,) = engine.jobs()
    assert job.result == TrainResult(run.id, "/models/birds", info.metrics)
    report = engine.runs.report(run.id)
    assert report is not None
    assert report.assessment is not None
    assert "<svg" in engine.runs.web_page(run.id, "zh")


def test_cancelling_the_job_pauses_and_resuming_goes_on(engine):
    run = engine.runs.start(SETTINGS)
    engine.runs.advance(run.id, 3)
    engine.cancel(engine.jobs()[0].id)
    assert state_of(engine, run.id) is RunState.PAUSED
    engine.runs.advance(run.id, 3)
    assert len(engine.runs.curve(run.id)) == 3
    engine.runs.resume(run.id)
    engine.runs.advance(run.id, 1)
    assert [point.resumed for point in engine.runs.curve(run.id)] == [False, False, False, True]


def test_one_run_at_a_time(engine):
    first, second = engine.runs.start(SETTINGS), engine.runs.start(SETTINGS)
    assert second.state is RunState.WAITING
    engine.runs.advance(second.id)
    assert engine.runs.curve(second.id) == ()
    engine.runs.fail(first.id, Failure.of(EnvironmentFault(ErrorCode.DISK_FULL)))
    assert state_of(engine, second.id) is RunState.PREPARING
    assert engine.jobs()[1].state is JobState.FAILED
    engine.runs.interrupt(second.id)
    assert state_of(engine, second.id) is RunState.INTERRUPTED


def test_stopping_keeps_the_best_and_extending_goes_on(engine):
    run = engine.runs.start(SETTINGS)
    with pytest.raises(InputFault):
        engine.runs.finish(run.id)
    engine.runs.advance(run.id)
    with pytest.raises(InputFault):
        engine.runs.extend(run.id, 1)
    engine.runs.finish(run.id)
    assert state_of(engine, run.id) is RunState.FINISHED
    engine.runs.extend(run.id, 1)
    engine.runs.advance(run.id, 20)
    assert engine.runs.all()[0].epochs_done == 3


def test_runs_can_be_put_removed_and_made_to_fail(engine):
    events = told(engine)
    engine.runs.put(RunInfo("old", "/runs/old", "old", "sounds", "/data", RunState.PAUSED, 1.0, epochs=3))
    engine.runs.silence("old", 70)
    engine.runs.halve_batch("old", 8)
    changed = [event.run for event in events if isinstance(event, RunChanged)][-1]
    assert (changed.silent_s, changed.batch_halved_to) == (70, 8)
    engine.runs.remove("old")
    assert engine.runs.all() == ()
    engine.runs.raising["start"] = EnvironmentFault(ErrorCode.DISK_FULL)
    with pytest.raises(EnvironmentFault):
        engine.runs.start(SETTINGS)


def test_closing_pauses_what_is_active(engine):
    run = engine.runs.start(SETTINGS)
    engine.close()
    assert state_of(engine, run.id) is RunState.PAUSED


def test_a_paced_run_goes_on_by_itself():
    engine = FakeEngine(pace_s=0.001)
    engine.runs.start(SETTINGS)
    assert engine.wait(engine.jobs()[0].id, 30).state is JobState.DONE

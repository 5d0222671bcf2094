"""Real runs with a scripted process: started, paused, resumed, extended, finished, killed, queued."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.engine.runs.working import Patience
from mmbm_desktop.protocol.events import ModelsChanged, RunChanged, RunRemoved, RunSampled
from mmbm_desktop.protocol.jobs import JobState
from mmbm_desktop.protocol.requests import TrainRequest
from mmbm_desktop.protocol.results import TrainResult
from mmbm_desktop.protocol.training import RunState
from tests.engine.runs.run_shop import LONG_S, RunShop
from tests.engine.runs.scripted_trainer import STEPS


def test_a_run_goes_from_its_folder_to_a_bundle_and_tells_everything(shop):
    run_id = shop.begin("train", epochs=2)
    info = shop.wait_state(run_id, RunState.FINISHED)
    assert (info.epochs_done, info.epochs, info.bundle, info.best) == (2, 2, "/models/x", 2.0)
    assert info.device == "CPU · 1 threads"
    assert [point.epoch for point in shop.points(run_id)] == [point.epoch for point in shop.runs.curve(run_id)]
    assert len(shop.points(run_id)) == 2 * STEPS + 2
    assert any(isinstance(event, RunSampled) for event in shop.events)
    assert any(isinstance(event, ModelsChanged) for event in shop.events)
    states = [event.run.state for event in shop.events if isinstance(event, RunChanged)]
    assert states[0] is RunState.WAITING
    assert RunState.RUNNING in states
    (job,) = shop.jobs()
    assert job.result == TrainResult(run_id, "/models/x", {"accuracy": 0.3})
    assert (job.done, job.total) == (2 * STEPS, 2 * STEPS)
    report = shop.runs.report(run_id)
    assert report is not None
    assert report.metrics == {"accuracy": 0.3}


def test_a_run_that_is_to_reach_an_epoch_is_paused_there_with_nothing_published(shop):
    run_id = shop.store.make(shop.settings("train", epochs=3), "train.x-1")
    assert run_id == shop.store.make(shop.settings("train", epochs=3), "train.x-1")
    assert shop.info(run_id).state is RunState.PAUSED
    for epoch in (1, 2):
        job_id = shop.submit(TrainRequest(run_id, until_epoch=epoch))
        job = shop.queue.wait(job_id, LONG_S)
        assert (job.state, job.result) == (
            JobState.DONE,
            TrainResult(run_id, "", {"accuracy": epoch / 10, "score": epoch}),
        )
        info = shop.info(run_id)
        assert (info.state, info.epochs_done, info.epochs, info.bundle) == (RunState.PAUSED, epoch, 3, "")
    shop.runs.resume(run_id)
    assert shop.wait_state(run_id, RunState.FINISHED).bundle == "/models/x"
    assert len(shop.points(run_id)) == 3 * STEPS + 3


def test_a_paused_run_is_resumed_and_has_one_curve(shop):
    run_id = shop.begin("slow")
    shop.wait_steps(run_id, 2)
    shop.runs.pause(run_id)
    info = shop.wait_state(run_id, RunState.PAUSED)
    assert info.failure is None
    assert shop.jobs()[0].state is JobState.CANCELLED
    before = len(shop.runs.curve(run_id))
    shop.runs.resume(run_id)
    shop.runs.resume(run_id)  # ignored: it is active
    assert len([job for job in shop.jobs() if not job.state.final]) == 1
    shop.wait_steps(run_id, before + 1)
    shop.runs.pause(run_id)
    shop.wait_state(run_id, RunState.PAUSED)
    epochs = [point.epoch for point in shop.runs.curve(run_id)]
    assert epochs == sorted(epochs)
    assert len(epochs) > before


def test_cancelling_the_job_pauses_the_run(shop):
    run_id = shop.begin("slow")
    shop.wait_steps(run_id, 1)
    shop.cancel(shop.jobs()[0].id)
    shop.wait_state(run_id, RunState.PAUSED)


def test_the_second_run_waits_and_can_be_paused_before_it_begins(shop):
    first, second = shop.begin("slow"), shop.begin("train")
    shop.wait_steps(first, 1)
    assert shop.info(second).state is RunState.WAITING
    shop.runs.pause(second)
    shop.wait_state(second, RunState.PAUSED)
    shop.runs.resume(second)
    shop.runs.pause(first)
    shop.wait_state(second, RunState.FINISHED)


def test_stopping_keeps_the_best_and_a_finished_run_can_be_extended(shop):
    run_id = shop.begin("slow", epochs=4)
    shop.wait_for(lambda event: isinstance(event, RunSampled))
    shop.runs.finish(run_id)
    info = shop.wait_state(run_id, RunState.FINISHED)
    assert info.epochs_done < 4
    shop.runs.resume(run_id)  # ignored: it has ended
    assert shop.info(run_id).state is RunState.FINISHED
    shop.runs.extend(run_id, 3)
    assert shop.info(run_id).epochs == 7
    shop.wait_steps(run_id, 2 * STEPS)
    assert shop.runs.report(run_id) is None


def test_a_paused_run_publishes_its_best_without_another_step(shop):
    run_id = shop.begin("slow")
    shop.wait_for(lambda event: isinstance(event, RunSampled))
    shop.runs.pause(run_id)
    shop.wait_state(run_id, RunState.PAUSED)
    before = len(shop.runs.curve(run_id))
    shop.runs.finish(run_id)
    shop.wait_state(run_id, RunState.FINISHED)
    assert len(shop.runs.curve(run_id)) == before


def test_nothing_is_published_before_anything_was_checked(shop):
    run_id = shop.begin("slow")
    shop.wait_steps(run_id, 1)
    with pytest.raises(InputFault):
        shop.runs.finish(run_id)


def test_a_killed_process_leaves_an_interrupted_run_that_says_why(shop):
    run_id = shop.begin("crash")
    info = shop.wait_state(run_id, RunState.INTERRUPTED)
    assert info.failure is not None
    assert info.failure.params["reason"] == "process-ended"
    assert "out of luck" in info.failure.detail
    assert info.epochs_done == 1
    assert shop.jobs()[0].state is JobState.FAILED


def test_a_full_disk_is_the_reason_also_where_it_cannot_be_written(shop, monkeypatch):
    monkeypatch.setattr(shop.store, "note", lambda *_: (_ for _ in ()).throw(InputFault(ErrorCode.DISK_FULL)))
    info = shop.wait_state(shop.begin("full"), RunState.FAILED)
    assert info.failure is not None
    assert info.failure.code is ErrorCode.DISK_FULL


def test_a_process_that_does_not_stop_is_killed(open_shop):
    shop = open_shop(patience=Patience(stop_s=0.3, terminate_s=0.2, poll_s=0.01))
    run_id = shop.begin("deaf")
    shop.wait_steps(run_id, 1)
    shop.runs.pause(run_id)
    assert shop.wait_state(run_id, RunState.PAUSED).epochs_done == 0


def test_silence_is_told_and_its_end_as_well(open_shop):
    shop = open_shop(patience=Patience(stop_s=1.0, terminate_s=0.2, poll_s=0.01, silent_s=0.1))
    run_id = shop.begin("slow")
    told = shop.wait_for(lambda event: isinstance(event, RunChanged) and event.run.silent_s is not None)
    assert told.run.id == run_id
    later = shop.events.index(told)
    shop.wait_for(lambda e: isinstance(e, RunChanged) and e.run.silent_s is None and shop.events.index(e) > later)


def test_what_a_run_uses_is_told_and_never_hides_that_it_is_silent(open_shop):
    shop = open_shop(patience=Patience(stop_s=1.0, terminate_s=0.2, poll_s=0.01, silent_s=0.3, use_s=0.1))
    run_id = shop.begin("busy")

    def used(event: object) -> bool:
        return isinstance(event, RunChanged) and event.run.use is not None and event.run.silent_s is not None

    working = shop.wait_for(lambda e: used(e) and e.run.use.computes).run
    assert 1e6 < working.use.memory_bytes < 1e9
    assert 0.05 <= working.use.cores <= working.use.of_cores
    shop.wait_for(lambda e: used(e) and not e.run.use.computes and e.run.silent_s > working.silent_s)
    shop.runs.pause(run_id)
    assert shop.wait_state(run_id, RunState.PAUSED).use is None


def test_memory_that_ran_out_is_told(shop):
    assert shop.wait_state(shop.begin("halved"), RunState.FINISHED).epochs_done == 3
    assert any(isinstance(event, RunChanged) and event.run.batch_halved_to == 4 for event in shop.events)


def test_ending_the_program_pauses_the_run_and_the_next_session_goes_on(open_shop):
    shop = open_shop()
    active, waiting = shop.begin("slow"), shop.begin("slow")
    shop.wait_steps(active, 2)
    assert shop.close(5.0)
    later = open_shop()
    assert {info.state for info in later.runs.all()} == {RunState.PAUSED}
    assert {info.id for info in later.runs.all()} == {active, waiting}
    later.runs.resume(active)
    later.wait_steps(active, 1)


def test_a_run_that_another_program_works_on_is_left_alone(open_shop):
    shop = open_shop()
    run_id = shop.begin("slow")
    shop.wait_steps(run_id, 1)
    other = RunShop(shop.home)
    try:
        assert other.info(run_id).state is RunState.RUNNING
        other.runs.resume(run_id)
        assert not other.jobs()
    finally:
        other.close()


def test_a_run_is_removed_but_not_while_it_is_active(shop):
    run_id = shop.begin("slow")
    shop.wait_steps(run_id, 1)
    with pytest.raises(InputFault):
        shop.runs.remove(run_id)
    shop.runs.pause(run_id)
    shop.wait_state(run_id, RunState.PAUSED)
    shop.runs.remove(run_id)
    assert shop.runs.all() == ()
    assert RunRemoved(run_id) in (shop.wait_for(lambda event: isinstance(event, RunRemoved)),)
    with pytest.raises(InputFault):
        shop.runs.settings(run_id)


@pytest.mark.parametrize(
    "changes",
    [
        {"recipe": "magic"},
        {"name": "Big Letters"},
        {"name": "a/b"},
        {"name": "n" * 300},
        {"preset": "huge"},
        {"epochs": 0},
        {"batch": 0},
        {"learning_rate": 1.5},
        {"device": "gpu:7"},
        {"options": {"mixed": 2.0}},
        {"options": {"mixed": "much"}},
        {"data": ""},
        {"data": "/there/is/no/such/folder"},
        {"data": "bad\0name"},
        {"data": "odd\udcff"},
    ],
)
def test_nonsense_is_refused_before_anything_is_made(shop, changes):
    with pytest.raises(InputFault):
        shop.runs.start(replace(shop.settings("train"), **changes))
    assert shop.runs.all() == ()
    assert not shop.jobs()


def test_a_data_folder_of_any_name_can_be_trained_on(shop):
    data = shop.home / ("鸟" * 60) / 'a "b" \\ c\n{x}'
    data.mkdir(parents=True)
    info = shop.runs.start(replace(shop.settings("train"), data=str(data)))
    assert shop.wait_state(info.id, RunState.FINISHED).data == str(data)
    assert shop.runs.settings(info.id).data == str(data)


def test_the_trainer_alone_can_be_killed_and_the_run_goes_on(shop):
    run_id = shop.begin("slow")
    shop.wait_steps(run_id, 2)
    state = json.loads((Path(shop.info(run_id).path) / "state.json").read_text("utf-8"))
    os.kill(state["pid"], signal.SIGKILL)
    assert shop.wait_state(run_id, RunState.INTERRUPTED).failure is not None
    shop.runs.resume(run_id)
    info = shop.wait_state(run_id, RunState.RUNNING)
    assert info.failure is None


def test_trying_a_failed_job_again_goes_on_with_the_run(shop):
    run_id = shop.begin("crash")
    shop.wait_state(run_id, RunState.INTERRUPTED)
    again = shop.queue.retry(shop.jobs()[0].id)
    assert shop.queue.wait(again, 60).state is JobState.FAILED
    assert shop.wait_state(run_id, RunState.INTERRUPTED).failure is not None

"""Real searches with a scripted training process: raced, paused, killed, removed from, failed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.engine.tuning.tuning_store import FILE, TuningStore
from mmbm_desktop.protocol.events import RunAdvanced, TuningChanged, TuningRemoved
from mmbm_desktop.protocol.jobs import JobState
from mmbm_desktop.protocol.requests import TrainRequest, TuneRequest
from mmbm_desktop.protocol.results import TuneResult
from mmbm_desktop.protocol.training import RunState
from mmbm_desktop.protocol.tuning import TrialState, TuningInfo
from tests.engine.runs.run_shop import LONG_S, RunShop

EPOCHS = 4


def begin(shop: RunShop, mood: str, **changes: object) -> TuningInfo:
    return shop.runs.tuning.start(shop.settings(mood, epochs=EPOCHS, **changes), 4)


def wait(shop: RunShop, tuning: TuningInfo) -> TuningInfo:
    """Wait for the search's job of the moment and return how the search stands."""
    job = next(job for job in shop.jobs() if job.request == TuneRequest(tuning.id))
    shop.wait(job.id, LONG_S)
    return look(shop, tuning)


def look(shop: RunShop, tuning: TuningInfo) -> TuningInfo:
    return next(one for one in shop.runs.tuning.all() if one.id == tuning.id)


def test_the_better_half_goes_on_and_the_best_is_published_under_the_name_that_was_asked_for(shop):
    tuning = begin(shop, "race", learning_rate=0.0015)
    assert (tuning.rungs, tuning.epochs, len(tuning.trials)) == ((1, 2, 4), 8, 4)
    done = wait(shop, tuning)
    assert (done.state, done.bundle, done.failure, done.epochs_done) == (RunState.FINISHED, "/models/x", None, 8)
    (best,) = [one for one in done.trials if one.state is TrialState.BEST]
    assert done.best == best.run
    assert len(best.scores) == 3
    for trial in done.trials:
        info, settings = shop.info(trial.run), shop.runs.settings(trial.run)
        if trial is best:
            assert (info.state, info.name, info.epochs_done) == (RunState.FINISHED, "race.x", EPOCHS)
            assert settings.name == "race.x"
        elif trial.state is TrialState.FAILED:
            assert trial.failure is not None
            assert trial.failure.params["reason"] == "loss-not-finite"
        else:
            assert (trial.state, info.state) == (TrialState.OUT, RunState.PAUSED)
            assert (info.epochs, info.bundle) == (EPOCHS, ""), "a trial keeps its planned epochs, so its rates"
            assert info.epochs_done == tuning.rungs[len(trial.scores) - 1]
    first = [one.scores[0] for one in done.trials if one.scores]
    assert best.scores[0] == max(first)
    job = next(job for job in shop.jobs() if isinstance(job.request, TuneRequest))
    assert job.result == TuneResult(tuning.id, best.run, "/models/x")
    assert (job.done, job.total) == (8, 8)
    told = [event.tuning for event in shop.events if isinstance(event, TuningChanged)]
    assert {one.state for one in told} >= {RunState.RUNNING}
    assert any(trial.state is TrialState.RUNNING for one in told for trial in one.trials)


def test_of_several_that_come_to_the_end_only_the_best_is_published(shop):
    tuning = shop.runs.tuning.start(shop.settings("race", epochs=2, learning_rate=0.0015), 4)
    assert tuning.rungs == (1, 2)
    done = wait(shop, tuning)
    ended = [one for one in done.trials if len(one.scores) == 2]
    assert len(ended) == 2
    assert done.best == max(ended, key=lambda one: one.score).run
    for trial in ended:
        info = shop.info(trial.run)
        assert info.epochs_done == 2
        assert (info.state is RunState.FINISHED, bool(info.bundle)) == (trial.run == done.best,) * 2


def test_a_paused_search_and_one_whose_trial_was_paused_go_on_where_they_were(shop):
    tuning = begin(shop, "slow")
    first = tuning.trials[0].run
    shop.wait_steps(first, 1)
    shop.runs.pause(first)
    paused = wait(shop, tuning)
    assert (paused.state, paused.failure) == (RunState.PAUSED, None)
    shop.runs.tuning.resume(tuning.id)
    shop.runs.tuning.resume(tuning.id)  # ignored: it is active
    shop.wait_for(lambda e: isinstance(e, RunAdvanced) and e.run_id == first and e.points[-1].epoch == 1)
    shop.wait_for(lambda e: isinstance(e, RunAdvanced) and e.run_id == tuning.trials[1].run)
    shop.runs.tuning.pause(tuning.id)
    paused = wait(shop, tuning)
    assert paused.state is RunState.PAUSED
    assert [one.scores for one in paused.trials] == [(1.0,), (), (), ()]
    assert [one.state for one in paused.trials[:3]] == [TrialState.RACING, TrialState.WAITING, TrialState.WAITING]
    assert shop.info(tuning.trials[1].run).state is RunState.PAUSED
    assert not paused.trials[2].there
    points = shop.points(first)
    assert [one.epoch for one in points] == sorted(one.epoch for one in points)


def test_a_search_goes_on_from_its_file_after_a_kill(shop):
    tuning = begin(shop, "race")
    done = wait(shop, tuning)
    file = shop.store.folder / tuning.id / FILE
    content = json.loads(file.read_text("utf-8"))
    killed = {**content, "state": "running", "best": None, "bundle": "", "pid": 2**22 + 1, "pid_created_s": 1.0}
    for trial in killed["trials"]:
        trial["scores"] = trial["scores"][:2]
    file.write_text(json.dumps(killed), "utf-8")
    assert look(shop, tuning).state is RunState.INTERRUPTED
    before = len([job for job in shop.jobs() if isinstance(job.request, TrainRequest)])

    shop.runs.tuning.resume(tuning.id)

    again = wait(shop, tuning)
    assert (again.state, again.best, again.trials) == (RunState.FINISHED, done.best, done.trials)
    after = len([job for job in shop.jobs() if isinstance(job.request, TrainRequest)])
    assert after == before, "what was trained and published before the kill is not done again"


def test_where_every_trial_fails_the_search_says_so(shop):
    failed = wait(shop, begin(shop, "lost"))
    assert failed.state is RunState.FAILED
    assert failed.failure is not None
    assert (failed.failure.code, failed.failure.params["reason"]) == (ErrorCode.TRAINING_FAILED, "all-trials-failed")
    assert {one.state for one in failed.trials} == {TrialState.FAILED}


def test_what_would_fail_every_trial_stops_the_search_and_it_can_be_resumed(shop):
    stopped = wait(shop, begin(shop, "full"))
    assert stopped.state is RunState.FAILED
    assert stopped.failure is not None
    assert stopped.failure.code is ErrorCode.DISK_FULL
    assert stopped.trials[0].state is not TrialState.FAILED


def test_a_process_that_ends_without_a_word_is_begun_once_more(shop):
    done = wait(shop, begin(shop, "frail"))
    begun = [job.request.run for job in shop.jobs() if isinstance(job.request, TrainRequest)]
    assert [begun.count(one.run) for one in done.trials] == [4, 3, 2, 2], "equal scores: the first ones go on"
    assert done.state is RunState.FINISHED


def test_losers_are_removed_a_search_too_and_the_winner_stays(shop):
    tuning = begin(shop, "race", learning_rate=0.0015)
    done = wait(shop, tuning)
    shop.runs.tuning.remove_losers(tuning.id)
    left = look(shop, tuning)
    assert [one.run for one in left.trials if one.there] == [done.best]
    assert [one.scores for one in left.trials] == [one.scores for one in done.trials]
    shop.runs.tuning.remove(tuning.id)
    assert shop.runs.tuning.all() == ()
    assert [info.id for info in shop.runs.all()] == [done.best]
    shop.wait_for(lambda event: event == TuningRemoved(tuning.id))


def test_a_trial_that_was_removed_while_racing_is_gone_and_quitting_pauses(shop):
    tuning = begin(shop, "slow", learning_rate=0.0015)
    shop.wait_for(lambda e: isinstance(e, RunAdvanced) and e.run_id == tuning.trials[1].run)
    shop.runs.tuning.pause(tuning.id)
    wait(shop, tuning)
    shop.runs.remove(tuning.trials[0].run)
    store = TuningStore(shop.store.folder)
    stored = store.read(tuning.id)
    trials = tuple(replace(one, scores=(0.1 if number else 0.9,)) for number, one in enumerate(stored.trials))
    store.write(tuning.id, replace(stored, trials=trials))
    shop.runs.tuning.resume(tuning.id)
    shop.wait_for(lambda e: isinstance(e, TuningChanged) and e.tuning.trials[0].state is TrialState.GONE)
    assert shop.close()
    assert store.read(tuning.id).state is RunState.PAUSED, "quitting pauses a search, as it does a run"


def test_nonsense_is_refused_and_damage_is_left_out(shop, tmp_path: Path):
    with pytest.raises(InputFault):
        shop.runs.tuning.start(shop.settings("race"), 3)
    with pytest.raises(InputFault):
        shop.runs.tuning.start(shop.settings("race", learning_rate=2.0), 8)
    tuning = begin(shop, "race")
    shop.runs.tuning.pause(tuning.id)
    with pytest.raises(InputFault):
        shop.runs.tuning.remove("../runs")
    wait(shop, tuning)
    (tmp_path / "runs" / tuning.id / FILE).write_text("{}", "utf-8")
    assert shop.runs.tuning.all() == ()
    assert tuning.id not in shop.store.ids()
    assert JobState.FAILED not in {job.state for job in shop.jobs()}

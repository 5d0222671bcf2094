"""Early stopping: counted from the log, the same after a kill, anew after the run was extended."""

from __future__ import annotations

import dataclasses

import pytest

from mmbm_desktop.base.errors import InputFault
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.protocol.training import EarlyStop, RunSettings
from mmbm_desktop.training.loop import Loop
from mmbm_desktop.training.run_folder import LAST, Position, RunFolder
from mmbm_desktop.training.settings import extend, spec_of, start_run
from mmbm_desktop.training.spec import PhaseSpec, TrainSpec, read_spec
from mmbm_desktop.training.stopping import STOPPED_EARLY, EpochReached, StoppingSpec, early_stop
from tests.training.test_loop import SPEC, LineRecipe
from tests.training.test_run import WholeRecipe, train


def _log(*scores: float) -> list[dict]:
    return [{"phase": 0, "epoch": n, "step": 5, "at": n + 1.0, "val": {"score": s}} for n, s in enumerate(scores)]


def test_it_counts_validations_since_the_best():
    stopping = StoppingSpec(2, min_delta=0.1)
    assert early_stop(stopping, _log(0.1, 0.5, 0.55), 0) is None
    assert early_stop(stopping, _log(0.1, 0.5, 0.55, 0.6), 0) == EarlyStop(2, 2)
    assert early_stop(stopping, _log(0.1, 0.5, 0.55, 0.7), 0) is None
    assert early_stop(stopping, _log(0.5, 0.1, 0.1), 1) is None


def test_the_patience_begins_anew_where_it_stopped_but_the_best_stays():
    stopped = {"phase": 0, "epoch": 3, "step": 0, STOPPED_EARLY: {}}
    log = [*_log(0.5, 0.1, 0.1), stopped, *_log(0.4)]
    assert early_stop(StoppingSpec(2), log, 0) is None
    assert early_stop(StoppingSpec(2), [*log, *_log(0.3)], 0) == EarlyStop(2, 1)


class Fading(WholeRecipe):
    """Best at the second validation that ever was, worse from then on."""

    scores = (0.1, 0.9, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5)

    def validate(self, phase: PhaseSpec) -> dict[str, float]:
        return {"score": self.scores[int(self.learner.optimizer.iterations) // self.steps(phase) - 1]}


@pytest.fixture
def folder(tmp_path, monkeypatch) -> RunFolder:
    monkeypatch.setattr("tests.training.test_run.WholeRecipe", Fading)
    phase = PhaseSpec("joint", epochs=8, learning_rate=0.1)
    spec = TrainSpec("image-text", "line", str(tmp_path), (phase,), batch=20, stopping=StoppingSpec(2))
    return start_run(spec, tmp_path / "run")


def _validations(folder: RunFolder) -> list[int]:
    return [entry["epoch"] for entry in folder.log() if "val" in entry]


def test_a_run_stops_early_says_why_publishes_and_goes_on_when_extended(folder, monkeypatch):
    told = train(folder, monkeypatch)
    assert [event for event in told if event["event"] == "stopped-early"] == [
        {"event": "stopped-early", "validations": 2, "best_epoch": 2}
    ]
    assert told[-1]["event"] == "assessed"
    assert _validations(folder) == [0, 1, 2, 3]
    assert read_spec(folder.spec_file).phases[0].epochs == 4
    assert folder.state()["stopped_early"] == {"validations": 2, "best_epoch": 2}
    extend(folder, 1)
    assert not [event for event in train(folder, monkeypatch) if event["event"] == "stopped-early"]
    assert _validations(folder) == [0, 1, 2, 3, 4]
    assert folder.state()["stopped_early"] is None


def test_a_run_killed_before_it_could_say_so_stops_at_the_same_place(folder, monkeypatch):
    monkeypatch.setattr("mmbm_desktop.training.run._end_here", _killed)
    with pytest.raises(KeyboardInterrupt):
        train(folder, monkeypatch)
    monkeypatch.undo()
    spec = read_spec(folder.spec_file)
    loop = Loop(spec, Fading(spec, 99), folder, CancelToken(), list)
    loop.run()
    assert (loop.finished_at, loop.stopped_early) == (Position(0, 4), EarlyStop(2, 2))
    assert loop.recipe.asked == []


def _killed(*arguments: object) -> None:
    raise KeyboardInterrupt


def test_a_run_that_is_compared_at_an_epoch_stops_early_only_on_its_last_stretch(folder, monkeypatch):
    for until in (5, 8):
        with pytest.raises(EpochReached):
            train(folder, monkeypatch, until=until)
        assert not (folder.path / "report.json").exists()
    assert _validations(folder) == [0, 1, 2, 3, 4], "on the last stretch it was patient enough at once"
    assert folder.state()["stopped_early"] == {"validations": 3, "best_epoch": 2}
    told = train(folder, monkeypatch)
    assert told[-1]["event"] == "assessed"
    assert [event["validations"] for event in told if event["event"] == "stopped-early"] == [3], "it is not forgotten"
    assert folder.state()["stopped_early"] == {"validations": 3, "best_epoch": 2}
    assert _validations(folder) == [0, 1, 2, 3, 4]


def test_only_the_last_phase_ends_early(tmp_path):
    phase = PhaseSpec("joint", epochs=3, learning_rate=0.1)
    spec = dataclasses.replace(SPEC, phases=(phase, phase), stopping=StoppingSpec(1, min_delta=100.0))
    Loop(spec, LineRecipe(), RunFolder(tmp_path), CancelToken(), list).run()
    saved = RunFolder(tmp_path).load(LAST)
    assert saved is not None
    assert saved.position == Position(1, 2)


def test_settings_ask_for_it_and_nonsense_is_refused(tmp_path):
    settings = RunSettings("sounds", str(tmp_path), "birds", patience=3, min_delta=0.01)
    run = start_run(spec_of(settings), tmp_path / "run")
    assert read_spec(run.spec_file).stopping == StoppingSpec(3, 0.01)
    for wrong in ({"patience": -1}, {"patience": 2, "min_delta": -0.1}, {"patience": 2, "recipe": "q-table"}):
        with pytest.raises(InputFault):
            spec_of(dataclasses.replace(settings, **wrong))

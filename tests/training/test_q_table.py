"""Tables of values: one correction by hand, solved worlds, stopping and going on, publishing, playing again."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mmbm_desktop.base.errors import Cancelled, EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.engine.runs.agents import latest_episode, value_grid
from mmbm_desktop.inference.agent import QAgent
from mmbm_desktop.inference.check import check_bundle
from mmbm_desktop.protocol.agents import Episode
from mmbm_desktop.protocol.plain import record_of
from mmbm_desktop.protocol.recipe_catalogue import RECIPES as CATALOGUE
from mmbm_desktop.training.__main__ import main
from mmbm_desktop.training.recipe_rules import RECIPES
from mmbm_desktop.training.recipes.q_table import QTableRecipe
from mmbm_desktop.training.reinforcement import play
from mmbm_desktop.training.reinforcement.loop import AgentLoop
from mmbm_desktop.training.reinforcement.trial import Trial
from mmbm_desktop.training.run_folder import LAST, RunFolder
from mmbm_desktop.training.spec import PhaseSpec, TrainSpec, read_spec, spec_from, to_toml

PHASE = PhaseSpec("q-learning", epochs=4, learning_rate=0.5)
EASY = {"slippery": False, "episodes": 60, "checked": 2, "rate_end": 1.0}
SPEC = TrainSpec("q-table", "lake", "", (PHASE,), seed=3, checkpoint_steps=50, options=EASY)


def _spec(**options) -> TrainSpec:
    return dataclasses.replace(SPEC, options={**EASY, **options})


def _learn(folder: Path, spec: TrainSpec = SPEC, token: CancelToken | None = None, tell=lambda event: None, **more):
    folder.mkdir(exist_ok=True)
    recipe = QTableRecipe(spec)
    loop = AgentLoop(spec, recipe, RunFolder(folder), token or CancelToken(), tell, **more)
    loop.run()
    return recipe


def _curve(folder: Path) -> list[tuple[int, float]]:
    return [(entry["epoch"], entry["val"]["score"]) for entry in RunFolder(folder).log() if "val" in entry]


def _last(folder: Path) -> dict[str, np.ndarray]:
    saved = RunFolder(folder).load(LAST)
    assert saved is not None
    return dict(saved.arrays)


def test_one_episode_corrects_the_table_as_the_formula_says():
    """With alpha 0.5 the step into the goal is worth 0.5 after one success, and the step before it nothing yet."""
    recipe = QTableRecipe(_spec(gamma=0.9))
    while not recipe.state()["table"].any():
        recipe.turn(PHASE, 0, 240)
    table = recipe.state()["table"]
    assert table.max() == 0.5
    assert np.count_nonzero(table) == 1
    state = int(table.max(1).argmax())
    assert state in (11, 14)
    while np.count_nonzero(recipe.state()["table"]) == 1:
        recipe.turn(PHASE, 0, 240)
    before = recipe.state()["table"]
    goal, led_there = before[state].max(), np.sort(before[before > 0])[0]
    assert led_there == pytest.approx(0.5 * 0.9 * goal) or led_there == pytest.approx(0.5 * 0.9 * 0.5)


def test_the_optimum_of_ice_that_is_not_slippery_is_found(tmp_path):
    recipe = _learn(tmp_path)
    assert _curve(tmp_path)[-1] == (3, 1.0)
    values = recipe.state()["table"].max(1)
    np.testing.assert_allclose(values[14], 1.0, atol=1e-3)
    np.testing.assert_allclose(values[13], 0.99, atol=1e-2)
    assert [len(one.actions) for one in recipe.arena.play(recipe.policy, [1])] == [6]


@pytest.mark.parametrize("turns", [24, 130])
def test_a_run_that_stopped_anywhere_goes_on_along_the_same_curve(tmp_path, turns):
    """Once stopped in order, once killed: what was written then is all that is left."""
    _learn(tmp_path / "whole")
    for name, stop in (("stopped", CancelToken.cancel), ("killed", _kill)):
        token = CancelToken()
        with pytest.raises((Cancelled, _Killed)):
            _learn_until(tmp_path / name, turns, token, stop)
        _learn(tmp_path / name)
        assert _curve(tmp_path / name) == _curve(tmp_path / "whole")
        for key, array in _last(tmp_path / "whole").items():
            np.testing.assert_array_equal(_last(tmp_path / name)[key], array)


class _Killed(Exception):
    pass


def _kill(token: CancelToken) -> None:
    raise _Killed


def _learn_until(folder: Path, turns: int, token: CancelToken, stop) -> None:
    folder.mkdir()
    recipe = QTableRecipe(SPEC)
    one_turn, done = recipe.turn, iter(range(1, 1000))

    def turn(*arguments):
        numbers = one_turn(*arguments)
        if next(done) == turns:
            stop(token)
        return numbers

    recipe.turn = turn
    AgentLoop(SPEC, recipe, RunFolder(folder), token, lambda event: None).run()


def test_a_run_can_be_finished_early_and_extended(tmp_path):
    events = []
    recipe = QTableRecipe(SPEC)
    loop = AgentLoop(SPEC, recipe, RunFolder(tmp_path), CancelToken(), events.append, lambda: recipe.along > 1.5)
    loop.run()
    assert loop.finished_at is not None
    assert (loop.finished_at.epoch, loop.finished_at.step) == (1, 31)
    longer = dataclasses.replace(SPEC, phases=(dataclasses.replace(PHASE, epochs=6),))
    _learn(tmp_path, longer)
    assert [epoch for epoch, _ in _curve(tmp_path)] == [0, 1, 2, 3, 4, 5]
    points = [point for event in events if event["event"] == "points" for point in event["points"]]
    assert {"return", "epsilon", "loss"} <= set(points[0]["values"])
    assert 0 < points[0]["epoch"] <= points[-1]["epoch"] <= 2


def test_what_is_shown_lies_in_the_run_folder(tmp_path):
    recipe = _learn(tmp_path)
    grid, shown = value_grid(str(tmp_path)), latest_episode(str(tmp_path))
    assert grid is not None
    assert shown is not None
    episode, picture = shown
    assert (grid.rows, grid.columns, grid.actions[2]) == (4, 4, "right")
    assert grid.expected(14) == pytest.approx(recipe.state()["table"][14].max(), abs=1e-6)
    assert grid.best(14) == 2
    assert grid.best(5) is None
    assert sum(grid.visits) > 240
    assert episode.total == 1
    assert episode.solved
    assert len(episode.actions) == 6
    assert picture.startswith(b"GIF8")
    (sample, *_) = recipe.samples()
    assert (sample.kind, sample.right, sample.score) == ("text", True, 1.0)
    assert "right" in sample.guess


def test_a_checkpoint_of_another_world_is_refused(tmp_path):
    _learn(tmp_path)
    with pytest.raises(EnvironmentFault) as caught:
        _learn(tmp_path, _spec(environment="frozen-lake-8x8"))
    assert caught.value.params["reason"] == "checkpoint-of-another-network"


@pytest.mark.slow
def test_a_published_agent_is_checked_played_assessed_and_gone_on_from(tmp_path, capsys):
    recipe = _learn(tmp_path / "run")
    bundle = recipe.publish(tmp_path / "lake", recipe.validate(PHASE))
    assert check_bundle(bundle).probe_difference == 0
    agent = QAgent(bundle)
    table = recipe.state()["table"]
    np.testing.assert_allclose(agent.values(np.arange(16, dtype=np.int32)), table, atol=1e-6)
    np.testing.assert_array_equal(agent.choose(np.arange(16, dtype=np.int32)), table.argmax(1))
    assessment = recipe.assess(bundle)
    assert assessment is not None
    assert (assessment.items, assessment.numbers["mean return"]) == (100, 1.0)

    gif = tmp_path / "lake.gif"
    assert play.main([str(bundle), "--episodes", "3", "--gif", str(gif)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["event"] for line in lines] == ["episode"] * 3 + ["played"]
    assert lines[-1]["metrics"]["mean return"] == 1
    assert gif.read_bytes().startswith(b"GIF8")
    painted = record_of(Episode, lines[-1]["painted"])
    assert (painted.environment, painted.total, painted.solved, len(painted.actions)) == ("frozen-lake-4x4", 1, True, 6)

    further = QTableRecipe(_spec(start=str(bundle)))
    further.begin()
    np.testing.assert_allclose(further.state()["table"], table, atol=1e-6)
    with pytest.raises(EnvironmentFault) as caught:
        QTableRecipe(_spec(start=str(bundle), environment="cliff-walking")).begin()
    assert (caught.value.code, caught.value.params["field"]) == (ErrorCode.BUNDLE_INVALID, "environment")

    manifest = json.loads((bundle / "bundle.json").read_text("utf-8"))
    manifest["preprocessing"]["actions"].reverse()
    (bundle / "bundle.json").write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(EnvironmentFault):
        Trial(bundle)


def test_playing_what_is_no_bundle_is_told_as_an_error(tmp_path, capsys):
    assert play.main([str(tmp_path / "none")]) == 1
    assert json.loads(capsys.readouterr().out)["error"] == "model-missing"


@pytest.mark.slow
def test_a_killed_process_is_resumed_along_the_same_curve(tmp_path, capsys):
    """The command, start to bundle, with a kill -9 in the second epoch."""
    file = tmp_path / "spec.toml"
    file.write_text(to_toml(_spec(episodes=200)), "utf-8")
    assert main([str(file), "--run-folder", str(tmp_path / "whole"), "--threads", "1"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {"published", "samples", "assessed", "points"} <= {event["event"] for event in events}
    report = json.loads((tmp_path / "whole" / "report.json").read_text("utf-8"))
    assert report["assessment"]["numbers"]["mean return"] == 1

    command = [sys.executable, "-m", "mmbm_desktop.training", str(file), "--run-folder", str(tmp_path / "parts")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    for line in process.stdout:
        event = json.loads(line)
        if "metrics" in event and event["epoch"] == 2:
            os.kill(process.pid, signal.SIGKILL)
            break
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL
    assert main(["--resume", str(tmp_path / "parts"), "--out", str(tmp_path / "bundle"), "--threads", "1"]) == 0
    assert _curve(tmp_path / "parts") == _curve(tmp_path / "whole")
    for key, array in _last(tmp_path / "whole").items():
        np.testing.assert_array_equal(_last(tmp_path / "parts")[key], array)


def test_a_spec_of_an_agent_needs_no_data_and_others_do(tmp_path):
    file = tmp_path / "spec.toml"
    file.write_text(to_toml(SPEC), "utf-8")
    assert read_spec(file) == dataclasses.replace(SPEC, phases=(PHASE,))
    table = {"name": "mine", "phases": [{"goal": "translate", "epochs": 1}]}
    with pytest.raises(ValueError, match="data"):
        spec_from({**table, "recipe": "translation"})


@pytest.mark.parametrize(
    "options",
    [{"environment": "chess"}, {"gamma": 1.5}, {"episodes": 0}, {"slippery": 1}, {"epsilon_start": -0.1}, {"magic": 1}],
)
def test_options_that_make_no_sense_are_refused(tmp_path, options):
    file = tmp_path / "spec.toml"
    file.write_text(to_toml(_spec(**options)), "utf-8")
    with pytest.raises(InputFault):
        read_spec(file)


@pytest.mark.parametrize("name", ["q-table", "deep-q"])
def test_the_catalogue_offers_what_the_rules_allow(name):
    info, rules = next(one for one in CATALOGUE if one.name == name), RECIPES[name]
    assert info.kinds == ()
    assert rules.acts
    assert [preset.name for preset in info.presets] == list(rules.presets)
    defaults = {one.name: one.default for one in dataclasses.fields(rules.options)}
    assert {one.name: one.default for one in info.options} == {
        name: value for name, value in defaults.items() if name != "start"
    }

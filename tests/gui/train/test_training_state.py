"""What the page keeps without widgets: curves, drafts, suggested names, comparisons, and runs told of while they are read."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.gui.context import AppContext
from mmbm_desktop.gui.state.library_calls import LibraryCalls
from mmbm_desktop.gui.state.training_compare import differing, lower_is_better, numbers_of, rows_of
from mmbm_desktop.gui.state.training_curve import Curve
from mmbm_desktop.gui.state.training_draft import Draft, Obstacle, draft_of, suggested_name
from mmbm_desktop.gui.state.training_runs import TrainingRuns
from mmbm_desktop.gui.state.training_watch import WatchedRun
from mmbm_desktop.protocol.events import RunAdvanced, RunChanged, RunRemoved
from mmbm_desktop.protocol.recipe_catalogue import RECIPES
from mmbm_desktop.protocol.recipes import OptionInfo, PresetInfo, RecipeInfo
from mmbm_desktop.protocol.training import Assessment, CurvePoint, RunReport, RunSettings, RunState
from tests.gui.train.made_up import blocker, curve, report_of, run_info

PLAYER = RecipeInfo("player", (), (PresetInfo("table", 40, 0.2, 1),), (OptionInfo("gamma", 0.99, 0.0, 1.0),))


def test_a_curve_keeps_steps_and_checks_apart_and_marks_where_it_was_resumed() -> None:
    made = Curve(curve(3, resumed_at=2))

    assert list(made.series("loss", validation=True).x) == [1, 2, 3]
    assert len(made.series("loss", validation=False).x) == 30
    assert not made.series("accuracy", validation=False).x
    assert made.resumed == [2.1]
    assert made.names == ("accuracy", "loss")
    assert [point.epoch for point in made.validations] == [1, 2, 3]


def test_points_told_twice_are_on_the_curve_once() -> None:
    points = curve(2)
    made = Curve(points[:15])

    made.add(points[12:18])
    made.add(points[18:])

    assert len(made.series("loss", validation=False).x) == 20
    assert len(made.validations) == 2


def test_what_was_merely_decided_is_offered_last() -> None:
    made = Curve([CurvePoint(1.0, {"learning rate": 0.1, "speed": 2.0, "loss": 1.0})])

    assert made.names == ("loss", "speed", "learning rate")


@pytest.mark.parametrize(
    ("wish", "taken", "name"),
    [
        ("/pictures/Garden Birds", (), "garden-birds"),
        ("Vögel & Co.", (), "vogel-co"),
        ("花园里的鸟", (), "my-model"),
        ("birds", ("birds", "birds-2"), "birds-3"),
        ("x" * 300, (), "x" * 40),
    ],
)
def test_names_are_suggested_that_a_bundle_can_have(wish: str, taken: tuple[str, ...], name: str) -> None:
    assert suggested_name(wish, taken) == name


def test_a_draft_says_what_is_in_its_way(tmp_path: Path) -> None:
    recipe = RECIPES[0]
    draft = Draft(recipe, recipe.presets[0], "birds")
    good, data = report_of(tmp_path), str(tmp_path)

    assert draft.obstacle("", None, examining=False) is Obstacle.NO_DATA
    assert draft.obstacle(data, None, examining=True) is Obstacle.EXAMINING
    assert draft.obstacle(data, report_of(tmp_path, blocker()), examining=False) is Obstacle.BLOCKED
    assert draft.obstacle(data, good, examining=False) is None
    draft.name = "Birds!"
    assert draft.obstacle(data, good, examining=False) is Obstacle.NAME
    draft.recipe = RECIPES[1]
    assert draft.obstacle(data, good, examining=False) is Obstacle.UNFIT
    assert Draft().obstacle(data, good, examining=False) is Obstacle.NO_RECIPE


def test_a_recipe_that_plays_needs_no_folder() -> None:
    draft = Draft(PLAYER, PLAYER.presets[0], "player", options={"gamma": 0.9, "of another recipe": 1})

    assert draft.obstacle("", None, examining=False) is None
    assert draft.settings("/data") == RunSettings("player", "", "player", "table", options={"gamma": 0.9})


def test_settings_come_back_from_the_draft_that_was_made_of_them() -> None:
    settings = RunSettings("image-text", "/data", "birds", "quick", 5, 2e-3, 16, 7, "cpu")

    assert draft_of(settings, RECIPES).settings("/data") == settings


def test_numbers_are_compared_and_the_best_is_marked() -> None:
    rows = rows_of([{"accuracy": 0.8, "loss": 0.4, "same": 1.0}, {"accuracy": 0.9, "loss": 0.5, "same": 1.0}, {}])

    assert [(row.name, row.best) for row in rows] == [
        ("accuracy", frozenset({1})),
        ("loss", frozenset({0})),
        ("same", frozenset()),
    ]
    assert rows[0].values == (0.8, 0.9, None)
    assert lower_is_better("word error")
    assert all(map(lower_is_better, ("word error rate", "search Brier score, English", "deletions", "token")))
    assert rows_of([{"mean steps": 9.0}, {"mean steps": 12.0}])[0].best == frozenset()
    assert not lower_is_better("R@10")


def test_an_assessment_counts_more_than_the_val_split() -> None:
    report = RunReport("a", "a", {"accuracy": 0.9}, Assessment("test", 10, {"accuracy": 0.7}))

    assert numbers_of(report, {"loss": 1.0}) == {"accuracy": 0.7}
    assert numbers_of(RunReport("a", "a", {"accuracy": 0.9}), {}) == {"accuracy": 0.9}
    assert numbers_of(None, {"loss": 1.0}) == {"loss": 1.0}


def test_only_the_settings_in_which_runs_differ_are_named() -> None:
    first = RunSettings("image-text", "/data", "a", epochs=5, options={"mixed": 0.1})
    second = RunSettings("image-text", "/data", "b", epochs=9)

    assert differing([first, second]) == {"epochs": (5, 9), "mixed": (0.1, None)}


@pytest.fixture
def runs(context: AppContext, engine: FakeEngine, qtbot: QtBot) -> TrainingRuns:
    """Return the runs as the page keeps them, read once."""
    calls = LibraryCalls()
    made = TrainingRuns(engine.runs, context.bridge, calls)
    made.reload()
    qtbot.waitUntil(lambda: made.loaded)
    made.setProperty("calls", calls)
    return made


def test_runs_of_another_program_are_seen_at_the_next_reading(
    runs: TrainingRuns, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.runs._runs["other"] = run_info("other", RunState.PAUSED)
    runs.reload()
    qtbot.waitUntil(lambda: runs.run("other") is not None)

    del engine.runs._runs["other"]
    runs.reload()
    qtbot.waitUntil(lambda: runs.run("other") is None)


def test_a_removed_run_does_not_come_back(runs: TrainingRuns, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.emit(RunChanged(run_info("a", RunState.PAUSED)))
    qtbot.waitUntil(lambda: runs.run("a") is not None)
    engine.emit(RunRemoved("a"))
    engine.emit(RunChanged(run_info("a", RunState.PAUSED)))
    engine.emit(RunChanged(run_info("b", RunState.RUNNING, created_s=9.0)))
    qtbot.waitUntil(lambda: runs.run("b") is not None)

    assert [run.id for run in runs.all] == ["b"]
    assert [run.id for run in runs.active] == ["b"]


def test_points_told_while_the_curve_is_read_are_neither_lost_nor_doubled(
    context: AppContext, engine: FakeEngine, qtbot: QtBot
) -> None:
    calls = LibraryCalls()
    points = curve(3)
    engine.runs.put(run_info("a", RunState.RUNNING), curve=points[:20])
    watched = WatchedRun("a", engine.runs, context.bridge, calls)
    watched.start()
    engine.emit(RunAdvanced("a", points[18:22]))
    engine.emit(RunAdvanced("another", points[22:]))
    qtbot.waitUntil(lambda: len(watched.curve) >= 20)

    engine.emit(RunAdvanced("a", points[22:]))
    qtbot.waitUntil(lambda: len(watched.curve) == 30)

    assert list(watched.curve.series("loss", validation=False).x) == [p.epoch for p in points if not p.validation]
    watched.stop()
    calls.close()

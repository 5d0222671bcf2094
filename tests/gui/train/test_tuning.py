"""A search over settings in the window: begun from the form, watched as a table, paused, compared, cleared up."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, Fault
from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.engine.tuning.fake import FakeTuning
from mmbm_desktop.gui.context import AppContext
from mmbm_desktop.gui.pages.train import TrainPage
from mmbm_desktop.gui.pages.train.runs_listed import listed
from mmbm_desktop.gui.pages.train.tuning_panel import TuningPanel
from mmbm_desktop.gui.translation import Translation
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.training import RunState
from mmbm_desktop.protocol.tuning import TuningInfo
from tests.gui.train.conftest import PutRun
from tests.gui.train.test_train_page import examined

NO_LOSS = Failure(ErrorCode.TRAINING_FAILED, Fault.ENVIRONMENT, {"reason": "loss-not-finite"})


@pytest.fixture
def tuning(engine: FakeEngine) -> FakeTuning:
    return engine.runs.tuning


@pytest.fixture
def search(page: TrainPage, engine: FakeEngine, birds: Path, tuning: FakeTuning, qtbot: QtBot) -> TuningInfo:
    """Return a search of four trials, begun from the form."""
    examined(page, engine, birds, qtbot=qtbot)
    page.form.expert.click()
    field = page.tuning.field
    field.box.click()
    field.count.control.setValue(4)
    page.form.epochs.control.setValue(8)
    page.form.start.click()
    qtbot.waitUntil(page.tuning.panel.isVisible)
    return tuning.all()[0]


def states(panel: TuningPanel) -> list[str]:
    return [row.state.text() for row in panel.table.rows]


def test_the_form_says_what_a_search_does_and_starts_it(
    page: TrainPage, search: TuningInfo, tuning: FakeTuning, engine: FakeEngine
) -> None:
    field = page.tuning.field
    assert field.said.text().partition("; ")[2] == (
        "the better half goes on at epoch 2, 4, the best one is published. "
        "About 2.0 times the work of one run. Tries: Learning rate, Batch, Weight decay."
    )
    assert page.form.start.text() == "Start the search"
    ((settings, trials),) = tuning.started
    assert (settings, trials) == (page.form.settings, 4)
    assert engine.runs.started == []
    field.box.click()
    assert page.form.start.text() == "Start training"
    assert "trials" not in field.said.text()


def test_the_table_follows_the_race_to_the_best(
    page: TrainPage, search: TuningInfo, tuning: FakeTuning, qtbot: QtBot
) -> None:
    panel = page.tuning.panel
    assert states(panel) == ["training, to epoch 2", "waiting", "waiting", "waiting"]
    assert [label.text() for label in panel.table.rows[0].values] == ["0.001", "128", "usual"]
    assert not panel.table.rows[1].number.isEnabled()

    tuning.advance(search.id, 5)

    qtbot.waitUntil(lambda: states(panel)[0] == "in the race")
    assert states(panel) == ["in the race", "out at epoch 2", "out at epoch 2", "training, to epoch 4"]
    assert panel.aside.text() == "10 of 16 epochs"
    tuning.advance(search.id, 9)
    qtbot.waitUntil(panel.result.isVisible)
    assert states(panel) == ["best", "out at epoch 2", "out at epoch 2", "out at epoch 4"]
    assert panel.table.rows[0].epochs.text() == "8"
    assert not panel.pause.isVisible()
    panel.result.click()
    assert page.run_panel.isVisible()
    assert page.run_panel.run is not None
    assert (page.run_panel.run.name, page.run_panel.run.state) == (search.name, RunState.FINISHED)


def test_a_trial_is_a_run_that_can_be_looked_at_and_compared(
    page: TrainPage, search: TuningInfo, tuning: FakeTuning, qtbot: QtBot
) -> None:
    panel = page.tuning.panel
    tuning.advance(search.id, 3)
    qtbot.waitUntil(panel.table.rows[2].number.isEnabled)
    panel.table.rows[1].number.click()
    assert page.run_panel.run is not None
    assert page.run_panel.run.id == search.trials[1].run
    assert page.column.entries[search.trials[1].run].chip.isChecked()

    page.column.searches[search.id].chip.click()
    panel.compare.click()
    assert page.compare.isVisible()
    qtbot.waitUntil(lambda: page.compare.settings.texts != [])
    assert "Learning rate" in {row[0] for row in page.compare.settings.texts}


def test_the_column_lists_trials_only_below_the_search_that_is_open(
    page: TrainPage, search: TuningInfo, tuning: FakeTuning, put: PutRun, qtbot: QtBot
) -> None:
    put("owls")
    tuning.advance(search.id, 99)
    qtbot.waitUntil(lambda: page.tuning.panel.result.isVisible() and len(page.column.entries) == 5)
    page.column.new.click()
    assert set(page.column.entries) == {"owls", search.trials[0].run}
    page.column.searches[search.id].chip.click()
    assert len(page.column.entries) == 5
    everything = listed(page.runs.all, page.tuning.state.all, search.id)
    assert [one.id for one in everything[:2]] == [search.trials[0].run, search.id]


def test_it_is_paused_resumed_and_a_cut_off_one_says_so(
    page: TrainPage, search: TuningInfo, tuning: FakeTuning, qtbot: QtBot
) -> None:
    panel = page.tuning.panel
    panel.pause.click()
    qtbot.waitUntil(panel.resume.isVisible)
    assert panel.state.text() == "paused"
    panel.resume.click()
    qtbot.waitUntil(panel.pause.isVisible)
    tuning.interrupt(search.id)
    qtbot.waitUntil(lambda: "cut off" in panel.notice.text())
    assert panel.resume.isVisible()


def test_failed_trials_are_said_and_so_is_that_all_failed(
    page: TrainPage, search: TuningInfo, tuning: FakeTuning, qtbot: QtBot
) -> None:
    panel = page.tuning.panel
    tuning.fail_next(search.id, NO_LOSS)
    qtbot.waitUntil(panel.notice.isVisible)
    assert panel.notice.text() == "Trial 1 failed and counts as the worst."
    assert "no longer a number" in states(panel)[0]
    for _ in range(3):
        tuning.fail_next(search.id, NO_LOSS)
    tuning.advance(search.id)
    qtbot.waitUntil(lambda: "every trial failed" in panel.notice.text())


def test_losers_are_removed_with_one_click_and_the_search_after_a_question(
    page: TrainPage, search: TuningInfo, tuning: FakeTuning, engine: FakeEngine, qtbot: QtBot
) -> None:
    panel = page.tuning.panel
    tuning.advance(search.id, 99)
    qtbot.waitUntil(panel.losers.isVisible)
    panel.losers.click()
    qtbot.waitUntil(lambda: not panel.losers.isVisible())
    assert [run.id for run in engine.runs.all()] == [search.trials[0].run]
    assert panel.table.rows[1].score.text() != "–"

    panel.remove.trigger()
    assert isinstance(panel._box, QMessageBox)
    next(button for button in panel._box.buttons() if button.text() == "Remove").click()
    qtbot.waitUntil(page.form.isVisible)
    assert tuning.all() == ()
    assert page.column.searches == {}


def test_what_cannot_be_started_is_said_in_both_languages(
    page: TrainPage, engine: FakeEngine, birds: Path, tuning: FakeTuning, qtbot: QtBot, translation: Translation,
    context: AppContext,
) -> None:  # fmt: skip
    examined(page, engine, birds, qtbot=qtbot)
    context.settings.set("appearance.language", "zh_CN")
    translation.apply()
    qtbot.waitUntil(lambda: page.tuning.field.box.text() == "尝试多种设置")
    page.tuning.field.box.setChecked(True)
    assert page.form.start.text() == "开始搜索"
    tuning.raising["start"] = EnvironmentFault(ErrorCode.DISK_FULL, path="/runs")
    page.form.start.click()
    qtbot.waitUntil(lambda: "磁盘" in page.form.why.text())

"""My corrections on the Train page: what is there, when a model can learn, old beside new, keep and revert."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.gui.context import AppContext
from mmbm_desktop.gui.improving_words import ImprovingWords
from mmbm_desktop.gui.pages.train import TrainPage
from mmbm_desktop.gui.translation import Translation
from mmbm_desktop.protocol.corrections import CorrectionKind, is_improved
from mmbm_desktop.protocol.tasks import Task
from mmbm_desktop.protocol.training import ComparedItem, ComparedNumber, Comparison, RunState
from tests.gui.train.conftest import PutRun

NUMBERS = (
    ComparedNumber("accuracy", 0.31, 0.44, decides=True),
    ComparedNumber("agreement with the old model", 1.0, 0.97, general=True, decides=True),
)


def comparison(*numbers: ComparedNumber) -> Comparison:
    items = (ComparedItem("/p/1.jpg", "dog", "cat", "dog"), ComparedItem("/p/2.jpg", "cat", "cat", "dog", general=True))
    return Comparison("pets", "pets-improved-1", 11, 32, numbers or NUMBERS, items)


def correct(engine: FakeEngine, count: int) -> None:
    for number in range(count):
        engine.improving.put(CorrectionKind.LABEL, f"/p/{number}.jpg", "cat", "dog")


def test_corrections_are_listed_and_too_few_are_refused_with_the_number_that_is_missing(
    page: TrainPage, engine: FakeEngine, translation: Translation, qtbot: QtBot
) -> None:
    panel = page.improving.corrections
    page.column.corrections.click()
    assert panel.isVisible()
    assert not panel.export.isEnabled()

    correct(engine, 3)
    engine.improving.put(CorrectionKind.THUMB, "/p/9.jpg", "A dog.", "", "en", rating=-1)
    qtbot.waitUntil(lambda: len(panel.rows) == 4)
    assert [row.after.text() for row in panel.rows] == ["bad", "dog", "dog", "dog"]
    assert panel.rows[1].before.text() == "was: cat"
    assert panel.aside.text() == "4 corrections"
    learned = panel.tasks[Task.CLASSIFY].status.learned
    assert not panel.tasks[Task.CLASSIFY].improve.isEnabled()
    assert panel.tasks[Task.CLASSIFY].why.text().startswith(f"{5 - learned} more correction")
    assert not panel.tasks[Task.TRANSCRIBE].improve.isEnabled()
    engine.improving.reasons[Task.TRANSCRIBE] = "only-dictates"
    engine.improving.put(CorrectionKind.TRANSCRIPT, "/p/1.wav", "too", "two", "en")
    qtbot.waitUntil(lambda: panel.tasks[Task.TRANSCRIBE].status.reason == "only-dictates")
    assert panel.tasks[Task.TRANSCRIBE].improve.isHidden()
    why = panel.tasks[Task.TRANSCRIBE].why.text()
    assert why.startswith("PocketSphinx, which takes dictation, cannot learn")
    assert why.endswith(".")


def test_improve_compare_keep_and_revert(page: TrainPage, engine: FakeEngine, qtbot: QtBot) -> None:
    correct(engine, 12)
    page.column.corrections.click()
    panel = page.improving.corrections
    qtbot.waitUntil(lambda: Task.CLASSIFY in panel.tasks and panel.tasks[Task.CLASSIFY].improve.isEnabled())
    panel.tasks[Task.CLASSIFY].improve.click()
    qtbot.waitUntil(page.run_panel.isVisible)
    (run,) = engine.runs.all()
    assert is_improved(run.name)
    assert page.improving.comparison.isHidden()

    engine.improving.comparisons[run.id] = comparison()
    engine.runs.advance(run.id, 30)
    shown = page.improving.comparison
    qtbot.waitUntil(shown.isVisible)
    assert shown.verdict.text() == "Better on yours: 0.31 → 0.44; general: 1.00 → 0.97."
    assert shown.warning.isHidden()
    assert shown.numbers.texts[0] == ("yours: accuracy", "0.31", "0.44")
    assert [row.new.text() for row in shown.examples] == ["new: dog", "new: dog"]

    shown.keep.click()
    qtbot.waitUntil(shown.revert.isVisible)
    assert engine.improving.kept == {Task.CLASSIFY: run.id}
    shown.revert.click()
    qtbot.waitUntil(shown.keep.isVisible)
    assert engine.improving.kept == {}


def test_what_was_forgotten_is_a_warning(page: TrainPage, engine: FakeEngine, qtbot: QtBot) -> None:
    correct(engine, 12)
    run = engine.improving.improve(Task.CLASSIFY)
    engine.improving.comparisons[run.id] = comparison(ComparedNumber("accuracy", 0.8, 0.75, True, True))
    engine.runs.advance(run.id, 30)
    page.runs.reload()
    qtbot.waitUntil(lambda: page.runs.run(run.id) is not None)
    page.show_run(run.id)
    qtbot.waitUntil(page.improving.comparison.warning.isVisible)
    assert page.improving.comparison.verdict.text().startswith("None of your corrections is held out yet")


def test_a_failure_is_told(page: TrainPage, engine: FakeEngine, context: AppContext, qtbot: QtBot) -> None:
    engine.improving.raising["improve"] = EnvironmentFault(ErrorCode.DISK_FULL)
    with qtbot.waitSignal(context.navigator.notice) as told:
        page.improving.state.improve(Task.CAPTION)
    assert "disk is full" in str(told.args)


@pytest.mark.parametrize("name", ["accuracy", "fit of picture and caption", "BLEU-4"])
def test_numbers_have_names_in_both_languages(
    qapp: object, context: AppContext, translation: Translation, name: str
) -> None:
    english = ImprovingWords().number(name, general=True)
    context.settings.set("appearance.language", "zh_CN")
    translation.apply()
    chinese = ImprovingWords().number(name, general=True)
    assert english.startswith("general: ")
    assert chinese.startswith("一般")


def test_a_run_that_was_begun_elsewhere_is_shown_as_soon_as_it_is_known(
    page: TrainPage, engine: FakeEngine, put: PutRun, qtbot: QtBot
) -> None:
    page.show_run("late")
    assert page.form.isVisible()
    put("late", RunState.RUNNING)
    qtbot.waitUntil(page.run_panel.isVisible)
    assert page.run_panel.run.name == "late"

    page.show_run("later")
    page.show_setup()  # the person looks at something else meanwhile
    put("later", RunState.RUNNING)
    qtbot.waitUntil(lambda: "later" in page.column.entries)
    assert page.form.isVisible()

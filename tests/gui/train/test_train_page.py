"""The Train page: drop a folder, see what is in it, start, watch, pause, resume, compare, report, use, remove."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QMessageBox
from pytestqt.qtbot import QtBot

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, Fault
from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.gui.context import AppContext
from mmbm_desktop.gui.pages.train import TrainPage
from mmbm_desktop.gui.pages.train.form_panel import FormPanel
from mmbm_desktop.gui.pages.train.items_dialog import ItemsDialog, file_of
from mmbm_desktop.gui.state.training_data import DataFolder
from mmbm_desktop.gui.translation import Translation
from mmbm_desktop.protocol.catalogue import ModelInfo
from mmbm_desktop.protocol.events import ModelsChanged
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.jobs import JobState
from mmbm_desktop.protocol.recipes import OptionInfo, PresetInfo, RecipeInfo
from mmbm_desktop.protocol.requests import ExamineDataRequest
from mmbm_desktop.protocol.results import ExamineDataResult
from mmbm_desktop.protocol.training import Assessment, EarlyStop, RunSettings, RunState, RunUse, Sample
from tests.gui.train.conftest import PutRun
from tests.gui.train.made_up import blocker, copies, report_of


def drop(page: TrainPage, *paths: Path) -> bool:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return page.take_mime(mime)


def examined(page: TrainPage, engine: FakeEngine, folder: Path, *findings: object, qtbot: QtBot) -> None:
    engine.script(ExamineDataRequest, ExamineDataResult(report_of(folder, *findings)))
    drop(page, folder)
    qtbot.waitUntil(lambda: page.data.report is not None)


# --- data ------------------------------------------------------------------------------------------------------------


def test_the_empty_page_says_the_first_step(page: TrainPage) -> None:
    assert page.data_panel.area.isVisible()
    assert page.data_panel.browse.isVisible()
    assert not page.form.start.isEnabled()
    assert page.form.why.text() == "Drop a data folder first."


def test_a_dropped_folder_is_looked_over_with_progress_and_can_be_left(
    page: TrainPage, engine: FakeEngine, birds: Path, qtbot: QtBot
) -> None:
    engine.hold(ExamineDataRequest)
    assert drop(page, birds)
    job = engine.jobs()[0]
    engine.progress(job.id, 30, 120)
    qtbot.waitUntil(lambda: "30 of 120" in page.data_panel.progress.text())
    assert page.data_panel.folder.text() == "Garden Birds"
    assert page.form.why.text() == "The folder is still being looked over."

    page.data_panel.cancel.click()

    assert engine.job(job.id).state is JobState.CANCELLED
    assert page.data_panel.area.isVisible()


def test_another_folder_replaces_the_one_being_looked_over(
    page: TrainPage, engine: FakeEngine, tmp_path: Path, qtbot: QtBot
) -> None:
    engine.hold(ExamineDataRequest)
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        drop(page, tmp_path / name)
    second, first = engine.jobs()[:2]
    assert first.state is JobState.CANCELLED

    engine.finish(second.id, ExamineDataResult(report_of(tmp_path / "second")))

    qtbot.waitUntil(lambda: page.data.report is not None)
    assert page.data_panel.folder.text() == "second"


def test_counts_findings_and_a_filled_form_follow(
    page: TrainPage, engine: FakeEngine, birds: Path, qtbot: QtBot
) -> None:
    examined(page, engine, birds, copies(birds), qtbot=qtbot)

    assert [one.items for one in page.data_panel.bars.counts] == [40, 39, 38]
    assert page.data_panel.bars.bar(0).width() > page.data_panel.bars.bar(2).width() > 0
    assert "held out 20" in page.data_panel.summary.text()
    assert page.data_panel.rows[0].text.text().startswith("The same file in more than one part")
    assert page.form.name.value == "garden-birds"
    assert page.form.recipe.value == "image-text"
    assert page.form.epochs.value == 20
    assert page.form.start.isEnabled()


def test_a_finding_shows_its_items_and_changes_nothing(
    page: TrainPage, engine: FakeEngine, birds: Path, qtbot: QtBot
) -> None:
    examined(page, engine, birds, copies(birds), qtbot=qtbot)

    page.data_panel.rows[0].items.click()

    assert isinstance(page.dialog, ItemsDialog)
    assert [Path(row.item.path).name for row in page.dialog.rows] == ["a.jpg", "b.jpg", "c.jpg", "metadata.csv:7"]
    assert [row.item.apart for row in page.dialog.rows] == [True, False, True, False]
    assert page.dialog.rows[3].file == f"{birds}/metadata.csv"
    page.dialog.copy.click()
    assert QGuiApplication.clipboard().text().splitlines()[0] == f"{birds}/a.jpg"
    page.dialog.close_button.click()


def test_a_file_whose_name_ends_like_a_row_is_a_file(tmp_path: Path) -> None:
    odd = tmp_path / "take:2"
    odd.write_bytes(b"x")

    assert file_of(str(odd)) == str(odd)
    assert file_of(f"{tmp_path}/table.csv:12") == f"{tmp_path}/table.csv"


def test_a_blocker_keeps_the_run_from_starting_and_says_so(
    page: TrainPage, engine: FakeEngine, birds: Path, qtbot: QtBot
) -> None:
    examined(page, engine, birds, blocker(), qtbot=qtbot)

    assert not page.form.start.isEnabled()
    assert "must be put right" in page.form.why.text()


def test_hundreds_of_classes_and_findings_are_folded(
    page: TrainPage, engine: FakeEngine, birds: Path, qtbot: QtBot
) -> None:
    engine.script(ExamineDataRequest, ExamineDataResult(report_of(birds, *[copies(birds)] * 20, classes=300)))
    drop(page, birds)
    qtbot.waitUntil(lambda: page.data.report is not None)
    assert len(page.data_panel.bars.counts) == 8
    assert sum(row.isVisible() for row in page.data_panel.rows) == 6

    page.data_panel.all_classes.click()
    page.data_panel.all_findings.click()

    assert len(page.data_panel.bars.counts) == 300
    assert sum(row.isVisible() for row in page.data_panel.rows) == 20


def test_a_failed_examination_says_why_and_can_be_repeated(
    page: TrainPage, engine: FakeEngine, birds: Path, qtbot: QtBot
) -> None:
    engine.script(ExamineDataRequest, Failure(ErrorCode.FOLDER_UNREADABLE, Fault.INPUT))
    drop(page, birds)
    qtbot.waitUntil(page.data_panel.error.isVisible)
    assert page.data_panel.error.text() == "The folder cannot be read."

    engine.script(ExamineDataRequest, ExamineDataResult(report_of(birds)))
    page.data_panel.again.click()

    qtbot.waitUntil(lambda: page.data.report is not None)
    assert not page.data_panel.error.isVisible()


def test_a_table_stands_for_its_folder_and_a_picture_for_nothing(
    page: TrainPage, engine: FakeEngine, birds: Path, qtbot: QtBot, context: AppContext
) -> None:
    (birds / "pairs.tsv").write_text("one\t一")
    (birds / "a.jpg").write_bytes(b"x")
    with qtbot.waitSignal(context.navigator.notice):
        assert drop(page, birds / "a.jpg")
    assert not any(isinstance(request, ExamineDataRequest) for request in engine.requests)

    assert drop(page, birds / "pairs.tsv")

    assert engine.requests[-1] == ExamineDataRequest(str(birds))


# --- the form ----------------------------------------------------------------------------------------------------------


def test_what_is_chosen_is_what_is_started(page: TrainPage, engine: FakeEngine, birds: Path, qtbot: QtBot) -> None:
    examined(page, engine, birds, qtbot=qtbot)
    page.form.preset.control.setCurrentIndex(1)
    page.form.epochs.control.setValue(7)
    page.form.expert.click()
    assert page.form.drawer.isVisible()
    page.form.seed.control.setValue(3)
    page.form.rate.control.setValue(0.002)
    page.form.decay.control.setValue(0.2)
    page.form.name.control.clear()
    QTest.keyClicks(page.form.name.control, "my-birds")

    page.form.start.click()

    qtbot.waitUntil(lambda: bool(engine.runs.started))
    wanted = RunSettings("image-text", str(birds), "my-birds", "quick", epochs=7, learning_rate=0.002, seed=3)
    assert engine.runs.started == [replace(wanted, weight_decay=0.2)]
    qtbot.waitUntil(page.run_panel.isVisible)
    assert page.run_panel.heading.text() == "my-birds"


def test_weight_decay_is_cloned_and_offered_only_where_there_is_one(page: TrainPage) -> None:
    form = page.form
    form.fill(RunSettings("sounds", "", "owls", "small", weight_decay=0.0))
    assert form.decay.value == 0.0
    form.seed.control.setValue(9)
    assert form.settings.weight_decay == 0.0, "another setting leaves it"
    form.preset.control.setCurrentIndex(1)
    assert (form.decay.value, form.settings.weight_decay) == (0.05, None)

    form.choose("deep-q")

    form.expert.click()
    assert not form.decay.isVisible()
    assert form.settings.weight_decay is None
    assert "rounds of moves" in form.epochs.reason.text()
    form.choose("sounds")
    assert "every item" in form.epochs.reason.text()
    assert form.decay.isVisible()


def test_a_bad_name_is_refused_before_anything_is_made(
    page: TrainPage, engine: FakeEngine, birds: Path, qtbot: QtBot
) -> None:
    examined(page, engine, birds, qtbot=qtbot)
    QTest.keyClicks(page.form.name.control, " Ä")

    assert not page.form.start.isEnabled()
    assert "small letters" in page.form.why.text()


def test_what_the_engine_refuses_is_told_at_the_button(
    page: TrainPage, engine: FakeEngine, birds: Path, qtbot: QtBot
) -> None:
    examined(page, engine, birds, qtbot=qtbot)
    engine.runs.raising["start"] = EnvironmentFault(ErrorCode.DISK_FULL)

    page.form.start.click()

    qtbot.waitUntil(lambda: "disk is full" in page.form.why.text())


def test_devices_are_those_of_this_computer(context: AppContext, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.runs.known_devices = ("auto", "cpu", "gpu:0", "gpu:1", "all")
    made = TrainPage(context)
    made.on_shown()
    control = made.form.device.control

    qtbot.waitUntil(lambda: control.count() == 5)

    names = ["Automatic", "CPU", "GPU 0", "GPU 1", "All 2 GPUs"]
    assert [control.itemText(row) for row in range(5)] == names
    made.form.choose("translation")
    made.form.draft.device = "all"
    made.form.set_devices(engine.runs.known_devices)
    assert made.form.device.value == "all"
    made.form.choose("deep-q")
    assert [control.itemText(row) for row in range(control.count())] == names[:4]
    assert made.form.device.value == made.form.draft.device == "auto"
    made.close_workers()
    made.deleteLater()


def test_what_learns_by_playing_needs_no_folder(context: AppContext, engine: FakeEngine, qtbot: QtBot) -> None:
    player = RecipeInfo("player", (), (PresetInfo("table", 40, 0.2, 1),), (OptionInfo("slippery", True),))
    form = FormPanel((player,), DataFolder(engine, context.bridge))
    form.options["slippery"].control.click()

    assert form.start.isEnabled()
    assert form.patience.isHidden()
    with qtbot.waitSignal(form.start_asked) as asked:
        form.start.click()

    assert asked.args == [RunSettings("player", "", "player", "table", options={"slippery": False})]
    form.deleteLater()


def test_a_run_may_end_early_and_says_so(
    page: TrainPage, engine: FakeEngine, birds: Path, put: PutRun, qtbot: QtBot
) -> None:
    examined(page, engine, birds, qtbot=qtbot)
    page.form.expert.click()
    page.form.patience.control.setValue(3)
    with qtbot.waitSignal(page.form.start_asked) as asked:
        page.form.start.click()
    assert asked.args[0].patience == 3

    put("robins", stopped_early=EarlyStop(3, 7))
    page.show_run("robins")
    assert "best was epoch 7" in page.run_panel.notice.text()


def test_the_open_dialog_comes_by_keyboard(page: TrainPage) -> None:
    page.data_panel.area.setFocus()

    QTest.keyClick(page.data_panel.area, Qt.Key.Key_Return)

    assert isinstance(page.dialog, QFileDialog)
    page.dialog.close()


# --- a run ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def started(page: TrainPage, engine: FakeEngine, birds: Path, qtbot: QtBot) -> str:
    """Start a run of six epochs and return its id."""
    examined(page, engine, birds, qtbot=qtbot)
    page.form.epochs.control.setValue(6)
    page.form.start.click()
    qtbot.waitUntil(lambda: page.run_panel.isVisible() and page.run_panel.run is not None)
    return page.run_panel.run.id


def state_is(page: TrainPage, state: RunState) -> bool:
    return page.run_panel.run.state is state


def test_a_run_shows_its_curve_pace_samples_and_log(
    page: TrainPage, engine: FakeEngine, started: str, qtbot: QtBot
) -> None:
    engine.runs.advance(started, 25)
    qtbot.waitUntil(lambda: page.run_panel.run.step == 5)
    panel = page.run_panel

    assert "epoch 3 / 6" in panel.aside.text()
    assert "ms/step" in panel.aside.text()
    assert panel.device.text().startswith("CPU · 2 thread")
    qtbot.waitUntil(lambda: panel.chart.isVisible() and bool(panel.chart.lines))
    assert panel.chooser.currentData() == "accuracy"
    qtbot.waitUntil(lambda: len(page.samples.view.tiles) == 3)
    first = list(page.samples.view.tiles)
    panel.log_button.click()
    assert panel.log.toPlainText().count("\n") == 1
    engine.runs.advance(started, 10)
    qtbot.waitUntil(lambda: panel.log.toPlainText().count("\n") == 2)
    assert page.samples.view.tiles == first, "tiles were made anew"
    assert page.summary.text().startswith("1 ")


def test_pause_resume_and_extend(page: TrainPage, engine: FakeEngine, started: str, qtbot: QtBot) -> None:
    engine.runs.advance(started, 12)
    page.run_panel.pause.click()
    qtbot.waitUntil(lambda: state_is(page, RunState.PAUSED))
    assert page.run_panel.resume.isVisible()
    assert not page.run_panel.pause.isVisible()

    page.run_panel.resume.click()
    qtbot.waitUntil(lambda: page.run_panel.run.state.active)
    engine.runs.advance(started, 5)
    qtbot.waitUntil(lambda: page.run_panel.chart.resumed_marks == 1)

    engine.runs.advance(started, 60)
    qtbot.waitUntil(lambda: state_is(page, RunState.FINISHED))
    page.run_panel.extend.click()
    dialog = page.run_panel._box
    assert isinstance(dialog, QInputDialog)
    dialog.setIntValue(4)
    dialog.accept()
    qtbot.waitUntil(lambda: page.run_panel.run.epochs == 10)


def test_stop_and_keep_best_waits_for_a_best(page: TrainPage, engine: FakeEngine, started: str, qtbot: QtBot) -> None:
    engine.runs.advance(started, 5)
    qtbot.waitUntil(lambda: page.run_panel.run.step == 5)
    assert not page.run_panel.finish.isEnabled()
    engine.runs.advance(started, 5)
    qtbot.waitUntil(page.run_panel.finish.isEnabled)

    page.run_panel.finish.click()

    qtbot.waitUntil(page.report.isVisible)
    assert state_is(page, RunState.FINISHED)


def test_failures_silence_and_memory_are_told(page: TrainPage, engine: FakeEngine, started: str, qtbot: QtBot) -> None:
    notice = page.run_panel.notice
    engine.runs.advance(started, 3)
    assert page.run_panel.use.isHidden()
    engine.runs.use_computer(started, RunUse(1_200_000_000, 0.0, 2))
    qtbot.waitUntil(lambda: page.run_panel.use.text().startswith("memory 1.2 GB · 0.0 of 2"))
    engine.runs.silence(started, 240.0)
    qtbot.waitUntil(lambda: "4 min" in notice.text() and "it hangs" in notice.text())
    engine.runs.halve_batch(started, 16)
    qtbot.waitUntil(lambda: "batch of 16" in notice.text())

    engine.runs.fail(started, Failure(ErrorCode.DISK_FULL, Fault.ENVIRONMENT))

    qtbot.waitUntil(lambda: "disk is full" in notice.text())
    assert page.run_panel.resume.isVisible()
    assert page.run_panel.use.isHidden()


def test_the_end_of_a_run_is_told_to_who_looks_elsewhere(
    page: TrainPage, engine: FakeEngine, started: str, context: AppContext, qtbot: QtBot
) -> None:
    page.show_setup()

    with qtbot.waitSignal(context.navigator.notice) as told:
        engine.runs.advance(started, 60)

    assert told.args == ["garden-birds is trained"]


def test_an_interrupted_run_offers_to_go_on(page: TrainPage, put: PutRun) -> None:
    put("cut", RunState.INTERRUPTED)
    page.show_run("cut")

    assert page.run_panel.resume.isVisible()
    assert "continuous curve" in page.run_panel.notice.text()


def test_settings_of_a_run_are_taken_over_under_a_new_name(
    page: TrainPage, engine: FakeEngine, started: str, birds: Path, qtbot: QtBot
) -> None:
    page.run_panel.clone.trigger()

    qtbot.waitUntil(page.form.isVisible)
    assert page.form.name.value == "garden-birds-2"
    assert page.form.epochs.value == 6
    assert page.form.start.isEnabled()


def test_a_run_whose_loss_was_no_number_is_begun_anew_with_a_tenth_of_its_rate(
    page: TrainPage, engine: FakeEngine, started: str, put: PutRun, qtbot: QtBot
) -> None:
    rate = page.form.rate.value
    put("full", RunState.FAILED, failure=Failure(ErrorCode.DISK_FULL, Fault.ENVIRONMENT))
    engine.runs.fail(started, Failure(ErrorCode.TRAINING_FAILED, Fault.ENVIRONMENT, {"reason": "loss-not-finite"}))
    qtbot.waitUntil(lambda: state_is(page, RunState.FAILED))
    assert "smaller learning rate" in page.run_panel.notice.text()
    assert page.run_panel.resume.isVisible()

    page.run_panel.gentler.click()

    qtbot.waitUntil(page.form.isVisible)
    assert page.form.rate.isVisible()
    assert page.form.settings.learning_rate == pytest.approx(rate / 10)
    page.show_run("full")
    assert not page.run_panel.gentler.isVisible()


def test_a_run_is_removed_only_after_a_question(page: TrainPage, put: PutRun, qtbot: QtBot) -> None:
    put("old", RunState.PAUSED)
    page.show_run("old")
    page.run_panel.remove.trigger()
    box = page.run_panel._box
    assert isinstance(box, QMessageBox)
    assert page.runs.run("old") is not None

    next(button for button in box.buttons() if box.buttonRole(button) is QMessageBox.ButtonRole.DestructiveRole).click()

    qtbot.waitUntil(lambda: page.runs.run("old") is None)
    assert page.form.isVisible()
    assert page.column.entries == {}


def test_an_active_run_cannot_be_removed(page: TrainPage, started: str) -> None:
    assert not page.run_panel.remove.isEnabled()


# --- the report --------------------------------------------------------------------------------------------------------


@pytest.fixture
def finished(page: TrainPage, put: PutRun, engine: FakeEngine, qtbot: QtBot) -> str:
    """Show a finished run with its report, its bundle installed."""
    model = ModelInfo("birds", "1", "Birds", ("caption", "embed-text"), ("en",), "mine", 10, "/models/birds", False)
    engine.known_models = (*engine.known_models, model)
    engine.emit(ModelsChanged())
    put("birds")
    page.show_run("birds")
    qtbot.waitUntil(lambda: page.report.isVisible() and page.report.use.isVisible())
    return "birds"


def test_the_report_shows_numbers_classes_and_confusions(page: TrainPage, finished: str) -> None:
    report = page.report
    assert report.numbers.texts == [("Accuracy", "0.833")]
    assert "held out" in report.aside.text()
    assert report.classes.rowCount() == 3
    f1 = [float(report.classes.item(row, 4).text()) for row in range(3)]
    assert f1 == sorted(f1)
    assert report.confusion.model().data(report.confusion.model().index(1, 2)) == "3"
    assert len(report.surprises.tiles) == 3


def test_a_cell_of_the_matrix_shows_its_items(page: TrainPage, finished: str, qtbot: QtBot) -> None:
    shown = page.report.report.assessment
    samples = (*shown.samples, Sample("picture", "/data/x.jpg", "cat", "dog", 0.9, False))
    page.report.show_report(
        page.report.report.__class__(
            "birds",
            "birds",
            {},
            Assessment("test", 60, shown.numbers, shown.classes, shown.labels, shown.confusion, samples),
        ),
        page.run_panel.run,
    )
    table = page.report.confusion
    table.setCurrentIndex(table.model().index(1, 2))
    table.setFocus()

    table.activated.emit(table.currentIndex())

    assert isinstance(page.dialog, ItemsDialog)
    assert [Path(row.item.path).name for row in page.dialog.rows] == ["cat-1.jpg", "x.jpg"]
    page.dialog.close()


def test_use_in_app_serves_the_tasks_and_can_be_taken_back(
    page: TrainPage, finished: str, context: AppContext, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(context.navigator.notice):
        page.report.use.click()
    assert context.settings.text("models.image_text") == "birds"
    assert page.report.in_use.isVisible()
    assert not page.report.use.isVisible()

    with qtbot.waitSignal(context.navigator.page_requested) as asked:
        page.report.explore.click()
    assert asked.args == ["explore"]

    page.report.leave.click()
    assert context.settings.text("models.image_text") == ""
    assert page.report.use.isVisible()


def test_reports_are_kept_as_page_pdf_and_text(
    page: TrainPage, finished: str, tmp_path: Path, context: AppContext, qtbot: QtBot
) -> None:
    for kind, beginning in (("html", b"<!"), ("pdf", b"%PDF")):
        file = tmp_path / f"report.{kind}"
        page.report.export_asked.emit(kind)
        page.export.dialog.close()
        with qtbot.waitSignal(page.export.saved):
            page.export.save_to(str(file))
        assert file.read_bytes().lower().startswith(beginning.lower())

    with qtbot.waitSignal(page.export.saved):
        page.report.menu.actions()[2].trigger()
    assert "birds" in QGuiApplication.clipboard().text()


def test_a_report_that_cannot_be_written_says_why(
    page: TrainPage, finished: str, tmp_path: Path, context: AppContext, qtbot: QtBot
) -> None:
    page.export._run, page.export._kind = page.run_panel.run, "html"

    with qtbot.waitSignal(context.navigator.notice):
        page.export.save_to(str(tmp_path / "no" / "such" / "folder" / "report.html"))


# --- several runs --------------------------------------------------------------------------------------------------------


def test_runs_are_compared_side_by_side(page: TrainPage, put: PutRun, engine: FakeEngine, qtbot: QtBot) -> None:
    put("first", RunState.PAUSED, metrics={"accuracy": 0.5}, created_s=1.0)
    put("second", RunState.PAUSED, metrics={"accuracy": 0.7}, created_s=2.0)
    engine.runs._settings["second"] = RunSettings("image-text", "/data", "second", epochs=9)
    assert list(page.column.entries) == ["second", "first"]
    page.column.entries["first"].chip.click()
    page.column.compare.click()

    page.column.entries["second"].chip.click()

    assert page.column.marked == ("first", "second")
    qtbot.waitUntil(lambda: page.compare.numbers.texts == [("Accuracy", "0.5", "0.7")])
    qtbot.waitUntil(lambda: ("Epochs", "6", "9") in page.compare.settings.texts)
    qtbot.waitUntil(lambda: set(page.compare.chart.lines) == {(0, "val"), (1, "val")})

    page.column.compare.click()
    assert page.run_panel.isVisible()


def test_the_page_speaks_both_languages(
    page: TrainPage,
    engine: FakeEngine,
    birds: Path,
    started: str,
    translation: Translation,
    context: AppContext,
    qtbot: QtBot,
) -> None:
    engine.runs.advance(started, 12)
    context.settings.set("appearance.language", "zh_CN")
    translation.apply()

    qtbot.waitUntil(lambda: page.run_panel.pause.text() == "暂停")

    assert page.form.start.text() == "开始训练"
    assert page.form.epochs.label.text() == "轮数"
    assert page.data_panel.heading.text() == "数据"
    assert page.column.new.text() == "+ 新训练"
    qtbot.waitUntil(lambda: "轮" in page.run_panel.aside.text())


def test_everything_can_be_reached_by_keyboard_and_has_a_name(
    page: TrainPage, engine: FakeEngine, birds: Path, qtbot: QtBot
) -> None:
    examined(page, engine, birds, copies(birds), qtbot=qtbot)
    page.activateWindow()
    page.column.new.setFocus()
    seen = []
    for _ in range(60):
        focused = QApplication.focusWidget()
        if focused in seen:
            break
        seen.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)

    nameless = [widget for widget in seen if not (widget.accessibleName() or getattr(widget, "text", str)())]
    assert nameless == []
    for wanted in (page.form.recipe.control, page.form.start, page.data_panel.rows[0].items, page.form.expert):
        assert wanted in seen

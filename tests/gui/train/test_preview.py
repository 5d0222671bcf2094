"""The card "What training sees": closed until it is opened, then up to date with the form, and in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pytestqt.qtbot import QtBot

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.gui.pages.train import TrainPage
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.jobs import JobState
from mmbm_desktop.protocol.preview import Change, PreviewItem, PreviewRequest, PreviewResult
from mmbm_desktop.protocol.requests import ExamineDataRequest
from mmbm_desktop.protocol.results import ExamineDataResult
from tests.gui.train.made_up import report_of
from tests.gui.train.opened_preview import opened


def previews(engine: FakeEngine) -> list[PreviewRequest]:
    return [request for request in engine.requests if isinstance(request, PreviewRequest)]


def test_nothing_is_computed_before_somebody_looks(
    page: TrainPage, engine: FakeEngine, birds: Path, qtbot: QtBot
) -> None:
    panel = page.parts.preview_panel
    assert not panel.isVisible()
    engine.script(ExamineDataRequest, ExamineDataResult(replace(report_of(birds), recipes=("picture-classes",))))
    page.examine(str(birds))
    qtbot.waitUntil(panel.isVisible)
    page.form.preset.changed.emit()
    assert previews(engine) == []

    panel.opened.click()
    assert panel.what.text() == "A moment …"
    qtbot.waitUntil(lambda: len(panel.rows) == 3)

    (request,) = previews(engine)
    assert (request.settings.recipe, request.settings.data) == ("picture-classes", str(birds))
    assert panel.aside.text() == "64 × 64 pixels"
    assert len(panel.rows[0].variants) == 8
    assert panel.rows[0].accessibleName() == "1.jpg"
    assert panel.what.text().startswith("At the left the whole picture")


def test_it_follows_the_form_once_the_typing_has_ended(
    page: TrainPage, engine: FakeEngine, birds: Path, qtbot: QtBot
) -> None:
    panel = opened(page, engine, birds, qtbot)
    item = PreviewItem(f"{birds}/cat/1.jpg", "")
    engine.script(PreviewRequest, PreviewResult(Change.NOTHING, 64, (item,)))

    for preset in ("fine-tune", "residual", "tiny-cnn"):
        page.form.preset.set_value(preset)
        page.form.preset.changed.emit()
    qtbot.waitUntil(lambda: len(panel.rows) == 1)

    assert [request.settings.preset for request in previews(engine)][1:] == ["tiny-cnn"]
    assert panel.what.text() == "This preset learns from the pictures as they are; nothing is changed."


def test_other_ones_are_drawn_and_an_older_wish_is_given_up(
    page: TrainPage, engine: FakeEngine, birds: Path, qtbot: QtBot
) -> None:
    panel = opened(page, engine, birds, qtbot)
    engine.hold(PreviewRequest)

    panel.others.click()
    qtbot.waitUntil(lambda: len(previews(engine)) == 2)
    assert not panel.others.isEnabled()
    job = engine.jobs()[0]
    panel.opened.click()

    assert previews(engine)[1].draw == 1
    assert engine.job(job.id).state is JobState.CANCELLED
    assert panel.rows == []


def test_what_goes_wrong_is_said(page: TrainPage, engine: FakeEngine, birds: Path, qtbot: QtBot) -> None:
    panel = opened(page, engine, birds, qtbot)
    engine.script(PreviewRequest, Failure.of(InputFault(ErrorCode.FOLDER_NOT_FOUND)))

    panel.others.click()

    qtbot.waitUntil(lambda: panel.error.text() == "The folder is no longer there.")
    assert panel.rows == []
    assert panel.error.isVisible()


def test_a_recipe_that_changes_nothing_it_is_shown_has_no_card(
    page: TrainPage, engine: FakeEngine, birds: Path, qtbot: QtBot
) -> None:
    panel = opened(page, engine, birds, qtbot)

    page.form.choose("q-table")

    assert not panel.isVisible()

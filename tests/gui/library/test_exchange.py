"""Export and import from the Library page: the preview is the dry run, the job is what was asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.gui.job_words import JobWords
from mmbm_desktop.gui.pages.library import LibraryPage
from mmbm_desktop.gui.pages.library.export_dialog import LISTED, ExportDialog
from mmbm_desktop.gui.state.jobs import JobList
from mmbm_desktop.gui.state.library_query import LibraryQuery
from mmbm_desktop.protocol.filters import Filters
from mmbm_desktop.protocol.jobs import JobState
from mmbm_desktop.protocol.sidecars import Existing, ExportRequest, ImportRequest, ImportResult, Naming, SidecarForm


@pytest.fixture
def dialog(page: LibraryPage) -> Iterator[ExportDialog]:
    """Return the dialog over all that is listed, opened by its key."""
    QTest.keyClick(page, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert page.exchange.dialog is not None
    yield page.exchange.dialog
    page.exchange.dialog.reject()


def exports(engine: FakeEngine) -> list[ExportRequest]:
    return [request for request in engine.requests if isinstance(request, ExportRequest)]


def test_the_preview_says_what_would_be_written_and_follows_the_choices(
    page: LibraryPage, dialog: ExportDialog, engine: FakeEngine, qtbot: QtBot
) -> None:
    assert exports(engine) == [ExportRequest(filters=Filters(), forms=(SidecarForm.XMP,), dry_run=True, listed=LISTED)]
    assert "keep (exists)" in dialog.preview.toPlainText()
    assert "it is not XMP" in dialog.preview.toPlainText()
    assert "9 files to write" in dialog.counts.text().replace("file(s)", "files")

    dialog.forms[SidecarForm.TXT].click()
    dialog.languages.setCurrentIndex(2)
    dialog.existing.setCurrentIndex(2)
    dialog.naming.setCurrentIndex(2)
    dialog.set_table("/tables/all")
    assert not dialog.accept_button.isEnabled()
    qtbot.waitUntil(lambda: len(exports(engine)) == 2)

    asked = exports(engine)[-1]
    assert (asked.forms, asked.languages) == ((SidecarForm.TXT, SidecarForm.XMP), ("zh",))
    assert (asked.existing, asked.naming, asked.table) == (Existing.OVERWRITE, Naming.STEM, "/tables/all.csv")
    dialog.accept_button.click()
    shown = JobList(engine, page.context.bridge).jobs
    assert [job.request for job in shown if isinstance(job.request, ExportRequest)] == exports(engine)[-1:]
    assert exports(engine)[-1] == ExportRequest(
        filters=Filters(),
        forms=asked.forms,
        table=asked.table,
        languages=("zh",),
        existing=asked.existing,
        naming=asked.naming,
    )


def test_nothing_chosen_and_failed_previews_cannot_be_exported(
    dialog: ExportDialog, engine: FakeEngine, qtbot: QtBot
) -> None:
    dialog.forms[SidecarForm.XMP].click()
    qtbot.waitUntil(lambda: not dialog.preview.toPlainText())
    assert not dialog.accept_button.isEnabled()

    engine.hold(ExportRequest)
    dialog.forms[SidecarForm.SRT].click()
    qtbot.waitUntil(lambda: len(exports(engine)) == 2)
    held = engine.jobs()[0].id
    dialog.forms[SidecarForm.VTT].click()
    qtbot.waitUntil(lambda: len(exports(engine)) == 3)
    assert engine.job(held).state is JobState.CANCELLED
    engine.fail(engine.jobs()[0].id, EnvironmentFault(ErrorCode.PERMISSION_DENIED))
    qtbot.waitUntil(lambda: "access" in dialog.counts.text())
    assert not dialog.accept_button.isEnabled()


def test_hits_are_exported_by_their_ids(page: LibraryPage, engine: FakeEngine, qtbot: QtBot) -> None:
    page.query_bar.show_query(LibraryQuery("dogs"))
    qtbot.waitUntil(lambda: page.search.answer.scored and not page.search.answer.busy)

    page.exchange.export_found()

    assert page.exchange.dialog is not None
    ids = page.exchange.dialog.request.items
    assert ids is not None
    assert len(ids) == page.model.rowCount() > 0
    page.exchange.dialog.reject()


def test_the_end_of_an_import_and_an_export_is_told(page: LibraryPage, engine: FakeEngine) -> None:
    notices: list[str] = []
    page.context.navigator.notice.connect(notices.append)
    page.exchange.import_from(["/pictures/holiday"])
    engine.script(ImportRequest, ImportResult(3, 0, 3, (), ()))
    page.exchange.import_from(["/pictures/holiday"])
    page.exchange.files.start(ExportRequest(forms=(SidecarForm.TXT,)))

    assert engine.requests[-3] == ImportRequest(("/pictures/holiday",))
    assert "Ctrl+Z" in notices[0]
    assert notices[1] == "There was nothing new to import."
    assert "cannot be written" in notices[2]
    assert JobWords().title(engine.requests[-3]) == "Import from holiday"


def test_the_menu_leads_to_both(page: LibraryPage) -> None:
    texts = [action.text().split("\t")[0] for action in page.exchange._menu.actions()]

    assert texts == ["Export all that was found …", "Import from a folder …"]
    page.exchange.ask_import()
    assert page.exchange.folder_dialog is not None
    page.exchange.folder_dialog.reject()

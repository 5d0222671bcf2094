"""The banner of a library that cannot be changed or opened, and the library's part of the settings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.gui.context import AppContext
from mmbm_desktop.gui.library_banner import LibraryBanner
from mmbm_desktop.gui.library_panel import LibraryPanel
from mmbm_desktop.gui.pages.library import LibraryPage
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.keeping import (
    Access,
    BackUpRequest,
    CopyLibraryRequest,
    KeepingResult,
    LibraryState,
    MoveLibraryRequest,
    RestoreRequest,
)

TOO_NEW = Failure.of(EnvironmentFault(ErrorCode.LIBRARY_TOO_NEW, path="/data/library.db"))


@pytest.fixture
def banner(context: AppContext, qtbot: QtBot) -> Iterator[LibraryBanner]:
    made = LibraryBanner(context)
    qtbot.addWidget(made)
    yield made
    made.close_workers()


@pytest.fixture
def panel(context: AppContext, qtbot: QtBot) -> Iterator[LibraryPanel]:
    made = LibraryPanel(context)
    qtbot.addWidget(made)
    qtbot.waitUntil(lambda: bool(made.facts.text()))
    yield made
    made.close_workers()


def test_a_second_window_says_that_it_only_reads_and_offers_to_take_over(
    banner: LibraryBanner, engine: FakeEngine, qtbot: QtBot
) -> None:
    assert banner.isHidden()
    engine.keeping.put(LibraryState("/data/library.db", Access.READING))
    assert not banner.isHidden()
    assert "open in another window" in banner.text.text()
    assert banner.take_over.isHidden()

    engine.keeping.put(LibraryState("/data/library.db", Access.FREE))
    assert "has closed" in banner.text.text()
    banner.take_over.click()

    qtbot.waitUntil(banner.isHidden)
    assert engine.keeping.opened == [None]


def test_a_library_of_a_newer_program_is_told_and_another_is_chosen(
    banner: LibraryBanner, engine: FakeEngine, qtbot: QtBot, tmp_path: Path
) -> None:
    engine.keeping.put(LibraryState("/data/library.db", Access.CLOSED, TOO_NEW))
    assert banner.text.text().startswith("library.db — A newer version of this program made the library.")
    assert not banner.again.isHidden()

    banner.other.click()
    dialog = banner.files.dialog
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "other.db"))
    dialog.close()

    qtbot.waitUntil(banner.isHidden)
    assert engine.keeping.opened == [str(tmp_path / "other.db")]


def test_what_cannot_be_saved_cannot_be_edited(context: AppContext, engine: FakeEngine, qtbot: QtBot) -> None:
    page = LibraryPage(context)
    qtbot.addWidget(page)
    qtbot.waitUntil(lambda: bool(page.column.entries))
    changing = [page.column.add, page.details.edit, *(entry.more for entry in page.column.entries.values())]
    assert all(button.isEnabled() for button in changing)

    engine.keeping.put(LibraryState("/data/library.db", Access.READING))

    assert not any(button.isEnabled() for button in changing)
    assert {button.toolTip() for button in changing} == {"The library can only be read in this window."}
    engine.keeping.put(LibraryState("/data/library.db"))
    assert all(button.isEnabled() and not button.toolTip() for button in changing)
    page.close_workers()


def test_the_panel_shows_the_library_and_backs_it_up(panel: LibraryPanel, engine: FakeEngine) -> None:
    assert panel.place.text() == "/data/library.db"
    assert panel.facts.text() == "1234 item(s) · 3 folder(s) · 12.3 MB"
    engine.hold(BackUpRequest)
    panel.back_up.click()
    dialog = panel.files.dialog
    assert dialog is not None
    assert dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave
    dialog.fileSelected.emit("/backups/a.db")
    dialog.close()

    request = engine.requests[-1]
    assert request == BackUpRequest("/backups/a.db", overwrite=True)
    job = engine.jobs()[0].id
    engine.progress(job, 30, 100)
    assert (panel.bar.value(), panel.bar.maximum(), panel.bar.isHidden()) == (30, 100, False)
    assert not panel.move_away.isEnabled()
    engine.finish(job, KeepingResult("/backups/a.db", 1, 1))
    assert panel.outcome.text() == "Backed up to /backups/a.db"
    assert panel.move_away.isEnabled()


def test_a_backup_can_be_cancelled_and_its_failure_is_told(panel: LibraryPanel, engine: FakeEngine) -> None:
    engine.hold(BackUpRequest)
    panel.keeping.back_up("/backups/a.db")
    panel.cancel.click()
    assert panel.outcome.text() == "Cancelled; nothing was changed."

    panel.keeping.back_up("/backups/a.db")
    engine.fail(engine.jobs()[0].id, EnvironmentFault(ErrorCode.DISK_FULL, path="/backups/a.db"))
    assert panel.outcome.text().startswith("a.db — The disk is full.")


def test_moving_and_restoring_say_where_everything_is(panel: LibraryPanel, engine: FakeEngine) -> None:
    engine.script(MoveLibraryRequest, KeepingResult("/disk/library.db", 1, 1))
    engine.script(RestoreRequest, KeepingResult("/data/library.db", 1, 1, "/data/library-before.db"))
    panel.move_away.click()
    assert panel.files.dialog is not None
    panel.files.dialog.fileSelected.emit("/disk")
    panel.files.dialog.close()
    assert engine.requests[-1] == MoveLibraryRequest("/disk")
    assert panel.outcome.text() == "The library is now at /disk/library.db"

    panel.restore.click()
    panel.files.dialog.fileSelected.emit("/backups/a.db")
    panel.files.dialog.close()
    question = panel.files.question
    assert question is not None
    assert not isinstance(engine.requests[-1], RestoreRequest)
    next(button for button in question.buttons() if button.text() == "Restore").click()
    assert engine.requests[-1] == RestoreRequest("/backups/a.db")
    assert panel.outcome.text() == "Restored. The former library is kept beside it as library-before.db."


def test_a_reading_window_backs_up_but_neither_moves_nor_restores(panel: LibraryPanel, engine: FakeEngine) -> None:
    engine.keeping.put(LibraryState("/data/library.db", Access.READING))
    assert [b.isEnabled() for b in (panel.back_up, panel.move_away, panel.restore)] == [True, False, False]

    engine.keeping.put(LibraryState("/data/library.db", Access.CLOSED, TOO_NEW))
    assert [b.isEnabled() for b in (panel.back_up, panel.move_away, panel.restore)] == [False, False, True]
    assert panel.facts.text().startswith("A newer version")


def test_a_library_on_a_server_is_connected_and_left(panel: LibraryPanel, engine: FakeEngine, qtbot: QtBot) -> None:
    server = panel.server
    assert not server.connect_to.isEnabled()
    engine.keeping.raising = EnvironmentFault(ErrorCode.SERVER_UNREACHABLE)
    server.address.setText(" postgresql://ann:secret@host/db ")
    server.connect_to.click()
    qtbot.waitUntil(lambda: bool(server.problem.text()))
    assert server.problem.text().startswith("The library's server does not answer.")
    assert not panel.back_up.isHidden()

    engine.keeping.raising = None
    qtbot.keyClick(server.address, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: panel.place.text() == "postgresql://ann@host/db")
    qtbot.waitUntil(lambda: server.address.text() == "")
    assert server.problem.isHidden()
    assert all(button.isHidden() for button in (panel.back_up, panel.move_away, panel.restore, server.connect_to))
    assert "pg_dump" in server.note.text()
    server.back.click()
    qtbot.waitUntil(lambda: panel.place.text() == "/data/library.db")
    assert server.back.isHidden()
    assert engine.keeping.opened == [*["postgresql://ann:secret@host/db"] * 2, ""]


def test_a_server_that_is_away_is_told_and_nothing_is_restored_there(
    banner: LibraryBanner, context: AppContext, engine: FakeEngine, qtbot: QtBot
) -> None:
    away = Failure.of(EnvironmentFault(ErrorCode.SERVER_UNREACHABLE))
    engine.keeping.put(LibraryState("postgresql://ann@host/db", Access.CLOSED, away, server=True))
    assert banner.text.text().startswith("postgresql://ann@host/db — The library's server does not answer.")
    assert banner.restore.isHidden()
    assert not banner.again.isHidden()
    panel = LibraryPanel(context)
    qtbot.addWidget(panel)
    assert not panel.server.back.isHidden()
    assert not panel.server.address.isHidden()
    panel.close_workers()


def test_this_computers_library_is_copied_to_an_empty_server_and_a_servers_to_a_file(
    panel: LibraryPanel, engine: FakeEngine, qtbot: QtBot
) -> None:
    server = panel.server
    assert server.take.isHidden()
    assert server.save.isHidden()
    engine.keeping.could_hold = "/data/library.db"
    engine.keeping.connect("postgresql://ann:secret@host/db")
    qtbot.waitUntil(lambda: not server.take.isHidden())
    assert server.take.toolTip() == "/data/library.db"
    engine.hold(CopyLibraryRequest)

    server.take.click()

    assert engine.requests[-1] == CopyLibraryRequest(source="/data/library.db")
    assert not server.take.isEnabled()
    assert not panel.cancel.isHidden()
    engine.keeping.could_hold = ""
    engine.finish(engine.jobs()[0].id, KeepingResult("postgresql://ann@host/db", 1, 1))
    assert panel.outcome.text() == "Copied to postgresql://ann@host/db"
    qtbot.waitUntil(server.take.isHidden)
    server.save.click()
    dialog = panel.files.dialog
    assert dialog is not None
    dialog.fileSelected.emit("/copies/library.db")
    dialog.close()
    assert engine.requests[-1] == CopyLibraryRequest("/copies/library.db")

"""Choosing many items, what is done with them, and how a batch is followed."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.gui.pages.library import LibraryPage
from mmbm_desktop.protocol.batches import BatchAction, BatchRequest, BatchResult
from mmbm_desktop.protocol.failure import Failure, ItemFailure
from mmbm_desktop.protocol.requests import BrowseRequest
from mmbm_desktop.protocol.results import BrowseResult, Item
from mmbm_desktop.protocol.tasks import MediaKind

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def batches(engine: FakeEngine) -> list[BatchRequest]:
    return [request for request in engine.requests if isinstance(request, BatchRequest)]


def click(page: LibraryPage, row: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    point = page.grid.visualRect(page.model.index(row, 0)).center()
    QTest.mouseClick(page.grid.viewport(), Qt.MouseButton.LeftButton, keys, point)


def chosen_rows(page: LibraryPage) -> list[int]:
    return [page.model.row_of(number) or 0 for number in page.batch.selection.ids]


def test_items_are_chosen_by_mouse_and_keyboard(page: LibraryPage) -> None:
    assert not page.batch.bar.isVisible()
    click(page, 1)
    assert page.batch.bar.isVisible()
    click(page, 4, CTRL)
    assert chosen_rows(page) == [1, 4]
    assert page.batch.bar.count.text() == "2 selected"
    click(page, 6, SHIFT)
    assert chosen_rows(page) == [1, 4, 5, 6]
    QTest.keyClick(page.grid, Qt.Key.Key_Right, SHIFT)
    assert chosen_rows(page)[-1] == 7
    QTest.keyClick(page.grid, Qt.Key.Key_A, CTRL)
    assert len(chosen_rows(page)) == page.model.rowCount()
    page.batch.bar.clear.click()
    assert page.batch.selection.count == 0
    assert not page.batch.bar.isVisible()


def test_a_rubber_band_takes_what_it_touches(page: LibraryPage) -> None:
    viewport, first = page.grid.viewport(), page.grid.visualRect(page.model.index(0, 0))
    gap = QPoint(first.right() + 3, first.bottom() + 3)
    end = page.grid.visualRect(page.model.index(5, 0)).center()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, gap)
    for point in (gap + QPoint(30, 20), end):
        QTest.mouseMove(viewport, point)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)
    assert chosen_rows(page) == [5]


def test_the_bar_asks_for_batches_of_what_is_chosen(page: LibraryPage, engine: FakeEngine) -> None:
    click(page, 0)
    click(page, 2, CTRL)
    ids = page.batch.selection.ids

    page.batch.bar.caption.click()
    for action in page.batch.bar._menu.actions():
        action.trigger()
    page.batch.bar.export.click()
    page.batch.bar.copy.click()

    assert batches(engine) == [
        BatchRequest(BatchAction.CAPTION, ids),
        BatchRequest(BatchAction.TRANSLATE, ids, to="zh"),
        BatchRequest(BatchAction.TRANSLATE, ids, to="en"),
    ]
    assert page.exchange.dialog is not None
    assert page.exchange.dialog.request.items == ids
    page.exchange.dialog.reject()
    assert len(QGuiApplication.clipboard().text().splitlines()) == 2
    QGuiApplication.clipboard().setText("")


def test_a_batch_is_followed_cancelled_and_its_failures_listed(page: LibraryPage, engine: FakeEngine) -> None:
    engine.hold(BatchRequest)
    click(page, 0)
    page.batch.bar.caption.click()
    job = engine.jobs()[0].id
    progress = page.batch.progress
    engine.progress(job, 1, 4)
    assert progress.isVisible()
    assert "1 of 4" in progress.progress.text()
    progress.cancel.click()
    assert "Stopped" in progress.progress.text()
    progress.close_button.click()
    assert not progress.isVisible()

    page.batch.bar.caption.click()
    bad = ItemFailure("/p/bad.jpg", Failure.of(InputFault(ErrorCode.IMAGE_BROKEN, path="/p/bad.jpg")))
    engine.finish(engine.jobs()[0].id, BatchResult(3, 1, (bad,)))
    assert progress.progress.text() == "3 done · 1 passed over"
    progress.failed.click()
    assert progress._box is not None
    assert "bad.jpg — The picture is damaged" in progress._box.detailedText()
    progress._box.close()
    assert progress.undo.isVisible()


def test_delete_takes_out_and_undo_is_offered(page: LibraryPage, engine: FakeEngine, qtbot: QtBot) -> None:
    before = len(engine.library)
    click(page, 0)
    click(page, 1, SHIFT)
    ids = page.batch.selection.ids

    QTest.keyClick(page.grid, Qt.Key.Key_Delete)

    assert batches(engine) == [BatchRequest(BatchAction.REMOVE, ids)]
    assert len(engine.library) == before - 2
    assert page.batch.progress.undo.isVisible()
    told: list[object] = []
    page.undoing.undone.connect(told.append)
    page.batch.progress.undo.click()
    qtbot.waitUntil(lambda: told == [None])


def test_tags_are_put_on_and_taken_off_many_items(page: LibraryPage, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.change_tags(list(engine.library)[:2], add=["beach", "old"])
    page.search.start()
    QTest.keyClick(page.grid, Qt.Key.Key_A, CTRL)
    ids = page.batch.selection.ids
    page.batch.bar.tags.click()
    qtbot.waitUntil(lambda: page.batch.dialog is not None and page.batch.dialog.isVisible())
    dialog = page.batch.dialog
    assert dialog is not None
    assert [chip.text() for chip in dialog.has.values()] == ["beach  2", "old  2"]

    dialog.has["old"].click()
    QTest.keyClicks(dialog.add.field, "summer, Beach")
    dialog.accept_button.click()

    assert batches(engine) == [BatchRequest(BatchAction.TAG, ids, add=("summer", "Beach"), remove=("old",))]
    assert {item.tags for item in engine.library.values()} == {("Beach", "summer"), ("beach", "summer")}
    dialog.deleteLater()


def test_everything_that_is_listed_can_be_chosen_though_it_is_not_loaded(
    page: LibraryPage, engine: FakeEngine, qtbot: QtBot
) -> None:
    items = [Item(n, f"/p/{n}.jpg", MediaKind.PHOTO, f"{n}", 1, float(n)) for n in range(2_000)]
    engine.library = {item.id: item for item in items}
    engine.script(BrowseRequest, lambda request: BrowseResult(tuple(items[: request.limit]), len(items)))
    page.search.start()
    assert not page.batch.bar.everything.isVisible()
    QTest.keyClick(page.grid, Qt.Key.Key_A, CTRL)
    assert page.batch.bar.everything.isVisible()

    page.batch.bar.everything.click()

    qtbot.waitUntil(lambda: page.batch.selection.count == 2_000)
    page.batch.remove()
    assert len(batches(engine)[-1].items) == 2_000


def test_a_selection_model_that_chose_one_column_counts_rows(page: LibraryPage) -> None:
    page.batch.selection.rows.select(page.model.index(3, 0), QItemSelectionModel.SelectionFlag.Select)
    assert page.batch.selection.count == 1

"""The list beside the grid: the same rows and selection, sorted by the library, dragged out as files."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.gui.context import AppContext
from mmbm_desktop.gui.pages.library import LibraryPage
from mmbm_desktop.gui.state.library_item_model import Column
from mmbm_desktop.gui.state.library_query import LibraryQuery
from mmbm_desktop.protocol.order import Order, SortKey
from mmbm_desktop.protocol.requests import BrowseRequest

CTRL = Qt.KeyboardModifier.ControlModifier


def test_the_list_shares_rows_and_selection_with_the_grid_and_is_remembered(
    page: LibraryPage, context: AppContext
) -> None:
    page.grid.setCurrentIndex(page.model.index(2, 0))
    page.views.button.click()
    assert page.views.list.isVisible()
    assert context.settings.text("library.view") == "list"
    assert page.views.list.currentIndex().row() == 2
    assert page.batch.selection.count == 1
    QTest.keyClick(page.views.list, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert page.batch.selection.count == 2
    assert page.details.item == page.model.item(3)

    QTest.keyClick(page.views.list, Qt.Key.Key_L, CTRL)

    assert page.grid.isVisible()
    assert page.batch.selection.count == 2


def test_a_row_says_what_is_known_of_its_item(page: LibraryPage) -> None:
    item = page.model.item(0)
    cells = [page.model.index(0, column).data() for column in Column]
    assert cells[Column.KIND] == "Photo"
    assert cells[Column.CAPTION] == item.caption_en
    assert cells[Column.SIZE] == "100 kB"
    assert page.views.list.isColumnHidden(Column.SCORE)


def test_the_library_sorts_what_is_browsed(page: LibraryPage, engine: FakeEngine) -> None:
    header = page.views.list
    header.sort_by(Column.NAME)
    header.sort_by(Column.NAME)
    header.sort_by(Column.SIZE)
    header.sort_by(Column.CAPTION)
    asked = [request.order for request in engine.requests if isinstance(request, BrowseRequest)][1:]
    assert asked == [
        Order(SortKey.NAME, descending=False),
        Order(SortKey.NAME, descending=True),
        Order(SortKey.SIZE, descending=True),
    ]
    sizes = [page.model.item(row).size_bytes for row in range(page.model.rowCount())]
    assert sizes == sorted(sizes, reverse=True)


def test_hits_are_sorted_with_the_likely_ones_before_the_others(page: LibraryPage) -> None:
    page.query_bar.show_query(LibraryQuery("dogs"))
    assert not page.views.list.isColumnHidden(Column.SCORE)
    boundary, best = page.model.first_unlikely, page.model.item(0)
    page.views.list.sort_by(Column.NAME)
    paths = [page.model.item(row).path for row in range(page.model.rowCount())]
    assert paths == sorted(paths[:boundary]) + sorted(paths[boundary:])
    page.views.list.sort_by(Column.SCORE)
    assert page.model.item(0) == best


def test_several_rows_are_dragged_out_as_files(page: LibraryPage) -> None:
    page.views.toggle()
    QTest.keyClick(page.views.list, Qt.Key.Key_A, CTRL)
    mime = page.model.mimeData(page.batch.selection.rows.selectedIndexes())
    assert [url.toLocalFile() for url in mime.urls()] == [item.path for item in page.batch.selection.items]

"""Tiles and rows are painted from parts that are painted once, and only those whose pictures have come."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtGui import QFont, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mmbm_desktop.gui.context import AppContext
from mmbm_desktop.gui.pages.library import LibraryPage
from mmbm_desktop.gui.pages.library.item_list import ROW_HEIGHT
from mmbm_desktop.gui.pages.library.painted_parts import PaintedParts


class Painted(QObject):
    """Notes what of a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.rects: list[QRect] = []
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's own name
        if isinstance(event, QPaintEvent):
            self.rects.append(event.rect())
        return super().eventFilter(watched, event)


def settled(page: LibraryPage, qtbot: QtBot) -> None:
    """Wait until every picture in sight has come."""
    qtbot.waitUntil(lambda: not page.thumbnails._wishes and page.thumbnails._pool.activeThreadCount() == 0)
    qtbot.wait(60)


def test_parts_are_painted_once_until_the_theme_changes(context: AppContext) -> None:
    parts, font = PaintedParts(context.theme.colour), QFont()
    pill = parts.pill("0:04", font, 2.0)
    card = parts.card("Said", (150, 118), 10, font, 2.0)
    assert parts.pill("0:04", font, 2.0) is pill
    assert parts.card("Said", (150, 118), 10, font, 2.0) is card
    assert card.deviceIndependentSize().toSize().toTuple() == (150, 118)
    assert card.toImage() != parts.card("", (150, 118), 10, font, 2.0).toImage()
    before = card.toImage()
    context.settings.set("appearance.theme", "dark")
    context.theme.refresh()
    parts.forget()
    assert parts.card("Said", (150, 118), 10, font, 2.0).toImage() != before


def test_only_tiles_whose_pictures_came_are_painted_again(page: LibraryPage, qtbot: QtBot) -> None:
    settled(page, qtbot)
    painted = Painted(page.grid.viewport())
    page.views.repaint_item(page.model.item(1).path)
    page.views.repaint_item("/no/such/picture.jpg")
    qtbot.waitUntil(lambda: bool(painted.rects))
    assert painted.rects == [page.grid.visualRect(page.model.index(1, 0))]


def test_only_rows_whose_pictures_came_are_painted_again(page: LibraryPage, qtbot: QtBot) -> None:
    page.views.toggle()
    QApplication.processEvents()
    settled(page, qtbot)
    painted = Painted(page.views.list.viewport())
    page.views.repaint_item(page.model.item(2).path)
    qtbot.waitUntil(lambda: bool(painted.rects))
    assert [(rect.top(), rect.height()) for rect in painted.rects] == [(2 * ROW_HEIGHT, ROW_HEIGHT)]


def test_a_chosen_tile_and_a_chosen_row_look_chosen(page: LibraryPage, context: AppContext, qtbot: QtBot) -> None:
    page.grid.setCurrentIndex(page.model.index(1, 0))
    settled(page, qtbot)
    tile, accent = page.grid.visualRect(page.model.index(1, 0)), context.theme.colour("accent")
    image = page.grid.viewport().grab().toImage()
    assert image.pixelColor(tile.center().x(), tile.top() + 1) == accent
    page.views.toggle()
    settled(page, qtbot)
    image = page.views.list.viewport().grab().toImage()
    assert image.pixelColor(3, ROW_HEIGHT + 3) == context.theme.colour("accent_soft")
    assert image.pixelColor(3, 3) != context.theme.colour("accent_soft")

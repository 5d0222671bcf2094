"""The value table is painted, pointed at and walked over; an episode plays, stops and is described."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from mmbm_desktop.gui.context import AppContext
from mmbm_desktop.gui.pages.train.episode_view import EpisodeView
from mmbm_desktop.gui.pages.train.value_map import ValueMap
from mmbm_desktop.protocol.agents import Episode, ValueGrid

WAYS = ("left", "down", "right", "up")
GRID = ValueGrid(
    "lake",
    2.5,
    rows=2,
    columns=3,
    actions=WAYS,
    values=((0, 0, 0.2, 0), (0.1, 0.5, 0, 0), (0,) * 4, (0,) * 4, (0, 0, 1, 0), (0,) * 4),
    visits=(9, 4, 0, 0, 7, 0),
    marks="SFHFFG",
)


@pytest.fixture
def heat_map(context: AppContext) -> ValueMap:
    widget = ValueMap(context.theme)
    widget.resize(300, 200)
    widget.set_grid(GRID)
    return widget


def _colours(widget: ValueMap, square: int) -> set[str]:
    image = widget.grab().toImage()
    area = widget.area(square)
    places = [
        (area.left() + x / 20 * area.width(), area.top() + y / 20 * area.height())
        for x in range(4, 17)
        for y in range(4, 17)
    ]
    scale = image.width() / widget.width()
    return {image.pixelColor(round(x * scale), round(y * scale)).name() for x, y in places}


def _corner(widget: ValueMap, square: int) -> QColor:
    image = widget.grab().toImage()
    area, scale = widget.area(square), image.width() / widget.width()
    return image.pixelColor(round((area.left() + 8) * scale), round((area.top() + 12) * scale))


def test_more_is_expected_where_it_is_more_in_the_accent_colour(context: AppContext, heat_map: ValueMap) -> None:
    for theme in ("light", "dark"):
        context.settings.set("appearance.theme", theme)
        context.theme.refresh()
        tokens = context.theme.tokens
        assert _corner(heat_map, 4) == QColor(tokens.accent)
        assert _corner(heat_map, 0) == QColor(tokens.accent_soft)
        assert _corner(heat_map, 2) == QColor(tokens.dim)
        assert _corner(heat_map, 5) == QColor(tokens.good)


def test_an_arrow_is_painted_only_where_something_was_learned(heat_map: ValueMap) -> None:
    assert len(_colours(heat_map, 1)) > 1
    assert len(_colours(heat_map, 3)) == 1


def test_squares_stay_square_and_are_found_under_the_mouse(heat_map: ValueMap) -> None:
    area = heat_map.area(4)
    assert area.width() == area.height() == 98
    assert heat_map.square_at(area.center().toPoint()) == 4
    heat_map.resize(900, 200)
    assert heat_map.square_at(QPoint(10, 10)) is None


def test_pointing_at_a_square_tells_its_values(qtbot, heat_map: ValueMap) -> None:
    place = heat_map.area(1).center().toPoint()
    QApplication.sendEvent(heat_map, QHelpEvent(QEvent.Type.ToolTip, place, heat_map.mapToGlobal(place)))
    assert QToolTip.text() == heat_map.text_of(1)
    assert heat_map.text_of(1).splitlines()[2:] == ["left: 0.100", "down: 0.500", "right: 0.000", "up: 0.000"]
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())
    assert heat_map.text_of(2) == "Row 1, column 3\nhole"


def test_squares_are_as_large_as_a_row_of_them_allows(heat_map: ValueMap) -> None:
    assert heat_map.accessibleName() == "Value table: 2 × 3 squares, the best 1"
    assert heat_map.sizeHint().toTuple() == (192, 128)
    wide = replace(GRID, rows=1, columns=60, values=((0, 0, 1, 0),) * 60, visits=(1,) * 60, marks="F" * 60)
    heat_map.set_grid(wide)
    assert heat_map.sizeHint().toTuple() == (60 * 24, 24)


def test_the_arrow_keys_walk_over_the_squares_and_say_what_is_there(heat_map: ValueMap) -> None:
    assert heat_map.accessibleDescription().startswith("Row 1, column 1\nstart")
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Left):
        QTest.keyClick(heat_map, key)
    assert heat_map.accessibleDescription().startswith("Row 2, column 1")
    QTest.keyClick(heat_map, Qt.Key.Key_Up)
    assert "acted here 9 time" in heat_map.accessibleDescription()


def test_no_table_is_no_error(heat_map: ValueMap) -> None:
    heat_map.set_grid(None)
    assert heat_map.square_at(QPoint(10, 10)) is None
    assert heat_map.accessibleName() == heat_map.accessibleDescription() == ""
    assert not heat_map.grab().isNull()


def _gif(colours: tuple[str, ...]) -> bytes:
    target = io.BytesIO()
    first, *rest = [Image.new("RGB", (20, 10), colour) for colour in colours]
    first.save(target, "GIF", save_all=True, append_images=rest, duration=40, loop=0)
    return target.getvalue()


EPISODE = Episode("lake", 2.0, 1.0, ("right", "down"), solved=True, picture="episode.gif", frame_ms=40)


def test_an_episode_plays_until_it_is_paused(qtbot, context: AppContext) -> None:
    view = EpisodeView()
    qtbot.addWidget(view)
    assert not view.playing
    view.set_episode(EPISODE, _gif(("#ff0000", "#0000ff")))
    assert view.playing
    assert view.text.text().startswith("Return 1, 2 step")
    assert view.text.text().endswith(" · solved")
    assert view.picture.accessibleDescription() == "right, down"
    assert view.picture.movie().currentPixmap().size().toTuple() == (280, 140)
    assert view.button.text() == "Pause"
    view.button.click()
    assert not view.playing
    assert view.button.text() == "Play"
    view.set_episode(EPISODE, _gif(("#00ff00", "#0000ff")))
    assert not view.playing
    assert view.picture.movie().currentImage().pixelColor(5, 5) == QColor("#00ff00")
    view.button.click()
    assert view.playing
    view.set_episode(None)
    assert view.text.text() == ""
    assert view.button.isHidden()


def test_a_picture_that_is_none_is_no_error(qtbot, context: AppContext) -> None:
    view = EpisodeView()
    qtbot.addWidget(view)
    view.set_episode(EPISODE, b"no picture")
    assert not view.playing
    assert view.text.text().startswith("Return 1")

"""The chart: many points thinned, redrawn seldom, marks, colours of both themes, moved by keys and the wheel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mmbm_desktop.base.settings import Settings
from mmbm_desktop.gui.pages.train.curve_chart import CurveChart
from mmbm_desktop.gui.pages.train.curve_shown import shown_alone, shown_together
from mmbm_desktop.gui.state.training_curve import Curve
from mmbm_desktop.gui.theme.theme import Theme
from mmbm_desktop.gui.theme.tokens import DARK, LIGHT, LINES, contrast
from mmbm_desktop.protocol.training import CurvePoint
from tests.gui.train.made_up import curve


@pytest.fixture
def theme(qapp: QApplication, tmp_path: Path) -> Theme:
    """Return the light theme, to be switched by its setting and `refresh`."""
    settings = Settings(tmp_path / "settings.json")
    settings.set("appearance.theme", "light")
    return Theme(settings)


@pytest.fixture
def chart(theme: Theme) -> Iterator[CurveChart]:
    """Return a chart, shown."""
    made = CurveChart(theme)
    made.resize(800, 300)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def test_training_and_validation_are_lines_of_their_own_and_resumptions_marks(chart: CurveChart) -> None:
    chart.set_curves((shown_alone("birds", Curve(curve(9, resumed_at=4))),), "loss")

    assert set(chart.lines) == {(0, "steps"), (0, "train"), (0, "val")}
    assert chart.resumed_marks == 1
    assert "birds" in chart.accessibleName()


def test_many_points_are_thinned_to_what_the_screen_shows(chart: CurveChart, qtbot: QtBot) -> None:
    points = [CurvePoint(step / 100, {"loss": (step % 97) / 97}) for step in range(20_000)]
    chart.set_curves((shown_alone("long", Curve(points)),), "loss")
    qtbot.waitUntil(lambda: len(chart.lines[0, "train"].getData()[0]) < 5000)

    x, y = chart.lines[0, "steps"].getData()
    assert len(x) < 5000
    assert y.min() < 0.02
    assert y.max() > 0.98


def test_points_that_come_in_a_flood_are_drawn_together(chart: CurveChart, qtbot: QtBot) -> None:
    made = Curve(curve(1))
    chart.set_curves((shown_alone("birds", made),), "loss")
    before = chart.redraws
    for step in range(500):
        made.add([CurvePoint(1 + step / 500, {"loss": 1.0})])
        chart.refresh()
    assert chart.redraws == before

    qtbot.waitUntil(lambda: chart.redraws == before + 1)

    assert len(made.series("loss", validation=False).x) == 510
    assert chart.lines[0, "train"].xData[-1] == made.series("loss", validation=False).x[-1]


def test_keys_and_the_wheel_with_ctrl_move_and_zero_shows_all(chart: CurveChart, qtbot: QtBot) -> None:
    chart.set_curves((shown_alone("birds", Curve(curve(9))),), "loss")
    QTest.qWait(50)
    view = chart.plot.view

    def width() -> float:
        (left, right), _ = view.viewRange()
        return right - left

    whole = width()
    with qtbot.waitSignal(chart.moved):
        QTest.keyClick(chart, Qt.Key.Key_Plus)
    assert width() < whole
    before = view.viewRange()[0][0]
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert view.viewRange()[0][0] > before

    zoomed = width()
    wheel(chart, Qt.KeyboardModifier.NoModifier)
    assert width() == pytest.approx(zoomed)
    wheel(chart, Qt.KeyboardModifier.ControlModifier)
    assert width() < zoomed

    QTest.keyClick(chart, Qt.Key.Key_0)
    qtbot.waitUntil(lambda: width() == pytest.approx(whole))


def wheel(chart: CurveChart, modifiers: Qt.KeyboardModifier) -> None:
    target = chart.plot.widget.viewport()
    centre = QPointF(target.rect().center())
    event = QWheelEvent(
        centre,
        target.mapToGlobal(centre),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(target, event)


def test_colours_follow_the_theme(chart: CurveChart, theme: Theme) -> None:
    chart.set_curves((shown_alone("birds", Curve(curve(2))),), "loss")
    assert chart.lines[0, "val"].opts["pen"].color().name() == LIGHT.warning

    theme._settings.set("appearance.theme", "dark")
    theme.refresh()

    assert chart.lines[0, "train"].opts["pen"].color().name() == DARK.accent
    assert chart.lines[0, "val"].opts["pen"].color().name() == DARK.warning


def test_runs_beside_each_other_have_colours_of_their_own(chart: CurveChart) -> None:
    curves = [(f"run {number}", Curve(curve(2))) for number in range(3)]
    chart.set_curves(shown_together(curves), "loss")

    colours = {chart.lines[number, "val"].opts["pen"].color().name() for number in range(3)}
    assert len(colours) == 3
    assert chart.resumed_marks == 0


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
def test_every_colour_of_a_run_is_seen_on_its_ground(tokens: object) -> None:
    for colour in LINES:
        shade = colour if colour.startswith("#") else getattr(tokens, colour)
        assert contrast(shade, tokens.panel) >= 2.5, colour


def test_numbers_that_are_none_leave_gaps(chart: CurveChart) -> None:
    points = [CurvePoint(float(step), {"loss": float("nan") if step == 3 else 1.0}) for step in range(6)]

    chart.set_curves((shown_alone("odd", Curve(points)),), "loss")

    assert len(chart.lines[0, "train"].getData()[0]) == 6


def test_an_axis_is_painted_once_for_each_range(chart: CurveChart, qtbot: QtBot) -> None:
    told = Curve(curve(4))
    chart.set_curves([shown_alone("run", told)], "loss")
    axis = chart.plot.item.getAxis("left")
    chart.grab()
    before = axis._painted
    chart.grab()
    assert axis._painted is before
    chart.plot.view.scaleBy((1.0, 0.5))
    chart.grab()
    assert axis._painted is not before
    assert axis._painted[2].toImage() != before[2].toImage()

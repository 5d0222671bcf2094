"""The strip shows a stretch where it is, and even the shortest can be seen."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor

from mmbm_desktop.gui.context import AppContext
from mmbm_desktop.gui.widgets.time_bar import TimeBar


@pytest.mark.parametrize(
    ("start_s", "end_s", "duration_s", "left", "width"),
    [
        (2.5, 5.0, 10.0, 50, 50),
        (0.0, 10.0, 10.0, 0, 200),
        (9.99, 10.0, 10.0, 192, 8),
        (5.0, 5.0, 10.0, 100, 8),
        (0.0, 12.0, 10.0, 0, 200),
        (0.0, 0.0, 0.0, 0, 200),
    ],
)
def test_the_stretch_is_where_it_is_heard(
    context: AppContext, start_s: float, end_s: float, duration_s: float, left: float, width: float
) -> None:
    bar = TimeBar(context.theme, start_s, end_s, duration_s)
    bar.resize(200, 8)

    area = bar.stretch_area()

    assert (area.left(), area.width()) == (pytest.approx(left), pytest.approx(width))


def test_it_is_painted_in_the_accent_and_follows_the_theme(context: AppContext) -> None:
    bar = TimeBar(context.theme, 5.0, 10.0, 10.0)
    bar.resize(200, 8)
    for theme in ("light", "dark"):
        context.settings.set("appearance.theme", theme)
        context.theme.refresh()
        image = bar.grab().toImage()
        scale = image.width() / 200
        assert image.pixelColor(round(150 * scale), round(4 * scale)) == QColor(context.theme.tokens.accent)
        assert image.pixelColor(round(50 * scale), round(4 * scale)) == QColor(context.theme.tokens.line)

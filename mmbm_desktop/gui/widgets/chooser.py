"""A combo box in this program's look: the style sheet alone would leave it without an arrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from mmbm_desktop.gui.theme import icons

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QWheelEvent

_ARROW, _PADDING, _FEWEST_LETTERS = 16, 8, 8


class Chooser(QComboBox):
    """A combo box that leaves the wheel to the page, shows that it opens, and is no wider than its place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_FEWEST_LETTERS)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.width() - _ARROW - 3 * _PADDING
        shown = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room)
        option.currentText = shown  # pyright: ignore[reportAttributeAccessIssue]
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        colour = self.palette().color(QPalette.ColorRole.PlaceholderText).name()
        arrow = icons.pixmap("chevron-down", colour, _ARROW, max(1, round(self.devicePixelRatioF())))
        painter.drawPixmap(self.width() - _ARROW - _PADDING, (self.height() - _ARROW) // 2, arrow)

"""What a camera sees, painted as large as there is room; a frame lights up when a picture was taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from mmbm_desktop.gui.theme.theme import Theme

_RADIUS, _FLASH_MS, _FLASH_WIDTH = 8.0, 120, 4


class CameraView(QWidget):
    """Shows 8-bit RGB pictures, or `text` while there is none."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._text, self._flashing = theme, "", False
        self._pixels: npt.NDArray[np.uint8] | None = None
        self._timer = QTimer(self, singleShot=True, interval=_FLASH_MS)
        self._timer.timeout.connect(self._darken)
        self.setMinimumSize(320, 240)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(520, 390)

    @property
    def picture(self) -> npt.NDArray[np.uint8] | None:
        """What is shown."""
        return self._pixels

    def set_picture(self, pixels: npt.NDArray[np.uint8] | None) -> None:
        """Show a picture, (height, width, 3); None for none."""
        self._pixels = pixels
        self.update()

    def set_text(self, text: str) -> None:
        """Say something where there is no picture."""
        self._text = text
        self.setAccessibleName(text)
        self.update()

    def flash(self) -> None:
        """Say that a picture was taken."""
        self._flashing = True
        self._timer.start()
        self.update()

    @Slot()
    def _darken(self) -> None:
        self._flashing = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        if self._pixels is None:
            self._paint_text(painter)
            return
        height, width = self._pixels.shape[:2]
        scale = min(self.width() / width, self.height() / height)
        area = QRectF(0, 0, width * scale, height * scale)
        area.moveCenter(QRectF(self.rect()).center())
        path = QPainterPath()
        path.addRoundedRect(area, _RADIUS, _RADIUS)
        painter.setClipPath(path)
        painter.drawImage(area, QImage(self._pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888))
        if self._flashing:
            painter.setPen(QPen(self._theme.colour("accent"), 2 * _FLASH_WIDTH))
            painter.drawPath(path)

    def _paint_text(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("hover"))
        painter.drawRoundedRect(QRectF(self.rect()), _RADIUS, _RADIUS)
        painter.setPen(self._theme.colour("dim"))
        inside = self.rect().adjusted(24, 24, -24, -24)
        painter.drawText(inside, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._text)

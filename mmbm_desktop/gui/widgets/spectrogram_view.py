"""A painted spectrogram with the stretches of sounds in it and the place that is heard now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from mmbm_desktop.gui.theme.theme import Theme

_HEIGHT = 84
_STRIPE = 3


class SpectrogramView(QWidget):
    """Seconds run to the right; `play_asked` carries the second that was clicked."""

    play_asked = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._picture: npt.NDArray[np.uint8] | None = None
        self._image: QImage | None = None
        self._duration_s = 0.0
        self._stretches: tuple[tuple[float, float], ...] = ()
        self._position_s: float | None = None
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self._tint)

    def sizeHint(self) -> QSize:
        return QSize(240, _HEIGHT)

    def show_recording(self, duration_s: float, stretches: Sequence[tuple[float, float]] = ()) -> None:
        """Show another recording, empty until its picture comes; `stretches` are (start, end) in seconds."""
        self._duration_s, self._stretches = duration_s, tuple(stretches)
        self._picture = self._image = self._position_s = None
        self.update()

    def set_picture(self, picture: npt.NDArray[np.uint8]) -> None:
        """Show loudness 0..255, shape (bands, columns), the highest band first."""
        self._picture = picture
        self._tint()

    def set_position(self, seconds: float | None) -> None:
        """Mark the place that is heard; None marks none."""
        self._position_s = seconds
        self.update()

    def _tint(self) -> None:
        if self._picture is not None:
            height, width = self._picture.shape
            data = self._picture.tobytes()
            image = QImage(data, width, height, width, QImage.Format.Format_Indexed8)
            image.setColorTable(_ramp(self._theme.colour("hover"), self._theme.colour("accent")))
            self._image = image.copy()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = self.rect()
        painter.fillRect(area, self._theme.colour("hover"))
        if self._image is not None:
            painter.drawImage(area, self._image)
        if self._duration_s > 0:
            self._paint_times(painter)

    def _paint_times(self, painter: QPainter) -> None:
        scale = self.width() / self._duration_s
        for start, end in self._stretches:
            stripe = QRectF(start * scale, self.height() - _STRIPE, max(2.0, (end - start) * scale), _STRIPE)
            painter.fillRect(stripe, self._theme.colour("warning"))
        if self._position_s is not None:
            painter.setPen(QPen(self._theme.colour("text"), 2))
            x = round(self._position_s * scale)
            painter.drawLine(x, 0, x, self.height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._duration_s > 0 and self.rect().contains(event.position().toPoint()):
            self.play_asked.emit(event.position().x() / self.width() * self._duration_s)


def _ramp(low: QColor, high: QColor) -> list[int]:
    """Return 256 colours from `low` to `high`."""
    shares = [(number / 255) ** 1.5 for number in range(256)]
    pairs = ((low.red(), high.red()), (low.green(), high.green()), (low.blue(), high.blue()))
    return [QColor(*(round(a + (b - a) * share) for a, b in pairs)).rgb() for share in shares]

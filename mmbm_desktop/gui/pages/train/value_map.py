"""A painted table of values: a square is as strong in colour as what is expected of it; arrows show what is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from mmbm_desktop.gui.training_words import number

if TYPE_CHECKING:
    from mmbm_desktop.gui.theme.theme import Theme
    from mmbm_desktop.protocol.agents import ValueGrid

_LARGEST, _SMALLEST, _WIDEST, _GAP = 64, 24, 420, 2
_TURNS = {
    **dict.fromkeys(("right", "east"), 0),
    **dict.fromkeys(("down", "south"), 90),
    **dict.fromkeys(("left", "west"), 180),
    **dict.fromkeys(("up", "north"), 270),
}
_MARKS = {"H": "danger", "C": "danger", "G": "good", "S": "dim", "R": "dim"}
_WITH_NUMBERS = 48


class ValueMap(QWidget):
    """Shows a `ValueGrid`."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.grid: ValueGrid | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_grid(self, grid: ValueGrid) -> None:
        """Show other values."""
        self.grid = grid
        self.setFixedSize(self.sizeHint())
        best = max(range(len(grid.values)), key=grid.expected)
        name = self.tr("Values of {environment}: {rows} × {columns} squares, the best {best}")
        self.setAccessibleName(
            name.format(
                environment=grid.environment, rows=grid.rows, columns=grid.columns, best=number(grid.expected(best))
            )
        )
        self.setToolTip(
            self.tr("The stronger the colour, the more reward is expected from there; arrows show what is done.")
        )
        self.update()

    @property
    def edge(self) -> int:
        """Length of a square's side in pixels."""
        columns = self.grid.columns if self.grid is not None else 1
        return max(_SMALLEST, min(_LARGEST, _WIDEST // max(1, columns)))

    def sizeHint(self) -> QSize:
        if self.grid is None:
            return QSize(0, 0)
        return QSize(self.grid.columns * self.edge, self.grid.rows * self.edge)

    def strength(self, square: int) -> float:
        """Return how strong a square's colour is, 0..1: where its value lies among all of them."""
        if self.grid is None:
            return 0.0
        values = [self.grid.expected(one) for one in range(len(self.grid.values))]
        low, high = min(values), max(values)
        return (values[square] - low) / (high - low) if high > low else 0.0

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if self.grid is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        for square in range(self.grid.rows * self.grid.columns):
            self._paint_square(painter, square)

    def _paint_square(self, painter: QPainter, square: int) -> None:
        grid, edge = self.grid, self.edge
        if grid is None:
            return
        row, column = divmod(square, grid.columns)
        area = QRectF(column * edge, row * edge, edge, edge).adjusted(_GAP, _GAP, -_GAP, -_GAP)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._ground(square))
        painter.drawRoundedRect(area, 4, 4)
        mark, best = grid.marks[square], grid.best(square)
        if mark in _MARKS:
            painter.setPen(self._theme.colour(_MARKS[mark]))
            painter.drawText(area.adjusted(4, 1, 0, 0), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, mark)
        if best is not None:
            self._paint_action(painter, area, grid.actions[best])
        if edge >= _WITH_NUMBERS and mark not in "HC":
            painter.setPen(self._theme.colour("text"))
            painter.drawText(area, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, self._number(square))

    def _number(self, square: int) -> str:
        value = self.grid.expected(square) if self.grid is not None else 0.0
        return f"{value:.2f}" if abs(value) < 1 else number(value)

    def _ground(self, square: int) -> QColor:
        grid = self.grid
        mark = grid.marks[square] if grid is not None else " "
        colour = self._theme.colour("danger" if mark in "HC" else "good" if mark == "G" else "accent")
        colour.setAlphaF(0.25 if mark in "HCG" else 0.06 + 0.5 * self.strength(square))
        return colour

    def _paint_action(self, painter: QPainter, area: QRectF, action: str) -> None:
        painter.setPen(self._theme.colour("text"))
        turn = _TURNS.get(action.lower())
        if turn is None:
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, action[:2])
            return
        size = area.width() * 0.16
        painter.save()
        painter.translate(area.center())
        painter.rotate(turn)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("text"))
        painter.drawPolygon(QPolygonF([QPointF(size, 0), QPointF(-size, -size), QPointF(-size, size)]))
        painter.restore()

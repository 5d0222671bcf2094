"""A painted table of what an agent expects of each square of its world, with an arrow for what it would do there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mmbm_desktop.gui.agent_words import AgentWords
from mmbm_desktop.gui.theme.tokens import contrast
from mmbm_desktop.gui.training_words import number

if TYPE_CHECKING:
    from mmbm_desktop.gui.theme.theme import Theme
    from mmbm_desktop.protocol.agents import ValueGrid

_LARGEST, _SMALLEST, _WIDEST, _GAP = 64, 24, 480, 2
"""Pixels: of a square at most and at least, of a whole row as far as that lets it, between two squares."""
_NUMBER_FROM = 44
"""Pixels of a square that has room for a number."""
_ENDS = "HCG"
_TURN = {"right": 0.0, "down": 90.0, "left": 180.0, "up": 270.0}
_KEYS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class ValueMap(QWidget):
    """Squares from pale (the least that is expected) to the accent colour (the most); pointing at one shows its values.

    With the keyboard the arrow keys walk over the squares; the one they are on is outlined and described.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._words = AgentWords(self)
        self._grid: ValueGrid | None = None
        self._current = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    @property
    def grid(self) -> ValueGrid | None:
        """The table that is shown."""
        return self._grid

    def set_grid(self, grid: ValueGrid | None) -> None:
        """Show a table; None for none."""
        before, self._grid = self._grid, grid
        if before is None or grid is None or (grid.rows, grid.columns) != (before.rows, before.columns):
            self._current = 0
            self.updateGeometry()
        self._describe()
        self.update()

    def sizeHint(self) -> QSize:
        if self._grid is None:
            return QSize(0, 0)
        edge = max(_SMALLEST, min(_LARGEST, _WIDEST // self._grid.columns))
        return QSize(self._grid.columns * edge, self._grid.rows * edge)

    def area(self, square: int) -> QRectF:
        """Return where a square is painted, in this widget's pixels; squares stay square."""
        grid = self._grid
        if grid is None:
            return QRectF()
        side = min(self.width() / grid.columns, self.height() / grid.rows)
        left = (self.width() - side * grid.columns) / 2
        top = (self.height() - side * grid.rows) / 2
        row, column = divmod(square, grid.columns)
        return QRectF(left + column * side, top + row * side, side - _GAP, side - _GAP)

    def square_at(self, place: QPoint) -> int | None:
        """Return the square under a point of this widget."""
        count = 0 if self._grid is None else len(self._grid.values)
        return next((square for square in range(count) if self.area(square).contains(QPointF(place))), None)

    def text_of(self, square: int) -> str:
        """Return a square in words: where it is, what it is, how often the agent acted there and what it expects."""
        grid = self._grid
        if grid is None:
            return ""
        row, column = divmod(square, grid.columns)
        lines = [self.tr("Row {row}, column {column}").format(row=row + 1, column=column + 1)]
        kind = self._words.square(grid.marks[square])
        if kind:
            lines.append(kind)
        if grid.marks[square] not in _ENDS:
            lines.append(self.tr("acted here %n time(s)", "", grid.visits[square]))
            lines += [
                self.tr("{action}: {value}").format(action=self._words.action(name), value=f"{value:.3f}")
                for name, value in zip(grid.actions, grid.values[square], strict=True)
            ]
        return "\n".join(lines)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            square = self.square_at(event.pos())
            if square is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self.text_of(square), self)
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._describe()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        move, grid = _KEYS.get(Qt.Key(event.key())), self._grid
        if move is None or grid is None:
            super().keyPressEvent(event)
            return
        row, column = divmod(self._current, grid.columns)
        row = min(max(row + move[0], 0), grid.rows - 1)
        column = min(max(column + move[1], 0), grid.columns - 1)
        self._current = row * grid.columns + column
        self._describe()
        self.update()

    def _describe(self) -> None:
        grid = self._grid
        best = None if grid is None else number(max(grid.expected(square) for square in range(len(grid.values))))
        name = self.tr("Value table: {rows} × {columns} squares, the best {best}")
        about = {} if grid is None else {"rows": grid.rows, "columns": grid.columns, "best": best}
        self.setAccessibleName(name.format(**about) if about else "")
        self.setAccessibleDescription(self.text_of(self._current))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        grid = self._grid
        if grid is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        known = [grid.expected(i) for i in range(len(grid.values)) if grid.marks[i] not in _ENDS and grid.visits[i]]
        low, high = (min(known), max(known)) if known else (0.0, 0.0)
        for square in range(len(grid.values)):
            share = (grid.expected(square) - low) / (high - low) if high > low and grid.visits[square] else 0.0
            self._paint_square(painter, grid, square, min(max(share, 0.0), 1.0))

    def _paint_square(self, painter: QPainter, grid: ValueGrid, square: int, share: float) -> None:
        area, mark = self.area(square), grid.marks[square]
        ground = self._ground(mark, share)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.hasFocus() and square == self._current:
            painter.setPen(QPen(self._theme.colour("text"), _GAP))
        painter.setBrush(ground)
        painter.drawRoundedRect(area, area.width() / 12, area.width() / 12)
        ink = self._ink(ground)
        painter.setPen(ink)
        self._set_text_size(painter, area.height() * 0.2)
        if mark in _ENDS:
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._words.square(mark))
            return
        best = grid.best(square)
        if best is not None:
            self._paint_action(painter, area, grid.actions[best], ink)
        if area.height() >= _NUMBER_FROM and grid.visits[square]:
            low = area.adjusted(0, area.height() * 0.68, 0, 0)
            painter.drawText(low, Qt.AlignmentFlag.AlignCenter, f"{grid.expected(square):.2f}")

    def _paint_action(self, painter: QPainter, area: QRectF, action: str, ink: QColor) -> None:
        middle = QPointF(area.center().x(), area.top() + area.height() * 0.4)
        if action not in _TURN:
            painter.drawText(
                QRectF(area.left(), area.top(), area.width(), area.height() * 0.75),
                Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
                self._words.action(action),
            )
            return
        reach = area.height() * 0.22
        painter.save()
        painter.translate(middle)
        painter.rotate(_TURN[action])
        painter.setPen(QPen(ink, max(1.5, reach / 5)))
        painter.drawLine(QPointF(-reach, 0), QPointF(reach * 0.5, 0))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        half = reach * 0.45
        painter.drawPolygon(QPolygonF([QPointF(reach, 0), QPointF(reach * 0.3, -half), QPointF(reach * 0.3, half)]))
        painter.restore()

    def _set_text_size(self, painter: QPainter, pixels: float) -> None:
        font = painter.font()
        font.setPixelSize(max(8, round(pixels)))
        painter.setFont(font)

    def _ground(self, mark: str, share: float) -> QColor:
        if mark in "HC":
            return self._theme.colour("dim")
        if mark == "G":
            return self._theme.colour("good")
        pale, full = self._theme.colour("accent_soft"), self._theme.colour("accent")
        return QColor.fromRgbF(
            pale.redF() + (full.redF() - pale.redF()) * share,
            pale.greenF() + (full.greenF() - pale.greenF()) * share,
            pale.blueF() + (full.blueF() - pale.blueF()) * share,
        )

    def _ink(self, ground: QColor) -> QColor:
        """Return what can be read on a colour."""
        names = ("text", "on_accent")
        return max((self._theme.colour(name) for name in names), key=lambda ink: contrast(ink.name(), ground.name()))

"""The chart of one or several runs' curves. The only module that imports pyqtgraph, which takes a second: see `load`.

Lines are redrawn by a timer at most `UPDATES_S` times a second, however often points arrive, and thinned to what the
screen can show.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPalette, QPixmap, QWheelEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mmbm_desktop.gui.theme.tokens import SMALL
from mmbm_desktop.gui.training_words import TrainingWords, number
from mmbm_desktop.gui.widgets.blank_pixmap import blank_pixmap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.gui.pages.train.curve_shown import Shown
    from mmbm_desktop.gui.state.training_curve import Series
    from mmbm_desktop.gui.theme.theme import Theme

UPDATES_S = 12
_WIDTH, _STEP, _ZOOM = 2, 0.1, 0.8
_TRAIN_ALPHA = 120
_SMOOTH_FROM, _SMOOTH_SHARE = 60, 0.02
"""Points from which on a line of training steps is smoothed, and the share of them that it is smoothed over."""


def load() -> Any:
    """Import pyqtgraph and return it. It makes no widget, so that a pool thread may call this ahead of time."""
    return importlib.import_module("pyqtgraph")


class CurveChart(QWidget):
    """Shows one number of each curve: training steps and, beside a second colour or thicker, the val split.

    Ctrl and wheel zoom, dragging pans; with the keyboard + and -, the arrows, and 0 to see everything again.
    """

    moved = Signal(bool)
    """Whether the person looks at a part only."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pg = load()
        self._shown: tuple[Shown, ...] = ()
        self._metric, self._words = "", TrainingWords(self)
        self._lines: dict[tuple[int, str], Any] = {}
        self._marks: list[Any] = []
        self.redraws = 0
        self.plot = _Plot(self._pg, self)
        self.plot.ctrl_wheel.connect(self._zoom_by)
        self._timer = QTimer(self, interval=round(1000 / UPDATES_S), singleShot=True)
        self._timer.timeout.connect(self.redraw)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot.widget)
        self.setMinimumHeight(200)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.plot.view.sigRangeChangedManually.connect(self._moved_by_mouse)
        theme.changed.connect(self._tint)
        self._tint()

    # --- what is shown -------------------------------------------------------------------------------------------

    def set_curves(self, shown: Sequence[Shown], metric: str) -> None:
        """Show these curves' number called `metric`, and all of it."""
        self._shown, self._metric = tuple(shown), metric
        for line in (*self._lines.values(), *self._marks):
            self.plot.item.removeItem(line)
        self._lines, self._marks = {}, []
        self.see_all()
        self.redraw()

    @Slot()
    def refresh(self) -> None:
        """Redraw soon: points have come."""
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def redraw(self) -> None:
        """Give the lines to the plot as they are now."""
        self.redraws += 1
        for number_, shown in enumerate(self._shown):
            train = shown.curve.series(self._metric, validation=False)
            checked = shown.curve.series(self._metric, validation=True)
            self._draw(number_, "steps", train, smooth=False)
            self._draw(number_, "train", train, smooth=True)
            self._draw(number_, "val", checked, smooth=False)
        self._draw_marks()
        self._describe()

    def _draw(self, number_: int, part: str, series: Series, *, smooth: bool) -> None:
        rough = len(series.x) >= _SMOOTH_FROM
        if not series.x or (part == "steps" and not rough):
            return
        # copies: an array whose memory numpy looks at could not grow
        x, y = np.array(series.x), np.array(series.y)
        self._line(number_, part, len(x)).setData(x, _smoothed(y) if smooth and rough else y)

    def _line(self, number_: int, part: str, length: int) -> Any:
        line = self._lines.get((number_, part))
        if line is None:
            line = self._pg.PlotDataItem(connect="finite", antialias=part != "steps", pen=self._pen(number_, part))
            line.setZValue({"steps": 0, "train": 1, "val": 2}[part])
            self._lines[number_, part] = line
            self.plot.item.addItem(line)
            # after that, for the plot gives its items its own; and fewer than pyqtgraph's five points a pixel
            line.opts["autoDownsampleFactor"] = 1.0
            line.setDownsampling(auto=True, method="mean" if part == "train" else "peak")
            line.setClipToView(True)
        if part == "val":
            few = length <= 40
            colour = self._pen(number_, part).color()
            line.setSymbol("o" if few else None)
            line.setSymbolSize(6)
            line.setSymbolPen(None)
            line.setSymbolBrush(colour)
        return line

    def _draw_marks(self) -> None:
        wanted = [epoch for shown in self._shown if shown.alone for epoch in shown.curve.resumed]
        for epoch in wanted[len(self._marks) :]:
            colour = self._theme.colour("dim")
            pen = self._pg.mkPen(colour, width=1, style=Qt.PenStyle.DashLine)
            options = {"position": 0.94, "color": colour, "anchors": [(0, 0.5), (0, 0.5)]}
            mark = self._pg.InfiniteLine(epoch, 90, pen, label=self.tr("resumed"), labelOpts=options)
            mark.setZValue(-1)
            mark.label.setFont(self.plot.font)
            self._marks.append(mark)
            self.plot.item.addItem(mark, ignoreBounds=True)

    @property
    def lines(self) -> dict[tuple[int, str], Any]:
        """The plot items by (curve, "steps", "train" or "val"); for tests."""
        return dict(self._lines)

    @property
    def resumed_marks(self) -> int:
        """How many dashed lines there are."""
        return len(self._marks)

    def _describe(self) -> None:
        """Say the last values to a screen reader."""
        parts = []
        for shown in self._shown:
            series = shown.curve.series(self._metric, validation=True)
            series = series if series.y else shown.curve.series(self._metric, validation=False)
            if series.y:
                parts.append(f"{shown.label} {self._words.metric(self._metric)} {number(series.y[-1])}")
        self.setAccessibleName(self.tr("Curve") + ": " + ", ".join(parts))

    # --- moving --------------------------------------------------------------------------------------------------

    @Slot()
    def see_all(self) -> None:
        """Show the whole curve, and go on showing it as it grows."""
        self.plot.view.enableAutoRange()
        self.moved.emit(False)

    @Slot()
    def _moved_by_mouse(self) -> None:
        self.moved.emit(True)

    @Slot(float)
    def _zoom_by(self, factor: float) -> None:
        self.plot.view.scaleBy((factor, factor))
        self.moved.emit(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shifts = {
            Qt.Key.Key_Left: (-_STEP, 0.0),
            Qt.Key.Key_Right: (_STEP, 0.0),
            Qt.Key.Key_Up: (0.0, _STEP),
            Qt.Key.Key_Down: (0.0, -_STEP),
        }
        key = Qt.Key(event.key())
        if key in shifts:
            (left, right), (low, high) = self.plot.view.viewRange()
            across, up = shifts[key]
            self.plot.view.translateBy(((right - left) * across, (high - low) * up))
            self.moved.emit(True)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self._zoom_by(1 / _ZOOM if key == Qt.Key.Key_Minus else _ZOOM)
        elif key in (Qt.Key.Key_0, Qt.Key.Key_Home):
            self.see_all()
        else:
            super().keyPressEvent(event)

    # --- colours -------------------------------------------------------------------------------------------------

    def _pen(self, number_: int, part: str) -> Any:
        shown = self._shown[number_]
        if shown.alone:
            colour = self._theme.colour("warning" if part == "val" else shown.colour)
        else:
            colour = QColor(shown.colour) if shown.colour.startswith("#") else self._theme.colour(shown.colour)
        if part == "steps":
            colour.setAlpha(_TRAIN_ALPHA // 2)
        elif part == "train" and not shown.alone:
            colour.setAlpha(_TRAIN_ALPHA)
        return self._pg.mkPen(colour, width=1 if part == "steps" else _WIDTH)

    @Slot()
    def _tint(self) -> None:
        self.plot.tint(self._theme)
        self._name_axis()
        for (number_, part), line in self._lines.items():
            pen = self._pen(number_, part)
            line.setPen(pen)
            line.setSymbolBrush(pen.color())
        for mark in self._marks:
            mark.setPen(self._pg.mkPen(self._theme.colour("dim"), width=1, style=Qt.PenStyle.DashLine))
            mark.label.setColor(self._theme.colour("dim"))

    def retranslate(self) -> None:
        """Set every text again."""
        self._name_axis()
        self.plot.widget.setToolTip(self.tr("Ctrl and the wheel zoom, dragging moves; keys: + − arrows, 0 shows all"))
        for mark in self._marks:
            mark.label.setFormat(self.tr("resumed"))

    def _name_axis(self) -> None:
        self.plot.item.setLabel(
            "bottom", self.tr("epochs"), **{"color": self._theme.tokens.dim, "font-size": f"{SMALL}px"}
        )

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


class _Plot(QObject):
    """The plot widget without menus, its wheel left to the page unless Ctrl is held."""

    ctrl_wheel = Signal(float)

    def __init__(self, pg: Any, parent: CurveChart) -> None:
        super().__init__(parent)
        self._pg = pg
        self.widget = pg.PlotWidget(axisItems={name: _axis(pg, name) for name in ("left", "bottom")})
        self.font = QFont(self.widget.font())
        self.font.setPixelSize(SMALL)
        self.item = self.widget.getPlotItem()
        self.view = self.item.getViewBox()
        self.item.setMenuEnabled(False)
        self.item.hideButtons()
        self.item.showGrid(x=False, y=True, alpha=0.9)
        self.view.setDefaultPadding(0.03)
        self.widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.widget.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QWheelEvent):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.ctrl_wheel.emit(_ZOOM if event.angleDelta().y() > 0 else 1 / _ZOOM)
                return True
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def tint(self, theme: Theme) -> None:
        """Paint ground, axes and grid in the colours of the moment."""
        self.widget.setBackground(theme.colour("panel"))
        for name in ("left", "bottom"):
            axis = self.item.getAxis(name)
            axis.setTextPen(theme.colour("dim"))
            axis.setPen(self._pg.mkPen(theme.colour("line")))
            axis.setTickFont(self.font)
            axis.setZValue(-1000)
            axis.setStyle(tickLength=0, tickTextOffset=8)
        palette = self.widget.palette()
        palette.setColor(QPalette.ColorRole.Base, theme.colour("panel"))
        self.widget.setPalette(palette)


def _axis(pg: Any, side: str) -> Any:
    """Return an axis that is painted once for each range, as a pixmap.

    pyqtgraph records the numbers and the grid and plays the record at each painting, which takes Qt 10 ms and more: it
    looks for the font of each number anew. A page that is scrolled is painted sixty times a second.
    """

    class Axis(pg.AxisItem):
        _painted: tuple[QRect, float, QPixmap] | None = None

        def paint(self, painter: QPainter, option: Any, widget: QWidget) -> None:
            rect, ratio = self.boundingRect().toAlignedRect(), painter.device().devicePixelRatioF()
            if self.picture is None or self._painted is None or self._painted[:2] != (rect, ratio):
                self._painted = rect, ratio, self._drawn(rect, ratio, option, widget)
            painter.drawPixmap(rect.topLeft(), self._painted[2])

        def _drawn(self, rect: QRect, ratio: float, option: Any, widget: QWidget) -> QPixmap:
            pixmap = blank_pixmap(rect.size(), ratio)
            painter = QPainter(pixmap)
            painter.translate(-rect.topLeft())
            super().paint(painter, option, widget)
            painter.end()
            return pixmap

    return Axis(side)


def _smoothed(y: np.ndarray) -> np.ndarray:
    """Return the running mean of the last `_SMOOTH_SHARE` of the points; y has shape (N,)."""
    span = max(2, round(len(y) * _SMOOTH_SHARE))
    total = np.cumsum(np.concatenate([[0.0], np.nan_to_num(y)]))
    ends = np.arange(1, len(y) + 1)
    starts = np.maximum(0, ends - span)
    return (total[ends] - total[starts]) / (ends - starts)

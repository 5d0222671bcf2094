"""A card with curves: which number is shown, what the colours mean, and the way back to the whole curve."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mmbm_desktop.gui.training_words import TrainingWords
from mmbm_desktop.gui.widgets.basics import Button, ElidedLabel, Label
from mmbm_desktop.gui.widgets.chooser import Chooser
from mmbm_desktop.gui.widgets.flow_layout import FlowLayout
from mmbm_desktop.gui.widgets.section import Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.gui.pages.train.curve_chart import CurveChart
    from mmbm_desktop.gui.pages.train.curve_shown import Shown
    from mmbm_desktop.gui.theme.theme import Theme

LOADED_AFTER_S = 0.2


class ChartPanel(Section):
    """Owns the chart, which is given to it once pyqtgraph is there."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._words = TrainingWords(self)
        self._shown: tuple[Shown, ...] = ()
        self.chart: CurveChart | None = None
        self._picked = False
        self.chooser, self.reset = Chooser(), Button(kind="quiet")
        self.chooser.setMinimumWidth(150)
        self.legend = QWidget()
        self._legend = FlowLayout(self.legend, 14)
        self._entries: list[Label] = []
        self.empty = Label(kind="dim", wrap=True)
        self.empty.setMinimumHeight(200)
        self.status = ElidedLabel(kind="small")
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.chooser)
        head.addWidget(self.legend, 1, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.reset)
        self.place = QVBoxLayout()
        self.place.addWidget(self.empty)
        self.content.addLayout(head)
        self.content.addLayout(self.place, 1)
        self.reset.hide()
        self.chooser.currentIndexChanged.connect(self._choose)
        self.chooser.activated.connect(self._pick)
        self.reset.clicked.connect(self._see_all)
        theme.changed.connect(self._tell_legend)

    def take_chart(self, chart: CurveChart) -> None:
        """Show the chart from now on."""
        self.chart = chart
        chart.setMinimumHeight(240)
        chart.setMaximumHeight(320)
        chart.moved.connect(self.reset.setVisible)
        self.place.addWidget(chart, 1)
        self._say_why_empty()
        chart.retranslate()
        self._choose()

    def set_curves(self, shown: Sequence[Shown]) -> None:
        """Show other curves."""
        self._shown = tuple(shown)
        self._offer_metrics()
        self._choose()

    @Slot()
    def refresh(self) -> None:
        """Take in the points that have come."""
        if self._offer_metrics():
            self._choose()
        elif self.chart is not None:
            self.chart.refresh()

    @Slot()
    def _pick(self) -> None:
        """Stay with what the person chose; before that the number that is looked at first is shown."""
        self._picked = True

    def _offer_metrics(self) -> bool:
        """Fill the chooser; return whether there are others than before."""
        names = list(dict.fromkeys(name for one in self._shown for name in one.curve.names))
        if names == [self.chooser.itemData(row) for row in range(self.chooser.count())]:
            return False
        chosen = self.chooser.currentData() if self._picked else None
        self.chooser.blockSignals(True)
        self.chooser.clear()
        for name in names:
            self.chooser.addItem(self._words.metric(name), name)
        self.chooser.setCurrentIndex(max(0, self.chooser.findData(chosen)) if names else -1)
        self.chooser.blockSignals(False)
        return True

    @Slot()
    def _choose(self) -> None:
        some = any(len(one.curve) for one in self._shown)
        self.empty.setVisible(not some or self.chart is None)
        self.chooser.setVisible(some)
        self.legend.setVisible(some)
        self._tell_legend()
        if self.chart is not None:
            self.chart.setVisible(some)
            self.chart.set_curves(self._shown, str(self.chooser.currentData() or ""))

    @Slot()
    def _tell_legend(self) -> None:
        for label in self._entries:
            self._legend.removeWidget(label)
            label.deleteLater()
        if len(self._shown) == 1 and self._shown[0].alone:
            entries = [(self.tr("train"), self._shown[0].colour), (self.tr("validation"), "warning")]
        else:
            entries = [(one.label, one.colour) for one in self._shown]
        self._entries = []
        for text, colour in entries:
            shade = colour if colour.startswith("#") else getattr(self._theme.tokens, colour)
            label = Label(f"━ {text}", "small")
            label.setStyleSheet(f"color: {shade};")
            self._legend.addWidget(label)
            self._entries.append(label)
            label.show()
        self.legend.updateGeometry()

    def _say_why_empty(self) -> None:
        begins, loads = self.tr("The curve begins with the first steps."), self.tr("The charts are being loaded …")
        self.empty.setText(begins if self.chart is not None else loads)

    @Slot()
    def _see_all(self) -> None:
        if self.chart is not None:
            self.chart.see_all()

    def retranslate(self) -> None:
        self.chooser.setAccessibleName(self.tr("What the curve shows"))
        self.chooser.setToolTip(self.chooser.accessibleName())
        self.reset.setText(self.tr("Show all"))
        self._say_why_empty()
        for row in range(self.chooser.count()):
            self.chooser.setItemText(row, self._words.metric(self.chooser.itemData(row)))
        self._tell_legend()


def load_charts() -> Any:
    """Import the charts' module and with it pyqtgraph; called in a pool thread, it makes no widget.

    It begins once the page has been painted: two hundred modules hold Python's lock for most of a second.
    """
    time.sleep(LOADED_AFTER_S)
    from mmbm_desktop.gui.pages.train import curve_chart

    curve_chart.load()
    return curve_chart

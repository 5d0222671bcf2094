"""A model's numbers: the few that matter first as tiles, all others in columns below when somebody asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mmbm_desktop.gui.metric_words import MetricWords
from mmbm_desktop.gui.state.model_quality import quality_of
from mmbm_desktop.gui.training_words import number
from mmbm_desktop.gui.widgets.basics import Button, Label
from mmbm_desktop.gui.widgets.flow_layout import FlowLayout

if TYPE_CHECKING:
    from collections.abc import Mapping

_TILE, _ROW = 216, 344


class ModelNumbers(QWidget):
    """`first` and `others` map a number's name to the label that holds its words."""

    def __init__(self, quality: Mapping[str, float], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = MetricWords(self)
        found = quality_of(quality)
        self.first: dict[str, Label] = {}
        self.others: dict[str, Label] = {}
        self.every, self.rest = Button(kind="link", parent=self), QWidget(self)
        self.every.setCheckable(True)
        self.every.setVisible(bool(found.first and found.others))
        self.every.toggled.connect(self.rest.setVisible)
        self.rest.setVisible(not found.first)
        tiles, rows = QWidget(self), FlowLayout(self.rest, 6)
        flow = FlowLayout(tiles, 16)
        tiles.setVisible(bool(found.first))
        for name, value in found.first:
            flow.addWidget(self._tile(name, value))
        for name, value in found.others:
            rows.addWidget(self._row(name, value))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(tiles)
        layout.addWidget(self.every, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.rest)
        self.retranslate()

    def _tile(self, name: str, value: float) -> QWidget:
        tile, label = QWidget(), Label(kind="small", wrap=True)
        tile.setFixedWidth(_TILE)
        column = QVBoxLayout(tile)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Label(number(value), "heading"))
        column.addWidget(label)
        column.addStretch(1)
        self.first[name] = label
        return tile

    def _row(self, name: str, value: float) -> QWidget:
        row, label = QWidget(), Label(kind="small", wrap=True)
        row.setFixedWidth(_ROW)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 20, 0)
        line.setSpacing(8)
        line.addWidget(label, 1)
        line.addWidget(Label(number(value), "small"), 0, Qt.AlignmentFlag.AlignTop)
        self.others[name] = label
        return row

    def retranslate(self) -> None:
        """Set every text again."""
        self.every.setText(self.tr("All numbers"))
        for name, label in (*self.first.items(), *self.others.items()):
            label.setText(self._words.metric(name))

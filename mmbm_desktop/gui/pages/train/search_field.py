"""Whether a new run is to be a search over several settings: a switch, how many, and what that means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from mmbm_desktop.engine.tuning.drawing import planned_epochs, tried_names
from mmbm_desktop.engine.tuning.halving import planned
from mmbm_desktop.gui.pages.train.setting_field import SettingField
from mmbm_desktop.gui.tuning_words import TuningWords
from mmbm_desktop.gui.widgets.basics import Label
from mmbm_desktop.protocol.tuning import FEWEST_TRIALS, MOST_TRIALS, USUAL_TRIALS

if TYPE_CHECKING:
    from mmbm_desktop.protocol.training import RunSettings


class SearchField(QWidget):
    """`wanted` and `trials` are what the person chose; `changed` follows every choice."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = TuningWords(self)
        self._settings: RunSettings | None = None
        self.box, self.count = QCheckBox(), SettingField.whole("trials", FEWEST_TRIALS, MOST_TRIALS)
        self.count.set_value(USUAL_TRIALS)
        self.said = Label(kind="small", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.box)
        row.addWidget(self.count)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(row)
        layout.addWidget(self.said)
        self.box.toggled.connect(self._changed)
        self.count.changed.connect(self._changed)
        self.retranslate()

    @property
    def wanted(self) -> bool:
        """Whether several settings are to be tried."""
        return self.box.isChecked()

    @property
    def trials(self) -> int:
        """How many."""
        return int(self.count.value)

    def offer(self, settings: RunSettings) -> None:
        """Say what a search around these settings does."""
        self._settings = settings
        self._explain()

    @Slot()
    def _changed(self) -> None:
        self._explain()
        self.changed.emit()

    def _explain(self) -> None:
        settings = self._settings
        self.count.setVisible(self.wanted)
        if settings is None or not settings.recipe:
            self.said.setText("")
            return
        plan = planned(self.trials, planned_epochs(settings))
        tried = self.tr("Tries: {names}.").format(names=self._words.names(tried_names(settings), settings.recipe))
        race = f"{self._words.race(plan.rungs, self.trials)} {self._words.cost(plan.epochs, plan.rungs)}"
        self.said.setText(f"{race} {tried}" if self.wanted else tried)

    def retranslate(self) -> None:
        """Set every text again."""
        self.box.setText(self.tr("Try several settings"))
        self.count.retranslate()
        self._explain()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

"""What an item was called before: every caption, by whom and when, each with a way back to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mmbm_desktop.gui.fact_words import date_text
from mmbm_desktop.gui.widgets.basics import Button, Label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.protocol.history import CaptionEntry, TranscriptEntry

_MOST = 30


class _Row(QWidget):
    def __init__(self, entry: CaptionEntry | TranscriptEntry, shown: bool) -> None:
        super().__init__()
        self.entry, self.shown = entry, shown
        self.text, self.who, self.use = Label(entry.text, wrap=True), Label(kind="small"), Button(kind="link")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.setSpacing(0)
        bottom = QHBoxLayout()
        bottom.addWidget(self.who, 1)
        bottom.addWidget(self.use)
        layout.addWidget(self.text)
        layout.addLayout(bottom)


class CaptionHistory(QWidget):
    """A button that unfolds the earlier texts; `chosen` carries the text and language to go back to."""

    chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = Button(kind="quiet")
        self.button.setCheckable(True)
        self.rows: list[_Row] = []
        self._list = QWidget()
        self._layout = QVBoxLayout(self._list)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addStretch(1)
        layout.addLayout(row)
        layout.addWidget(self._list)
        self._list.hide()
        self.button.toggled.connect(self._list.setVisible)
        self.show_entries(())

    def show_entries(self, entries: Sequence[CaptionEntry | TranscriptEntry], shown: Sequence[str] = ()) -> None:
        """Show a history, newest first; the texts that are `shown` elsewhere cannot be gone back to."""
        for row in self.rows:
            self._layout.removeWidget(row)
            row.deleteLater()
        self.rows = [_Row(entry, entry.text in shown) for entry in entries[:_MOST]]
        for row in self.rows:
            self._layout.addWidget(row)
            row.use.clicked.connect(self._choose)
        self.setVisible(len(self.rows) > 0)
        self.retranslate()

    def retranslate(self) -> None:
        """Set every text again."""
        self.button.setText(self.tr("History ({count})").format(count=len(self.rows)))
        for row in self.rows:
            entry = row.entry
            who = self.tr("you") if entry.author == "person" else entry.model
            row.who.setText(f"{who} · {date_text(entry.created_s)}")
            row.use.setText(self.tr("Use again"))
            row.use.setAccessibleName(self.tr("Use again: {text}").format(text=entry.text))
            row.use.setVisible(not row.shown)

    @Slot()
    def _choose(self) -> None:
        entry = next(row.entry for row in self.rows if row.use is self.sender())
        self.chosen.emit(entry.text, entry.language)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

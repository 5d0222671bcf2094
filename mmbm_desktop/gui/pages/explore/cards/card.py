"""What all cards of the feed share: a kind for the filter, an answer to copy, and a way to remove them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mmbm_desktop.gui.job_words import JobWords
from mmbm_desktop.gui.widgets.basics import Badge, Card, ElidedLabel

if TYPE_CHECKING:
    from mmbm_desktop.protocol.results import Made

CAPTIONS, TRANSCRIPTS, SOUNDS, TRANSLATIONS = "captions", "transcripts", "sounds", "translations"
CLASSES, SEARCHES, NOTICES = "classes", "searches", "notices"


class FeedCard(Card):
    """A focusable card. Subclasses fill `body` and call `retranslate` at the end of their constructor."""

    remove_asked = Signal()
    kind = NOTICES

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.words = JobWords(self)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(14, 14, 14, 14)
        self.row.setSpacing(14)
        self.body = QVBoxLayout()
        self.body.setSpacing(6)

    @property
    def answer(self) -> str:
        """The text that Ctrl+C copies; empty where there is none."""
        return ""

    @property
    def path(self) -> str:
        """The file that the card is about; empty where there is none."""
        return ""

    def retranslate(self) -> None:
        """Set every text again."""

    @Slot()
    def copy_answer(self) -> None:
        """Put the answer on the clipboard."""
        if self.answer:
            QGuiApplication.clipboard().setText(self.answer)

    @Slot()
    def ask_remove(self) -> None:
        """Ask the feed to take the card away; what was saved stays in the library."""
        self.remove_asked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.ask_remove()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_answer()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


class MadeBy(QWidget):
    """One line about how an answer was made: a badge, the model, the device, the milliseconds."""

    def __init__(self, made: Made, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.badge = Badge(kind="badge-accent")
        self.facts = ElidedLabel(kind="small")
        self._words = JobWords(self)
        self._made = made
        self._note = ""
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.badge)
        layout.addWidget(self.facts, 1)
        self.retranslate()

    def retranslate(self) -> None:
        """Set the facts again: the model that answered, where it ran, how long it took, and the note."""
        time = self._words.duration(self._made.ms / 1000)
        self.facts.setText("   ".join(part for part in (self._made.model, self._made.device, time, self._note) if part))

    def set_note(self, note: str) -> None:
        """Show a remark behind the facts."""
        self._note = note
        self.retranslate()

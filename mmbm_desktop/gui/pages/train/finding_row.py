"""One finding of the data doctor: how much it matters, what it says, and the way to its items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mmbm_desktop.gui.finding_words import FindingWords
from mmbm_desktop.gui.theme import icons
from mmbm_desktop.gui.widgets.basics import Button, Label, breakable
from mmbm_desktop.protocol.dataset import Severity

if TYPE_CHECKING:
    from mmbm_desktop.gui.theme.theme import Theme
    from mmbm_desktop.protocol.dataset import Finding

_LOOKS = {
    Severity.BLOCKER: ("circle-alert", "danger"),
    Severity.WARNING: ("triangle-alert", "warning"),
    Severity.NOTE: ("info", "dim"),
}


class FindingRow(QWidget):
    """Emits `items_asked` with its `Finding`."""

    items_asked = Signal(object)

    def __init__(self, finding: Finding, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.finding, self._theme = finding, theme
        self._words = FindingWords(self)
        self._icon, self.text = Label(), Label(wrap=True)
        self.items = Button(kind="link")
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.text)
        texts.addWidget(self.items, 0, Qt.AlignmentFlag.AlignLeft)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(texts, 1)
        self.items.clicked.connect(self._ask)
        theme.changed.connect(self._tint)
        self._tint()
        self.retranslate()

    def retranslate(self) -> None:
        """Set every text again."""
        count = sum(len(group) for group in self.finding.groups)
        sentence = self._words.sentence(self.finding)
        self.text.setText(breakable(sentence))
        self.items.setText(self.tr("Show %n item(s)", "", count))
        self.items.setVisible(count > 0)
        self.items.setAccessibleName(f"{self.items.text()}: {sentence}")
        says = {
            Severity.BLOCKER: self.tr("must be put right"),
            Severity.WARNING: self.tr("worth a look"),
            Severity.NOTE: self.tr("good to know"),
        }[self.finding.severity]
        self._icon.setToolTip(says)
        self.setAccessibleName(f"{says}: {sentence}")

    @Slot()
    def _tint(self) -> None:
        name, colour = _LOOKS[self.finding.severity]
        scale = max(1, round(self.devicePixelRatioF()))
        self._icon.setPixmap(icons.pixmap(name, getattr(self._theme.tokens, colour), 18, scale))

    @Slot()
    def _ask(self) -> None:
        self.items_asked.emit(self.finding)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

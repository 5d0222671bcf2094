"""A card with a heading: what the parts of a page are put into."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mmbm_desktop.gui.widgets.basics import Card, Label

_HEADER_HEIGHT = 32


class Section(Card):
    """A heading, a dim remark at the right, and `content` below; subclasses set their texts in `retranslate`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading, self.aside = Label(kind="heading"), Label(kind="small")
        self.heading.setMinimumHeight(_HEADER_HEIGHT)
        self.header_row = QHBoxLayout()
        self.header_row.setSpacing(8)
        self.header_row.addWidget(self.heading)
        self.header_row.addStretch(1)
        self.header_row.addWidget(self.aside)
        self.content = QVBoxLayout(self)
        self.content.setContentsMargins(16, 8, 16, 16)
        self.content.setSpacing(8)
        self.content.addLayout(self.header_row)

    def retranslate(self) -> None:
        """Set every text again."""

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

"""Thumbs up and down for an answer: at most one is down; pressing it again takes the rating away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from mmbm_desktop.gui.theme import icons
from mmbm_desktop.gui.widgets.basics import Button

if TYPE_CHECKING:
    from mmbm_desktop.gui.theme.theme import Theme

_EDGE = 16


class Thumbs(QWidget):
    """Emits `rated` with 1, -1, or 0 for none."""

    rated = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.up, self.down = Button(kind="quiet"), Button(kind="quiet")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for button in (self.up, self.down):
            button.setCheckable(True)
            button.setIconSize(QSize(_EDGE, _EDGE))
            button.clicked.connect(self._clicked)
            layout.addWidget(button)
        theme.changed.connect(self._paint)
        self._paint()
        self.retranslate()

    @property
    def rating(self) -> int:
        """What is pressed now."""
        return int(self.up.isChecked()) - int(self.down.isChecked())

    @Slot()
    def _clicked(self) -> None:
        pressed = self.sender()
        other = self.down if pressed is self.up else self.up
        other.setChecked(False)
        self.rated.emit(self.rating)

    @Slot()
    def _paint(self) -> None:
        tokens = self._theme.tokens
        self.up.setIcon(icons.icon("thumbs-up", tokens.dim, tokens.good, _EDGE))
        self.down.setIcon(icons.icon("thumbs-down", tokens.dim, tokens.danger, _EDGE))

    def retranslate(self) -> None:
        """Set every text again."""
        for button, name, tip in (
            (self.up, self.tr("Good"), self.tr("A good answer: models can learn from it")),
            (self.down, self.tr("Bad"), self.tr("A bad answer")),
        ):
            button.setAccessibleName(name)
            button.setToolTip(tip)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

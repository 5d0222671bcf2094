"""The left rail: one button a page, the settings at the bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton, QVBoxLayout, QWidget

from mmbm_desktop.gui.theme.icons import icon

if TYPE_CHECKING:
    from mmbm_desktop.gui.theme.theme import Theme

ICONS = {"explore": "aperture", "library": "images", "train": "chart-line", "models": "box", "activity": "activity"}
PAGES = tuple(ICONS)
_WIDTH, _BUTTON_WIDTH, _BUTTON_HEIGHT = 72, 60, 54


class Rail(QFrame):
    """Emits `chosen` with a page's name, or `settings_asked`."""

    chosen = Signal(str)
    settings_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("kind", "rail")
        self.setFixedWidth(_WIDTH)
        self._group = QButtonGroup(self)
        self.buttons = {name: self._button(name) for name in PAGES}
        self.settings = self._button("settings")
        self.settings.setCheckable(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 12, 6, 12)
        layout.setSpacing(4)
        for button in self.buttons.values():
            self._group.addButton(button)
            layout.addWidget(button)
        layout.addStretch(1)
        layout.addWidget(self.settings)
        self._group.buttonClicked.connect(self._clicked)
        self.settings.clicked.connect(self.settings_asked)
        theme.changed.connect(self._tint)
        self._tint()
        self.retranslate()

    def _button(self, name: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setProperty("kind", "rail")
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setIconSize(QSize(20, 20))
        button.setFixedSize(_BUTTON_WIDTH, _BUTTON_HEIGHT)
        return button

    def show_chosen(self, name: str) -> None:
        """Mark the page that is shown."""
        self.buttons[name].setChecked(True)

    @Slot(object)
    def _clicked(self, button: QToolButton) -> None:
        self.chosen.emit(button.objectName())

    @Slot()
    def _tint(self) -> None:
        tokens = self._theme.tokens
        for name, button in self.buttons.items():
            button.setIcon(icon(ICONS[name], tokens.dim, tokens.accent))
        self.settings.setIcon(icon("settings", tokens.dim))

    def retranslate(self) -> None:
        """Set every text again."""
        texts = {
            "explore": self.tr("Explore"),
            "library": self.tr("Library"),
            "train": self.tr("Train"),
            "models": self.tr("Models"),
            "activity": self.tr("Activity"),
        }
        for number, (name, text) in enumerate(texts.items(), start=1):
            self.buttons[name].setText(text)
            self.buttons[name].setAccessibleName(text)
            self.buttons[name].setToolTip(f"{text}  Ctrl+{number}")
        self.settings.setText(self.tr("Settings"))
        self.settings.setToolTip(self.tr("Settings") + "  Ctrl+,")

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

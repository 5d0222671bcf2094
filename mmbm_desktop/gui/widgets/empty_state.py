"""What an empty place shows: what belongs there and the first step."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mmbm_desktop.gui.theme import icons
from mmbm_desktop.gui.theme.theme import Theme
from mmbm_desktop.gui.widgets.basics import Button, Label


class EmptyState(QWidget):
    """An icon, a heading, a sentence and one button; `action` is emitted when it is pressed."""

    action = Signal()

    def __init__(self, theme: Theme, icon_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._icon_name = theme, icon_name
        self._icon, self._heading, self._text = Label(), Label(kind="heading"), Label(kind="dim", wrap=True)
        self.button = Button(kind="primary")
        self.button.clicked.connect(self.action)
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addStretch(1)
        for widget in (self._icon, self._heading, self._text):
            widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(widget)
        layout.addSpacing(8)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(2)
        theme.changed.connect(self._tint)
        self._tint()

    def set_texts(self, heading: str, text: str, button: str = "") -> None:
        """Set the words; no button where its text is empty."""
        self._heading.setText(heading)
        self._text.setText(text)
        self.button.setText(button)
        self.button.setVisible(bool(button))
        self.setAccessibleName(f"{heading}. {text}")

    def _tint(self) -> None:
        scale = max(1, round(self.devicePixelRatioF()))
        self._icon.setPixmap(icons.pixmap(self._icon_name, self._theme.tokens.dim, 40, scale))

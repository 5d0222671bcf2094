"""The look of the moment: follows the setting, and the system where the setting says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette

from mmbm_desktop.gui.theme.style_sheet import style_sheet
from mmbm_desktop.gui.theme.tokens import DARK, FONTS, LIGHT, NORMAL, Tokens

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from mmbm_desktop.base.settings import Settings

SETTING = "appearance.theme"


class Theme(QObject):
    """Holds the tokens in force and puts them on the application; `changed` is emitted after each switch."""

    changed = Signal()

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._app: QApplication | None = None
        self._tokens = self._wanted()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._scheme_changed)

    @property
    def tokens(self) -> Tokens:
        """The colours in force."""
        return self._tokens

    @property
    def dark(self) -> bool:
        """Whether the dark colours are in force."""
        return self._tokens is DARK

    def colour(self, name: str) -> QColor:
        """Return the token called `name` as a colour."""
        return QColor(getattr(self._tokens, name))

    def apply_to(self, app: QApplication) -> None:
        """Style the application now and after every change."""
        self._app = app
        font = QFont()
        font.setFamilies([*FONTS, *font.families()])
        font.setPixelSize(NORMAL)
        app.setStyle("Fusion")
        app.setFont(font)
        self._style()

    @Slot()
    def refresh(self) -> None:
        """Look at the setting and the system again."""
        wanted = self._wanted()
        if wanted is not self._tokens:
            self._tokens = wanted
            self._style()
            self.changed.emit()

    @Slot(Qt.ColorScheme)
    def _scheme_changed(self, scheme: Qt.ColorScheme) -> None:
        del scheme
        self.refresh()

    def _wanted(self) -> Tokens:
        choice = self._settings.text(SETTING)
        if choice == "system":
            system = QGuiApplication.styleHints().colorScheme()
            return DARK if system is Qt.ColorScheme.Dark else LIGHT
        return DARK if choice == "dark" else LIGHT

    def _style(self) -> None:
        if self._app is None:
            return
        self._app.setPalette(_palette(self._tokens))
        self._app.setStyleSheet(style_sheet(self._tokens))


def _palette(tokens: Tokens) -> QPalette:
    palette = QPalette()
    for role, name in (
        (QPalette.ColorRole.Window, "background"),
        (QPalette.ColorRole.Base, "panel"),
        (QPalette.ColorRole.AlternateBase, "hover"),
        (QPalette.ColorRole.Button, "panel"),
        (QPalette.ColorRole.WindowText, "text"),
        (QPalette.ColorRole.Text, "text"),
        (QPalette.ColorRole.ButtonText, "text"),
        (QPalette.ColorRole.ToolTipBase, "panel"),
        (QPalette.ColorRole.ToolTipText, "text"),
        (QPalette.ColorRole.PlaceholderText, "dim"),
        (QPalette.ColorRole.Highlight, "accent"),
        (QPalette.ColorRole.HighlightedText, "on_accent"),
        (QPalette.ColorRole.Link, "accent"),
    ):
        palette.setColor(role, QColor(getattr(tokens, name)))
    return palette

"""What the main window expects of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QMimeData

    from mmbm_desktop.gui.context import AppContext


class Page(QWidget):
    """A page of the window. Made on first use; its texts are set in `retranslate`, called by the page at its end."""

    name = ""
    """The page's key in settings and navigation."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setProperty("kind", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)

    @property
    def title(self) -> str:
        """The heading shown in the window's header, translated."""
        return ""

    @property
    def subtitle(self) -> str:
        """A dim line beside the heading, translated; empty for none."""
        return ""

    def header_widgets(self) -> Sequence[QWidget]:
        """Return widgets for the right end of the header."""
        return ()

    def on_shown(self) -> None:
        """Do what is due when the page comes into view."""

    def take_mime(self, mime: QMimeData) -> bool:
        """Use dropped or pasted data; return whether it was used."""
        del mime
        return False

    def take_request(self, request: object) -> None:
        """Answer what another page asked for before this page existed."""

    def open_files(self) -> None:
        """Show the page's open dialog (Ctrl+O)."""

    def focus_search(self) -> None:
        """Put the keyboard focus where one types a search (Ctrl+F)."""

    def close_workers(self) -> None:
        """End what the page does in threads of its own, waiting for what is in hand; safe to call twice."""

    def retranslate(self) -> None:
        """Set every text again in the language of the moment."""

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

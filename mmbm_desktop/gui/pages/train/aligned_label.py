"""A line of words as they were said and as they were written down: what changed is struck out and written beside."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.gui.theme.theme import Theme


class AlignedLabel(QLabel):
    """Shows pairs of words (said, written); "" for no word. Every word is escaped: the text is read as HTML."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._words: tuple[tuple[str, ...], ...] = ()
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        theme.changed.connect(self._write)

    def set_words(self, words: Sequence[tuple[str, ...]]) -> None:
        """Show other words."""
        self._words = tuple(words)
        self._write()

    @Slot()
    def _write(self) -> None:
        dim, bad = self._theme.colour("dim").name(), self._theme.colour("danger").name()
        self.setText(" ".join(_marked(said, written, dim, bad) for said, written in self._words))


def _marked(said: str, written: str, dim: str, bad: str) -> str:
    if said == written:
        return escape(said)
    out = f'<s style="color:{dim}">{escape(said)}</s>' if said else ""
    new = f'<span style="color:{bad}">{escape(written)}</span>' if written else ""
    return " ".join(filter(None, (out, new)))

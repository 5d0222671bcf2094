"""A pair of texts as the network reads them: each in its pieces, and whether the pair is too long to be learned."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from mmbm_desktop.gui.widgets.basics import Card, Label, breakable

if TYPE_CHECKING:
    from mmbm_desktop.gui.theme.theme import Theme
    from mmbm_desktop.protocol.preview import PreviewItem, PreviewText

_MOST = 60
"""Pieces that are shown of a long text."""


class PairRow(Card):
    """Shows a `PreviewItem` of two texts. Every piece is escaped: it is read as HTML."""

    def __init__(self, item: PreviewItem, longest: int, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, "tile")
        self._item, self._longest, self._theme = item, longest, theme
        self.texts = [Label(breakable(one.text), "small", wrap=True) for one in item.texts]
        self.pieces = [QLabel() for _ in item.texts]
        self.note = Label(kind="warning", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for text, pieces in zip(self.texts, self.pieces, strict=True):
            pieces.setTextFormat(Qt.TextFormat.RichText)
            pieces.setWordWrap(True)
            layout.addWidget(text)
            layout.addWidget(pieces)
        layout.addWidget(self.note)
        self.note.setVisible(not item.fits)
        theme.changed.connect(self.retranslate)
        self.retranslate()

    @Slot()
    def retranslate(self) -> None:
        """Set every text again."""
        for label, text in zip(self.pieces, self._item.texts, strict=True):
            label.setText(self._marked(text))
            label.setToolTip(self.tr("%n piece(s)", "", len(text.pieces)))
        self.note.setText(self.tr("Left out: a side has more than {count} pieces.").format(count=self._longest))
        self.setAccessibleName("; ".join(text.text for text in self._item.texts))

    def _marked(self, text: PreviewText) -> str:
        ground, bad = self._theme.tokens.accent_soft, self._theme.tokens.danger
        shown = [
            f'<span style="background:{ground}">&nbsp;{escape(piece)}&nbsp;</span>'
            if piece
            else f'<span style="color:{bad}">&nbsp;?&nbsp;</span>'
            for piece in text.pieces[:_MOST]
        ]
        more = " …" if len(text.pieces) > _MOST else ""
        count = self.tr("%n piece(s)", "", len(text.pieces))
        return f'{" ".join(shown)}{more} <span style="color:{self._theme.tokens.dim}">{escape(count)}</span>'

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

"""The feed of cards, newest first: a filter, a bound on how many are kept, and a button for the older ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mmbm_desktop.gui.widgets.basics import Button

if TYPE_CHECKING:
    from mmbm_desktop.gui.pages.explore.cards.card import FeedCard

SHOWN = 50
KEPT = 200


class Feed(QWidget):
    """Holds the cards; `changed` is emitted when one came or went."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: list[FeedCard] = []
        self._filter: str | None = None
        self._shown = SHOWN
        self.more = Button()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(12)
        self._layout.addWidget(self.more)
        self._layout.addStretch(1)
        self.more.clicked.connect(self._show_more)
        self._refresh()

    def add(self, card: FeedCard, below: FeedCard | None = None) -> None:
        """Put a card at the top, or below another one; the oldest beyond the bound goes."""
        card.remove_asked.connect(self._remove_sender)
        place = 0 if below is None else self.cards.index(below) + 1
        self.cards.insert(place, card)
        self._layout.insertWidget(place, card)
        for old in self.cards[KEPT:]:
            self.remove(old)
        self._refresh()

    def replace(self, old: FeedCard, new: FeedCard) -> None:
        """Put a card where another was."""
        new.remove_asked.connect(self._remove_sender)
        place = self.cards.index(old)
        self.cards[place] = new
        had_focus = old.hasFocus()
        self._layout.insertWidget(self._layout.indexOf(old), new)
        self._drop(old)
        self._refresh()
        if had_focus:
            new.setFocus()

    def remove(self, card: FeedCard) -> None:
        """Take a card away."""
        if card in self.cards:
            self.cards.remove(card)
            self._drop(card)
            self._refresh()

    def set_filter(self, kind: str | None) -> None:
        """Show only cards of one kind; None for all."""
        self._filter = kind
        self._shown = SHOWN
        self._refresh()

    @property
    def visible_cards(self) -> list[FeedCard]:
        """The cards that the filter lets through and the bound shows."""
        return [card for card in self.cards if self._filter in (None, card.kind)][: self._shown]

    def _drop(self, card: FeedCard) -> None:
        self._layout.removeWidget(card)
        card.hide()
        card.deleteLater()

    def _refresh(self) -> None:
        fitting = [card for card in self.cards if self._filter in (None, card.kind)]
        shown = set(map(id, fitting[: self._shown]))
        for card in self.cards:
            card.setVisible(id(card) in shown)
        self.more.setVisible(len(fitting) > self._shown)
        self.changed.emit()

    @Slot()
    def _show_more(self) -> None:
        self._shown += SHOWN
        self._refresh()

    @Slot()
    def _remove_sender(self) -> None:
        sender: QObject = self.sender()
        for card in self.cards:
            if card is sender:
                self.remove(card)
                return

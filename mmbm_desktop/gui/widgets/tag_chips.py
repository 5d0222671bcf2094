"""Tags as chips, each with a way to take it off, and a field with completion to put more on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QStringListModel, Qt, Signal, Slot
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from mmbm_desktop.gui.widgets.basics import Button, dress_offers
from mmbm_desktop.gui.widgets.flow_layout import FlowLayout
from mmbm_desktop.protocol.tags import tags_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_FIELD_WIDTH = 110


class TagChips(QWidget):
    """Shows tags and says what a person wants changed; it changes nothing itself."""

    added = Signal(object)
    """A tuple of tags that were typed; commas separate several."""
    removed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tags: tuple[str, ...] = ()
        self.chips: list[Button] = []
        self.field = QLineEdit()
        self.field.setFixedWidth(_FIELD_WIDTH)
        self._offers = QStringListModel(self)
        completer = QCompleter(self._offers, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        dress_offers(completer)
        self.field.setCompleter(completer)
        self._flow = FlowLayout(self, spacing=4)
        self._flow.addWidget(self.field)
        self.field.returnPressed.connect(self.take_typed)
        self.retranslate()

    @property
    def tags(self) -> tuple[str, ...]:
        """What is shown."""
        return self._tags

    def set_tags(self, tags: Sequence[str]) -> None:
        """Show other tags."""
        if tuple(tags) == self._tags:
            return
        self._tags = tuple(tags)
        for chip in self.chips:
            self._flow.removeWidget(chip)
            chip.deleteLater()
        self.chips = [self._chip(tag) for tag in self._tags]
        self._flow.removeWidget(self.field)
        for widget in (*self.chips, self.field):
            self._flow.addWidget(widget)
        self.retranslate()
        self.updateGeometry()

    def set_known(self, tags: Sequence[str]) -> None:
        """Offer these when one is typed."""
        self._offers.setStringList(list(tags))

    def retranslate(self) -> None:
        """Set every text again."""
        self.field.setPlaceholderText(self.tr("Add a tag"))
        self.field.setAccessibleName(self.tr("Add a tag"))
        for chip in self.chips:
            words = self.tr("Take off the tag {name}").format(name=chip.objectName())
            chip.setToolTip(words)
            chip.setAccessibleName(words)

    def _chip(self, tag: str) -> Button:
        chip = Button(f"{tag}  ×", "chip", self)
        chip.setObjectName(tag)
        chip.clicked.connect(self._take_off)
        return chip

    @Slot()
    def take_typed(self) -> None:
        """Say that what stands in the field is wanted."""
        typed = tags_of(self.field.text())
        self.field.clear()
        if typed:
            self.added.emit(typed)

    @Slot()
    def _take_off(self) -> None:
        self.removed.emit(self.sender().objectName())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

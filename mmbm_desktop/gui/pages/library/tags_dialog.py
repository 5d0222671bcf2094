"""The dialog that puts tags on many items and takes others off; nothing changes before it is accepted."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from mmbm_desktop.gui.widgets.basics import Button, Label
from mmbm_desktop.gui.widgets.flow_layout import FlowLayout
from mmbm_desktop.gui.widgets.tag_chips import TagChips
from mmbm_desktop.protocol.tags import once

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.protocol.results import Item

_WIDTH = 420
_MOST = 24
"""So many of the chosen items' tags are offered to be taken off."""


class TagsDialog(QDialog):
    """Collects tags to put on and tags to take off; `decided` carries both tuples."""

    decided = Signal(object, object)

    def __init__(self, items: Sequence[Item], count: int, known: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(_WIDTH)
        self._count, self._items = count, len(items)
        counts = Counter(tag for item in items for tag in item.tags)
        self.add = TagChips()
        self.add.set_known(known)
        self._heading, self._add_heading, self._has_heading = (
            Label(kind="heading"),
            Label(kind="small"),
            Label(kind="small"),
        )
        self.has = {tag: Button(f"{tag}  {n}", "chip") for tag, n in counts.most_common(_MOST)}
        self.accept_button, self.cancel_button = Button(kind="primary"), Button()
        self._lay_out()
        self._connect()
        self._set_texts()

    @property
    def adding(self) -> tuple[str, ...]:
        """The tags to put on, what still stands in the field among them."""
        return self.add.tags

    @property
    def removing(self) -> tuple[str, ...]:
        """The tags to take off."""
        return tuple(tag for tag, chip in self.has.items() if chip.isChecked())

    def _lay_out(self) -> None:
        chips = QWidget()
        flow = FlowLayout(chips, spacing=4)
        for chip in self.has.values():
            chip.setCheckable(True)
            flow.addWidget(chip)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.accept_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(8)
        for widget in (self._heading, self._add_heading, self.add, self._has_heading, chips):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addLayout(buttons)
        self._has_heading.setVisible(bool(self.has))

    def _connect(self) -> None:
        self.add.added.connect(self._more)
        self.add.removed.connect(self._less)
        self.accept_button.clicked.connect(self._decide)
        self.cancel_button.clicked.connect(self.reject)

    def _set_texts(self) -> None:
        self.setWindowTitle(self.tr("Tags"))
        self._heading.setText(self.tr("Tags for %n item(s)", "", self._count))
        self._add_heading.setText(self.tr("Put on"))
        self._has_heading.setText(self.tr("Take off: choose from what they have"))
        self.accept_button.setText(self.tr("Change tags"))
        self.cancel_button.setText(self.tr("Cancel"))
        for tag, chip in self.has.items():
            chip.setAccessibleName(self.tr("Take off the tag {name}").format(name=tag))

    @Slot(object)
    def _more(self, tags: tuple[str, ...]) -> None:
        self.add.set_tags(once((*self.add.tags, *tags)))

    @Slot(str)
    def _less(self, tag: str) -> None:
        self.add.set_tags([one for one in self.add.tags if one != tag])

    @Slot()
    def _decide(self) -> None:
        self.add.take_typed()
        if self.adding or self.removing:
            self.decided.emit(self.adding, self.removing)
        self.accept()

"""Small pictures of the items that are most like the one shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from mmbm_desktop.gui.state.library_item_model import title_of
from mmbm_desktop.gui.widgets.basics import Label
from mmbm_desktop.gui.widgets.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.gui.widgets.picture import PictureLoader
    from mmbm_desktop.protocol.results import Item

_SIZE = QSize(78, 58)
_COLUMNS = 3


class _SimilarPicture(Picture):
    """A picture that can be chosen by mouse and keyboard."""

    chosen = Signal(object)

    def __init__(self, loader: PictureLoader, item: Item) -> None:
        super().__init__(loader, item.path, _SIZE)
        self._item = item
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        title = title_of(item, "en")
        self.setToolTip(title)
        self.setAccessibleName(title)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.chosen.emit(self._item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self._item)
        else:
            super().keyPressEvent(event)


class SimilarStrip(QWidget):
    """Up to six pictures; hidden while there are none. `chosen` carries the `Item`."""

    chosen = Signal(object)

    def __init__(self, loader: PictureLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loader = loader
        self._heading = Label(kind="small")
        self.pictures: list[_SimilarPicture] = []
        self._grid = QGridLayout()
        self._grid.setSpacing(6)
        self._grid.setColumnStretch(_COLUMNS, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._heading)
        layout.addLayout(self._grid)
        self.show_items(())

    def show_items(self, items: Sequence[Item]) -> None:
        """Show other pictures."""
        for picture in self.pictures:
            self._grid.removeWidget(picture)
            picture.deleteLater()
        self.pictures = [_SimilarPicture(self._loader, item) for item in items]
        for number, picture in enumerate(self.pictures):
            picture.chosen.connect(self.chosen)
            self._grid.addWidget(picture, *divmod(number, _COLUMNS))
        self.setVisible(bool(self.pictures))
        self.retranslate()

    def retranslate(self) -> None:
        """Set every text again."""
        self._heading.setText(self.tr("Similar pictures"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

"""A dialog of items: thumbnails or names, a note to each, and the way to their files. It changes none of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from mmbm_desktop.gui.file_actions import FolderRevealer, copy_paths, open_file
from mmbm_desktop.gui.theme import icons
from mmbm_desktop.gui.widgets.basics import Button, ElidedLabel, Label, Line
from mmbm_desktop.gui.widgets.picture import Picture
from mmbm_desktop.gui.widgets.play_button import PlayButton
from mmbm_desktop.media.formats import PHOTO_SUFFIXES, RECORDING_SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.gui.state.player import Player
    from mmbm_desktop.gui.theme.theme import Theme
    from mmbm_desktop.gui.widgets.picture import PictureLoader

SHOWN_AT_ONCE = 60
_THUMBNAIL = QSize(72, 54)


@dataclass(frozen=True)
class ShownItem:
    """A file (or a row of a table, as "path:line"), a note to it, and whether a line goes before it."""

    path: str
    note: str = ""
    apart: bool = False


class ItemRow(QWidget):
    """One item: its picture where it is one, its name and folder, and buttons."""

    def __init__(
        self,
        item: ShownItem,
        theme: Theme,
        loader: PictureLoader,
        player: Player,
        revealer: FolderRevealer,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.item, self._revealer = item, revealer
        self.file = file_of(item.path)
        self.open, self.reveal = Button(self.tr("Open"), "quiet"), Button(self.tr("Show in folder"), "quiet")
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addStretch(1)
        texts.addWidget(ElidedLabel(Path(item.path).name))
        texts.addWidget(ElidedLabel(str(Path(item.path).parent), "small"))
        if item.note:
            texts.addWidget(ElidedLabel(item.note, "small"))
        texts.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._sight(theme, loader, player))
        row.addLayout(texts, 1)
        row.addWidget(self.open)
        row.addWidget(self.reveal)
        self.open.clicked.connect(self._open)
        self.reveal.clicked.connect(self._reveal)
        self.open.setAccessibleName(f"{self.open.text()} {Path(item.path).name}")
        self.reveal.setAccessibleName(f"{self.reveal.text()} {Path(item.path).name}")
        self.setAccessibleName(f"{item.path} {item.note}")

    def _sight(self, theme: Theme, loader: PictureLoader, player: Player) -> QWidget:
        if Path(self.file).suffix.lower() in PHOTO_SUFFIXES:
            return Picture(loader, self.file, _THUMBNAIL)
        if Path(self.file).suffix.lower() in RECORDING_SUFFIXES:
            button = PlayButton(player, self.file, theme, kind="")
            button.setFixedSize(_THUMBNAIL)
            return button
        label = Label()
        label.setFixedSize(_THUMBNAIL)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setPixmap(icons.pixmap("file-text", theme.tokens.dim, 24))
        return label

    @Slot()
    def _open(self) -> None:
        open_file(self.file)

    @Slot()
    def _reveal(self) -> None:
        self._revealer.reveal(self.file)


class ItemsDialog(QDialog):
    """Lists items, `SHOWN_AT_ONCE` more at every press of a button."""

    def __init__(
        self,
        title: str,
        items: Sequence[ShownItem],
        theme: Theme,
        loader: PictureLoader,
        player: Player,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._items, self._theme, self._loader, self._player = tuple(items), theme, loader, player
        self.rows: list[ItemRow] = []
        self._revealer = FolderRevealer(self)
        self.more, self.copy, self.close_button = Button(), Button(self.tr("Copy paths")), Button(self.tr("Close"))
        inner = QWidget()
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(0, 0, 8, 0)
        self._list.setSpacing(8)
        self._list.addWidget(self.more, 0, Qt.AlignmentFlag.AlignHCenter)
        self._list.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        bottom = QHBoxLayout()
        bottom.addWidget(Label(self.tr("Nothing here changes your files."), "small"), 1)
        bottom.addWidget(self.copy)
        bottom.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(Label(title, "heading", wrap=True))
        layout.addWidget(scroll, 1)
        layout.addLayout(bottom)
        self.setWindowTitle(self.tr("Items"))
        self.resize(680, 520)
        self.close_button.clicked.connect(self.accept)
        self.copy.clicked.connect(self._copy)
        self.more.clicked.connect(self.show_more)
        self.finished.connect(player.stop)
        self.show_more()

    @Slot()
    def show_more(self) -> None:
        """Add the next items."""
        start = len(self.rows)
        for item in self._items[start : start + SHOWN_AT_ONCE]:
            if item.apart and self.rows:
                self._list.insertWidget(self._list.count() - 2, Line())
            row = ItemRow(item, self._theme, self._loader, self._player, self._revealer, self)
            self.rows.append(row)
            self._list.insertWidget(self._list.count() - 2, row)
        left = len(self._items) - len(self.rows)
        self.more.setText(self.tr("Show more ({count})").format(count=f"{left:,}"))
        self.more.setVisible(left > 0)

    @Slot()
    def _copy(self) -> None:
        copy_paths([file_of(item.path) for item in self._items])


def file_of(path: str) -> str:
    """Return the file of an item; of a row of a table, "path:line", the table."""
    head, colon, line = path.rpartition(":")
    return head if colon and line.isdigit() and not Path(path).exists() else path

"""Pictures of the library that fit a text or a picture: a strip of thumbnails with scores."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mmbm_desktop.gui.file_actions import open_file
from mmbm_desktop.gui.pages.explore.cards.card import SEARCHES, FeedCard
from mmbm_desktop.gui.widgets.basics import Badge, Button, Label
from mmbm_desktop.gui.widgets.flow_layout import FlowLayout
from mmbm_desktop.gui.widgets.picture import Picture

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent

    from mmbm_desktop.gui.widgets.picture import PictureLoader
    from mmbm_desktop.protocol.requests import SearchRequest
    from mmbm_desktop.protocol.results import Hit, SearchResult

_TILE = QSize(176, 124)
SHOWN = 6


class HitTile(QWidget):
    """One picture with its score; a double click opens the file."""

    opened = Signal(str)

    def __init__(self, hit: Hit, loader: PictureLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hit = hit
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(Picture(loader, hit.item.path, _TILE))
        layout.addWidget(Badge(f"{hit.score:.2f}"), 0, Qt.AlignmentFlag.AlignLeft)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        name = Path(hit.item.path).name
        self.setToolTip("\n".join(part for part in (name, hit.item.caption_en, hit.item.caption_zh) if part))
        self.setAccessibleName(f"{name}, {hit.score:.2f}")

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        self.opened.emit(self.hit.item.path)


class SearchCard(FeedCard):
    """Shows a `SearchResult`; `library_asked` carries the request."""

    kind = SEARCHES
    library_asked = Signal(object)

    def __init__(
        self, request: SearchRequest, result: SearchResult, loader: PictureLoader, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.request, self.result = request, result
        self._task, self._count, self._empty = Label(kind="small"), Label(kind="small"), Label(kind="dim", wrap=True)
        self.open = Button(kind="quiet")
        self.tiles = [HitTile(hit, loader) for hit in result.hits[:SHOWN]]
        self._lay_out()
        self.open.clicked.connect(self._ask_library)
        for tile in self.tiles:
            tile.opened.connect(open_file)
        self.retranslate()

    @property
    def answer(self) -> str:
        return "\n".join(tile.hit.item.path for tile in self.tiles)

    def _lay_out(self) -> None:
        self.row.addLayout(self.body, 1)
        top = QHBoxLayout()
        top.addWidget(self._task)
        top.addStretch(1)
        top.addWidget(self._count)
        top.addWidget(self.open)
        self.body.addLayout(top)
        strip = QWidget()
        flow = FlowLayout(strip)
        for tile in self.tiles:
            flow.addWidget(tile)
        self.body.addWidget(strip)
        self.body.addWidget(self._empty)
        strip.setVisible(bool(self.tiles))
        self._empty.setVisible(not self.tiles)

    def retranslate(self) -> None:
        shown = self.request.text or Path(self.request.image_path or "").name
        self._task.setText(self.tr("Search · “{query}”").format(query=shown))
        pictures = self.tr("%n picture(s)", "", self.result.searched)
        self._count.setText(f"{pictures} · {self.words.duration(self.result.made.ms / 1000)}")
        self._empty.setText(
            self.tr("No picture fits.")
            if self.result.searched
            else self.tr("The library is empty. Drop a folder of pictures to make it searchable.")
        )
        self.open.setText(self.tr("Open in Library"))
        self.setAccessibleName(f"{self._task.text()}, {self._count.text()}")

    @Slot()
    def _ask_library(self) -> None:
        self.library_asked.emit(self.request)

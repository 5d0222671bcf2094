"""Pictures of the library that fit a text or a picture: a strip of thumbnails, each with how probable it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QGraphicsOpacityEffect, QHBoxLayout, QVBoxLayout, QWidget

from mmbm_desktop.gui.file_actions import open_file
from mmbm_desktop.gui.hit_words import HitWords
from mmbm_desktop.gui.pages.explore.cards.card import SEARCHES, FeedCard
from mmbm_desktop.gui.state.library_item_model import first_unlikely_row
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
_UNLIKELY_OPACITY = 0.45


class HitTile(QWidget):
    """One picture with its badge, dimmed where it is unlikely; a double click opens the file."""

    opened = Signal(str)

    def __init__(self, hit: Hit, loader: PictureLoader, *, likely: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hit, self.likely = hit, likely
        self.badge = Badge()
        self._words = HitWords(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(Picture(loader, hit.item.path, _TILE))
        layout.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignLeft)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if not likely:
            effect = QGraphicsOpacityEffect(self)
            effect.setOpacity(_UNLIKELY_OPACITY)
            self.setGraphicsEffect(effect)
        self.retranslate()

    def retranslate(self) -> None:
        """Set every text again."""
        item, meaning = self.hit.item, self._words.meaning(self.hit)
        name = Path(item.path).name
        self.badge.setText(self._words.badge(self.hit))
        self.setToolTip("\n".join(part for part in (name, item.caption_en, item.caption_zh, meaning) if part))
        self.setAccessibleName(f"{name}, {self._words.spoken(self.hit)}")

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
        self._task, self._count, self.note = Label(kind="small"), Label(kind="small"), Label(kind="dim", wrap=True)
        self.open = Button(kind="quiet")
        self._likely = first_unlikely_row(result.hits, result.nothing_below)
        self._hits = HitWords(self)
        self.tiles = [
            HitTile(hit, loader, likely=number < self._likely) for number, hit in enumerate(result.hits[:SHOWN])
        ]
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
        self.body.addWidget(self.note)
        self.body.addWidget(strip)
        strip.setVisible(bool(self.tiles))
        self.note.setVisible(not self._likely)

    def retranslate(self) -> None:
        shown = self.request.text or Path(self.request.image_path or "").name
        self._task.setText(self.tr("Search · “{query}”").format(query=shown))
        pictures = self.tr("%n picture(s)", "", self.result.searched)
        self._count.setText(f"{pictures} · {self.words.duration(self.result.made.ms / 1000)}")
        self.note.setText(self._nothing_text())
        for tile in self.tiles:
            tile.retranslate()
        self.open.setText(self.tr("Open in Library"))
        self.setAccessibleName(f"{self._task.text()}, {self._count.text()}")

    def _nothing_text(self) -> str:
        if self.tiles:
            return self._hits.nothing()
        if self.result.searched:
            return self.tr("No picture fits.")
        return self.tr("The library is empty. Drop a folder of pictures to make it searchable.")

    @Slot()
    def _ask_library(self) -> None:
        self.library_asked.emit(self.request)

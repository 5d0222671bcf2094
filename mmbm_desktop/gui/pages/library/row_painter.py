"""How the rows of the list are painted: in a few passes over all of them, each with one pen, instead of cell by cell.

Each call of a painter from Python gives Python's lock away and waits for it again; see `painted_parts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPixmap

from mmbm_desktop.gui.state.library_item_model import Column
from mmbm_desktop.gui.theme import icons
from mmbm_desktop.gui.widgets.blank_pixmap import blank_pixmap
from mmbm_desktop.gui.widgets.tile_image import TileShape
from mmbm_desktop.protocol.tasks import MediaKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.gui.pages.library.thumbnails import Thumbnails
    from mmbm_desktop.gui.state.library_item_model import LibraryItemModel
    from mmbm_desktop.gui.theme.theme import Theme

THUMBNAIL_WIDTH, _THUMBNAIL_HEIGHT = 48, 36
_RADIUS, MARGIN, _ICON = 4, 8, 18
_UNLIKELY_OPACITY = 0.55
_KEPT = 4000
_BRIGHT = (Column.NAME, Column.CAPTION)
_SIDES = {
    column: int(
        Qt.AlignmentFlag.AlignVCenter
        | (Qt.AlignmentFlag.AlignRight if column is Column.SIZE else Qt.AlignmentFlag.AlignLeft)
    )
    for column in Column
}


@dataclass(frozen=True)
class RowLayout:
    """Where things lie, in pixels of the viewport: `columns` as (column, left, width), and the height of a row."""

    columns: tuple[tuple[Column, int, int], ...]
    height: int
    width: int
    ratio: float


class RowPainter:
    """Paints rows in the theme's colours; what is probably not meant is dim."""

    def __init__(self, thumbnails: Thumbnails, theme: Theme) -> None:
        self._thumbnails, self._theme = thumbnails, theme
        self._elided: dict[tuple[str, int], str] = {}
        self._font = QFont()
        self._stand_ins: dict[tuple[bool, float], QPixmap] = {}
        theme.changed.connect(self._stand_ins.clear)

    def paint(
        self,
        painter: QPainter,
        model: LibraryItemModel,
        rows: Sequence[tuple[int, int, bool]],
        layout: RowLayout,
        font: QFont,
    ) -> None:
        """Paint rows, each as (row, top, whether it is selected)."""
        self._thumbnails.begin_painting()
        if font != self._font:
            self._font, self._elided = QFont(font), {}
        line, ground = self._theme.colour("line"), self._theme.colour("accent_soft")
        for _, top, selected in rows:
            if selected:
                painter.fillRect(0, top, layout.width, layout.height, ground)
            painter.fillRect(0, top + layout.height - 1, layout.width, 1, line)
        painter.setFont(font)
        for unlikely in (False, True):
            some = [(row, top) for row, top, _ in rows if model.is_unlikely(row) is unlikely]
            if some:
                painter.setOpacity(_UNLIKELY_OPACITY if unlikely else 1.0)
                self._paint_pictures(painter, model, some, layout)
                self._paint_texts(painter, model, some, layout, QFontMetrics(font))
        painter.setOpacity(1.0)

    def _paint_pictures(
        self, painter: QPainter, model: LibraryItemModel, rows: Sequence[tuple[int, int]], layout: RowLayout
    ) -> None:
        left = next((left for column, left, _ in layout.columns if column is Column.NAME), 0) + MARGIN
        size = (THUMBNAIL_WIDTH, _THUMBNAIL_HEIGHT)
        shape = TileShape((QSize(*size).toSizeF() * layout.ratio).toSize(), _RADIUS * layout.ratio)
        for row, top in rows:
            item = model.item(row)
            photo = item.kind is MediaKind.PHOTO
            picture = self._thumbnails.pixmap(item, shape) if photo else None
            picture = self._stand_in(photo, layout.ratio) if picture is None else picture
            painter.drawPixmap(left, top + (layout.height - _THUMBNAIL_HEIGHT) // 2, *size, picture)

    def _paint_texts(
        self,
        painter: QPainter,
        model: LibraryItemModel,
        rows: Sequence[tuple[int, int]],
        layout: RowLayout,
        metrics: QFontMetrics,
    ) -> None:
        for bright in (True, False):
            painter.setPen(self._theme.colour("text" if bright else "dim"))
            for column, left, width in layout.columns:
                if (column in _BRIGHT) is bright:
                    before = THUMBNAIL_WIDTH + 2 * MARGIN if column is Column.NAME else MARGIN
                    room = width - before - MARGIN
                    for row, top in rows:
                        text = self._shortened(model.cell(row, column), room, metrics)
                        painter.drawText(left + before, top, room, layout.height, _SIDES[column], text)

    def _shortened(self, text: str, width: int, metrics: QFontMetrics) -> str:
        """Return what of a text fits; it is measured once."""
        found = self._elided.get((text, width))
        if found is None:
            if len(self._elided) >= _KEPT:
                self._elided.clear()
            found = self._elided[text, width] = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
        return found

    def _stand_in(self, photo: bool, ratio: float) -> QPixmap:
        """Return what is shown for a photo that has no picture yet, or for a recording or a note."""
        found = self._stand_ins.get((photo, ratio))
        if found is None:
            found = self._stand_ins[photo, ratio] = self._painted_stand_in(photo, ratio)
        return found

    def _painted_stand_in(self, photo: bool, ratio: float) -> QPixmap:
        pixmap = blank_pixmap(QSize(THUMBNAIL_WIDTH, _THUMBNAIL_HEIGHT), ratio)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self._theme.colour("hover"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(QRectF(0, 0, THUMBNAIL_WIDTH, _THUMBNAIL_HEIGHT), _RADIUS, _RADIUS)
        if not photo:
            icon = icons.pixmap("audio-lines", self._theme.tokens.dim, _ICON, max(1, round(ratio)))
            painter.drawPixmap(THUMBNAIL_WIDTH // 2 - 9, _THUMBNAIL_HEIGHT // 2 - 9, icon)
        painter.end()
        return pixmap

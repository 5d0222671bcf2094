"""Thumbnails as pictures of an exact shape, made in any thread."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter, QPainterPath

if TYPE_CHECKING:
    from mmbm_desktop.engine.interface import Engine

_EDGES = (256, 512, 1024, 2048)


@dataclass(frozen=True)
class TileShape:
    """How a picture is cut: `size` in device pixels, filled from its middle, with corners of `radius` device pixels."""

    size: QSize
    radius: float

    @cached_property
    def key(self) -> tuple[int, int, float]:
        """The shape as something that can be hashed."""
        return self.size.width(), self.size.height(), self.radius


def read_thumbnail(engine: Engine, path: str, edge: int) -> QImage | None:
    """Return a picture whose longest edge is about `edge` pixels or more; None when it cannot be read. Any thread."""
    file = engine.thumbnail(path, next((step for step in _EDGES if step >= edge), _EDGES[-1]))
    if file is None:
        return None
    reader = QImageReader(str(file))
    reader.setAutoTransform(True)
    image = reader.read()
    return None if image.isNull() else image


def shaped(image: QImage | None, shape: TileShape) -> QImage | None:
    """Return the middle of a picture, cut to the shape. Any thread."""
    if image is None:
        return None
    scaled = image.scaled(
        shape.size, Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
    )
    tile = QImage(shape.size, QImage.Format.Format_ARGB32_Premultiplied)
    tile.fill(Qt.GlobalColor.transparent)
    outline = QPainterPath()
    outline.addRoundedRect(QRectF(tile.rect()), shape.radius, shape.radius)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipPath(outline)
    painter.drawImage((tile.width() - scaled.width()) // 2, (tile.height() - scaled.height()) // 2, scaled)
    painter.end()
    return tile

"""Loads thumbnails outside the GUI thread and delivers them inside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, QThreadPool, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from mmbm_desktop.gui.widgets.basics import Label
from mmbm_desktop.gui.widgets.tile_image import TileShape, read_thumbnail, shaped

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from mmbm_desktop.engine.interface import Engine

_RADIUS = 8


class PictureLoader(QObject):
    """Makes shaped thumbnails in two pool threads; `loaded` carries (path, size, image or None)."""

    loaded = Signal(str, QSize, object)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(2)

    def load(self, path: str, size: QSize, radius: float) -> None:
        """Ask for a picture cut to `size` device pixels."""

        def work() -> None:
            image = shaped(
                read_thumbnail(self._engine, path, max(size.width(), size.height())), TileShape(size, radius)
            )
            self.loaded.emit(path, size, image)

        self._pool.start(work)

    def close(self) -> None:
        """Drop what waits and wait for what runs."""
        self._pool.clear()
        self._pool.waitForDone()


class Picture(Label):
    """A thumbnail of fixed size that fills itself when it is loaded."""

    def __init__(self, loader: PictureLoader, path: str, size: QSize, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._path = path
        scale = self.devicePixelRatioF()
        self._wanted = size * scale
        self._scale = scale
        self.setFixedSize(size)
        loader.loaded.connect(self._take)
        loader.load(path, self._wanted, _RADIUS * scale)

    @Slot(str, QSize, object)
    def _take(self, path: str, size: QSize, image: QImage | None) -> None:
        if path == self._path and size == self._wanted and image is not None:
            pixmap = QPixmap.fromImage(image)
            pixmap.setDevicePixelRatio(self._scale)
            self.setPixmap(pixmap)

"""Thumbnails for the grid: made by pool threads, kept as pixmaps in the GUI thread, the last used longest."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThreadPool, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from mmbm_desktop.base.giving_way import give_way
from mmbm_desktop.gui.widgets.tile_image import TileShape, read_thumbnail, shaped

if TYPE_CHECKING:
    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.protocol.results import Item

THREADS = max(1, min(4, (os.cpu_count() or 2) - 1))
"""One processor stays with the window."""
CACHE_BYTES = 96 << 20
LONGEST_QUEUE = 200


@dataclass(frozen=True)
class _Key:
    path: str
    modified_s: float


@dataclass
class _Wish:
    key: _Key
    shape: TileShape
    turn: tuple[int, int]


@dataclass
class _Kept:
    pixmap: QPixmap | None
    shape: TileShape
    bytes: int = field(default=0)


class Thumbnails(QObject):
    """Gives pixmaps at once where it has them, and `ready` later where it has not.

    The wishes of the newest painting come first, in the order they were made; wishes of long ago are forgotten, for
    what was scrolled past needs no picture.
    """

    ready = Signal(str)
    _made = Signal(object, object, object)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(THREADS)
        self._lock = threading.Lock()
        self._wishes: dict[_Key, _Wish] = {}
        self._kept: OrderedDict[_Key, _Kept] = OrderedDict()
        self._kept_bytes = 0
        self._painting = 0
        self._closed = False
        self._made.connect(self._keep)

    def begin_painting(self) -> None:
        """Say that the wishes to come are more urgent than all before."""
        self._painting += 1

    def pixmap(self, item: Item, shape: TileShape) -> QPixmap | None:
        """Return the picture of an item, in another shape while this one is being made; None while there is none."""
        key = _Key(item.path, item.modified_s)
        kept = self._kept.get(key)
        if kept is None or kept.shape.key != shape.key:
            self._wish(key, shape)
        if kept is None:
            return None
        self._kept.move_to_end(key)
        return kept.pixmap

    def broken(self, item: Item) -> bool:
        """Whether no picture of the item can be made."""
        kept = self._kept.get(_Key(item.path, item.modified_s))
        return kept is not None and kept.pixmap is None

    def forget(self) -> None:
        """Drop every pixmap, so that files that could not be read before are tried again."""
        self._kept.clear()
        self._kept_bytes = 0

    def close(self) -> None:
        """Drop all wishes and wait for the pictures in hand."""
        self._closed = True
        with self._lock:
            self._wishes.clear()
        self._pool.clear()
        self._pool.waitForDone()

    def _wish(self, key: _Key, shape: TileShape) -> None:
        if self._closed:
            return
        with self._lock:
            new = key not in self._wishes
            self._wishes[key] = _Wish(key, shape, (-self._painting, len(self._wishes)))
            if len(self._wishes) > LONGEST_QUEUE:
                del self._wishes[max(self._wishes.values(), key=lambda wish: wish.turn).key]
        if new:
            self._pool.start(self._make_one)

    def _make_one(self) -> None:
        """Make the most urgent picture; runs in a pool thread."""
        give_way()
        with self._lock:
            if not self._wishes:
                return
            wish = self._wishes.pop(min(self._wishes.values(), key=lambda one: one.turn).key)
        edge = max(wish.shape.size.width(), wish.shape.size.height())
        image = shaped(read_thumbnail(self._engine, wish.key.path, edge), wish.shape)
        self._made.emit(wish.key, wish.shape, image)

    @Slot(object, object, object)
    def _keep(self, key: _Key, shape: TileShape, image: QImage | None) -> None:
        if self._closed:
            return
        old = self._kept.pop(key, None)
        self._kept_bytes -= old.bytes if old else 0
        size = image.sizeInBytes() if image else 0
        self._kept[key] = _Kept(QPixmap.fromImage(image) if image else None, shape, size)
        self._kept_bytes += size
        while self._kept_bytes > CACHE_BYTES and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            self._kept_bytes -= dropped.bytes
        self.ready.emit(key.path)

"""The keys that grid and list share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from mmbm_desktop.gui.pages.library.grid import ThumbnailGrid
    from mmbm_desktop.gui.pages.library.item_list import ItemList


def pressed(view: ThumbnailGrid | ItemList, event: QKeyEvent) -> bool:
    """Emit the signal that a key stands for; return whether there is one."""
    current = view.currentIndex()
    if event.matches(QKeySequence.StandardKey.Copy):
        view.copy_wanted.emit()
    elif event.matches(QKeySequence.StandardKey.Delete):
        view.remove_wanted.emit()
    elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and current.isValid():
        view.opened.emit(current)
    elif event.key() == Qt.Key.Key_Space and current.isValid():
        view.preview_wanted.emit(current)
    else:
        return False
    return True

"""Which items of the library are chosen: rows of grid and list, or all that is listed. No words are made here."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QItemSelectionModel, QItemSelectionRange, QObject, Signal, Slot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.gui.state.library_item_model import LibraryItemModel
    from mmbm_desktop.protocol.results import Item


class LibrarySelection(QObject):
    """Follows the selection model that the views share; what was chosen beyond the loaded rows is kept as ids."""

    changed = Signal()

    def __init__(self, model: LibraryItemModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._beyond: tuple[int, ...] = ()
        self.rows = QItemSelectionModel(model, self)
        self.rows.selectionChanged.connect(self._rows_changed)
        model.modelReset.connect(self._rows_changed)

    @property
    def count(self) -> int:
        """How many items are chosen."""
        return len(self._beyond) or sum(part.bottom() - part.top() + 1 for part in self._parts())

    @property
    def ids(self) -> tuple[int, ...]:
        """The chosen items, by id, in the order of the view where they are loaded."""
        return self._beyond or tuple(item.id for item in self.items)

    @property
    def items(self) -> tuple[Item, ...]:
        """The chosen items that are loaded."""
        return tuple(self._model.item(row) for part in self._parts() for row in range(part.top(), part.bottom() + 1))

    @property
    def can_grow(self) -> bool:
        """Whether every loaded row is chosen and there are more items than are loaded."""
        loaded = self._model.rowCount()
        return not self._beyond and 0 < loaded < self._model.total and self.count == loaded

    def choose_all(self, ids: Sequence[int]) -> None:
        """Choose these items, loaded or not, until another choice is made."""
        self._beyond = tuple(ids)
        self.changed.emit()

    @Slot()
    def clear(self) -> None:
        """Choose nothing; the current item stays current."""
        self._beyond = ()
        self.rows.clearSelection()
        self.changed.emit()

    def _parts(self) -> list[QItemSelectionRange]:
        chosen = cast("list[QItemSelectionRange]", self.rows.selection())
        found = [part for part in chosen if part.left() == 0 and part.bottom() < self._model.rowCount()]
        return sorted(found, key=QItemSelectionRange.top)

    @Slot()
    def _rows_changed(self) -> None:
        self._beyond = ()
        self.changed.emit()

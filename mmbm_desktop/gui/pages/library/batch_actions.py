"""What is done with chosen items: joins the selection, the bars below the items and the batches of the engine."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mmbm_desktop.gui.file_actions import copy_paths
from mmbm_desktop.gui.pages.library.batch_bar import BatchProgress, SelectionBar
from mmbm_desktop.gui.pages.library.tags_dialog import TagsDialog
from mmbm_desktop.gui.state.library_batches import LibraryBatches
from mmbm_desktop.gui.state.library_selection import LibrarySelection
from mmbm_desktop.protocol.batches import BatchAction, BatchRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from mmbm_desktop.gui.context import AppContext
    from mmbm_desktop.gui.state.abilities import Abilities
    from mmbm_desktop.gui.state.library_calls import LibraryCalls
    from mmbm_desktop.gui.state.library_item_model import LibraryItemModel
    from mmbm_desktop.gui.state.library_search import LibrarySearch
    from mmbm_desktop.protocol.failure import Failure
    from mmbm_desktop.protocol.history import TagCount
    from mmbm_desktop.protocol.results import Item


class BatchActions(QObject):
    """`bar` and `progress` are widgets for the page; what is chosen is in `selection`."""

    export_asked = Signal(tuple)
    """The ids of the items to export."""
    undo_asked = Signal()
    failed = Signal(object)

    def __init__(
        self,
        context: AppContext,
        calls: LibraryCalls,
        model: LibraryItemModel,
        search: LibrarySearch,
        abilities: Abilities,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._context, self._calls, self._search = context, calls, search
        self.selection = LibrarySelection(model, self)
        self.batches = LibraryBatches(context.engine, context.bridge, self)
        self.bar = SelectionBar(self.selection, abilities)
        self.progress = BatchProgress(self.batches)
        self.dialog: TagsDialog | None = None
        self._connect()

    def _connect(self) -> None:
        bar = self.bar
        bar.batch_asked.connect(self._start)
        bar.tags_asked.connect(self.ask_tags)
        bar.copy_asked.connect(self.copy_paths)
        bar.export_asked.connect(self._export)
        bar.remove_asked.connect(self.remove)
        bar.all_asked.connect(self._ask_all)
        self.progress.undo_asked.connect(self.undo_asked)

    @Slot(object, str)
    def _start(self, action: BatchAction, to: str) -> None:
        self.batches.start(BatchRequest(action, self.selection.ids, to="en" if to == "en" else "zh"))

    @Slot()
    def remove(self) -> None:
        """Take the chosen items out of the library; undo brings them back, so nothing is asked."""
        if self.bar.writable:
            self._start(BatchAction.REMOVE, "")
            self.selection.clear()

    @Slot()
    def ask_tags(self) -> None:
        """Ask which tags to put on and take off, with the library's tags as offers."""
        if self.selection.count and self.bar.writable:
            self._calls.run(self._context.engine.tags, success=self._open_dialog, failure=self._failed)

    def _open_dialog(self, known: tuple[TagCount, ...]) -> None:
        selection = self.selection
        names = [one.name for one in known]
        self.dialog = TagsDialog(selection.items, selection.count, names, self.bar.window())
        self.dialog.decided.connect(self._tag)
        self.dialog.open()

    @Slot(object, object)
    def _tag(self, add: tuple[str, ...], remove: tuple[str, ...]) -> None:
        self.batches.start(BatchRequest(BatchAction.TAG, self.selection.ids, add=add, remove=remove))

    @Slot()
    def copy_paths(self) -> None:
        """Put the paths of the chosen items on the clipboard."""
        self._with_items(self._copy)

    def _copy(self, items: tuple[Item, ...]) -> None:
        if items:
            copy_paths([item.path for item in items])
            self._context.navigator.notice.emit(self.tr("%n path(s) copied", "", len(items)))

    @Slot()
    def _export(self) -> None:
        self.export_asked.emit(self.selection.ids)

    def _with_items(self, use: Callable[[tuple[Item, ...]], None]) -> None:
        """Use the chosen items at once where they are loaded, else when the library has read them."""
        selection = self.selection
        if len(selection.items) == selection.count:
            use(selection.items)
            return
        self._calls.run(partial(self._context.engine.items, selection.ids), success=use, failure=self._failed)

    @Slot()
    def _ask_all(self) -> None:
        """Choose everything that is listed, with what is not loaded."""
        filters = self._search.filters
        self._calls.run(
            partial(self._context.engine.item_ids, filters), success=self.selection.choose_all, failure=self._failed
        )

    def _failed(self, failure: Failure) -> None:
        self.failed.emit(failure)

"""The middle of the page: the same rows and the same selection as a grid or as a list, or what stands for none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QSize, QTimer, Signal, Slot
from PySide6.QtWidgets import QStackedLayout, QWidget

from mmbm_desktop.gui.pages.library.grid import ThumbnailGrid
from mmbm_desktop.gui.pages.library.item_list import ItemList
from mmbm_desktop.gui.pages.library.tile_delegate import TileDelegate
from mmbm_desktop.gui.theme import icons
from mmbm_desktop.gui.widgets.basics import Button

if TYPE_CHECKING:
    from mmbm_desktop.gui.context import AppContext
    from mmbm_desktop.gui.pages.library.thumbnails import Thumbnails
    from mmbm_desktop.gui.state.library_item_model import LibraryItemModel
    from mmbm_desktop.gui.state.library_search import Answer
    from mmbm_desktop.gui.widgets.empty_state import EmptyState
    from mmbm_desktop.protocol.order import Order

SETTING = "library.view"
_TOGETHER_MS = 40


class ItemViews(QWidget):
    """`button` turns from one view to the other; which one is remembered."""

    opened = Signal(QModelIndex)
    current_changed = Signal()
    copy_wanted = Signal()
    remove_wanted = Signal()
    order_asked = Signal(object)

    def __init__(
        self,
        context: AppContext,
        model: LibraryItemModel,
        selection: QItemSelectionModel,
        thumbnails: Thumbnails,
        empty: EmptyState,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._context, self._selection = context, selection
        self.grid = ThumbnailGrid(TileDelegate(thumbnails, context.theme, self))
        self.list = ItemList(thumbnails, context.theme)
        self._empty, self._any_rows = empty, True
        self.button = Button(kind="quiet")
        self._stack = QStackedLayout(self)
        for view in (self.grid, self.list):
            own = view.selectionModel()
            view.setModel(model)
            view.setSelectionModel(selection)
            if own is not None:
                own.deleteLater()
            view.setProperty("kind", "grid")
            self._stack.addWidget(view)
        self._stack.addWidget(empty)
        self.list.lay_out_columns()
        self._come: set[str] = set()
        self._repainting = QTimer(self, interval=_TOGETHER_MS, singleShot=True)
        self._connect()
        self.retranslate()

    @property
    def as_list(self) -> bool:
        """Whether the rows are shown as a list."""
        return self._context.settings.text(SETTING) == "list"

    @property
    def view(self) -> ThumbnailGrid | ItemList:
        """The view of the moment."""
        return self.list if self.as_list else self.grid

    def _connect(self) -> None:
        self._selection.currentChanged.connect(self.current_changed)
        for view in (self.grid, self.list):
            view.opened.connect(self.opened)
            view.preview_wanted.connect(self.current_changed)
            view.copy_wanted.connect(self.copy_wanted)
            view.remove_wanted.connect(self.remove_wanted)
        self.list.order_asked.connect(self.order_asked)
        self.button.clicked.connect(self.toggle)
        self._repainting.timeout.connect(self._repaint)
        self._context.theme.changed.connect(self.retranslate)

    def show_rows(self, answer: Answer, order: Order | None, *, any_rows: bool) -> None:
        """Show the rows, or what stands for none."""
        self._any_rows = any_rows or answer.busy
        self.list.show_order(order, scored=answer.scored)
        self._stack.setCurrentWidget(self.view if self._any_rows else self._empty)

    def show_row(self, row: int) -> None:
        """Choose a row and bring it into sight."""
        self.view.setCurrentIndex(self.view.model().index(row, 0))

    def repaint_item(self, path: str) -> None:
        """Paint an item again: its picture has come. Those that come within a moment are painted together."""
        self._come.add(path)
        if not self._repainting.isActive():
            self._repainting.start()

    @Slot()
    def _repaint(self) -> None:
        come, self._come = self._come, set()
        self.view.repaint_items(come)

    @Slot()
    def toggle(self) -> None:
        """Turn to the other view; what is chosen stays chosen and in sight."""
        self._context.settings.set(SETTING, "grid" if self.as_list else "list")
        if self._any_rows:
            self._stack.setCurrentWidget(self.view)
            self.view.setFocus()
            if self._selection.currentIndex().isValid():
                self.view.scrollTo(self._selection.currentIndex())
        self.retranslate()

    @Slot()
    def retranslate(self) -> None:
        """Set every text again."""
        self.button.setText(self.tr("Grid") if self.as_list else self.tr("List"))
        name = "layout-grid" if self.as_list else "list"
        self.button.setIcon(icons.icon(name, self._context.theme.tokens.dim, edge=16))
        self.button.setIconSize(QSize(16, 16))
        tip = self.tr("Show as a grid of pictures") if self.as_list else self.tr("Show as a list that can be sorted")
        self.button.setToolTip(f"{tip} · Ctrl+L")
        self.button.setAccessibleName(tip)
        self.grid.setAccessibleName(self.tr("Items of the library"))
        self.list.setAccessibleName(self.tr("Items of the library"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

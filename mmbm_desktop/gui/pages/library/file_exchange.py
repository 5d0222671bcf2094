"""The way of the library's words into files and back: a button with a menu, the dialog, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from mmbm_desktop.gui.export_words import ExportWords
from mmbm_desktop.gui.pages.library.export_dialog import ExportDialog
from mmbm_desktop.gui.state.library_files import LibraryFiles
from mmbm_desktop.gui.state.library_item_model import ItemRole
from mmbm_desktop.gui.widgets.basics import Button
from mmbm_desktop.protocol.sidecars import ExportRequest, ImportRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.gui.context import AppContext
    from mmbm_desktop.gui.state.library_item_model import LibraryItemModel
    from mmbm_desktop.gui.state.library_search import LibrarySearch
    from mmbm_desktop.protocol.jobs import JobSnapshot


class FileExchange(QObject):
    """`button` is a widget for the page's header; `failed` carries a `Failure`."""

    failed = Signal(object)

    def __init__(self, context: AppContext, search: LibrarySearch, model: LibraryItemModel, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._search, self._model, self._page = context, search, model, page
        self.files = LibraryFiles(context.engine, context.bridge, self)
        self._words = ExportWords(self)
        self.button, self._menu = Button(kind="quiet"), QMenu(page)
        self.button.setMenu(self._menu)
        self.dialog: ExportDialog | None = None
        self.folder_dialog: QFileDialog | None = None
        self.files.ended.connect(self._tell_end)
        self.retranslate()

    @Slot()
    def export_found(self) -> None:
        """Export everything that is listed: all hits, or all that the filters let through."""
        answer = self._search.answer
        if answer.scored:
            rows = range(self._model.rowCount())
            self.export_items([self._model.index(row, 0).data(ItemRole.ITEM).id for row in rows])
        elif answer.total:
            self._open(ExportRequest(filters=self._search.filters), answer.total)

    @Slot(tuple)
    def export_items(self, ids: Sequence[int]) -> None:
        """Export chosen items."""
        if ids:
            self._open(ExportRequest(tuple(ids)), len(ids))

    def _open(self, scope: ExportRequest, count: int) -> None:
        self.dialog = ExportDialog(scope, count, self.files, self._page.window())
        self.dialog.decided.connect(self._start)
        self.dialog.open()

    @Slot(object)
    def _start(self, request: ExportRequest) -> None:
        self.files.start(request)

    @Slot()
    def ask_import(self) -> None:
        """Ask for a folder whose sidecars are read; the step can be undone, so nothing more is asked."""
        self.folder_dialog = QFileDialog(self._page, self.tr("Import captions, tags and transcripts from a folder"))
        self.folder_dialog.setFileMode(QFileDialog.FileMode.Directory)
        self.folder_dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        self.folder_dialog.filesSelected.connect(self.import_from)
        self.folder_dialog.open()

    @Slot("QStringList")
    def import_from(self, paths: list[str]) -> None:
        """Read the sidecars below folders into the library."""
        if paths:
            self.files.start(ImportRequest(tuple(paths)))

    @Slot(object)
    def _tell_end(self, job: JobSnapshot) -> None:
        if job.failure is not None:
            self.failed.emit(job.failure)
        else:
            self._context.navigator.notice.emit(self._words.outcome(job))

    def retranslate(self) -> None:
        """Set every text again."""
        self.button.setText(self.tr("Export, import"))
        self._menu.clear()
        self._menu.addAction(self.tr("Export all that was found …") + "\tCtrl+E", self.export_found)
        self._menu.addAction(self.tr("Import from a folder …") + "\tCtrl+I", self.ask_import)

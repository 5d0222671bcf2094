"""The Library page: puts column, query bar, grid and details together. What is said to whom is all in `_connect`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QMimeData, QModelIndex, Qt, QTimer, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.file_actions import open_file
from mmbm_desktop.gui.hit_words import HitWords
from mmbm_desktop.gui.job_words import JobWords
from mmbm_desktop.gui.pages.base import Page
from mmbm_desktop.gui.pages.library.batch_actions import BatchActions
from mmbm_desktop.gui.pages.library.details_pane import DetailsPane
from mmbm_desktop.gui.pages.library.file_exchange import FileExchange
from mmbm_desktop.gui.pages.library.folder_column import FolderColumn
from mmbm_desktop.gui.pages.library.item_views import ItemViews
from mmbm_desktop.gui.pages.library.query_bar import QueryBar
from mmbm_desktop.gui.pages.library.thumbnails import Thumbnails
from mmbm_desktop.gui.state.abilities import Abilities
from mmbm_desktop.gui.state.explore_intake import sort_urls
from mmbm_desktop.gui.state.indexing_switches import IndexingSwitches
from mmbm_desktop.gui.state.known_filters import KnownFilters
from mmbm_desktop.gui.state.library_calls import LibraryCalls
from mmbm_desktop.gui.state.library_folders import LibraryFolders
from mmbm_desktop.gui.state.library_item_model import ItemRole, LibraryItemModel
from mmbm_desktop.gui.state.library_query import LibraryQuery
from mmbm_desktop.gui.state.library_search import LibrarySearch
from mmbm_desktop.gui.state.library_speech import SpokenQuery
from mmbm_desktop.gui.state.query_completion import KnownValues
from mmbm_desktop.gui.state.undoing import Undoing
from mmbm_desktop.gui.task_words import TaskWords
from mmbm_desktop.gui.undo_words import UndoWords
from mmbm_desktop.gui.watch_words import WatchWords
from mmbm_desktop.gui.widgets.basics import Button, Label
from mmbm_desktop.gui.widgets.empty_state import EmptyState
from mmbm_desktop.gui.widgets.picture import PictureLoader
from mmbm_desktop.protocol.keeping import Access
from mmbm_desktop.protocol.requests import SearchRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from mmbm_desktop.gui.context import AppContext
    from mmbm_desktop.protocol.events import WatchFellBack
    from mmbm_desktop.protocol.failure import Failure
    from mmbm_desktop.protocol.history import TagCount
    from mmbm_desktop.protocol.journal import Step
    from mmbm_desktop.protocol.results import Item

_NARROW = 1030
_TAGS_REST_MS = 500
_YEARS = 6
"""That are offered for dates in a query."""


class LibraryPage(Page):
    """See the package."""

    name = "library"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        engine, bridge = context.engine, context.bridge
        self._calls, self._loader = LibraryCalls(self), PictureLoader(engine, self)
        self._words, self._hits, self._errors = JobWords(self), HitWords(self), ErrorTexts(self)
        self._task_words = TaskWords(self)
        self.model = LibraryItemModel(self)
        self.search = LibrarySearch(engine, bridge, self._calls, self.model, self)
        self.folders = LibraryFolders(engine, bridge, self._calls, self)
        self.known = KnownFilters(engine, bridge, self)
        self.speech = SpokenQuery(engine, bridge, self)
        self.undoing, self._undo_words = Undoing(engine, self._calls, self), UndoWords(self)
        self.thumbnails = Thumbnails(engine, self)
        self.query_bar = QueryBar(self.search, self.speech, context.theme)
        self.switches, self._watch_words = IndexingSwitches(context.settings, self), WatchWords(self)
        self.column = FolderColumn(self.folders, self.search, self.switches)
        self._abilities = Abilities(engine, self)
        self.batch = BatchActions(context, self._calls, self.model, self.search, self._abilities, self)
        self.exchange = FileExchange(context, self.search, self.model, self)
        self.empty = EmptyState(context.theme, "images")
        self.views = ItemViews(context, self.model, self.batch.selection.rows, self.thumbnails, self.empty)
        self.grid = self.views.grid
        self.details = DetailsPane(context, self._calls, self._loader)
        self.summary, self.details_button = Label(kind="small"), Button(kind="quiet")
        self._dialog: QFileDialog | None = None
        self._started = False
        self._tags: tuple[str, ...] = ()
        self._tags_timer = QTimer(self, singleShot=True, interval=_TAGS_REST_MS)
        self._wide: bool | None = None
        self._lay_out()
        self._connect()
        self.retranslate()

    @property
    def title(self) -> str:
        return self.tr("Library")

    def header_widgets(self) -> Sequence[QWidget]:
        return (self.summary, self.exchange.button, self.views.button, self.details_button)

    def _lay_out(self) -> None:
        self.details_button.setCheckable(True)
        middle = QVBoxLayout()
        middle.setSpacing(8)
        middle.addWidget(self.views, 1)
        middle.addWidget(self.batch.progress)
        middle.addWidget(self.batch.bar)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(self.column)
        row.addLayout(middle, 1)
        row.addWidget(self.details)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(14)
        layout.addWidget(self.query_bar)
        layout.addLayout(row, 1)

    def _connect(self) -> None:
        navigator = self.context.navigator
        navigator.search_requested.connect(self.take_request)
        navigator.index_requested.connect(self.take_request)
        self.search.answer_changed.connect(self._answered)
        self.folders.rows_changed.connect(self._answered)
        self.folders.rows_changed.connect(self._tell_known)
        self.query_bar.values_wanted.connect(self.known.ask)
        self.known.changed.connect(self._tell_known)
        self.folders.failed.connect(self._tell_failure)
        self.context.bridge.watch_fell_back.connect(self._tell_fallback)
        self.column.add_asked.connect(self.open_files)
        self.empty.action.connect(self.open_files)
        self.query_bar.mime_dropped.connect(self.take_mime)
        self.query_bar.speak_asked.connect(self._toggle_speech)
        self.speech.spoken.connect(self._spoken)
        self.speech.failed.connect(self._tell_failure)
        self.thumbnails.ready.connect(self._repaint)
        self.context.theme.changed.connect(self.grid.viewport().update)
        self.views.current_changed.connect(self._show_current)
        self.views.opened.connect(self._open)
        self.views.order_asked.connect(self.search.set_order)
        self.views.copy_wanted.connect(self.batch.copy_paths)
        self.views.remove_wanted.connect(self.batch.remove)
        self.batch.export_asked.connect(self.exchange.export_items)
        self.exchange.failed.connect(self._tell_failure)
        self.batch.undo_asked.connect(self.undoing.undo)
        self.batch.failed.connect(self._tell_failure)
        self.context.bridge.library_changed.connect(self._plan_tags)
        self.context.bridge.models_changed.connect(self._abilities.refresh)
        self._tags_timer.timeout.connect(self._read_tags)
        self.details.item_chosen.connect(self._show_other)
        self.model.dataChanged.connect(self._refresh_details)
        self.model.modelReset.connect(self._clear_details)
        self.details.similar_asked.connect(self._search_similar)
        self.details.save_failed.connect(self._tell_failure)
        self.undoing.undone.connect(self._tell_undone)
        self.undoing.redone.connect(self._tell_redone)
        self.undoing.failed.connect(self._tell_failure)
        for key, turn in (
            (QKeySequence.StandardKey.Undo, self.undoing.undo),
            (QKeySequence.StandardKey.Redo, self.undoing.redo),
            ("Ctrl+T", self.batch.ask_tags),
            ("Ctrl+L", self.views.toggle),
            ("Ctrl+E", self.exchange.export_found),
            ("Ctrl+I", self.exchange.ask_import),
        ):
            within = Qt.ShortcutContext.WidgetWithChildrenShortcut
            QShortcut(QKeySequence(key), self, context=within).activated.connect(turn)
        self.details_button.toggled.connect(self.details.setVisible)
        self.context.bridge.library_state_changed.connect(self._tell_access)
        self._tell_access()

    @Slot(object)
    def _tell_fallback(self, event: WatchFellBack) -> None:
        self.context.navigator.notice.emit(self._watch_words.fell_back(event))

    @Slot(object)
    def _tell_undone(self, step: Step | None) -> None:
        self.context.navigator.notice.emit(self._undo_words.undone(step))

    @Slot(object)
    def _tell_redone(self, step: Step | None) -> None:
        self.context.navigator.notice.emit(self._undo_words.redone(step))

    @Slot()
    def _plan_tags(self) -> None:
        if self._started and not self._tags_timer.isActive():
            self._tags_timer.start()

    @Slot()
    def _read_tags(self) -> None:
        self._calls.run(self.context.engine.tags, success=self._take_tags, failure=self._tell_failure)

    def _take_tags(self, tags: tuple[TagCount, ...]) -> None:
        self._tags = tuple(one.name for one in tags)
        self.details.set_known_tags(self._tags)
        self._tell_known()

    @Slot(object)
    def _show_other(self, item: Item) -> None:
        """Show an item that the details offered, in its place among the rows where it has one."""
        row = self.model.row_of(item.id)
        if row is not None:
            self.views.show_row(row)
        else:
            self.details.show_item(item)

    @Slot()
    def _tell_known(self) -> None:
        found, language = self.known.values, self._task_words.own_language
        folders, models = ([one.name for one in values] for values in (found.folders, found.models))
        own = (Path(row.path).name or row.path for row in self.folders.rows)  # also while nothing is known yet
        folders = tuple(dict.fromkeys((*folders, *own)))
        sounds = tuple(one.names(language) for one in found.sounds)
        this_year = QDate.currentDate().year()
        years = tuple(range(this_year, this_year - _YEARS, -1))
        self.query_bar.set_known(KnownValues(folders, tuple(models), years, self._tags, sounds))

    @Slot()
    def _tell_access(self) -> None:
        """Let nothing be edited that this window could not save."""
        writable = self.context.engine.keeping.state().access is Access.WRITING
        self.column.set_writable(writable)
        self.details.set_writable(writable)
        self.batch.bar.set_writable(writable)

    # --- asking --------------------------------------------------------------------------------------------------

    def on_shown(self) -> None:
        if not self._started:
            self._started = True
            self.search.start()
            self._read_tags()

    @Slot(object)
    def take_request(self, request: object) -> None:
        """Show a search, or index folders, that another page asked for."""
        if isinstance(request, SearchRequest):
            self.query_bar.show_query(LibraryQuery(request.text, (), request.image_path))
        elif isinstance(request, tuple):
            self.folders.add(request)

    @Slot(object)
    def take_mime(self, mime: QMimeData) -> bool:
        """Index dropped folders; look for pictures like a dropped one, together with the words that are typed."""
        if not mime.hasUrls():
            if mime.hasText() and mime.text().strip():
                self.query_bar.show_query(LibraryQuery(mime.text().strip()))
                return True
            return False
        intake = sort_urls(mime.urls())
        if intake.folders:
            self.folders.add(intake.folders)
        elif intake.photos:
            self.query_bar.show_query(replace(self.search.query, image_path=intake.photos[0]))
        elif not intake.refused:
            self.context.navigator.notice.emit(self.tr("Drop a folder to add it, or a picture to find others like it."))
        for item in intake.refused:
            self.context.navigator.notice.emit(self._errors.with_file(item.failure, item.path))
        return True

    @Slot()
    def open_files(self) -> None:
        self._dialog = QFileDialog(self, self.tr("Add a folder to the library"))
        self._dialog.setFileMode(QFileDialog.FileMode.Directory)
        self._dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        self._dialog.filesSelected.connect(self._folder_chosen)
        self._dialog.open()

    @Slot("QStringList")
    def _folder_chosen(self, names: list[str]) -> None:
        self.folders.add(names)

    def focus_search(self) -> None:
        self.query_bar.edit.setFocus()
        self.query_bar.edit.selectAll()

    @Slot(str)
    def _search_similar(self, path: str) -> None:
        self.query_bar.show_query(LibraryQuery(image_path=path))

    @Slot()
    def _toggle_speech(self) -> None:
        self.speech.toggle(self.context.settings.text("microphone.device") or None)

    @Slot(str)
    def _spoken(self, text: str) -> None:
        if text:
            self.query_bar.show_query(LibraryQuery(text))
        else:
            self.context.navigator.notice.emit(self.tr("No speech was found."))

    # --- showing -------------------------------------------------------------------------------------------------

    @Slot()
    def _answered(self) -> None:
        answer = self.search.answer
        self.views.show_rows(answer, self.search.order, any_rows=bool(self.model.rowCount()))
        if answer.failure is not None:
            self.summary.setText("")
        elif answer.scored:
            found = self.tr("%n hit(s)", "", answer.total)
            parts = (self._hits.nothing() if self.model.nothing_likely else "", found)
            parts = (*filter(None, parts), self._words.duration(answer.ms / 1000))
            self.summary.setText(" · ".join(parts))
        else:
            counted = self.tr("%n item(s)", "", answer.total)
            self.summary.setText(counted.replace(str(answer.total), f"{answer.total:,}"))
        self._set_empty_texts()

    def _set_empty_texts(self) -> None:
        answer = self.search.answer
        if answer.failure is not None:
            self.empty.set_texts(self.tr("The search failed"), self._errors.sentence(answer.failure))
        elif not self.folders.rows and not answer.scored:
            self.empty.set_texts(
                self.tr("Drop a folder here"),
                self.tr("Its pictures, recordings and notes become searchable. The files are never changed."),
                self.tr("Add folder"),
            )
        else:
            self.empty.set_texts(
                self.tr("Nothing found"), self.tr("Try other words, another folder, or wait until indexing is done.")
            )

    @Slot(str)
    def _repaint(self, path: str) -> None:
        self.views.repaint_item(path)

    @Slot()
    def _show_current(self) -> None:
        index = self.batch.selection.rows.currentIndex()
        if index.isValid():
            self.details.show_item(index.data(ItemRole.ITEM), index.data(ItemRole.WHY))

    @Slot()
    def _refresh_details(self) -> None:
        self._show_current()

    @Slot()
    def _clear_details(self) -> None:
        self.details.show_item(None)

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        open_file(index.data(ItemRole.ITEM).path)

    @Slot(object)
    def _tell_failure(self, failure: Failure) -> None:
        name = Path(str(failure.params.get("path", ""))).name
        self.context.navigator.notice.emit(self._errors.with_file(failure, name))

    def retranslate(self) -> None:
        self.details_button.setText(self.tr("Details"))
        self.exchange.retranslate()
        self.model.set_language(self._task_words.own_language)
        self._tell_known()
        self._answered()

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = event.size().width() >= _NARROW
        if wide != self._wide:
            self._wide = wide
            self.details_button.setChecked(wide)
            self.details.setVisible(wide)
        super().resizeEvent(event)

    def close_workers(self) -> None:
        """Wait for pictures and library calls in hand."""
        self.search.stop()
        self.details.close_workers()
        self.switches.close()
        self.thumbnails.close()
        self._loader.close()
        self._calls.close()
        self.known.close()

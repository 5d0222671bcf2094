"""The left column: the folders of the library with their progress, and the kinds to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QMenu,
    QMessageBox,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.job_words import JobWords
from mmbm_desktop.gui.pages.library.indexing_menu import IndexingMenu
from mmbm_desktop.gui.state.indexing_switches import PAUSED
from mmbm_desktop.gui.watch_words import WatchWords
from mmbm_desktop.gui.widgets.basics import Button, Label
from mmbm_desktop.gui.widgets.removal_question import RemovalQuestion
from mmbm_desktop.protocol.tasks import MediaKind

if TYPE_CHECKING:
    from mmbm_desktop.gui.state.indexing_switches import IndexingSwitches
    from mmbm_desktop.gui.state.library_folders import FolderRow, LibraryFolders
    from mmbm_desktop.gui.state.library_search import LibrarySearch

_PARTS = 1000


class FolderEntry(QWidget):
    """One folder: a chip that filters, its progress, and what could not be used."""

    def __init__(
        self, row: FolderRow, folders: LibraryFolders, switches: IndexingSwitches, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.row = row
        self._folders, self._switches = folders, switches
        self._watch_words = WatchWords(self)
        self._words, self._errors = JobWords(self), ErrorTexts(self)
        self.chip, self.more = Button(kind="choice"), Button("⋯", "quiet")
        self.chip.setCheckable(True)
        self.bar, self.progress = QProgressBar(), Label(kind="small", wrap=True)
        self.bar.setTextVisible(False)
        self.cancel, self.failed = Button(kind="quiet"), Button(kind="quiet")
        self.pause, self.note = Button(kind="quiet"), Label(kind="small", wrap=True)
        self._menu = QMenu(self)
        self.more.setMenu(self._menu)
        self._box: QMessageBox | None = None
        top = QHBoxLayout()
        top.setSpacing(2)
        top.addWidget(self.chip, 1)
        top.addWidget(self.more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(top)
        for widget in (self.bar, self.progress, self.note):
            layout.addWidget(widget)
        buttons = QHBoxLayout()
        buttons.addWidget(self.pause)
        buttons.addWidget(self.cancel)
        buttons.addStretch(1)
        layout.addLayout(buttons)
        layout.addWidget(self.failed, 0, Qt.AlignmentFlag.AlignLeft)
        self.pause.clicked.connect(switches.toggle_pause)
        self.cancel.clicked.connect(self._cancel)
        self.failed.clicked.connect(self.show_failures)
        self.retranslate()

    def show_row(self, row: FolderRow) -> None:
        """Show newer figures."""
        self.row = row
        self.retranslate()

    def retranslate(self) -> None:
        """Set every text again."""
        row, job = self.row, self.row.job
        done = f"  ✓ {row.items:,}" if row.done and job is None else f"  {row.items:,}"
        self.chip.setText(f"{row.name}{done}")
        self.chip.setToolTip(row.path)
        self.chip.setAccessibleName(f"{row.name}, {row.items}")
        self.more.setAccessibleName(self.tr("More"))
        for widget in (self.bar, self.cancel, self.pause):
            widget.setVisible(job is not None)
        self.progress.setVisible(job is not None or row.failure is not None)
        if job is not None:
            self.bar.setMaximum(_PARTS if job.total else 0)
            self.bar.setValue(round(_PARTS * job.done / job.total) if job.total else 0)
            self.progress.setText(self._words.progress(job))
        elif row.failure is not None:
            self.progress.setText(self._errors.sentence(row.failure))
        self.cancel.setText(self.tr("Cancel"))
        self.pause.setText(self.tr("Resume") if self._switches.on(PAUSED) else self.tr("Pause"))
        self.note.setText(self._watch_words.reason(row.watch))
        self.note.setVisible(bool(self.note.text()))
        self.failed.setVisible(bool(row.failed))
        self.failed.setText(self.tr("%n file(s) could not be used", "", len(row.failed)))
        self._menu.clear()
        self._menu.addAction(self.tr("Index again"), self._again)
        self._menu.addAction(self.tr("Remove from library …"), self._ask_remove)

    def set_writable(self, writable: bool) -> None:
        """Offer what changes the library, or do not."""
        self.more.setEnabled(writable)
        self.more.setToolTip("" if writable else self.tr("The library can only be read in this window."))

    @Slot()
    def _cancel(self) -> None:
        self._folders.cancel(self.row.path)

    @Slot()
    def _again(self) -> None:
        self._folders.add([self.row.path])

    @Slot()
    def _ask_remove(self) -> None:
        text = self.tr("Remove {name} from the library?").format(name=self.row.name)
        stays = self.tr("Its files are not touched. What is known of them comes back by Undo (Ctrl+Z) for 30 days.")
        self._box = question = RemovalQuestion(text, stays, self)
        question.agreed.connect(self.remove)
        question.open()

    @Slot()
    def remove(self) -> None:
        """Take the folder out of the library."""
        self._folders.remove(self.row.path)

    @Slot()
    def show_failures(self) -> None:
        """Show each file that could not be used with its reason."""
        lines = [self._errors.with_file(item.failure, item.path) for item in self.row.failed]
        self._box = QMessageBox(QMessageBox.Icon.Information, "MMBM Desktop", self.failed.text(), parent=self)
        self._box.setInformativeText("\n".join(lines[:12]))
        self._box.setDetailedText("\n".join(lines))
        self._box.open()


class FolderColumn(QWidget):
    """Lists the folders and the kinds; drives the filters of a `LibrarySearch`."""

    add_asked = Signal()

    def __init__(
        self,
        folders: LibraryFolders,
        search: LibrarySearch,
        switches: IndexingSwitches,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._folders, self._search, self._switches = folders, search, switches
        self.entries: dict[str, FolderEntry] = {}
        self._writable = True
        self.indexing, self._kinds_heading = IndexingMenu(switches), Label(kind="small")
        self.add = Button(kind="quiet")
        self.kinds = {kind: Button(kind="choice") for kind in (None, *MediaKind)}
        self._group = QButtonGroup(self)
        inner = QWidget()
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(0, 0, 6, 0)
        self._list.setSpacing(8)
        self._list.addWidget(self.indexing)
        self._list.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self._list.addSpacing(8)
        self._list.addWidget(self._kinds_heading)
        for button in self.kinds.values():
            button.setCheckable(True)
            self._group.addButton(button)
            self._list.addWidget(button)
        self.kinds[None].setChecked(True)
        self._list.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
        self.setFixedWidth(196)
        self._group.buttonClicked.connect(self._choose_kind)
        self.add.clicked.connect(self.add_asked)
        folders.rows_changed.connect(self.rebuild)
        folders.row_advanced.connect(self._advance)
        switches.changed.connect(self._refresh_entries)
        self.retranslate()
        self.rebuild()

    @Slot()
    def rebuild(self) -> None:
        """List the folders anew."""
        for entry in self.entries.values():
            self._list.removeWidget(entry)
            entry.deleteLater()
        self.entries = {}
        for row in self._folders.rows:
            entry = FolderEntry(row, self._folders, self._switches)
            entry.chip.setChecked(self._search.folder == row.path)
            entry.chip.clicked.connect(self._choose_folder)
            self.entries[row.path] = entry
            self._list.insertWidget(self._list.indexOf(self.add), entry)
            entry.set_writable(self._writable)
        if self._search.folder is not None and self._search.folder not in self.entries:
            self._search.set_folder(None)

    def set_writable(self, writable: bool) -> None:
        """Offer what changes the library, or do not, and say why."""
        self._writable = writable
        self.add.setEnabled(writable)
        self.add.setToolTip("" if writable else self.tr("The library can only be read in this window."))
        for entry in self.entries.values():
            entry.set_writable(writable)

    @Slot(object)
    def _advance(self, row: FolderRow) -> None:
        if row.path in self.entries:
            self.entries[row.path].show_row(row)

    @Slot()
    def _choose_folder(self) -> None:
        chosen = None
        for path, entry in self.entries.items():
            if entry.chip is self.sender() and entry.chip.isChecked():
                chosen = path
            else:
                entry.chip.setChecked(False)
        self._search.set_folder(chosen)

    @Slot(object)
    def _choose_kind(self, button: Button) -> None:
        self._search.set_kind(next(kind for kind, one in self.kinds.items() if one is button))

    def retranslate(self) -> None:
        """Set every text again."""
        self.add.setText(self.tr("+ Add folder"))
        self._kinds_heading.setText(self.tr("Kinds"))
        self.kinds[None].setText(self.tr("Everything"))
        self.kinds[MediaKind.PHOTO].setText(self.tr("Photos"))
        self.kinds[MediaKind.RECORDING].setText(self.tr("Recordings"))
        self.kinds[MediaKind.TEXT].setText(self.tr("Notes"))
        self._refresh_entries()

    @Slot()
    def _refresh_entries(self) -> None:
        for entry in self.entries.values():
            entry.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

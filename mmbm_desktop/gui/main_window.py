"""The main window: rail, header and the pages, made when they are first shown. Knows pages only by their interface."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMainWindow, QMessageBox, QStackedWidget, QVBoxLayout, QWidget

from mmbm_desktop.gui.library_banner import LibraryBanner
from mmbm_desktop.gui.pages.activity import ActivityPage
from mmbm_desktop.gui.pages.explore import ExplorePage
from mmbm_desktop.gui.pages.installed import ModelsPage
from mmbm_desktop.gui.pages.library import LibraryPage
from mmbm_desktop.gui.pages.train import TrainPage
from mmbm_desktop.gui.rail import PAGES, Rail
from mmbm_desktop.gui.settings_dialog import SettingsDialog
from mmbm_desktop.gui.shortcuts_sheet import ShortcutsSheet
from mmbm_desktop.gui.widgets.basics import Badge, Label

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from mmbm_desktop.gui.context import AppContext
    from mmbm_desktop.gui.pages.base import Page

_PAGE_CLASSES: dict[str, type[Page]] = {
    "explore": ExplorePage,
    "library": LibraryPage,
    "train": TrainPage,
    "models": ModelsPage,
    "activity": ActivityPage,
}
_NOTICE_MS = 5000
_SMALLEST = (960, 600)
_USUAL = (1280, 800)


class MainWindow(QMainWindow):
    """Shows one page at a time; `close_asked` is emitted instead of closing, so that the app can end in order."""

    close_asked = Signal()

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._may_close = False
        self.pages: dict[str, Page] = {}
        self._dialog: SettingsDialog | ShortcutsSheet | None = None
        self.rail = Rail(context.theme)
        self._heading, self._subtitle, self._notice = Label(kind="title"), Label(kind="dim"), Label(kind="dim")
        self.offline, self.device = Badge(kind="badge-good"), Badge()
        self._stack = QStackedWidget()
        self.banner = LibraryBanner(context)
        self._extras: list[QWidget] = []
        self._notice_timer = QTimer(self, singleShot=True, interval=_NOTICE_MS)
        self.setMinimumSize(*_SMALLEST)
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect()
        self._add_shortcuts()
        self.retranslate()
        self._restore()

    def _lay_out(self) -> None:
        header = QFrame()
        header.setProperty("kind", "header")
        header.setFixedHeight(52)
        self._header = QHBoxLayout(header)
        self._header.setContentsMargins(20, 0, 20, 0)
        self._header.setSpacing(12)
        self._header.addWidget(self._heading)
        self._header.addWidget(self._subtitle)
        self._header.addStretch(1)
        self._header.addWidget(self._notice)
        self._header.addWidget(self.offline)
        self._header.addWidget(self.device)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(header)
        right.addWidget(self.banner)
        right.addWidget(self._stack, 1)
        centre = QWidget()
        layout = QHBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.rail)
        layout.addLayout(right, 1)
        self.setCentralWidget(centre)

    def _connect(self) -> None:
        navigator = self._context.navigator
        self.rail.chosen.connect(self.show_page)
        self.rail.settings_asked.connect(self.show_settings)
        navigator.page_requested.connect(self.show_page)
        navigator.search_requested.connect(self._show_library)
        navigator.index_requested.connect(self._show_library)
        navigator.notice.connect(self.show_notice)
        self._notice_timer.timeout.connect(self._notice.clear)

    def _add_shortcuts(self) -> None:
        actions = {
            "Ctrl+,": self.show_settings,
            "F1": self.show_shortcuts,
            QKeySequence.StandardKey.Open: self._open_files,
            QKeySequence.StandardKey.Find: self._focus_search,
            QKeySequence.StandardKey.Paste: self._paste,
            QKeySequence.StandardKey.Quit: self.close,
        }
        for keys, slot in actions.items():
            QShortcut(QKeySequence(keys), self).activated.connect(slot)
        for number, name in enumerate(PAGES, start=1):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            shortcut.setObjectName(name)
            shortcut.activated.connect(self._page_shortcut)

    # --- pages ---------------------------------------------------------------------------------------------------

    @property
    def page(self) -> Page:
        """The page in view."""
        return self.pages[self._current]

    @Slot(str)
    def show_page(self, name: str) -> None:
        """Bring a page into view, making it the first time."""
        page = self._made(name)
        self._current = name
        self._stack.setCurrentWidget(page)
        self.rail.show_chosen(name)
        for widget in self._extras:
            self._header.removeWidget(widget)
            widget.hide()
        self._extras = list(page.header_widgets())
        for widget in self._extras:
            self._header.insertWidget(self._header.indexOf(self._notice), widget)
            widget.show()
        self._update_heading()
        self._context.settings.set("window.page", name)
        page.on_shown()

    def _made(self, name: str) -> Page:
        if name not in self.pages:
            page = _PAGE_CLASSES[name](self._context)
            self.pages[name] = page
            self._stack.addWidget(page)
        return self.pages[name]

    @Slot()
    def _page_shortcut(self) -> None:
        self.show_page(self.sender().objectName())

    @Slot(object)
    def _show_library(self, request: object) -> None:
        """Make the Library page before it must answer; the page itself listens to the navigator once it is there."""
        first = "library" not in self.pages
        self.show_page("library")
        if first:
            self.pages["library"].take_request(request)

    # --- drops, paste, dialogs -------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage() or event.mimeData().hasText():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.page.take_mime(event.mimeData()):
            event.acceptProposedAction()

    @Slot()
    def _paste(self) -> None:
        self.page.take_mime(QGuiApplication.clipboard().mimeData())

    @Slot()
    def _open_files(self) -> None:
        self.page.open_files()

    @Slot()
    def _focus_search(self) -> None:
        self.page.focus_search()

    @Slot()
    def show_settings(self) -> None:
        """Open the settings dialog."""
        self._open_dialog(SettingsDialog(self._context, self))

    @Slot()
    def show_shortcuts(self) -> None:
        """Open the sheet of keyboard shortcuts."""
        self._open_dialog(ShortcutsSheet(self))

    def _open_dialog(self, dialog: SettingsDialog | ShortcutsSheet) -> None:
        if self._dialog is not None:
            self._dialog.close()
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._dialog_closed)
        self._dialog = dialog
        dialog.open()

    @Slot()
    def _dialog_closed(self) -> None:
        self._dialog = None

    @Slot(str)
    def show_uncaught(self, detail: str) -> None:
        """Tell that something of ours went wrong; the details are in the box and in the log."""
        box = QMessageBox(QMessageBox.Icon.Warning, "MMBM Desktop", self.tr("Something went wrong inside the program."))
        box.setInformativeText(self.tr("Your files and the library are safe. The log has the details."))
        box.setDetailedText(detail)
        box.setParent(self, box.windowFlags())
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    @Slot(str)
    def show_notice(self, text: str) -> None:
        """Show a short sentence in the header for a few seconds."""
        self._notice.setText(text)
        self._notice_timer.start()

    def show_closing(self, *, training: bool = False) -> None:
        """Say that the program is ending, and take nothing more; `training`: a run is paused by it."""
        pausing = self.tr("Pausing the training; it can go on where it stops …")
        self._notice.setText(pausing if training else self.tr("Closing …"))
        self._notice_timer.stop()
        self.setEnabled(False)

    # --- words, place, end -------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Set every text again."""
        self.setWindowTitle("MMBM Desktop")
        self.offline.setText("●  " + self.tr("Offline · nothing leaves this computer"))
        self.offline.setToolTip(self.tr("Every answer is made on this computer. No network is used."))
        threads = self._context.settings.integer("worker.threads") or max(1, (os.cpu_count() or 2) - 1)
        self.device.setText(self.tr("CPU · %n thread(s)", "", threads))
        self.device.setToolTip(self.tr("Where models run. The number of threads is in the settings."))
        self._update_heading()

    def _update_heading(self) -> None:
        if self.pages:
            self._heading.setText(self.page.title)
            self._subtitle.setText(self.page.subtitle)

    def _restore(self) -> None:
        self._current = "explore"
        geometry = self._context.settings.text("window.geometry")
        if not geometry or not self.restoreGeometry(QByteArray.fromBase64(geometry.encode())):
            self.resize(*_USUAL)
        self.show_page(self._context.settings.text("window.page"))

    def end(self) -> None:
        """Remember the window's place and close it for good."""
        self._context.settings.set("window.geometry", bytes(self.saveGeometry().toBase64().data()).decode())
        self._may_close = True
        self.banner.close_workers()
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            super().closeEvent(event)
        else:
            event.ignore()
            self.close_asked.emit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

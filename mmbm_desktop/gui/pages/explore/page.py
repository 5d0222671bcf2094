"""The Explore page: puts panels, feed and state together. What is said to whom is all in `_connect`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, Qt, Slot
from PySide6.QtGui import QGuiApplication, QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QBoxLayout, QButtonGroup, QFileDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.base.files import os_errors_sorted
from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.pages.base import Page
from mmbm_desktop.gui.pages.explore.cards.card import CAPTIONS, CLASSES, SEARCHES, SOUNDS, TRANSCRIPTS, TRANSLATIONS
from mmbm_desktop.gui.pages.explore.cards.status_cards import FolderCard, RefusedCard
from mmbm_desktop.gui.pages.explore.feed import Feed
from mmbm_desktop.gui.pages.explore.job_cards import JobCards
from mmbm_desktop.gui.pages.explore.microphone_panel import MicrophonePanel
from mmbm_desktop.gui.pages.explore.panels import ImagePanel, TextPanel
from mmbm_desktop.gui.state.explore import ExploreState
from mmbm_desktop.gui.state.explore_intake import Intake, sort_paths, sort_urls
from mmbm_desktop.gui.widgets.basics import Button, Label
from mmbm_desktop.gui.widgets.empty_state import EmptyState
from mmbm_desktop.gui.widgets.picture import PictureLoader
from mmbm_desktop.media.formats import PHOTO_SUFFIXES, RECORDING_SUFFIXES
from mmbm_desktop.protocol.failure import Failure, ItemFailure
from mmbm_desktop.protocol.tasks import Task

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from mmbm_desktop.gui.context import AppContext

_NARROW = 760
_FILTERS = ("", CAPTIONS, CLASSES, TRANSCRIPTS, SOUNDS, TRANSLATIONS, SEARCHES)
_LONGEST_TEXT = 100_000


class ExplorePage(Page):
    """See the package."""

    name = "explore"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.state = ExploreState(context.engine, context.bridge, context.settings, self)
        self._errors = ErrorTexts(self)
        self._loader = PictureLoader(context.engine, self)
        self.image, self.text = ImagePanel(context.theme), TextPanel(self.state.abilities)
        self.microphone = MicrophonePanel(context)
        self.feed, self.empty = Feed(), EmptyState(context.theme, "sparkles")
        self._jobs = JobCards(self.feed, self.state, self._loader, context, self)
        self._results, self.summary = Label(kind="heading"), Label(kind="small")
        self.filters = {kind: Button(kind="chip") for kind in _FILTERS}
        self._dialog: QFileDialog | None = None
        self._lay_out()
        self._connect()
        self.retranslate()
        self._show_filters()
        self._feed_changed()

    @property
    def title(self) -> str:
        return self.tr("Explore")

    def _lay_out(self) -> None:
        self._panels = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._panels.setSpacing(14)
        for panel in (self.image, self.text, self.microphone):
            self._panels.addWidget(panel, 1)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._results)
        group = QButtonGroup(self)
        for kind, chip in self.filters.items():
            chip.setCheckable(True)
            chip.setObjectName(kind)
            group.addButton(chip)
            head.addWidget(chip)
        self.filters[""].setChecked(True)
        group.buttonClicked.connect(self._filter)
        head.addStretch(1)
        head.addWidget(self.summary)
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(14)
        layout.addLayout(self._panels)
        layout.addLayout(head)
        layout.addWidget(self.feed)
        layout.addWidget(self.empty)
        layout.addStretch(1)
        self.scroll_area = QScrollArea()
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll_area.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.scroll_area)

    def _connect(self) -> None:
        for panel in (self.image, self.text, self.microphone):
            panel.dropped.connect(self.take_mime)
        self.image.browse_asked.connect(self.open_files)
        self.image.paste_asked.connect(self.paste)
        self.microphone.browse_asked.connect(self.open_recordings)
        self.text.search_asked.connect(self.search_text)
        self.text.translate_asked.connect(self.state.translate)
        self.microphone.record_asked.connect(self.state.record)
        self.microphone.stop_asked.connect(self.state.stop_recording)
        self.state.recording_changed.connect(self.microphone.show_recording)
        self.state.level.connect(self.microphone.show_level)
        self.state.partial_text.connect(self.microphone.show_partial)
        self.state.saved.connect(self._saved)
        self.state.save_failed.connect(self._save_failed)
        self._jobs.recording_failed.connect(self.microphone.show_failure)
        self._jobs.search_text.connect(self.search_text)
        self.feed.changed.connect(self._feed_changed)
        self.state.abilities.changed.connect(self._show_filters)
        self.empty.action.connect(self.open_files)
        QShortcut(QKeySequence("Ctrl+R"), self).activated.connect(self.microphone.toggle)

    # --- taking things in ------------------------------------------------------------------------------------------

    @Slot(object)
    def take_mime(self, mime: QMimeData) -> bool:
        """Use dropped or pasted files, a picture or text."""
        if mime.hasUrls():
            self.take(sort_urls(mime.urls()))
        elif mime.hasImage():
            self._take_image(mime.imageData())
        elif mime.hasText() and mime.text().strip():
            self.text.set_text(mime.text())
        else:
            return False
        return True

    def take(self, intake: Intake) -> None:
        """Start what fits each input by itself; what cannot be used gets its reason."""
        self.state.look(intake.photos)
        self.state.listen(intake.recordings)
        for path in intake.texts:
            self._take_text(path)
        if intake.folders:
            card = FolderCard(intake.folders)
            card.index_asked.connect(self.context.navigator.index_requested)
            self.feed.add(card)
        if intake.refused:
            self.feed.add(RefusedCard(intake.refused))

    def _take_text(self, path: str) -> None:
        try:
            with os_errors_sorted(Path(path)):
                content = Path(path).read_text(encoding="utf-8", errors="replace")
        except MmbmError as error:
            self.feed.add(RefusedCard([ItemFailure(path, Failure.of(error))]))
        else:
            self.text.set_text(content[:_LONGEST_TEXT])

    def _take_image(self, image: object) -> None:
        """Keep a pasted picture as a file, so that it can be saved and found again."""
        if not isinstance(image, QImage) or image.isNull():
            return
        target = paths.pasted_dir() / f"pasted-{time.strftime('%Y%m%d-%H%M%S')}-{time.time_ns() % 1000:03}.png"
        try:
            with os_errors_sorted(target):
                target.parent.mkdir(parents=True, exist_ok=True)
                if not image.save(str(target)):
                    raise OSError(str(target))
        except MmbmError as error:
            self.feed.add(RefusedCard([ItemFailure(str(target), Failure.of(error))]))
        else:
            self.state.caption([str(target)])

    @Slot()
    def paste(self) -> None:
        """Take what is on the clipboard."""
        self.take_mime(QGuiApplication.clipboard().mimeData())

    @Slot()
    def open_files(self) -> None:
        endings = " ".join(f"*{suffix}" for suffix in sorted(PHOTO_SUFFIXES | RECORDING_SUFFIXES))
        self._open_dialog(self.tr("Open pictures or recordings"), self.tr("Pictures and recordings") + f" ({endings})")

    @Slot()
    def open_recordings(self) -> None:
        """Show the open dialog for recordings."""
        endings = " ".join(f"*{suffix}" for suffix in sorted(RECORDING_SUFFIXES))
        self._open_dialog(self.tr("Open recordings"), self.tr("Recordings") + f" ({endings})")

    def _open_dialog(self, title: str, names: str) -> None:
        self._dialog = QFileDialog(self, title, "", f"{names};;" + self.tr("All files") + " (*)")
        self._dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        self._dialog.filesSelected.connect(self._opened)
        self._dialog.open()

    @Slot("QStringList")
    def _opened(self, names: list[str]) -> None:
        self.take(sort_paths(names))

    @Slot(str)
    def search_text(self, text: str) -> None:
        """Search pictures with a text and show it in the Text panel."""
        if self.text.text != text:
            self.text.set_text(text)
        self.state.search(text)

    # --- words and frame -------------------------------------------------------------------------------------------

    @Slot(object)
    def _filter(self, chip: Button) -> None:
        self.feed.set_filter(chip.objectName() or None)

    @Slot()
    def _show_filters(self) -> None:
        """Offer classes only where a model knows some: none of those that ship with the program does."""
        self.filters[CLASSES].setVisible(self.state.abilities.can(Task.CLASSIFY))

    @Slot()
    def _feed_changed(self) -> None:
        self.feed.setVisible(bool(self.feed.cards))
        self.empty.setVisible(not self.feed.cards)
        count, seconds = self._jobs.answered
        answers = self.tr("%n answer(s)", "", count)
        self.summary.setText(f"{answers} · {self._jobs.words.duration(seconds)}" if count else "")

    @Slot(str)
    def _saved(self, path: str) -> None:
        self.context.navigator.notice.emit(self.tr("Saved to the library: {name}").format(name=Path(path).name))

    @Slot(object)
    def _save_failed(self, failure: Failure) -> None:
        self.context.navigator.notice.emit(self._errors.with_file(failure))
        self.feed.add(RefusedCard([ItemFailure(str(failure.params.get("path", "")), failure)]))

    def on_shown(self) -> None:
        self.state.abilities.refresh()

    def focus_search(self) -> None:
        self.text.editor.setFocus()

    def retranslate(self) -> None:
        self._results.setText(self.tr("Results"))
        self.filters[""].setText(self.tr("All"))
        self.filters[CAPTIONS].setText(self.tr("Captions"))
        self.filters[CLASSES].setText(self.tr("Classes"))
        self.filters[TRANSCRIPTS].setText(self.tr("Transcripts"))
        self.filters[SOUNDS].setText(self.tr("Sounds"))
        self.filters[TRANSLATIONS].setText(self.tr("Translations"))
        self.filters[SEARCHES].setText(self.tr("Search"))
        self.feed.more.setText(self.tr("Show more"))
        self.empty.set_texts(
            self.tr("Answers appear here"),
            self.tr(
                "Drop a photo to read what is on it, drop a recording or speak to read what is said and heard, "
                "or type words to translate them or to find pictures."
            ),
            self.tr("Open a photo"),
        )
        self._feed_changed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        narrow = event.size().width() < _NARROW
        sideways, stacked = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._panels.setDirection(stacked if narrow else sideways)
        super().resizeEvent(event)

    def close_workers(self) -> None:
        """Wait for pictures and saves in hand."""
        self._loader.close()
        self.state.close()

"""The bar below the items: what can be done with the chosen ones, how far a batch is, and what it could not do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QMessageBox, QProgressBar, QVBoxLayout, QWidget

from mmbm_desktop.gui.batch_words import BatchWords
from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.job_words import JobWords
from mmbm_desktop.gui.widgets.basics import Button, Card, ElidedLabel, Label
from mmbm_desktop.gui.widgets.flow_layout import FlowLayout
from mmbm_desktop.protocol.batches import BatchAction, BatchRequest, BatchResult
from mmbm_desktop.protocol.tasks import Task

if TYPE_CHECKING:
    from mmbm_desktop.gui.state.abilities import Abilities
    from mmbm_desktop.gui.state.library_batches import LibraryBatches
    from mmbm_desktop.gui.state.library_selection import LibrarySelection
    from mmbm_desktop.protocol.failure import ItemFailure

_PARTS = 1000
_SHOWN_FAILURES = 12


class SelectionBar(Card):
    """How many items are chosen and what can be done with them; it asks, and does nothing itself."""

    batch_asked = Signal(object, str)
    """A `BatchAction` that needs no further question, and the language to translate to."""
    tags_asked = Signal()
    copy_asked = Signal()
    export_asked = Signal()
    remove_asked = Signal()
    all_asked = Signal()

    def __init__(self, selection: LibrarySelection, abilities: Abilities, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection, self._abilities, self.writable = selection, abilities, True
        self.count, self.everything = Label(kind="heading"), Button(kind="link")
        self.caption, self.translation, self.tags = Button(), Button(), Button()
        self.copy, self.export, self.remove = Button(), Button(), Button(kind="danger")
        self.clear = Button("×", "quiet")
        self._menu = QMenu(self)
        self.translation.setMenu(self._menu)
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        """What is chosen above what can be done with it, in as many lines as a narrow window needs."""
        top = QHBoxLayout()
        top.addWidget(self.count)
        top.addWidget(self.everything)
        top.addStretch(1)
        top.addWidget(self.clear)
        buttons = QWidget()
        flow = FlowLayout(buttons, spacing=6)
        for button in (self.caption, self.translation, self.tags, self.copy, self.export, self.remove):
            flow.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 6, 8, 10)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(buttons)

    def _connect(self) -> None:
        self.caption.clicked.connect(self._caption)
        self.tags.clicked.connect(self.tags_asked)
        self.copy.clicked.connect(self.copy_asked)
        self.export.clicked.connect(self.export_asked)
        self.remove.clicked.connect(self.remove_asked)
        self.everything.clicked.connect(self.all_asked)
        self.clear.clicked.connect(self._selection.clear)
        self._selection.changed.connect(self._show)
        self._abilities.changed.connect(self._show)

    def set_writable(self, writable: bool) -> None:
        """Offer what changes the library, or do not."""
        self.writable = writable
        self._show()

    @Slot()
    def _caption(self) -> None:
        self.batch_asked.emit(BatchAction.CAPTION, "")

    @Slot()
    def _to_chinese(self) -> None:
        self.batch_asked.emit(BatchAction.TRANSLATE, "zh")

    @Slot()
    def _to_english(self) -> None:
        self.batch_asked.emit(BatchAction.TRANSLATE, "en")

    @Slot()
    def _show(self) -> None:
        count = self._selection.count
        self.setVisible(count > 0)
        self.count.setText(self.tr("%n selected", "", count))
        self.everything.setVisible(self._selection.can_grow)
        self.caption.setEnabled(self.writable and self._abilities.can(Task.CAPTION))
        self.translation.setEnabled(self.writable and self._abilities.can(Task.TRANSLATE))
        for button in (self.tags, self.remove):
            button.setEnabled(self.writable)

    def retranslate(self) -> None:
        """Set every text again."""
        for button, text, tip in (
            (self.caption, self.tr("Caption again"), self.tr("Write new captions; your own words stay in front")),
            (self.translation, self.tr("Translate"), self.tr("Translate captions that the other language has")),
            (self.tags, self.tr("Tag …"), self.tr("Put tags on, take tags off")),
            (self.copy, self.tr("Copy paths"), self.tr("Copy the paths, as text and as files")),
            (self.export, self.tr("Export …"), self.tr("Write captions, tags and transcripts to files")),
            (self.remove, self.tr("Remove"), self.tr("Take out of the library; files are not touched; can be undone")),
            (self.clear, "×", self.tr("Select nothing")),
        ):
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleDescription(tip)
        self.clear.setAccessibleName(self.tr("Select nothing"))
        self.everything.setText(self.tr("Select everything that is listed"))
        self._menu.clear()
        self._menu.addAction(self.tr("To Chinese"), self._to_chinese)
        self._menu.addAction(self.tr("To English"), self._to_english)
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


class BatchProgress(Card):
    """The batch of the moment: progress and a way out, then what became of it, what failed, and undo."""

    undo_asked = Signal()

    def __init__(self, batches: LibraryBatches, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._batches = batches
        self._words, self._jobs, self._errors = BatchWords(self), JobWords(self), ErrorTexts(self)
        self.title, self.bar, self.progress = ElidedLabel(kind="heading"), QProgressBar(), Label(kind="small")
        self.bar.setTextVisible(False)
        self.cancel, self.failed = Button(kind="quiet"), Button(kind="quiet")
        self.undo, self.close_button = Button(kind="quiet"), Button("×", "quiet")
        self._box: QMessageBox | None = None
        text = QVBoxLayout()
        text.setSpacing(4)
        for widget in (self.title, self.bar, self.progress):
            text.addWidget(widget)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 6, 6)
        row.addLayout(text, 1)
        for button in (self.failed, self.undo, self.cancel, self.close_button):
            row.addWidget(button)
        self.cancel.clicked.connect(batches.cancel)
        self.close_button.clicked.connect(batches.dismiss)
        self.undo.clicked.connect(self._undo)
        self.failed.clicked.connect(self.show_failures)
        batches.changed.connect(self.retranslate)
        self.retranslate()

    @property
    def failures(self) -> tuple[ItemFailure, ...]:
        """What the shown batch could not do."""
        job = self._batches.job
        return job.result.failed if job is not None and isinstance(job.result, BatchResult) else ()

    @Slot()
    def retranslate(self) -> None:
        """Show the newest figures in the language of the moment."""
        job = self._batches.job
        self.setVisible(job is not None)
        if job is None or not isinstance(job.request, BatchRequest):
            return
        self.title.setText(self._words.title(job.request))
        self.bar.setVisible(not job.state.final)
        self.bar.setMaximum(_PARTS if job.total else 0)
        self.bar.setValue(round(_PARTS * job.done / job.total) if job.total else 0)
        failure = self._errors.sentence(job.failure) if job.failure is not None else ""
        outcome = failure or self._words.outcome(job)
        self.progress.setText(outcome if job.state.final else self._jobs.progress(job))
        self.close_button.setVisible(job.state.final)
        self.undo.setVisible(isinstance(job.result, BatchResult) and job.result.done > 0)
        self.cancel.setVisible(not job.state.final)
        self.failed.setVisible(bool(self.failures))
        self.failed.setText(self.tr("%n could not be done", "", len(self.failures)))
        self.cancel.setText(self.tr("Cancel"))
        self.undo.setText(self.tr("Undo"))
        self.close_button.setAccessibleName(self.tr("Close"))
        self.setAccessibleName(f"{self.title.text()}, {self.progress.text()}")

    @Slot()
    def show_failures(self) -> None:
        """Show each item that could not be done with its reason."""
        lines = [self._errors.with_file(one.failure, one.path) for one in self.failures]
        self._box = QMessageBox(QMessageBox.Icon.Information, "MMBM Desktop", self.failed.text(), parent=self)
        self._box.setInformativeText("\n".join(lines[:_SHOWN_FAILURES]))
        self._box.setDetailedText("\n".join(lines))
        self._box.open()

    @Slot()
    def _undo(self) -> None:
        self._batches.dismiss()
        self.undo_asked.emit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

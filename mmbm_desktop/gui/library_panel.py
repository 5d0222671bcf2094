"""The library's part of the settings: where it lies, what it holds, and backing up, moving and restoring it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.job_words import JobWords
from mmbm_desktop.gui.library_files import LibraryFiles
from mmbm_desktop.gui.library_server import LibraryServer
from mmbm_desktop.gui.state.library_keeping import LibraryKeeping
from mmbm_desktop.gui.widgets.basics import Button, ElidedLabel, Label
from mmbm_desktop.protocol.jobs import JobState
from mmbm_desktop.protocol.keeping import BackUpRequest, CopyLibraryRequest, KeepingResult, MoveLibraryRequest

if TYPE_CHECKING:
    from mmbm_desktop.gui.context import AppContext
    from mmbm_desktop.protocol.jobs import JobSnapshot
    from mmbm_desktop.protocol.keeping import LibraryInfo

_MEGABYTE = 1_000_000


class LibraryPanel(QWidget):
    """Facts, three buttons, and the progress of what one of them began."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.keeping = LibraryKeeping(context.engine, context.bridge, self)
        self.files = LibraryFiles(self.keeping, self)
        self._errors, self._words = ErrorTexts(self), JobWords(self)
        self._info: LibraryInfo | None = None
        self._job: JobSnapshot | None = None
        self._heading, self.place, self.facts = Label(kind="heading"), ElidedLabel(), Label(kind="small")
        self.back_up, self.move_away, self.restore = Button(), Button(), Button()
        self.bar, self.cancel, self.outcome = QProgressBar(), Button(kind="quiet"), Label(kind="small", wrap=True)
        self.server = LibraryServer(self.keeping, self.files)
        self.bar.setTextVisible(False)
        self._lay_out()
        self.back_up.clicked.connect(self.files.ask_backup)
        self.move_away.clicked.connect(self.files.ask_move)
        self.restore.clicked.connect(self.files.ask_restore)
        self.cancel.clicked.connect(self.keeping.cancel)
        self.keeping.state_changed.connect(self._changed)
        self.keeping.advanced.connect(self._advanced)
        self.keeping.info_arrived.connect(self._informed)
        self.retranslate()
        self.keeping.ask_info()

    def _lay_out(self) -> None:
        buttons, progress = QHBoxLayout(), QHBoxLayout()
        for button in (self.back_up, self.move_away, self.restore):
            buttons.addWidget(button)
        buttons.addStretch(1)
        progress.addWidget(self.bar, 1)
        progress.addWidget(self.cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self._heading, self.place, self.facts):
            layout.addWidget(widget)
        layout.addLayout(buttons)
        layout.addLayout(progress)
        layout.addWidget(self.outcome)
        layout.addWidget(self.server)

    def retranslate(self) -> None:
        """Set every text again."""
        busy = self._job is not None and not self._job.state.final
        self._heading.setText(self.tr("Library"))
        self.place.setText(self.keeping.state.path)
        self.facts.setText(self._facts())
        self.back_up.setText(self.tr("Back up …"))
        self.move_away.setText(self.tr("Move …"))
        self.restore.setText(self.tr("Restore …"))
        self.cancel.setText(self.tr("Cancel"))
        self.back_up.setEnabled(not busy and self.keeping.state.failure is None)
        self.move_away.setEnabled(not busy and self.keeping.writable)
        self.restore.setEnabled(not busy and (self.keeping.writable or self.keeping.state.failure is not None))
        for button in (self.back_up, self.move_away, self.restore):
            button.setVisible(not self.keeping.state.server)
        self.server.show_state(self._info, busy=busy)
        for widget in (self.bar, self.cancel):
            widget.setVisible(busy)
        self.outcome.setText(self._outcome())
        self.outcome.setVisible(bool(self.outcome.text()))

    def _facts(self) -> str:
        if self.keeping.state.failure is not None:
            return self._errors.sentence(self.keeping.state.failure)
        if self._info is None:
            return ""
        items = self.tr("%n item(s)", "", self._info.items)
        folders = self.tr("%n folder(s)", "", self._info.folders)
        size = self.tr("{count} MB").format(count=f"{self._info.bytes / _MEGABYTE:,.1f}")
        copies = self.tr("%n daily copy/copies kept", "", len(self._info.backups)) if self._info.backups else ""
        return " · ".join(filter(None, (items, folders, size, copies)))

    def _outcome(self) -> str:
        job = self._job
        if job is None:
            return ""
        if job.failure is not None:
            return self._errors.with_file(job.failure)
        if job.state is JobState.CANCELLED:
            return self.tr("Cancelled; nothing was changed.")
        if not isinstance(job.result, KeepingResult):
            return self._words.progress(job)
        if isinstance(job.request, BackUpRequest):
            return self.tr("Backed up to {path}").format(path=job.result.path)
        if isinstance(job.request, CopyLibraryRequest):
            return self.tr("Copied to {path}").format(path=job.result.path)
        if isinstance(job.request, MoveLibraryRequest):
            return self.tr("The library is now at {path}").format(path=job.result.path)
        aside = Path(job.result.aside).name
        return self.tr("Restored. The former library is kept beside it as {name}.").format(name=aside)

    @Slot(object)
    def _advanced(self, job: JobSnapshot) -> None:
        self._job = job
        self.bar.setMaximum(job.total or 0)
        self.bar.setValue(job.done)
        self.retranslate()
        if job.state.final:
            self.keeping.ask_info()

    @Slot(object)
    def _informed(self, info: LibraryInfo | None) -> None:
        self._info = info
        self.retranslate()

    @Slot()
    def _changed(self) -> None:
        self.retranslate()
        self.keeping.ask_info()

    def close_workers(self) -> None:
        """Wait for the call in hand."""
        self.keeping.close()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

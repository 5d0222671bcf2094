"""One job on the Activity page: what, how far, time left; cancel, retry, the error and its details."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QProgressBar, QVBoxLayout, QWidget

from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.job_words import JobWords
from mmbm_desktop.gui.widgets.basics import Button, Card, ElidedLabel, Label
from mmbm_desktop.protocol.jobs import JobState

if TYPE_CHECKING:
    from mmbm_desktop.protocol.jobs import JobSnapshot

_PARTS = 1000


class JobRow(Card):
    """A card that follows one job."""

    cancel_asked = Signal(object)
    """The `JobId`."""
    retry_asked = Signal(object)
    """The `JobId`."""

    def __init__(self, job: JobSnapshot, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._job = job
        self._words, self._errors = JobWords(self), ErrorTexts(self)
        self._title, self._progress = ElidedLabel(kind="heading"), Label(kind="small")
        self._error = Label(kind="danger", wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self.cancel, self.retry = Button(kind="quiet"), Button(kind="quiet")
        self.details_button, self.copy = Button(kind="quiet"), Button(kind="quiet")
        self.details_button.setCheckable(True)
        self.details = QPlainTextEdit()
        self.details.setReadOnly(True)
        self.details.setMaximumHeight(160)
        self._lay_out()
        self._connect()
        self.retranslate()

    @property
    def job(self) -> JobSnapshot:
        """The newest snapshot."""
        return self._job

    def update_job(self, job: JobSnapshot) -> None:
        """Show a newer snapshot."""
        self._job = job
        self._refresh()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        for button in (self.details_button, self.copy, self.retry, self.cancel):
            top.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 12, 12)
        layout.setSpacing(6)
        layout.addLayout(top)
        for widget in (self._bar, self._progress, self._error, self.details):
            layout.addWidget(widget)
        self.details.hide()

    def _connect(self) -> None:
        self.cancel.clicked.connect(self._ask_cancel)
        self.retry.clicked.connect(self._ask_retry)
        self.details_button.toggled.connect(self.details.setVisible)
        self.copy.clicked.connect(self._copy)

    def retranslate(self) -> None:
        """Set every text again."""
        self.cancel.setText(self.tr("Cancel"))
        self.retry.setText(self.tr("Try again"))
        self.details_button.setText(self.tr("Details"))
        self.copy.setText(self.tr("Copy error"))
        self._refresh()

    def _refresh(self) -> None:
        job = self._job
        title = self._words.title(job.request)
        self._title.setText(title)
        self._progress.setText(self._words.progress(job))
        self.setAccessibleName(f"{title}, {self._progress.text()}")
        self._bar.setVisible(not job.state.final)
        self._bar.setMaximum(_PARTS if job.total else 0)
        self._bar.setValue(round(_PARTS * job.done / job.total) if job.total else 0)
        self.cancel.setVisible(job.state in (JobState.WAITING, JobState.RUNNING))
        self.retry.setVisible(job.state in (JobState.FAILED, JobState.CANCELLED))
        self._error.setVisible(job.failure is not None)
        detail = job.failure.detail if job.failure is not None else ""
        for widget in (self.details_button, self.copy):
            widget.setVisible(bool(detail))
        if job.failure is not None:
            self._error.setText(self._errors.with_file(job.failure))
            self.details.setPlainText(detail)

    @Slot()
    def _ask_cancel(self) -> None:
        self.cancel_asked.emit(self._job.id)

    @Slot()
    def _ask_retry(self) -> None:
        self.retry_asked.emit(self._job.id)

    @Slot()
    def _copy(self) -> None:
        if self._job.failure is not None:
            text = f"{self._job.failure.code}\n{self._error.text()}\n{self._job.failure.detail}"
            QGuiApplication.clipboard().setText(text)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

"""Cards that are no answers: a job that runs, one that failed, files that cannot be used, a dropped folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QProgressBar, QWidget

from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.pages.explore.cards.card import (
    CAPTIONS,
    CLASSES,
    SEARCHES,
    SOUNDS,
    TRANSCRIPTS,
    TRANSLATIONS,
    FeedCard,
)
from mmbm_desktop.gui.widgets.basics import Button, Label
from mmbm_desktop.protocol.requests import (
    CaptionRequest,
    ClassifyRequest,
    RecordRequest,
    SearchRequest,
    SoundsRequest,
    TranscribeRequest,
    TranslateRequest,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.base.errors import ErrorCode
    from mmbm_desktop.protocol.failure import ItemFailure
    from mmbm_desktop.protocol.jobs import JobSnapshot
    from mmbm_desktop.protocol.requests import Request

_PARTS = 1000
_KINDS = {
    CaptionRequest: CAPTIONS,
    ClassifyRequest: CLASSES,
    TranscribeRequest: TRANSCRIPTS,
    RecordRequest: TRANSCRIPTS,
    SoundsRequest: SOUNDS,
    TranslateRequest: TRANSLATIONS,
    SearchRequest: SEARCHES,
}


def kind_of(request: Request) -> str:
    """Return the filter a request's cards belong to."""
    return _KINDS.get(type(request), CAPTIONS)


def path_of(request: Request) -> str:
    """Return the file a request is about; empty where there is none."""
    about_a_file = (CaptionRequest, ClassifyRequest, TranscribeRequest, SoundsRequest)
    return request.path if isinstance(request, about_a_file) else ""


class RunningCard(FeedCard):
    """A job on its way."""

    cancel_asked = Signal(object)
    """The `JobId`."""

    def __init__(self, job: JobSnapshot, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind_of(job.request)
        self.job = job
        self._title, self._progress, self._bar = Label(kind="heading"), Label(kind="small"), QProgressBar()
        self._bar.setTextVisible(False)
        self.cancel = Button(kind="quiet")
        top = QHBoxLayout()
        top.addWidget(self._title)
        top.addWidget(self._progress)
        top.addStretch(1)
        top.addWidget(self.cancel)
        self.row.addLayout(self.body, 1)
        self.body.addLayout(top)
        self.body.addWidget(self._bar)
        self.cancel.clicked.connect(self._ask_cancel)
        self.retranslate()

    @property
    def path(self) -> str:
        return path_of(self.job.request)

    def update_job(self, job: JobSnapshot) -> None:
        """Show a newer snapshot."""
        self.job = job
        self._title.setText(self.words.title(job.request))
        self._progress.setText(self.words.progress(job))
        self._bar.setMaximum(_PARTS if job.total else 0)
        self._bar.setValue(round(_PARTS * job.done / job.total) if job.total else 0)
        self.setAccessibleName(f"{self._title.text()}, {self._progress.text()}")

    def retranslate(self) -> None:
        self.cancel.setText(self.tr("Cancel"))
        self.update_job(self.job)

    @Slot()
    def _ask_cancel(self) -> None:
        self.cancel_asked.emit(self.job.id)


class ErrorCard(FeedCard):
    """A job that failed: why in plain words, the details one click away, and another try."""

    retry_asked = Signal(object)
    """The `JobId`."""

    def __init__(self, job: JobSnapshot, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind_of(job.request)
        self.job = job
        self._errors = ErrorTexts(self)
        self._title, self.reason = Label(kind="heading"), Label(kind="danger", wrap=True)
        self.retry, self.details_button, self.remove = Button(), Button(kind="quiet"), Button(kind="quiet")
        self.details_button.setCheckable(True)
        self.details = QPlainTextEdit()
        self.details.setReadOnly(True)
        self.details.setMaximumHeight(140)
        self.details.hide()
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        for button in (self.details_button, self.remove, self.retry):
            top.addWidget(button)
        self.row.addLayout(self.body, 1)
        self.body.addLayout(top)
        self.body.addWidget(self.reason)
        self.body.addWidget(self.details)
        self.retry.clicked.connect(self._ask_retry)
        self.remove.clicked.connect(self.ask_remove)
        self.details_button.toggled.connect(self.details.setVisible)
        self.retranslate()

    @property
    def answer(self) -> str:
        return self.reason.text()

    @property
    def code(self) -> ErrorCode | None:
        """What went wrong."""
        return self.job.failure.code if self.job.failure is not None else None

    @property
    def path(self) -> str:
        return path_of(self.job.request)

    def retranslate(self) -> None:
        failure = self.job.failure
        self._title.setText(self.words.title(self.job.request))
        self.retry.setText(self.tr("Try again"))
        self.remove.setText(self.tr("Remove card"))
        self.details_button.setText(self.tr("Details"))
        self.details_button.setVisible(failure is not None and bool(failure.detail))
        if failure is not None:
            self.reason.setText(self._errors.sentence(failure))
            self.details.setPlainText(failure.detail)
        self.setAccessibleName(f"{self._title.text()}: {self.reason.text()}")

    @Slot()
    def _ask_retry(self) -> None:
        self.retry_asked.emit(self.job.id)


class RefusedCard(FeedCard):
    """Files that cannot be used, each with its reason."""

    def __init__(self, refused: Sequence[ItemFailure], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.refused = tuple(refused)
        self._errors = ErrorTexts(self)
        self._title, self.list = Label(kind="heading"), Label(kind="dim", wrap=True)
        self.remove = Button(kind="quiet")
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self.remove)
        self.row.addLayout(self.body, 1)
        self.body.addLayout(top)
        self.body.addWidget(self.list)
        self.remove.clicked.connect(self.ask_remove)
        self.retranslate()

    @property
    def answer(self) -> str:
        return self.list.text()

    def retranslate(self) -> None:
        self._title.setText(self.tr("%n file(s) could not be used", "", len(self.refused)))
        self.list.setText("\n".join(self._errors.with_file(item.failure, item.path) for item in self.refused))
        self.remove.setText(self.tr("Remove card"))
        self.setAccessibleName(f"{self._title.text()}: {self.list.text()}")


class FolderCard(FeedCard):
    """A folder that was dropped: it is offered to the library."""

    index_asked = Signal(object)
    """A tuple of folder paths."""

    def __init__(self, folders: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.folders = tuple(folders)
        self._title, self._text = Label(kind="heading"), Label(kind="dim", wrap=True)
        self.add, self.remove = Button(kind="primary"), Button(kind="quiet")
        texts = QWidget()
        texts.setLayout(self.body)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(self._title)
        self.body.addWidget(self._text)
        self.row.addWidget(texts, 1)
        self.row.addWidget(self.remove)
        self.row.addWidget(self.add)
        self.add.clicked.connect(self._ask_index)
        self.remove.clicked.connect(self.ask_remove)
        self.retranslate()

    def retranslate(self) -> None:
        names = ", ".join(Path(folder).name or folder for folder in self.folders)
        self._title.setText(self.tr("Add {names} to the library?").format(names=names))
        self._text.setText(
            self.tr("Its pictures become searchable by words and by example. The files themselves are never changed.")
        )
        self.add.setText(self.tr("Add to library"))
        self.remove.setText(self.tr("Not now"))
        self.setAccessibleName(self._title.text())

    @Slot()
    def _ask_index(self) -> None:
        self.index_asked.emit(self.folders)
        self.ask_remove()

"""The words for jobs: what each does, how far it is, how long it still takes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from mmbm_desktop.gui.batch_words import BatchWords
from mmbm_desktop.gui.export_words import ExportWords
from mmbm_desktop.protocol.jobs import JobSnapshot, JobState
from mmbm_desktop.protocol.keeping import BackUpRequest, CopyLibraryRequest, MoveLibraryRequest, RestoreRequest
from mmbm_desktop.protocol.preview import PreviewRequest
from mmbm_desktop.protocol.requests import (
    BatchRequest,
    CaptionRequest,
    CheckModelRequest,
    ClassifyRequest,
    ExamineDataRequest,
    ExportModelRequest,
    ExportRequest,
    FindRateRequest,
    ImportRequest,
    IndexRequest,
    PlayRequest,
    RecordRequest,
    RedoRequest,
    Request,
    SearchRequest,
    SoundsRequest,
    TrainRequest,
    TranscribeRequest,
    TranslateRequest,
    TuneRequest,
)

_LONGEST_QUOTE = 48
"""Characters of a text that a title shows."""


class JobWords(QObject):
    """Makes sentences about jobs in the language of the moment."""

    def title(self, request: Request) -> str:
        """Return what a request asks for."""
        match request:
            case CaptionRequest(path=path):
                title = self.tr("Caption {name}").format(name=Path(path).name)
            case TranscribeRequest(path=path):
                title = self.tr("Transcribe {name}").format(name=Path(path).name)
            case SoundsRequest(path=path):
                title = self.tr("Find sounds in {name}").format(name=Path(path).name)
            case TranslateRequest(text=text):
                title = self.tr("Translate “{text}”").format(text=_quote(text))
            case RecordRequest():
                title = self.tr("Record speech")
            case IndexRequest() | RedoRequest():
                title = self._title_of_indexing(request)
            case SearchRequest(text=text, image_path=image):
                title = self.tr("Search “{text}”").format(text=_quote(text) or Path(image or "").name)
            case CheckModelRequest(name=name):
                title = self.tr("Check {name}").format(name=name)
            case _:
                title = self._title_of_training(request)
        return title

    def _title_of_indexing(self, request: IndexRequest | RedoRequest) -> str:
        if isinstance(request, RedoRequest):
            return self.tr("Answer anew with the chosen models")
        if request.only:
            return self.tr("Update %n file(s)", "", len(request.only))
        return self.tr("Index {names}").format(names=", ".join(Path(f).name or f for f in request.folders))

    def _title_of_training(self, request: Request) -> str:
        match request:
            case ClassifyRequest(path=path):
                return self.tr("Classify {name}").format(name=Path(path).name)
            case ExamineDataRequest(path=path):
                return self.tr("Look over {name}").format(name=Path(path).name or path)
            case PreviewRequest():
                return self.tr("Show what training sees")
            case ExportModelRequest(name=name):
                return self.tr("Export {name}").format(name=name)
            case TrainRequest(run=run):
                return self.tr("Train {name}").format(name=run)
            case _:
                return self._title_of_trying(request)

    def _title_of_trying(self, request: Request) -> str:
        match request:
            case FindRateRequest():
                return self.tr("Find a learning rate")
            case TuneRequest(tuning=tuning):
                return self.tr("Try settings for {name}").format(name=tuning)
            case PlayRequest(bundle=bundle):
                return self.tr("Let {name} play").format(name=Path(bundle).name)
            case _:
                return self._title_of_keeping(request)

    def _title_of_keeping(self, request: Request) -> str:
        match request:
            case ExportRequest() | ImportRequest():
                return ExportWords(self).title(request)
            case BatchRequest():
                return BatchWords(self).title(request)
            case BackUpRequest():
                return self.tr("Back up the library")
            case MoveLibraryRequest():
                return self.tr("Move the library")
            case RestoreRequest():
                return self.tr("Restore the library")
            case CopyLibraryRequest():
                return self.tr("Copy the library")
            case _:
                return self.tr("Read the library")

    def state(self, state: JobState) -> str:
        """Return the name of a state."""
        return {
            JobState.WAITING: self.tr("waiting"),
            JobState.RUNNING: self.tr("running"),
            JobState.CANCELLING: self.tr("stopping"),
            JobState.DONE: self.tr("done"),
            JobState.FAILED: self.tr("failed"),
            JobState.CANCELLED: self.tr("cancelled"),
        }[state]

    def progress(self, job: JobSnapshot) -> str:
        """Return how far a job is: state, counts, time left or time taken."""
        parts = [self.tr("paused") if job.paused and not job.state.final else self.state(job.state)]
        if job.total and not job.state.final:
            parts.append(self.tr("{done:,} of {total:,}").format(done=job.done, total=job.total))
        left = job.seconds_left
        if left is not None:
            parts.append(self.tr("{time} left").format(time=self.duration(max(1.0, left), whole=True)))
        if job.state.final and job.started_s is not None and job.finished_s is not None:
            parts.append(self.duration(job.finished_s - job.started_s))
        return " · ".join(parts)

    def duration(self, seconds: float, *, whole: bool = False) -> str:
        """Return a length of time with its unit; with `whole` in whole seconds."""
        if seconds < 1:
            return self.tr("{count} ms").format(count=round(seconds * 1000))
        if seconds < 90:
            return self.tr("{count} s").format(count=round(seconds) if whole or seconds >= 10 else f"{seconds:.1f}")
        if seconds < 5400:
            return self.tr("{count} min").format(count=round(seconds / 60))
        return self.tr("{count} h").format(count=f"{seconds / 3600:.1f}")


def _quote(text: str) -> str:
    """Return the beginning of a text as one line."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_QUOTE else f"{line[:_LONGEST_QUOTE].rstrip()} …"

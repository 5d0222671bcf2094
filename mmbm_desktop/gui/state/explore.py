"""What the Explore page asks for and hears back. QtCore only; knows the engine by its interface."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal, Slot

from mmbm_desktop.gui.state.abilities import Abilities
from mmbm_desktop.gui.state.library_calls import LibraryCalls
from mmbm_desktop.protocol.languages import language_of, other_language
from mmbm_desktop.protocol.requests import (
    CaptionRequest,
    ClassifyRequest,
    RecordRequest,
    SearchRequest,
    SoundsRequest,
    TranscribeRequest,
    TranslateRequest,
)
from mmbm_desktop.protocol.results import TranscriptResult
from mmbm_desktop.protocol.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mmbm_desktop.base.settings import Settings
    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.gui.state.engine_bridge import EngineBridge
    from mmbm_desktop.protocol.events import MicrophoneLevel, PartialTranscript
    from mmbm_desktop.protocol.failure import Failure
    from mmbm_desktop.protocol.jobs import JobId, JobSnapshot
    from mmbm_desktop.protocol.requests import Language, Request


class ExploreState(QObject):
    """Submits requests and passes on what becomes of them; jobs of other pages are left out."""

    job_changed = Signal(object)
    """A `JobSnapshot` of a request made here."""
    recording_changed = Signal(bool)
    """Whether the microphone is open."""
    level = Signal(object)
    """A `MicrophoneLevel` of the recording."""
    partial_text = Signal(str)
    """What the recording's transcript is so far."""
    saved = Signal(str)
    """A path whose caption or transcript is now in the library."""
    save_failed = Signal(object)
    """The `Failure` of a save."""

    def __init__(self, engine: Engine, bridge: EngineBridge, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine, self._settings = engine, settings
        self.abilities = Abilities(engine, self)
        self._calls = LibraryCalls(self)
        self._mine: set[Request] = set()
        self._recording: JobId | None = None
        bridge.job_changed.connect(self._job_changed)
        bridge.models_changed.connect(self.abilities.refresh)
        bridge.microphone_level.connect(self._level)
        bridge.partial_transcript.connect(self._partial)

    # --- asking --------------------------------------------------------------------------------------------------

    def caption(self, paths: Iterable[str]) -> None:
        """Ask for captions of each picture, in the languages and number that the settings say."""
        chosen = self._settings.text("captions.languages").split(",")
        languages = cast("tuple[Language, ...]", tuple(chosen))
        best = self._settings.integer("captions.best")
        for path in paths:
            self._submit(CaptionRequest(path, languages, best, beam=max(3, best)))

    def classify(self, paths: Iterable[str]) -> None:
        """Ask for the class of each picture; nothing where no installed model can say."""
        if self.abilities.can(Task.CLASSIFY):
            for path in paths:
                self._submit(ClassifyRequest(path))

    def look(self, paths: Iterable[str]) -> None:
        """Ask for all there is to know of each picture: its captions and its class."""
        for path in paths:
            self.caption([path])
            self.classify([path])

    def transcribe(self, paths: Iterable[str]) -> None:
        """Ask for a transcript of each recording."""
        for path in paths:
            self._submit(TranscribeRequest(path))

    def find_sounds(self, paths: Iterable[str]) -> None:
        """Ask which sounds are in each recording; nothing where no installed model can say."""
        if self.abilities.can(Task.SOUNDS):
            for path in paths:
                self._submit(SoundsRequest(path))

    def listen(self, paths: Iterable[str]) -> None:
        """Ask for all there is to know of each recording: what is said and what else is heard."""
        for path in paths:
            self.transcribe([path])
            self.find_sounds([path])

    @Slot(str)
    def translate(self, text: str) -> None:
        """Ask for a text in the other language; nothing for an empty text."""
        if text.strip():
            source = language_of(text)
            self._submit(TranslateRequest(text.strip(), other_language(source), source))

    def search(self, text: str = "", image_path: str | None = None, top: int = 12) -> None:
        """Ask for the library's pictures that fit a text or a picture; nothing for an empty text."""
        if text.strip() or image_path:
            self._submit(SearchRequest(text.strip(), image_path, top=top))

    def retry(self, job_id: JobId) -> None:
        """Ask again."""
        self._engine.retry(job_id)

    def cancel(self, job_id: JobId) -> None:
        """Stop a job."""
        self._engine.cancel(job_id)

    def _submit(self, request: Request) -> JobId:
        self._mine.add(request)
        return self._engine.submit(request)

    # --- the microphone ------------------------------------------------------------------------------------------

    @property
    def recording(self) -> bool:
        """Whether the microphone is open."""
        return self._recording is not None

    def record(self, device: str | None) -> None:
        """Open a microphone; None for the system's own choice."""
        if self._recording is not None:
            return
        keep = self._settings.flag("microphone.keep_recordings")
        job_id = self._submit(RecordRequest(device, keep_audio=keep))
        ended = any(job.id == job_id and job.state.final for job in self._engine.jobs())
        if not ended:
            self._recording = job_id
            self.recording_changed.emit(True)

    def stop_recording(self) -> None:
        """Close the microphone; the transcript follows."""
        if self._recording is not None:
            job_id, self._recording = self._recording, None
            self._engine.finish_recording(job_id)
            self.recording_changed.emit(False)

    # --- the library ---------------------------------------------------------------------------------------------

    def save_caption(self, path: str, text: str, language: str) -> None:
        """Store the person's caption; `saved` or `save_failed` follows."""
        self._save(path, partial(self._engine.save_caption, path, text, language))

    def save_transcript(self, path: str, text: str, language: str) -> None:
        """Store the person's transcript; `saved` or `save_failed` follows."""
        self._save(path, partial(self._engine.save_transcript, path, text, language))

    def set_label(self, path: str, said: str, label: str, model: str) -> None:
        """Store the person's class of a picture; `save_failed` may follow."""
        self._collect(partial(self._engine.improving.set_label, path, said, label, model))

    def rate_caption(self, path: str, caption: str, language: str, model: str, rating: int) -> None:
        """Store the person's rating of a caption; `save_failed` may follow."""
        self._collect(partial(self._engine.improving.rate_caption, path, caption, language, model, rating))

    def _collect(self, call: Callable[[], object]) -> None:
        self._calls.run(call, success=_nothing, failure=self._tell_failed)

    def _save(self, path: str, call: Callable[[], object]) -> None:
        self._calls.run(call, success=partial(self._tell_saved, path), failure=self._tell_failed)

    def _tell_saved(self, path: str, item: object) -> None:
        del item
        self.saved.emit(path)

    def _tell_failed(self, failure: Failure) -> None:
        self.save_failed.emit(failure)

    # --- hearing back --------------------------------------------------------------------------------------------

    @Slot(object)
    def _job_changed(self, job: JobSnapshot) -> None:
        if job.request not in self._mine:
            return
        if job.id == self._recording and job.state.final:
            self._recording = None
            self.recording_changed.emit(False)
        self.job_changed.emit(job)
        self._listen_to_kept(job)

    def _listen_to_kept(self, job: JobSnapshot) -> None:
        """Ask for the sounds of a microphone recording whose audio was kept, once it has ended."""
        if isinstance(job.request, RecordRequest) and isinstance(job.result, TranscriptResult) and job.result.path:
            self.find_sounds([job.result.path])

    @Slot(object)
    def _level(self, level: MicrophoneLevel) -> None:
        if level.job_id == self._recording:
            self.level.emit(level)

    @Slot(object)
    def _partial(self, heard: PartialTranscript) -> None:
        if heard.job_id == self._recording:
            self.partial_text.emit(heard.text)

    def close(self) -> None:
        """Wait for the save in hand."""
        self._calls.close()


def _nothing(value: object) -> None:
    """Take an answer that says nothing."""

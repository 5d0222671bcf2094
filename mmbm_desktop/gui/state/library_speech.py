"""A query that is spoken: one recording at a time, its live text, its level and its final words."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mmbm_desktop.protocol.jobs import JobState
from mmbm_desktop.protocol.requests import RecordRequest
from mmbm_desktop.protocol.results import TranscriptResult

if TYPE_CHECKING:
    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.gui.state.engine_bridge import EngineBridge
    from mmbm_desktop.protocol.events import MicrophoneLevel, PartialTranscript
    from mmbm_desktop.protocol.jobs import JobId, JobSnapshot


class Listening(Enum):
    """What the microphone of the query bar is doing."""

    IDLE = auto()
    RECORDING = auto()
    WRITING_DOWN = auto()


class SpokenQuery(QObject):
    """Records until `toggle` is called again; `spoken` then brings the transcript. The audio is not kept."""

    state_changed = Signal()
    heard = Signal(str)
    level_changed = Signal(float)
    spoken = Signal(str)
    failed = Signal(object)

    def __init__(self, engine: Engine, bridge: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._job_id: JobId | None = None
        self._state = Listening.IDLE
        bridge.job_changed.connect(self._job_changed)
        bridge.partial_transcript.connect(self._partly_heard)
        bridge.microphone_level.connect(self._level)

    @property
    def state(self) -> Listening:
        """What the microphone is doing."""
        return self._state

    def toggle(self, device: str | None = None) -> None:
        """Start listening to a microphone (None: the system's), or stop and write down what was said."""
        if self._state is Listening.IDLE:
            self._set_state(Listening.RECORDING)
            self._job_id = self._engine.submit(RecordRequest(device=device, keep_audio=False))
        elif self._state is Listening.RECORDING and self._job_id is not None:
            self._set_state(Listening.WRITING_DOWN)
            self._engine.finish_recording(self._job_id)

    def cancel(self) -> None:
        """Stop without an answer."""
        if self._job_id is not None:
            self._engine.cancel(self._job_id)

    @Slot(object)
    def _job_changed(self, job: JobSnapshot) -> None:
        if job.id != self._job_id or not job.state.final:
            return
        self._job_id = None
        self._set_state(Listening.IDLE)
        if isinstance(job.result, TranscriptResult):
            self.spoken.emit(job.result.text)
        elif job.state is JobState.FAILED and job.failure is not None:
            self.failed.emit(job.failure)

    @Slot(object)
    def _partly_heard(self, event: PartialTranscript) -> None:
        if event.job_id == self._job_id:
            self.heard.emit(event.text)

    @Slot(object)
    def _level(self, event: MicrophoneLevel) -> None:
        if event.job_id == self._job_id:
            self.level_changed.emit(event.peak)

    def _set_state(self, state: Listening) -> None:
        if state is not self._state:
            self._state = state
            self.state_changed.emit()

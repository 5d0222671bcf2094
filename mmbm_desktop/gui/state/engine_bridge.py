"""Turns the engine's events, which come in its threads, into Qt signals in the main thread.

The object lives in the main thread and is emitted from elsewhere; every signal carries one frozen record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mmbm_desktop.protocol.events import (
    CaptureChanged,
    CorrectionsChanged,
    JobChanged,
    LibraryChanged,
    LibraryStateChanged,
    MicrophoneLevel,
    ModelsChanged,
    PartialTranscript,
    RateTried,
    RunAdvanced,
    RunChanged,
    RunRemoved,
    RunSampled,
    TuningChanged,
    TuningRemoved,
    WatchFellBack,
    WorkerChanged,
)

if TYPE_CHECKING:
    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.protocol.events import Event


class EngineBridge(QObject):
    """Subscribes to an engine and re-emits what it says."""

    job_changed = Signal(object)
    """A `JobSnapshot`."""
    partial_transcript = Signal(object)
    """A `PartialTranscript`."""
    microphone_level = Signal(object)
    """A `MicrophoneLevel`."""
    library_changed = Signal(object)
    """A `LibraryChanged`."""
    library_state_changed = Signal(object)
    """A `LibraryState`."""
    watch_fell_back = Signal(object)
    """A `WatchFellBack`."""
    worker_changed = Signal(object)
    """A `WorkerChanged`."""
    run_changed = Signal(object)
    """A `RunInfo`."""
    run_advanced = Signal(object)
    """A `RunAdvanced`."""
    run_sampled = Signal(object)
    """A `RunSampled`."""
    rate_tried = Signal(object)
    """A `RateTried`."""
    run_removed = Signal(str)
    """A run's id."""
    tuning_changed = Signal(object)
    """A `TuningInfo`."""
    tuning_removed = Signal(str)
    """A search's id."""
    models_changed = Signal()
    corrections_changed = Signal()
    capture_changed = Signal(object)
    """A `CaptureChanged`."""
    _arrived = Signal(object)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._arrived.connect(self._deliver)
        self._leave = engine.subscribe(self._take)

    def close(self) -> None:
        """Stop listening; safe to call twice."""
        leave, self._leave = self._leave, _nothing
        leave()

    def _take(self, event: Event) -> None:
        """Called in an engine thread: post the event to this object's thread."""
        try:
            self._arrived.emit(event)
        except RuntimeError:  # the window is gone while an engine thread still speaks
            return

    @Slot(object)
    def _deliver(self, event: Event) -> None:
        match event:
            case JobChanged(job=job):
                self.job_changed.emit(job)
            case PartialTranscript():
                self.partial_transcript.emit(event)
            case MicrophoneLevel():
                self.microphone_level.emit(event)
            case LibraryChanged():
                self.library_changed.emit(event)
            case LibraryStateChanged(state=state):
                self.library_state_changed.emit(state)
            case WatchFellBack():
                self.watch_fell_back.emit(event)
            case WorkerChanged():
                self.worker_changed.emit(event)
            case ModelsChanged():
                self.models_changed.emit()
            case CorrectionsChanged():
                self.corrections_changed.emit()
            case _:
                self._deliver_of_training(event)

    def _deliver_of_training(
        self,
        event: RunChanged
        | RunAdvanced
        | RunSampled
        | RateTried
        | RunRemoved
        | TuningChanged
        | TuningRemoved
        | CaptureChanged,
    ) -> None:
        match event:
            case CaptureChanged():
                self.capture_changed.emit(event)
            case RunChanged(run=run):
                self.run_changed.emit(run)
            case RunAdvanced():
                self.run_advanced.emit(event)
            case RunSampled():
                self.run_sampled.emit(event)
            case RateTried():
                self.rate_tried.emit(event)
            case RunRemoved(run_id=run_id):
                self.run_removed.emit(run_id)
            case TuningChanged(tuning=tuning):
                self.tuning_changed.emit(tuning)
            case TuningRemoved(tuning_id=tuning_id):
                self.tuning_removed.emit(tuning_id)


def _nothing() -> None:
    """Stand in for the unsubscribe function once it was called."""

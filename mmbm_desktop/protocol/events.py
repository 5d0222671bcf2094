"""What the engine tells its listeners. Listeners are called in an engine thread and must return at once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mmbm_desktop.protocol.capture import CaptureState, Shot
    from mmbm_desktop.protocol.jobs import JobId, JobSnapshot
    from mmbm_desktop.protocol.keeping import LibraryState
    from mmbm_desktop.protocol.training import CurvePoint, RunInfo, Sample
    from mmbm_desktop.protocol.tuning import TuningInfo


@dataclass(frozen=True)
class JobChanged:
    """A job was added, advanced or ended. At most 20 a second for one job's progress."""

    job: JobSnapshot


@dataclass(frozen=True)
class PartialTranscript:
    """What a running recording or transcription has heard so far; later events replace earlier ones."""

    job_id: JobId
    text: str


@dataclass(frozen=True)
class MicrophoneLevel:
    """About 20 a second while recording: loudness of the last block and its outline for the waveform.

    `rms` and `peak` are 0..1 of full scale; `outline` holds peaks 0..1 of consecutive slices of the block.
    """

    job_id: JobId
    rms: float
    peak: float
    seconds: float
    outline: tuple[float, ...]


@dataclass(frozen=True)
class LibraryChanged:
    """Items were added, changed or removed. Empty `item_ids` means: many, look again."""

    item_ids: tuple[int, ...] = ()
    folders_changed: bool = False


@dataclass(frozen=True)
class WatchFellBack:
    """Changes in a folder can no longer be noticed as they happen; it is looked through every few minutes instead.

    `reason`: "network-drive", "watch-limit", "events-lost", "unwatchable" or "away", the folder itself is not there and
    is looked through when it is back. Told once for each folder and reason.
    """

    folder: str
    reason: str


class WorkerState(StrEnum):
    """How the inference worker is."""

    STOPPED = "stopped"
    STARTING = "starting"
    READY = "ready"
    BUSY = "busy"
    CRASHED = "crashed"


@dataclass(frozen=True)
class WorkerChanged:
    """An inference worker started, went idle, was unloaded or died.

    `lane` says which: "pictures" (captions, embeddings), "speech" (files), "sounds", "live" (the microphone) or
    "quiet" (indexing at low priority).
    """

    state: WorkerState
    pid: int | None = None
    lane: str = "pictures"


@dataclass(frozen=True)
class RunChanged:
    """A training run was added, advanced or ended. At most 20 a second for one run."""

    run: RunInfo


@dataclass(frozen=True)
class RunAdvanced:
    """New points of a run's curve, in order; at most 20 events a second for one run."""

    run_id: str
    points: tuple[CurvePoint, ...]


@dataclass(frozen=True)
class RunSampled:
    """What the network of a run says of a few val items now; replaces earlier samples."""

    run_id: str
    samples: tuple[Sample, ...]


@dataclass(frozen=True)
class RateTried:
    """A step of a learning-rate finder.

    Attributes:
        job_id: its job.
        rate: of the step.
        loss: of the steps so far, smoothed.
        until: the rate at which it ends, if the loss does not diverge before.
    """

    job_id: JobId
    rate: float
    loss: float
    until: float


@dataclass(frozen=True)
class RunRemoved:
    """A run's folder was removed."""

    run_id: str


@dataclass(frozen=True)
class TuningChanged:
    """A search over settings was added, went on or ended."""

    tuning: TuningInfo


@dataclass(frozen=True)
class TuningRemoved:
    """A search's folder was removed."""

    tuning_id: str


@dataclass(frozen=True)
class LibraryStateChanged:
    """Another library is open, or the same one in another way."""

    state: LibraryState


@dataclass(frozen=True)
class ModelsChanged:
    """A bundle was installed, replaced or removed."""


@dataclass(frozen=True)
class CorrectionsChanged:
    """A person set something right, took it back, or keeps or reverts what was learned from it."""


@dataclass(frozen=True)
class CaptureChanged:
    """About 20 a second of a capturing session: how it is, or `shot`, which was just taken and saved."""

    state: CaptureState
    shot: Shot | None = None


Event = (
    JobChanged
    | PartialTranscript
    | MicrophoneLevel
    | LibraryChanged
    | LibraryStateChanged
    | WatchFellBack
    | WorkerChanged
    | RunChanged
    | RunAdvanced
    | RunSampled
    | RateTried
    | RunRemoved
    | TuningChanged
    | TuningRemoved
    | ModelsChanged
    | CorrectionsChanged
    | CaptureChanged
)

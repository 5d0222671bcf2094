"""The messages between engine and inference worker. One work at a time; all but the heartbeats name their job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mmbm_desktop.protocol.failure import Failure
    from mmbm_desktop.protocol.jobs import JobId
    from mmbm_desktop.protocol.requests import WorkerRequest
    from mmbm_desktop.protocol.results import Result


@dataclass(frozen=True)
class Work:
    """Engine to worker: do this. `bundle` is the folder of the model that answers; None for a built-in recogniser."""

    job_id: JobId
    request: WorkerRequest
    bundle: str | None
    pixel_limit: int


@dataclass(frozen=True)
class Audio:
    """Engine to worker: more sound for a live transcription; 16 kHz mono int16 little-endian bytes."""

    job_id: JobId
    pcm: bytes


@dataclass(frozen=True)
class EndOfAudio:
    """Engine to worker: the recording is over, answer with the whole transcript."""

    job_id: JobId


@dataclass(frozen=True)
class CancelWork:
    """Engine to worker: stop at the next check and answer `Stopped`."""

    job_id: JobId


@dataclass(frozen=True)
class Quit:
    """Engine to worker: end the process. A closed pipe means the same."""


ToWorker = Work | Audio | EndOfAudio | CancelWork | Quit


@dataclass(frozen=True)
class Ready:
    """Worker to engine, once: imports are done."""

    pid: int


@dataclass(frozen=True)
class Heartbeat:
    """Worker to engine, every second, from a thread of its own. `rss_bytes` is the memory in use."""

    rss_bytes: int


@dataclass(frozen=True)
class Advanced:
    """Worker to engine: progress of the work in hand."""

    job_id: JobId
    done: int
    total: int | None


@dataclass(frozen=True)
class Heard:
    """Worker to engine: text so far."""

    job_id: JobId
    text: str


@dataclass(frozen=True)
class Finished:
    """Worker to engine: the answer."""

    job_id: JobId
    result: Result


@dataclass(frozen=True)
class Broken:
    """Worker to engine: the work could not be done; the worker lives on."""

    job_id: JobId
    failure: Failure


@dataclass(frozen=True)
class Stopped:
    """Worker to engine: the work was cancelled."""

    job_id: JobId


FromWorker = Ready | Heartbeat | Advanced | Heard | Finished | Broken | Stopped

"""Records of capturing: cameras and microphones, what is to be taken, what was taken, and how a session goes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mmbm_desktop.protocol.catalogue import MicrophoneInfo
    from mmbm_desktop.protocol.failure import Failure


class CaptureKind(StrEnum):
    """What is captured."""

    PICTURES = "pictures"
    SOUNDS = "sounds"


@dataclass(frozen=True)
class CameraInfo:
    """A camera. `id` is "FORMAT:ADDRESS" as FFmpeg opens it ("v4l2:/dev/video0"), `name` what people call it."""

    id: str
    name: str


@dataclass(frozen=True)
class CaptureDevices:
    """What there is to capture with; `failures` say why there is no camera or no microphone."""

    cameras: tuple[CameraInfo, ...] = ()
    microphones: tuple[MicrophoneInfo, ...] = ()
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True)
class ClassFolder:
    """A class of a data folder: the name of its folder and how many pictures or recordings lie in it."""

    label: str
    items: int


@dataclass(frozen=True)
class Taking:
    """What is to be taken from now on.

    Attributes:
        folder: absolute path of the data folder.
        label: the class, a folder in it.
        count: how many; None: until `CaptureSession.rest`.
        every_s: time between two pictures.
        length_s: of a recording.
        lead_s: time before the first recording, so that the press of a key is not in it.
    """

    folder: str
    label: str
    count: int | None = None
    every_s: float = 0.2
    length_s: float = 1.0
    lead_s: float = 0.5


@dataclass(frozen=True)
class Shot:
    """A picture or a recording that was taken and saved. `silent`: nothing can be heard in it."""

    folder: str
    label: str
    path: str
    silent: bool = False


class CapturePhase(StrEnum):
    """What a session does: it opens its device, shows what comes, waits before a recording, takes, or has ended."""

    OPENING = "opening"
    READY = "ready"
    WAITING = "waiting"
    TAKING = "taking"
    ENDED = "ended"


@dataclass(frozen=True)
class CaptureState:
    """How a session is.

    Attributes:
        session: its id.
        kind: what it captures.
        phase: what it does.
        left_s: seconds until a recording begins or ends.
        peak: loudness of the last block of sound, 0..1 of full scale.
        outline: peaks 0..1 of consecutive slices of it.
        failure: why it ended, or why something could not be saved.
    """

    session: int
    kind: CaptureKind
    phase: CapturePhase = CapturePhase.OPENING
    left_s: float = 0.0
    peak: float = 0.0
    outline: tuple[float, ...] = ()
    failure: Failure | None = None

"""Scripted capturing: devices that see and hear what a test says, and real folders. No threads."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mmbm_desktop.engine.capturing.class_folders import write_picture, write_recording
from mmbm_desktop.engine.capturing.interface import CaptureSession
from mmbm_desktop.engine.capturing.local import LocalCapturing
from mmbm_desktop.engine.fake_answers import microphones
from mmbm_desktop.protocol.capture import CameraInfo, CaptureDevices, CaptureKind, CapturePhase, CaptureState, Shot
from mmbm_desktop.protocol.events import CaptureChanged

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import numpy.typing as npt

    from mmbm_desktop.protocol.capture import Taking
    from mmbm_desktop.protocol.events import Event
    from mmbm_desktop.protocol.failure import Failure


class FakeSession(CaptureSession):
    """A session that a test advances.

    Attributes:
        device: what was asked for.
        takings: what was to be taken, in order.
        resting, closed: whether `rest` and `close` were called last.
    """

    def __init__(
        self, number: int, kind: CaptureKind, device: str | None, emit: Callable[[Event], None], shots: list[Shot]
    ) -> None:
        self.id, self.kind, self.device = number, kind, device
        self.takings: list[Taking] = []
        self.resting = self.closed = False
        self._emit, self._shots = emit, shots
        self._frame: npt.NDArray[np.uint8] | None = None
        self._state = CaptureState(number, kind)

    def frame(self) -> npt.NDArray[np.uint8] | None:
        """Return what `see` was given last."""
        return self._frame

    def take(self, taking: Taking) -> None:
        """Note the wish."""
        self.takings.append(taking)
        self.resting = False

    def rest(self) -> None:
        """Note the wish."""
        self.resting = True

    def close(self) -> None:
        """Note the wish."""
        self.closed = True

    def tell(self, failure: Failure | None = None, **changes: object) -> None:
        """Say how the session is."""
        self._state = replace(self._state, **changes)  # pyright: ignore[reportArgumentType]
        self._emit(CaptureChanged(replace(self._state, failure=failure)))

    def see(self, picture: npt.NDArray[np.uint8]) -> None:
        """Let the camera see a picture."""
        self._frame = picture
        self.tell(phase=CapturePhase.READY)

    def shoot(self, content: npt.NDArray[np.uint8] | npt.NDArray[np.int16], *, silent: bool = False) -> Shot:
        """Take a picture, or a recording, as was asked last, and save it."""
        folder, label = self.takings[-1].folder, self.takings[-1].label
        write = write_picture if self.kind is CaptureKind.PICTURES else write_recording
        shot = Shot(folder, label, write(folder, label, content), silent)  # pyright: ignore[reportArgumentType]
        self._shots.append(shot)
        self._emit(CaptureChanged(replace(self._state, phase=CapturePhase.TAKING), shot))
        return shot


class FakeCapturing(LocalCapturing):
    """Knows one camera and two microphones; the classes of folders are real.

    Attributes:
        known: what `devices` returns.
        sessions: every session that was opened, in order.
    """

    def __init__(self, emit: Callable[[Event], None]) -> None:
        super().__init__(emit)
        self._emit = emit
        self.known = CaptureDevices((CameraInfo("v4l2:/dev/video0", "Integrated Camera"),), microphones())
        self.sessions: list[FakeSession] = []

    def devices(self) -> CaptureDevices:
        """Return `known`."""
        return self.known

    def open(self, kind: CaptureKind, device: str | None = None) -> FakeSession:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Return a session that sees nothing yet."""
        self.sessions.append(FakeSession(len(self.sessions) + 1, kind, device, self._emit, self._shots))
        return self.sessions[-1]

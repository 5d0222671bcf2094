"""Capturing on this computer: which devices there are, sessions that use one, and the classes they fill."""

from __future__ import annotations

import logging
import threading
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, MmbmError
from mmbm_desktop.base.files import os_errors_sorted
from mmbm_desktop.engine.capturing import class_folders
from mmbm_desktop.engine.capturing.interface import Capturing
from mmbm_desktop.engine.capturing.pictures import PictureSession, system_camera
from mmbm_desktop.engine.recording import system_microphone
from mmbm_desktop.protocol.capture import CaptureDevices, CaptureKind, Shot
from mmbm_desktop.protocol.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Callable

    from mmbm_desktop.engine.capturing.pictures import Eyes
    from mmbm_desktop.engine.capturing.session import DeviceSession
    from mmbm_desktop.engine.recording import Ears
    from mmbm_desktop.protocol.capture import CameraInfo, ClassFolder
    from mmbm_desktop.protocol.catalogue import MicrophoneInfo
    from mmbm_desktop.protocol.events import Event

log = logging.getLogger(__name__)

_CLOSING_S = 3.0


def listed_cameras() -> tuple[CameraInfo, ...]:
    """Return the cameras; FFmpeg is loaded only now."""
    from mmbm_desktop.media.camera import list_cameras

    return list_cameras()


def listed_microphones() -> tuple[MicrophoneInfo, ...]:
    """Return the microphones; the audio library is loaded only now.

    Raises:
        EnvironmentFault: AUDIO_LIBRARY_MISSING.
    """
    from mmbm_desktop.media.microphone import list_microphones

    return list_microphones()


class LocalCapturing(Capturing):
    """See `Capturing`.

    Args:
        announce: takes the sessions' events; must return at once.
        open_microphone: opens an input device by name.
        open_camera: makes a camera, by id, that is opened by entering it.
        cameras: lists them.
    """

    def __init__(
        self,
        announce: Callable[[Event], None],
        open_microphone: Callable[[str | None], Ears] = system_microphone,
        open_camera: Callable[[str | None], Eyes] = system_camera,
        cameras: Callable[[], tuple[CameraInfo, ...]] = listed_cameras,
    ) -> None:
        self._announce, self._cameras = announce, cameras
        self._open_microphone, self._open_camera = open_microphone, open_camera
        self._ids = count(1)
        self._guard = threading.Lock()
        self._sessions: list[DeviceSession] = []
        self._shots: list[Shot] = []
        self._closed = False

    def devices(self) -> CaptureDevices:
        """See `Capturing.devices`."""
        cameras, failures = self._cameras(), []
        if not cameras:
            failures.append(Failure.of(EnvironmentFault(ErrorCode.CAMERA_MISSING, name="")))
        try:
            microphones = listed_microphones()
        except MmbmError as error:
            microphones = ()
            failures.append(Failure.of(error))
        else:
            if not microphones:
                failures.append(Failure.of(EnvironmentFault(ErrorCode.MICROPHONE_MISSING, device="")))
        return CaptureDevices(cameras, microphones, tuple(failures))

    def microphones(self) -> tuple[MicrophoneInfo, ...]:
        """Return the input devices; none where the audio library is missing."""
        try:
            return listed_microphones()
        except MmbmError as error:
            log.warning("no microphones: %s", error)
            return ()

    def open(self, kind: CaptureKind, device: str | None = None) -> DeviceSession:
        """See `Capturing.open`."""
        made = self._made(next(self._ids), kind, device)
        with self._guard:
            self._sessions = [one for one in self._sessions if one.alive]
            self._sessions.append(made)
            if self._closed:
                made.close()
            made.start()
        return made

    def classes(self, folder: str, kind: CaptureKind) -> tuple[ClassFolder, ...]:
        """See `Capturing.classes`."""
        return class_folders.list_classes(folder, kind)

    def add_class(self, folder: str, name: str, kind: CaptureKind) -> str:
        """See `Capturing.add_class`."""
        return class_folders.add_class(folder, name, kind)

    def rename_class(self, folder: str, label: str, name: str, kind: CaptureKind) -> str:
        """See `Capturing.rename_class`."""
        return class_folders.rename_class(folder, label, name, kind)

    def remove_class(self, folder: str, label: str) -> None:
        """See `Capturing.remove_class`."""
        class_folders.remove_class(folder, label)

    def take_back(self, folder: str, label: str) -> Shot | None:
        """See `Capturing.take_back`."""
        with self._guard:
            shot = next((one for one in reversed(self._shots) if (one.folder, one.label) == (folder, label)), None)
            if shot is None:
                return None
            self._shots.remove(shot)
        with os_errors_sorted(Path(shot.path)):
            Path(shot.path).unlink(missing_ok=True)
        return shot

    def close(self) -> None:
        """Let go of every device; safe to call twice."""
        with self._guard:
            self._closed = True
            sessions = tuple(self._sessions)
        for session in sessions:
            session.close()
        for session in sessions:
            session.join(_CLOSING_S)

    def _made(self, number: int, kind: CaptureKind, device: str | None) -> DeviceSession:
        if kind is CaptureKind.PICTURES:
            return PictureSession(number, self._open_camera(device), self._announce, self._note)
        from mmbm_desktop.engine.capturing.sounds import SoundSession

        return SoundSession(number, lambda: self._open_microphone(device), self._announce, self._note)

    def _note(self, shot: Shot) -> None:
        with self._guard:
            self._shots.append(shot)

"""What the capture dialog says about devices, folders and what goes on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from mmbm_desktop.base.errors import ErrorCode
from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.protocol.capture import CaptureKind, CapturePhase

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mmbm_desktop.protocol.capture import CaptureDevices, CaptureState
    from mmbm_desktop.protocol.failure import Failure


class CaptureTexts(QObject):
    """Makes sentences, in the language of the moment."""

    def lack(self, kind: CaptureKind, failures: Iterable[Failure]) -> str:
        """Return why there is no device of a kind."""
        of_cameras = kind is CaptureKind.PICTURES
        errors = ErrorTexts()
        said = [errors.sentence(one) for one in failures if (one.code is ErrorCode.CAMERA_MISSING) is of_cameras]
        return " ".join(said)

    def empty(self, devices: CaptureDevices | None, state: CaptureState | None) -> str:
        """Return what stands where a picture will be."""
        if devices is None:
            return self.tr("Looking for cameras and microphones …")
        if state is None:
            return self.lack(CaptureKind.PICTURES, devices.failures)
        return "" if state.phase is CapturePhase.ENDED else self.tr("Opening the camera …")

    def place(self, folder: str) -> str:
        """Return where a data folder lies."""
        return self.tr("in {folder}").format(folder=Path(folder).parent) if folder else self.tr("This is no name.")

    def status(self, state: CaptureState | None, folder: str, chosen: str, *, silent: bool) -> str:
        """Return what goes on, or what is to be done first."""
        if state is None or state.phase in (CapturePhase.OPENING, CapturePhase.ENDED):
            return ""
        if state.phase is CapturePhase.WAITING:
            return self.tr("Recording begins in {seconds} s …").format(seconds=f"{state.left_s:.1f}")
        if state.phase is CapturePhase.TAKING and state.kind is CaptureKind.SOUNDS:
            return self.tr("Recording “{label}”: {seconds} s left").format(label=chosen, seconds=f"{state.left_s:.1f}")
        if state.phase is CapturePhase.TAKING:
            return self.tr("Taking pictures of “{label}” …").format(label=chosen)
        if silent:
            return self.tr("The last recording is silent: does the microphone hear anything?")
        if not folder or not chosen:
            return self.tr("Add a class first: what is in the pictures, or what is heard.")
        return self.tr("Ready for “{label}”.").format(label=chosen)

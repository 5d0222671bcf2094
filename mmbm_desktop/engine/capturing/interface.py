"""Capturing as the window and the command line see it. `LocalCapturing` is real, `FakeCapturing` scripted."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from mmbm_desktop.protocol.capture import CaptureDevices, CaptureKind, ClassFolder, Shot, Taking


class CaptureSession(ABC):
    """A camera that is looked through, or a microphone that is listened to, until `close`.

    How it is, and every shot, is told by `CaptureChanged` events. Every method returns at once; any thread may call it.
    """

    id: int
    kind: CaptureKind

    @abstractmethod
    def frame(self) -> npt.NDArray[np.uint8] | None:
        """Return what the camera sees now, (height, width, 3) in RGB; None before the first picture and of sounds."""

    @abstractmethod
    def take(self, taking: Taking) -> None:
        """Take pictures or recordings from now on; each is saved before it is told. One is taken at least."""

    @abstractmethod
    def rest(self) -> None:
        """Take no more; a first recording that was begun is finished, a later one is dropped."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the device; a recording in hand is dropped. Safe to call twice."""


class Capturing(ABC):
    """Cameras, microphones and the classes of data folders that are captured into.

    What lists devices or reads or writes a folder takes a moment: the window calls it in a pool thread.
    """

    @abstractmethod
    def devices(self) -> CaptureDevices:
        """Return the cameras and microphones there are now, and why there are none."""

    @abstractmethod
    def open(self, kind: CaptureKind, device: str | None = None) -> CaptureSession:
        """Look through a camera (an id) or listen to a microphone (a name); None for the system's or the first one.

        Returns at once; what goes wrong is told by the session's events.
        """

    @abstractmethod
    def classes(self, folder: str, kind: CaptureKind) -> tuple[ClassFolder, ...]:
        """Return the classes of a data folder; none of one that is not there yet.

        Raises:
            MmbmError: nothing can be captured into this folder.
        """

    @abstractmethod
    def add_class(self, folder: str, name: str, kind: CaptureKind) -> str:
        """Make a class and return its name as a folder can have it; the data folder is made with it.

        Raises:
            MmbmError: the name or the folder cannot be used.
        """

    @abstractmethod
    def rename_class(self, folder: str, label: str, name: str, kind: CaptureKind) -> str:
        """Give an empty class another name and return it.

        Raises:
            MmbmError: the name cannot be used, or files lie in the class.
        """

    @abstractmethod
    def remove_class(self, folder: str, label: str) -> None:
        """Remove an empty class.

        Raises:
            MmbmError: files lie in it.
        """

    @abstractmethod
    def take_back(self, folder: str, label: str) -> Shot | None:
        """Delete the latest shot of a class and return it; None where none was taken since the program started.

        Files that were there before are never deleted.

        Raises:
            MmbmError: it cannot be deleted.
        """

"""A session that looks through a camera and saves pictures at a pace."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Protocol, Self

from mmbm_desktop.engine.capturing.class_folders import write_picture
from mmbm_desktop.engine.capturing.session import DeviceSession
from mmbm_desktop.protocol.capture import CaptureKind, CapturePhase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    import numpy.typing as npt

    from mmbm_desktop.protocol.capture import Shot
    from mmbm_desktop.protocol.events import Event

    Pixels = npt.NDArray[np.uint8]

SHOWN_EVERY_S = 1 / 20


class Eyes(Protocol):
    """What is asked of a camera: entered it is open, iterated it yields RGB pictures, (height, width, 3)."""

    def __enter__(self) -> Self:
        """Open it."""
        ...

    def __exit__(self, *error: object) -> None:
        """Let go of it."""
        ...

    def __iter__(self) -> Iterator[Pixels]:
        """Yield the newest picture until `stop`."""
        ...

    def stop(self) -> None:
        """End the iteration; any thread may call it."""
        ...


def system_camera(camera: str | None) -> Eyes:
    """Return a real camera; FFmpeg is loaded only now."""
    from mmbm_desktop.media.camera import Camera

    return Camera(camera)


class PictureSession(DeviceSession):
    """See `DeviceSession`.

    Args:
        number: the session's id.
        camera: whose `__enter__` opens it.
        announce: takes the events.
        taken: hears of every shot before it is told.
    """

    def __init__(
        self, number: int, camera: Eyes, announce: Callable[[Event], None], taken: Callable[[Shot], None]
    ) -> None:
        super().__init__(number, CaptureKind.PICTURES, announce, taken)
        self._camera = camera
        self._newest: Pixels | None = None

    def frame(self) -> Pixels | None:
        """See `CaptureSession.frame`."""
        return self._newest

    def _let_go(self) -> None:
        self._camera.stop()

    def _work(self) -> None:
        from PIL import JpegImagePlugin  # noqa: F401 - loaded while the camera opens, not at the first picture

        shown_s = taken_s = 0.0
        with self._camera as camera:
            for picture in camera:
                if self._ending.is_set():
                    return
                self._newest = picture
                now, taking = time.monotonic(), self._wanted()
                if taking is not None and (not self._done or now - taken_s >= taking.every_s):
                    taken_s = taken_at(now, taken_s, taking.every_s)
                    self._save(taking, partial(write_picture, taking.folder, taking.label, picture))
                if now - shown_s >= SHOWN_EVERY_S:
                    shown_s = now
                    self._tell(phase=CapturePhase.TAKING if self._wanted() else CapturePhase.READY)


def taken_at(now_s: float, before_s: float, every_s: float) -> float:
    """Return from when on the time to the next picture counts: from when this one was due, unless that is long ago.

    A camera of 30 pictures a second gives none exactly every fifteenth of a second; to count from the picture itself
    would take ten a second.
    """
    due_s = before_s + every_s
    return due_s if now_s - due_s < every_s else now_s

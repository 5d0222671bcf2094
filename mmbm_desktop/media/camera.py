"""Cameras, through FFmpeg's devices as PyAV brings them: lists them and yields what one sees as RGB pictures.

PyAV is imported only when a camera is asked for. A camera is read in a thread of its own, which alone touches FFmpeg:
one that hangs in a driver never stops whoever looks.
"""

from __future__ import annotations

import errno
import logging
import os
import struct
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, MmbmError
from mmbm_desktop.protocol.capture import CameraInfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    import numpy.typing as npt

    Pixels = npt.NDArray[np.uint8]

log = logging.getLogger(__name__)

SILENT_FOR_S = 5.0
"""So long a camera may give nothing, its first picture apart."""
OPENING_S = 15.0
"""So long it may take to open: some systems ask the person first."""
_CLOSING_S = 2.0
_BROKEN_IN_A_ROW = 30
_QUERY_CAPABILITIES, _HAS_OWN, _CAPTURES = 0x80685600, 0x80000000, 0x1001
"""VIDIOC_QUERYCAP, V4L2_CAP_DEVICE_CAPS, and V4L2_CAP_VIDEO_CAPTURE with its form for several planes."""
_SYSTEMS = {"win32": "dshow", "darwin": "avfoundation"}
_FORMATS = ("v4l2", "dshow", "avfoundation", "lavfi")
"""What an id may begin with; "lavfi" is FFmpeg's own source of test pictures."""
_WISHES: Mapping[str, tuple[dict[str, str], ...]] = {"lavfi": ({},)}
_USUAL_WISHES = ({"video_size": "640x480", "framerate": "30"}, {"framerate": "30"}, {})
"""Tried one after the other: some cameras refuse a size or a pace that they do not have."""
_OPENING_ERRORS = {
    errno.ENOENT: ErrorCode.CAMERA_MISSING,
    errno.ENODEV: ErrorCode.CAMERA_MISSING,
    errno.ENXIO: ErrorCode.CAMERA_MISSING,
    errno.EACCES: ErrorCode.CAMERA_DENIED,
    errno.EPERM: ErrorCode.CAMERA_DENIED,
    errno.EBUSY: ErrorCode.CAMERA_BUSY,
}


def list_cameras() -> tuple[CameraInfo, ...]:
    """Return the cameras there are now. Those that may not be opened are among them: opening says why."""
    import av
    from av.error import FFmpegError

    form = _SYSTEMS.get(sys.platform, "v4l2")
    try:
        devices = av.enumerate_input_devices(form)
    except (ValueError, OSError, FFmpegError) as error:
        log.warning("the cameras cannot be listed: %s", error)
        devices = []
    found = [(one.name, one.description) for one in devices if "video" in one.media_types or not one.media_types]
    if form == "v4l2":
        found = found or [(str(path), path.name) for path in sorted(Path("/dev").glob("video*"))]
        found = [(name, text) for name, text in found if _gives_pictures(name)]
    named = [(name, text or name) for name, text in found if not text.startswith("Capture screen")]
    prefix = f"{form}:video=" if form == "dshow" else f"{form}:"
    often = Counter(text for _, text in named)
    return tuple(CameraInfo(f"{prefix}{name}", f"{text} ({name})" if often[text] > 1 else text) for name, text in named)


def _gives_pictures(device: str) -> bool:
    """Whether a Video4Linux device may give pictures: many cameras have a second one beside, for what they measure.

    FFmpeg lists both, as it looks at what the whole camera can do (`v4l2_capability.device_caps` is the device's own).
    """
    import fcntl

    answer = bytearray(104)
    try:
        handle = os.open(device, os.O_RDWR | os.O_NONBLOCK)
    except OSError:
        return True
    try:
        fcntl.ioctl(handle, _QUERY_CAPABILITIES, answer)
    except OSError:
        return True
    finally:
        os.close(handle)
    all_of_it, own = struct.unpack_from("=II", answer, 84)
    return bool((own if all_of_it & _HAS_OWN else all_of_it) & _CAPTURES)


class Camera:
    """An open camera; iterating yields the newest picture, (height, width, 3) in RGB, until `stop` is called.

    Pictures that came while nobody asked are left out.

    Args:
        camera: an id, "FORMAT:ADDRESS", of `list_cameras`; None for the first one.

    Raises:
        EnvironmentFault: on entering CAMERA_MISSING, CAMERA_DENIED, CAMERA_BUSY or CAMERA_FAILED; while iterating
            CAMERA_LOST, it was pulled out or gave nothing for 5 seconds.
    """

    def __init__(self, camera: str | None = None) -> None:
        self._id = camera or ""
        self._changed = threading.Condition()
        self._opened = False
        self._ended = False
        self._stopping = False
        self._newest: Pixels | None = None
        self._error: MmbmError | None = None
        self._reader = threading.Thread(target=self._read, name="camera", daemon=True)

    def __enter__(self) -> Self:
        self._reader.start()
        with self._changed:
            in_time = self._changed.wait_for(lambda: self._opened or self._ended or self._stopping, OPENING_S)
            if self._error is not None:
                raise self._error
            if not in_time:
                self._stopping = True
                raise EnvironmentFault(ErrorCode.CAMERA_FAILED, "it did not open in time", name=self._id)
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()
        self._reader.join(_CLOSING_S)

    def stop(self) -> None:
        """End the iteration; any thread may call it."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    def __iter__(self) -> Iterator[Pixels]:
        while (picture := self._next()) is not None:
            yield picture

    def _next(self) -> Pixels | None:
        with self._changed:
            there = self._changed.wait_for(
                lambda: self._newest is not None or self._ended or self._stopping, SILENT_FOR_S
            )
            if self._stopping:
                return None
            picture, self._newest = self._newest, None
            if picture is None and self._error is not None:
                raise self._error
            if picture is None or not there:
                raise EnvironmentFault(ErrorCode.CAMERA_LOST, "it gave no more pictures", name=self._id)
            return picture

    # --- in the camera's own thread ------------------------------------------------------------------------------

    def _read(self) -> None:
        try:
            with _opened(self._id) as container:
                with self._changed:
                    self._opened = True
                    self._changed.notify_all()
                self._decode(container)
        except MmbmError as error:
            self._error = error
        except Exception as error:  # noqa: BLE001 - what FFmpeg and its drivers raise is told to whoever looks
            log.warning("the camera %s failed: %r", self._id, error)
            self._error = _sorted(error, self._id, opened=self._opened)
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def _decode(self, container: Any) -> None:
        from av.error import InvalidDataError

        broken = 0
        for packet in container.demux(container.streams.video[0]):
            try:
                frames = packet.decode()
            except InvalidDataError:
                broken += 1  # the first pictures of some cameras are cut off
                if broken > _BROKEN_IN_A_ROW:
                    raise
                continue
            for frame in frames:
                broken = 0
                if not self._keep(frame.to_ndarray(format="rgb24")):
                    return

    def _keep(self, picture: Pixels) -> bool:
        """Keep the newest picture; return whether more are wanted."""
        with self._changed:
            self._newest = picture
            self._changed.notify_all()
            return not self._stopping


def _opened(camera: str) -> Any:
    """Open a camera.

    Raises:
        EnvironmentFault: there is none, or it cannot be opened.
    """
    import av
    from av.error import FFmpegError

    if not camera:
        known = list_cameras()
        if not known:
            raise EnvironmentFault(ErrorCode.CAMERA_MISSING, name="")
        camera = known[0].id
    form, _, address = camera.partition(":")
    if form not in _FORMATS or not address:
        raise EnvironmentFault(ErrorCode.CAMERA_MISSING, "no such kind of camera", name=camera)
    failed: Exception | None = None
    for wishes in _WISHES.get(form, _USUAL_WISHES):
        try:
            container = av.open(address, format=form, options=wishes)
        except (OSError, ValueError, FFmpegError) as error:
            failed = error
            if getattr(error, "errno", None) in _OPENING_ERRORS:
                break
        else:
            if container.streams.video:
                return container
            container.close()
            failed = ValueError("it gives no pictures")
    raise _sorted(failed, camera, opened=False) from failed


def _sorted(error: Exception | None, camera: str, *, opened: bool) -> EnvironmentFault:
    """Return the typed error for what went wrong with a camera while or after it was opened."""
    usual = ErrorCode.CAMERA_LOST if opened else ErrorCode.CAMERA_FAILED
    code = usual if opened else _OPENING_ERRORS.get(getattr(error, "errno", None) or 0, usual)
    return EnvironmentFault(code, repr(error), name=camera)

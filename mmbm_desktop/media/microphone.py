"""The microphone, through PortAudio: lists input devices and yields what one hears as 16 kHz mono blocks.

sounddevice is imported only when a microphone is asked for: the library may be missing, and loading it takes time.
"""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.media.audio import SAMPLE_RATE_HZ
from mmbm_desktop.protocol.catalogue import MicrophoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    import numpy.typing as npt

BLOCK_S = 0.05
SILENT_FOR_S = 3.0
_QUEUED_BLOCKS = 1200
_listing = threading.Lock()
_open_streams: set[int] = set()


def list_microphones() -> tuple[MicrophoneInfo, ...]:
    """Return the input devices there are now, the system's own choice marked.

    Raises:
        EnvironmentFault: AUDIO_LIBRARY_MISSING.
    """
    portaudio = _portaudio()
    with _listing:
        _look_again(portaudio)
        try:
            devices, default = portaudio.query_devices(), portaudio.default.device[0]
        except portaudio.PortAudioError:
            return ()
    return tuple(
        MicrophoneInfo(
            name=str(device["name"]),
            channels=int(device["max_input_channels"]),
            sample_rate_hz=int(device["default_samplerate"]),
            is_default=index == default,
        )
        for index, device in enumerate(devices)
        if device["max_input_channels"] > 0
    )


def _look_again(portaudio: ModuleType) -> None:
    """Let PortAudio see devices that came or went; it lists them once, when it starts, and must not end while in use.

    WORKAROUND for https://github.com/spatialaudio/python-sounddevice/issues/379: there is no public way to do it.
    """
    if not _open_streams:
        portaudio._terminate()
        portaudio._initialize()


class Microphone:
    """An open input device; iterating yields int16 blocks of 50 ms, shape (800,), until `stop` is called.

    Args:
        device: a name from `list_microphones`; None for the system's own choice.

    Raises:
        EnvironmentFault: AUDIO_LIBRARY_MISSING; MICROPHONE_MISSING, no device or none of that name;
            MICROPHONE_FAILED, it cannot be opened, or (while iterating) it gave nothing for 3 seconds.
    """

    def __init__(self, device: str | None = None) -> None:
        portaudio = _portaudio()
        known = list_microphones()
        if not known or (device is not None and device not in {one.name for one in known}):
            raise EnvironmentFault(ErrorCode.MICROPHONE_MISSING, device=device or "")
        self._device = device or ""
        self._blocks: queue.Queue[npt.NDArray[np.float32] | None] = queue.Queue(_QUEUED_BLOCKS)
        self._stopping = threading.Event()
        chosen = next((one for one in known if one.name == device), None)
        rate = chosen.sample_rate_hz if chosen else _default_rate(portaudio)
        self._rate_hz = rate
        _open_streams.add(id(self))
        try:
            self._stream: Any = portaudio.InputStream(
                device=device,
                samplerate=rate,
                channels=1,
                dtype="float32",
                blocksize=round(rate * BLOCK_S),
                callback=self._on_block,
            )
        except (portaudio.PortAudioError, ValueError) as error:
            _open_streams.discard(id(self))
            raise EnvironmentFault(ErrorCode.MICROPHONE_FAILED, str(error), device=self._device) from error

    def __enter__(self) -> Self:
        try:
            self._stream.start()
        except Exception as error:
            self._close()
            raise EnvironmentFault(ErrorCode.MICROPHONE_FAILED, str(error), device=self._device) from error
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()
        self._close()

    def _close(self) -> None:
        self._stream.close(ignore_errors=True)
        _open_streams.discard(id(self))

    def stop(self) -> None:
        """End the iteration after what was heard so far; any thread may call it."""
        self._stopping.set()
        try:
            self._blocks.put_nowait(None)
        except queue.Full:
            return

    def __iter__(self) -> Iterator[npt.NDArray[np.int16]]:
        import soxr

        resampler = soxr.ResampleStream(self._rate_hz, SAMPLE_RATE_HZ, 1, dtype="float32", quality="HQ")
        while True:
            block = self._next_block()
            if block is None:
                return
            heard = resampler.resample_chunk(block)
            if heard.size:
                yield np.clip(np.rint(heard * 32_767.0), -32_768, 32_767).astype(np.int16)

    def _next_block(self) -> npt.NDArray[np.float32] | None:
        try:
            return self._blocks.get(timeout=SILENT_FOR_S)
        except queue.Empty:
            if self._stopping.is_set():
                return None
            raise EnvironmentFault(ErrorCode.MICROPHONE_FAILED, "it went silent", device=self._device) from None

    def _on_block(self, data: npt.NDArray[np.float32], frames: int, when: object, status: object) -> None:
        """Take a block from PortAudio's own thread; when nobody reads for a minute the newest is dropped."""
        del frames, when, status
        if self._stopping.is_set():
            return
        try:
            self._blocks.put_nowait(data[:, 0].copy())
        except queue.Full:
            return


def _default_rate(portaudio: ModuleType) -> int:
    try:
        return int(portaudio.query_devices(kind="input")["default_samplerate"])
    except (portaudio.PortAudioError, ValueError) as error:
        raise EnvironmentFault(ErrorCode.MICROPHONE_MISSING, str(error), device="") from error


def _portaudio() -> ModuleType:
    try:
        import sounddevice
    except OSError as error:
        raise EnvironmentFault(ErrorCode.AUDIO_LIBRARY_MISSING, str(error)) from error
    return sounddevice

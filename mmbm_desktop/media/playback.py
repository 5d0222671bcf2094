"""Plays a recording through PortAudio in a thread of its own, from any place in it, streaming from disk."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, MmbmError
from mmbm_desktop.media.audio import native_blocks

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

BLOCK_S = 0.05
_MOST_CHANNELS = 2


class Speaker(Protocol):
    """Where sound goes. `latency_s`: how long after `write` it is heard."""

    latency_s: float

    def write(self, frames: npt.NDArray[np.float32]) -> None:
        """Play frames (n, channels), full scale 1.0; waits while there is no room."""
        ...

    def finish(self) -> None:
        """Wait until everything was heard."""
        ...

    def close(self) -> None:
        """Stop at once; safe to call after `finish`."""
        ...


class SystemSpeaker:
    """The system's own output device.

    Raises:
        EnvironmentFault: AUDIO_LIBRARY_MISSING; SPEAKER_FAILED, there is no device, or it cannot be opened.
    """

    def __init__(self, rate_hz: int, channels: int) -> None:
        try:
            import sounddevice
        except OSError as error:
            raise EnvironmentFault(ErrorCode.AUDIO_LIBRARY_MISSING, str(error)) from error
        try:
            self._stream: Any = sounddevice.OutputStream(samplerate=rate_hz, channels=channels, dtype="float32")
            self._stream.start()
        except (sounddevice.PortAudioError, ValueError) as error:
            raise EnvironmentFault(ErrorCode.SPEAKER_FAILED, str(error)) from error
        self.latency_s = float(self._stream.latency)

    def write(self, frames: npt.NDArray[np.float32]) -> None:
        """See `Speaker.write`."""
        self._stream.write(np.ascontiguousarray(frames))

    def finish(self) -> None:
        """See `Speaker.finish`."""
        self._stream.stop()

    def close(self) -> None:
        """See `Speaker.close`."""
        self._stream.close(ignore_errors=True)


class Playback:
    """One playing of one recording: starts at once, ends by itself or by `stop`.

    Args:
        path: the recording.
        start_s: where in it to begin, in seconds.
        ended: called once in the playing thread, with the error if it was one.
        open_speaker: opens an output for (rate in Hz, channels).
        after: what must have fallen silent first; the playing thread waits for it, never the caller.
    """

    def __init__(
        self,
        path: str,
        start_s: float,
        ended: Callable[[Exception | None], None],
        open_speaker: Callable[[int, int], Speaker] = SystemSpeaker,
        after: Playback | None = None,
    ) -> None:
        self._path, self._start_s, self._ended, self._open_speaker = path, start_s, ended, open_speaker
        self._after = after
        self._stopping = threading.Event()
        self._position_s = start_s
        self._thread = threading.Thread(target=self._run, name="playback", daemon=True)
        self._thread.start()

    @property
    def position_s(self) -> float:
        """What is heard now, in seconds from the start of the recording; any thread."""
        return self._position_s

    def stop(self) -> None:
        """Fall silent within a block; returns at once."""
        self._stopping.set()

    def join(self) -> None:
        """Wait until the device is free."""
        self._thread.join()

    def _run(self) -> None:
        error: Exception | None = None
        try:
            if self._after is not None:
                self._after.join()
                self._after = None
            self._play()
        except Exception as caught:  # noqa: BLE001 - every failure travels to whoever listens
            error = caught if isinstance(caught, MmbmError) else EnvironmentFault(ErrorCode.SPEAKER_FAILED, str(caught))
        self._ended(error)

    def _play(self) -> None:
        speaker: Speaker | None = None
        played = 0
        try:
            for rate, frames in native_blocks(Path(self._path), self._start_s):
                shown = frames[:, :_MOST_CHANNELS]
                if speaker is None:
                    speaker = self._open_speaker(rate, shown.shape[1])
                size = max(1, round(rate * BLOCK_S))
                for first in range(0, len(shown), size):
                    if self._stopping.is_set():
                        return
                    part = shown[first : first + size]
                    speaker.write(part)
                    played += len(part)
                    self._position_s = self._start_s + max(0.0, played / rate - speaker.latency_s)
            if speaker is not None:
                speaker.finish()
        finally:
            if speaker is not None:
                speaker.close()

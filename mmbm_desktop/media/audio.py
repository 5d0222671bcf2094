"""Streams any recording from disk as 16 kHz mono, block by block: an hour costs no more memory than a minute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mmbm_desktop.base.errors import ErrorCode, InputFault, MmbmError
from mmbm_desktop.base.files import os_errors_sorted
from mmbm_desktop.media.formats import FileKind, recognise

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy.typing as npt

SAMPLE_RATE_HZ = 16_000
_READ_FRAMES = 1 << 16


@dataclass(frozen=True)
class AudioFacts:
    """What the header of a recording says."""

    duration_s: float
    sample_rate_hz: int
    channels: int
    format: str


def probe_audio(path: Path) -> AudioFacts:
    """Read a recording's header.

    Raises:
        InputFault: FILE_NOT_FOUND, FILE_EMPTY, UNSUPPORTED_TYPE, AUDIO_BROKEN, AUDIO_EMPTY.
    """
    _check(path)
    import soundfile

    try:
        info = soundfile.info(str(path))
    except soundfile.SoundFileError:
        return _probe_with_ffmpeg(path)
    if not info.frames:
        raise InputFault(ErrorCode.AUDIO_EMPTY, path=str(path))
    return AudioFacts(info.frames / info.samplerate, info.samplerate, info.channels, info.format)


def blocks_16k(path: Path, block_s: float = 0.5) -> Iterator[npt.NDArray[np.int16]]:
    """Yield int16 mono blocks at 16 kHz of `block_s` seconds, the last one shorter; channels are averaged.

    Raises:
        InputFault: see `probe_audio`; also AUDIO_NOT_FINITE when a sample is NaN or infinite.
    """
    heard = False
    for block in _regular_blocks(_resampled(path), round(block_s * SAMPLE_RATE_HZ)):
        heard = True
        yield np.clip(np.rint(block * 32_767.0), -32_768, 32_767).astype(np.int16)
    if not heard:
        raise InputFault(ErrorCode.AUDIO_EMPTY, path=str(path))


def native_blocks(path: Path, start_s: float = 0.0) -> Iterator[tuple[int, npt.NDArray[np.float32]]]:
    """Yield (sample rate, float frames (n, channels), full scale 1.0) as the file has them, a second or two at a time.

    What lies before `start_s` seconds is left out.

    Raises:
        InputFault: see `blocks_16k`.
    """
    _check(path)
    for rate, frames in _decoded(path, start_s):
        if not np.isfinite(frames).all():
            raise InputFault(ErrorCode.AUDIO_NOT_FINITE, path=str(path))
        yield rate, frames


def _check(path: Path) -> None:
    if recognise(path) is not FileKind.RECORDING:
        raise InputFault(ErrorCode.UNSUPPORTED_TYPE, path=str(path), suffix=path.suffix.lower())


def _resampled(path: Path) -> Iterator[npt.NDArray[np.float32]]:
    import soxr

    stream: soxr.ResampleStream | None = None
    for rate, frames in native_blocks(path):
        if stream is None:
            stream = soxr.ResampleStream(rate, SAMPLE_RATE_HZ, 1, dtype="float32")
        yield stream.resample_chunk(np.ascontiguousarray(frames.mean(axis=1), np.float32))
    if stream is not None:
        yield stream.resample_chunk(np.zeros(0, np.float32), last=True)


def _decoded(path: Path, start_s: float = 0.0) -> Iterator[tuple[int, npt.NDArray[Any]]]:
    """Yield (sample rate, float frames of shape (n, channels)); libsndfile first, FFmpeg for what it does not read."""
    import soundfile

    try:
        file = soundfile.SoundFile(str(path))
    except soundfile.SoundFileError:
        yield from _after(start_s, _decoded_with_ffmpeg(path))
        return
    with file:
        try:
            if start_s > 0:
                file.seek(min(round(start_s * file.samplerate), file.frames))
            while len(frames := file.read(_READ_FRAMES, dtype="float32", always_2d=True)):
                yield file.samplerate, frames
        except soundfile.SoundFileError as error:
            raise _broken(path, error) from error


def _after(start_s: float, blocks: Iterator[tuple[int, npt.NDArray[Any]]]) -> Iterator[tuple[int, npt.NDArray[Any]]]:
    """Leave out what lies before `start_s`: decoding it is the only way to know where that is."""
    passed = 0
    for rate, frames in blocks:
        skip = max(0, round(start_s * rate) - passed)
        passed += len(frames)
        if skip < len(frames):
            yield rate, frames[skip:]


def _decoded_with_ffmpeg(path: Path) -> Iterator[tuple[int, npt.NDArray[Any]]]:
    import av
    from av.audio.resampler import AudioResampler
    from av.error import FFmpegError

    try:
        with os_errors_sorted(path), av.open(str(path)) as container:
            if not container.streams.audio:
                raise InputFault(ErrorCode.AUDIO_EMPTY, path=str(path))
            stream = container.streams.audio[0]
            plain = AudioResampler(format="flt", layout="mono")
            for frame in container.decode(stream):
                for part in plain.resample(frame):
                    yield part.sample_rate, part.to_ndarray().reshape(-1, 1)
    except FFmpegError as error:
        raise _broken(path, error) from error


def _probe_with_ffmpeg(path: Path) -> AudioFacts:
    import av
    from av.error import FFmpegError

    try:
        with os_errors_sorted(path), av.open(str(path)) as container:
            if not container.streams.audio:
                raise InputFault(ErrorCode.AUDIO_EMPTY, path=str(path))
            stream = container.streams.audio[0]
            seconds = (container.duration or 0) / av.time_base
            return AudioFacts(seconds, stream.rate or 0, stream.channels, container.format.name)
    except FFmpegError as error:
        raise _broken(path, error) from error


def _broken(path: Path, error: Exception) -> MmbmError:
    return InputFault(ErrorCode.AUDIO_BROKEN, f"{type(error).__name__}: {error}", path=str(path))


def _regular_blocks(pieces: Iterator[npt.NDArray[np.float32]], size: int) -> Iterator[npt.NDArray[np.float32]]:
    kept = np.zeros(0, np.float32)
    for piece in pieces:
        kept = np.concatenate([kept, piece]) if kept.size else piece
        whole = kept.size - kept.size % size
        for start in range(0, whole, size):
            yield kept[start : start + size]
        kept = kept[whole:]
    if kept.size:
        yield kept

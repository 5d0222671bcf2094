"""Cuts a stream of sound into stretches of speech at its pauses. Holds at most one stretch in memory."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from pocketsphinx import Vad

if TYPE_CHECKING:
    import numpy.typing as npt

    Pcm = npt.NDArray[np.int16]

SAMPLE_RATE_HZ = 16_000
FRAME_SAMPLES = 480  # 30 ms, the longest frame the detector takes
FRAME_S = FRAME_SAMPLES / SAMPLE_RATE_HZ


@dataclass(frozen=True)
class SplitOptions:
    """When speech begins and ends. All times in seconds."""

    strictness: int = Vad.MEDIUM_STRICT  # looser modes take hum and wind for speech
    quietest_rms: float = 33.0  # of 32768, -60 dBFS: the detector alone hears words in the dither of silence
    onset_s: float = 0.09  # shorter bursts are clicks
    least_voiced_s: float = 0.18  # no English word is shorter
    lead_s: float = 0.3  # silence kept before speech: PocketSphinx misses first words without it
    longest_s: float = 12.0  # bounds memory, and the time of the one step that cannot be cancelled
    pauses: tuple[tuple[float, float], ...] = ((8.0, 0.12), (5.0, 0.3), (0.0, 0.7))
    """(from this length on, such a pause ends the stretch): the longer it is, the shorter the pause that ends it."""

    def pause_s(self, length_s: float) -> float:
        """Return the pause that ends a stretch of the given length."""
        return next(pause for start, pause in self.pauses if length_s >= start)


@dataclass(frozen=True)
class Stretch:
    """A stretch of speech, with the pauses around it; `start_s` counts from the beginning of the stream."""

    start_s: float
    pcm: Pcm

    @property
    def end_s(self) -> float:
        """Where it ends, in seconds from the beginning of the stream."""
        return self.start_s + len(self.pcm) / SAMPLE_RATE_HZ


@dataclass
class _Open:
    """The stretch that is still growing, frame by frame."""

    first_frame: int
    frames: list[Pcm]
    voiced: int
    silent_run: int = 0
    loudness: list[float] = field(default_factory=list)


class SpeechSplitter:
    """Takes 16 kHz mono int16 sound in pieces of any length and gives back stretches as they end."""

    def __init__(self, options: SplitOptions | None = None) -> None:
        self._options = options or SplitOptions()
        self._detector = Vad(mode=self._options.strictness, sample_rate=SAMPLE_RATE_HZ, frame_length=FRAME_S)
        self._rest: Pcm = np.empty(0, np.int16)
        self._frames_seen = 0
        self._lead: deque[tuple[Pcm, bool]] = deque(maxlen=_frames(self._options.lead_s + self._options.onset_s))
        self._open: _Open | None = None

    def push(self, pcm: Pcm) -> list[Stretch]:
        """Take more sound and return the stretches that it ended."""
        sound = np.concatenate([self._rest, pcm]) if len(self._rest) else pcm
        whole = len(sound) - len(sound) % FRAME_SAMPLES
        self._rest = sound[whole:].copy()
        ended = (self._take(frame) for frame in sound[:whole].reshape(-1, FRAME_SAMPLES))
        return [stretch for stretch in ended if stretch]

    def finish(self) -> list[Stretch]:
        """Return the stretch that was still open at the end of the stream, if any."""
        last = np.zeros(FRAME_SAMPLES, np.int16)
        last[: len(self._rest)] = self._rest
        ended = [self._take(last)] if len(self._rest) else []
        self._rest = np.empty(0, np.int16)
        return [stretch for stretch in [*ended, self._close()] if stretch]

    def growing(self) -> Stretch | None:
        """Return the part of the open stretch that is already known; None between stretches."""
        if not self._open or self._open.voiced < _frames(self._options.least_voiced_s):
            return None
        return self._stretch(self._open)

    def _take(self, frame: Pcm) -> Stretch | None:
        loudness = float(np.sqrt(np.mean(np.square(frame, dtype=np.float32))))
        voiced = loudness >= self._options.quietest_rms and self._detector.is_speech(frame.tobytes())
        self._frames_seen += 1
        if self._open is None:
            self._lead.append((frame.copy(), voiced))
            self._open_after_onset()
            return None
        self._open.frames.append(frame.copy())
        self._open.loudness.append(loudness)
        self._open.voiced += voiced
        self._open.silent_run = 0 if voiced else self._open.silent_run + 1
        length_s = len(self._open.frames) * FRAME_S
        if self._open.silent_run * FRAME_S >= self._options.pause_s(length_s):
            return self._close()
        return self._cut(self._open) if length_s >= self._options.longest_s else None

    def _open_after_onset(self) -> None:
        onset = _frames(self._options.onset_s)
        if len(self._lead) < onset or not all(voiced for _, voiced in list(self._lead)[-onset:]):
            return
        frames = [frame for frame, _ in self._lead]
        self._open = _Open(self._frames_seen - len(frames), frames, onset, loudness=[np.inf] * len(frames))
        self._lead.clear()

    def _close(self) -> Stretch | None:
        ended, self._open = self._open, None
        if ended is None or ended.voiced < _frames(self._options.least_voiced_s):
            return None
        return self._stretch(ended)

    def _cut(self, whole: _Open) -> Stretch:
        """End a stretch without a pause at its quietest frame of the last two seconds; the rest stays open."""
        tail = _frames(2.0)
        keep = len(whole.frames) - tail + int(np.argmin(whole.loudness[-tail:])) + 1
        rest = whole.frames[keep:]
        self._open = _Open(whole.first_frame + keep, rest, len(rest), loudness=whole.loudness[keep:])
        return self._stretch(_Open(whole.first_frame, whole.frames[:keep], whole.voiced))

    @staticmethod
    def _stretch(part: _Open) -> Stretch:
        return Stretch(part.first_frame * FRAME_S, np.concatenate(part.frames))


def _frames(seconds: float) -> int:
    return max(1, round(seconds / FRAME_S))

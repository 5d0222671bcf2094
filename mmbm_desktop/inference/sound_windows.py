"""Log-mel frames of a stream cut into windows, each a row of patches, the same in training and in use."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from mmbm_desktop.media.mel import FRAMES_PER_SECOND, LOG_OFFSET, MEL_BANDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class WindowRules:
    """How a stream is cut; all lengths in frames of 10 ms.

    Attributes:
        patch: length of a patch.
        window: length of a window, whole patches.
        hop: from the start of a window to that of the next.
    """

    patch: int = 96
    window: int = 480
    hop: int = 240

    @classmethod
    def of(cls, preprocessing: Mapping[str, Any]) -> WindowRules:
        """Read the `sound` entry of a manifest's `preprocessing`.

        Raises:
            ValueError: a length is missing, no number, or makes no sense beside the others.
        """
        try:
            sound = preprocessing["sound"]
            rules = cls(*(int(sound[name]) for name in ("patch_frames", "window_frames", "hop_frames")))
        except (KeyError, TypeError) as error:
            raise ValueError(f"preprocessing.sound: {error!r}") from error
        if not 0 < rules.patch <= rules.window or not 0 < rules.hop <= rules.window or rules.window % rules.patch:
            raise ValueError(f"preprocessing.sound: {rules}")
        return rules


@dataclass(frozen=True)
class Window:
    """Patches (P, frames, bands) of a stretch of sound from `start_s` to `end_s`."""

    patches: Floats
    start_s: float
    end_s: float


@dataclass
class Windows:
    """The windows of a stream whose frames arrive piece by piece; holds no more than one window of them."""

    rules: WindowRules
    _kept: list[Floats] = field(default_factory=list)
    _start: int = 0
    _fresh: int = 0

    def push(self, frames: Floats) -> Iterator[Window]:
        """Yield the windows that the next frames, (T, bands), complete."""
        self._kept.append(frames)
        self._fresh += len(frames)
        if sum(len(piece) for piece in self._kept) < self.rules.window:
            return
        held = np.concatenate(self._kept)
        while len(held) >= self.rules.window:
            yield self._window(held[: self.rules.window])
            held = held[self.rules.hop :]
            self._start += self.rules.hop
            self._fresh = max(0, len(held) - (self.rules.window - self.rules.hop))
        self._kept = [held]

    def finish(self) -> Iterator[Window]:
        """Yield the window of what is left, unless that is less than half a patch that no window has covered."""
        held = np.concatenate(self._kept) if self._kept else np.zeros((0, MEL_BANDS), np.float32)
        if self._fresh >= self.rules.patch // 2 or (not self._start and len(held)):
            yield self._window(held)

    def _window(self, frames: Floats) -> Window:
        end = self._start + len(frames)
        return Window(patched(frames, self.rules.patch), self._start / FRAMES_PER_SECOND, end / FRAMES_PER_SECOND)


def patched(frames: Floats, size: int) -> Floats:
    """Return frames (T, bands) as patches (P, size, bands): a last one less than half full is dropped or filled up.

    It is dropped where there are others. Filled up is with digital silence.
    """
    count = max(1, (len(frames) + size // 2) // size)
    whole = np.full((count * size, frames.shape[1]), np.log(LOG_OFFSET), np.float32)
    kept = min(len(frames), len(whole))
    whole[:kept] = frames[:kept]
    return whole.reshape(count, size, -1)


def windows_of(frames: Floats, rules: WindowRules) -> list[Window]:
    """Return all windows of a whole recording's frames, (T, bands)."""
    windows = Windows(rules)
    return [*windows.push(frames), *windows.finish()]

"""What networks said of sounds they were not trained on: accuracy, precision, and the fit of a run's calibration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mmbm_desktop.inference.calibrated import calibrated
from mmbm_desktop.networks.tensors import to_numpy
from mmbm_desktop.training.data.silence import silent_window
from mmbm_desktop.training.metrics.calibration import fit_classes
from mmbm_desktop.training.metrics.reliability import reliability
from mmbm_desktop.training.metrics.tagging import accuracy, mean_average_precision

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from mmbm_desktop.inference.sound_windows import WindowRules
    from mmbm_desktop.networks.sound_tagger import SoundTagger
    from mmbm_desktop.training.recipes.sounds_data import SoundsData

    Floats = npt.NDArray[np.float32]

_AT_ONCE = 32
_SILENCES = 60
_LIKELY = 0.1
"""Probabilities below say "no" of a sound that is hardly ever there; they would hide the error of the others."""


@dataclass(frozen=True)
class HeldOut:
    """Scores of sounds by networks that were trained without them, and of silence that was made for this.

    Attributes:
        rows: numbers of the sounds, (N,).
        scores: of them, (N, classes).
        silences: scores of silent windows, (M, classes).
    """

    rows: npt.NDArray[np.int64]
    scores: Floats
    silences: Floats

    @classmethod
    def of(cls, data: SoundsData, scores: Floats, network: SoundTagger, rules: WindowRules) -> HeldOut:
        """Take those of all sounds' scores, (sounds, classes), that are there: the others are below 0."""
        rows = np.flatnonzero(scores.min(axis=1) >= 0)
        random = np.random.default_rng(1)
        remote = [_some_window(data, row, rules) for row in random.choice(rows, _SILENCES)] if len(rows) else []
        silent = [silent_window(rules.window, one, random).reshape(-1, rules.patch, one.shape[-1]) for one in remote]
        return cls(rows, scores[rows], scores_of(network, silent))

    def numbers(self, data: SoundsData, part: int = 0) -> dict[str, float]:
        """Return accuracy and mean average precision of the run's own sounds among their own classes.

        Args:
            data: the run's.
            part: only of the sounds of this part; of all for 0.
        """
        own = np.array([r < data.own and part in (0, data.sounds[r].part) for r in self.rows], bool)
        if not own.any():
            return {}
        columns = [data.classes.index(name) for name in data.own_classes]
        scores, right = self.scores[own][:, columns], data.labels(self.rows[own])[:, columns]
        numbers = {
            "accuracy": accuracy(scores, right.argmax(axis=1)),
            "mean average precision": mean_average_precision(scores, right > 0),
        }
        parts = sorted({data.sounds[r].part for r in self.rows[own]}) if not part else []
        by_part = np.array([data.sounds[r].part for r in self.rows[own]])
        for one in parts:
            inside = by_part == one
            numbers[f"accuracy of fold {one}"] = accuracy(scores[inside], right[inside].argmax(axis=1))
        return numbers

    def calibration(self, data: SoundsData) -> dict[str, Any]:
        """Return the manifest's `calibration`, fitted on all that was held out, and the error of likely sounds."""
        scores = np.concatenate([self.scores, self.silences])
        right = np.zeros(scores.shape, bool)
        right[: len(self.rows)] = data.labels(self.rows) > 0
        right[len(self.rows) :, -1] = True
        fitted = fit_classes(scores, right)
        shown = calibrated(scores, np.array(fitted["slope"]), np.array(fitted["offset"]))
        likely = shown >= _LIKELY
        error = reliability(shown[likely], right[likely]).error if likely.any() else 0.0
        return {**fitted, "expected_error": round(error, 5)}


def _some_window(data: SoundsData, row: int, rules: WindowRules) -> Floats:
    patches = data.windows(row, rules)[0].patches
    whole = np.tile(patches, (rules.window // rules.patch // len(patches) + 1, 1, 1))
    return whole[: rules.window // rules.patch].reshape(rules.window, -1)


def tagged(network: SoundTagger, windows: Sequence[Sequence[Floats]], *, encoded: bool = False) -> Floats:
    """Return the scores of sounds, (sounds, classes): of each class the highest of a sound's windows.

    Args:
        network: the tagger.
        windows: of each sound, patches (P, frames, bands), or their features (P, dim).
        encoded: whether they are features.
    """
    scores = scores_of(network, [window for some in windows for window in some], encoded=encoded)
    if not windows:
        return scores
    ends = np.cumsum([len(some) for some in windows])
    return np.stack([scores[end - len(some) : end].max(axis=0) for some, end in zip(windows, ends, strict=True)])


def scores_of(network: SoundTagger, windows: Sequence[Floats], *, encoded: bool = False) -> Floats:
    """Return the scores of windows of any lengths, (windows, classes); those of a length are run together."""
    out = np.zeros((len(windows), len(network.config.classes)), np.float32)
    for some, batch in by_length(windows):
        scores = network.head(batch, training=False) if encoded else network(batch, training=False)["scores"]
        out[some] = to_numpy(scores)
    return out


def encoded_windows(network: SoundTagger, windows: Sequence[Floats]) -> list[Floats]:
    """Return the features, (P, dim), of every window's patches."""
    out: list[Floats] = [np.zeros(0, np.float32)] * len(windows)
    for some, batch in by_length(windows):
        for index, features in zip(some, to_numpy(network.encode(batch, training=False)), strict=True):
            out[index] = features
    return out


def by_length(windows: Sequence[Floats]) -> Iterator[tuple[npt.NDArray[np.int64], Floats]]:
    """Yield the numbers of windows that are equally long and the windows, a few at once."""
    lengths = np.array([len(window) for window in windows], np.int64)
    for length in np.unique(lengths):
        alike = np.flatnonzero(lengths == length)
        for begin in range(0, len(alike), _AT_ONCE):
            some = alike[begin : begin + _AT_ONCE]
            yield some, np.stack([windows[index] for index in some])

"""Features of every sound by a network that labels no longer change: computed once, for every fold and every step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mmbm_desktop.training.recipes.sounds_held_out import encoded_windows

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from mmbm_desktop.inference.sound_windows import WindowRules
    from mmbm_desktop.networks.sound_tagger import SoundTagger
    from mmbm_desktop.training.recipes.sounds_batches import SoundBatches
    from mmbm_desktop.training.recipes.sounds_data import SoundsData

    Floats = npt.NDArray[np.float32]

_EACH_CLASS = 240
_AT_ONCE = 48


@dataclass(frozen=True)
class FeatureBank:
    """Windows' features.

    Attributes:
        features: of changed windows, (N, P, dim).
        labels: of them, (N, classes).
        rows: number of the sound that each was cut from, (N,).
        whole: of each sound's windows as they are cut in use.
    """

    features: Floats
    labels: Floats
    rows: npt.NDArray[np.int64]
    whole: list[list[Floats]]

    def batch(
        self, rows: Sequence[int], count: int, random: np.random.Generator
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return features and labels of `count` windows of these sounds, every class as likely as the others."""
        inside = np.isin(self.rows, rows)
        by_class = [np.flatnonzero(inside & (column > 0)) for column in self.labels.T]
        filled = [places for places in by_class if len(places)]
        chosen = [random.choice(filled[random.integers(len(filled))]) for _ in range(count)]
        return {"features": self.features[chosen]}, {"labels": self.labels[chosen]}


def make_bank(
    network: SoundTagger, data: SoundsData, batches: SoundBatches, rules: WindowRules, seed: int
) -> FeatureBank:
    """Encode every sound as it is, and changed: a few times each, rare sounds more often.

    A sound is mixed with sounds of its own part alone, so that a fold that is left out is left out of mixtures too.
    """
    random = np.random.default_rng((seed, 99))
    windows = [[window.patches for window in data.windows(row, rules)] for row in range(len(data.sounds))]
    flat = encoded_windows(network, [window for some in windows for window in some])
    ends = np.cumsum([len(some) for some in windows])
    whole = [flat[end - len(some) : end] for some, end in zip(windows, ends, strict=True)]
    features, labels, numbers = _unchanged(data, whole, rules)
    counts = {name: sum(sound.label == name for sound in data.sounds) for name in data.classes}
    for part in sorted({sound.part for sound in data.sounds}):
        inside = [row for row, sound in enumerate(data.sounds) if sound.part == part]
        often = [row for row in inside for _ in range(-(-_EACH_CLASS // counts[data.sounds[row].label]))]
        order = random.permutation(np.array(often))
        for begin in range(0, len(order), _AT_ONCE):
            some = order[begin : begin + _AT_ONCE]
            patches, named = batches.changed(some, random)
            features += encoded_windows(network, list(patches))
            labels += list(named)
            numbers += [int(row) for row in some]
    return FeatureBank(np.stack(features), np.stack(labels), np.array(numbers), whole)


def _unchanged(
    data: SoundsData, whole: list[list[Floats]], rules: WindowRules
) -> tuple[list[Floats], list[Floats], list[int]]:
    """Return each sound's first window, repeated to a whole one, with its labels and its number."""
    count = rules.window // rules.patch
    features = [np.resize(windows[0], (count, windows[0].shape[1])) for windows in whole]
    return features, list(data.labels(range(len(whole)))), list(range(len(whole)))

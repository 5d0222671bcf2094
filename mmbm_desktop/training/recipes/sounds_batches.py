"""The batches of a sounds run: windows cut anywhere, changed, mixed, and what the teacher makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mmbm_desktop.training.data.made_sounds import made_sound
from mmbm_desktop.training.data.silence import silent_window
from mmbm_desktop.training.data.sound_augment import Strength, added, cut_anywhere, masked, varied

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from mmbm_desktop.inference.sound_windows import WindowRules
    from mmbm_desktop.training.recipe_rules import SoundsOptions
    from mmbm_desktop.training.recipes.sounds_data import SoundsData
    from mmbm_desktop.training.sound_teacher import SoundTeacher

    Floats = npt.NDArray[np.float32]
    Batch = tuple[dict[str, Any], dict[str, Any]]

_DISTIL = Strength(colour_db=10.0, bands=4, pace=0.25, reversed_share=0.25, masked_frames=30, masked_bands=12)
_LABELS = Strength()
_PROBED = 512
_MADE = 0.3
"""Share of patches to distil that no recording was cut for."""
_MASKED = 3
"""Every so many-th window is masked while distilling: the teacher hears the same masks (Beyer et al. 2022)."""


class SoundBatches:
    """Makes batches of one run's data.

    Attributes:
        scale: what each of the teacher's features is divided by, (dim,).
    """

    def __init__(
        self, data: SoundsData, rules: WindowRules, options: SoundsOptions, teacher: SoundTeacher | None
    ) -> None:
        self._data, self._rules, self._options, self._teacher = data, rules, options, teacher
        self.scale = self._scale() if teacher else np.ones(0, np.float32)

    def _scale(self) -> Floats:
        """Return the root mean square of each feature over some patches, a little more for those that never fire."""
        random = np.random.default_rng(0)
        rows = random.choice(self._data.distilled_rows, _PROBED)
        features = self._taught(np.stack([self._cut(row, self._rules.patch, random, _DISTIL) for row in rows]))
        return np.sqrt((features**2).mean(axis=0)) + np.float32(0.05)

    def distilled(self, rows: Sequence[int], count: int, random: np.random.Generator) -> Batch:
        """Return single patches, (count, 1, frames, bands), half of them of two sounds, and the teacher's features."""
        chosen = self._balanced(rows, count, random)
        patches = np.stack(
            [
                made_sound(self._rules.patch, random)
                if random.random() < _MADE
                else self._cut(row, self._rules.patch, random, _DISTIL)
                for row in chosen
            ]
        )
        patches = varied(patches, _DISTIL, random)
        half = count // 2
        others = patches[random.permutation(count)[:half]]
        patches[:half] = added(patches[:half], others, random.uniform(-12.0, 6.0, half).astype(np.float32))
        patches[::_MASKED] = masked(patches[::_MASKED], _DISTIL, random)
        return {"patches": patches[:, None]}, {"teacher": self._taught(patches)[:, None] / self.scale}

    def labelled(self, rows: Sequence[int], count: int, random: np.random.Generator) -> Batch:
        """Return windows, (count, P, frames, bands), as many of each class, silence among them, and their labels."""
        chosen = self._balanced(rows, count, random)
        patches, labels = self.changed(chosen, random)
        targets: dict[str, Any] = {"labels": labels}
        if self._teacher is not None:
            taught = self._taught(patches.reshape(-1, *patches.shape[2:]))
            targets["teacher"] = taught.reshape(*patches.shape[:2], -1) / self.scale
        return {"patches": patches}, targets

    def changed(self, chosen: npt.NDArray[np.int64], random: np.random.Generator) -> tuple[Floats, Floats]:
        """Return a window of each chosen sound, (rows, P, frames, bands), changed and maybe mixed, and its labels."""
        count = len(chosen)
        windows = np.stack([self._cut(row, self._rules.window, random, _LABELS) for row in chosen])
        windows, labels = varied(windows, _LABELS, random), self._data.labels(chosen)
        mixed = round(count * self._options.mixed)
        others = random.permutation(count)[:mixed]
        second, named = windows[others], labels[others]
        windows[:mixed] = added(windows[:mixed], second, random.uniform(-9.0, 3.0, mixed).astype(np.float32))
        labels[:mixed] = np.maximum(labels[:mixed], named)
        masked(windows, _LABELS, random)
        silent = random.random(count) < 1 / len(self._data.classes)
        for row in np.flatnonzero(silent):
            windows[row] = silent_window(self._rules.window, windows[row], random)
            labels[row] = 0.0
            labels[row, -1] = 1.0
        return windows.reshape(count, -1, self._rules.patch, windows.shape[-1]), labels

    def _balanced(self, rows: Sequence[int], count: int, random: np.random.Generator) -> npt.NDArray[np.int64]:
        """Return `count` sounds, every class as likely as the others."""
        by_class = self._data.rows_by_class(rows)
        return np.array([random.choice(by_class[random.integers(len(by_class))]) for _ in range(count)])

    def _cut(self, row: int, count: int, random: np.random.Generator, strength: Strength) -> Floats:
        return cut_anywhere(self._data.frames(int(row)), count, random, strength.pace)

    def _taught(self, patches: Floats) -> Floats:
        assert self._teacher is not None  # noqa: S101 - only called where a batch has a teacher
        return self._teacher.features(patches)

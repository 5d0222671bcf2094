"""Which settings a search tries for a recipe, and which recipes a learning rate cannot be found for. Data alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mmbm_desktop.protocol.training import SettingValue


@dataclass(frozen=True)
class TriedSetting:
    """A setting and what is tried of it: one of `values`, or a number between `lowest` and `highest`.

    Attributes:
        name: a field of `RunSettings`, else an option of the recipe.
        values: to choose from; numbers are evenly likely.
        lowest: of the numbers in between.
        highest: of them.
        logarithmic: spread evenly over the number's logarithm.
        relative: the numbers are factors of the run's own value, which suits its preset.
        presets: for which it means something; all where empty.
    """

    name: str
    values: tuple[SettingValue, ...] = ()
    lowest: float = 0.0
    highest: float = 0.0
    logarithmic: bool = False
    relative: bool = False
    presets: tuple[str, ...] = ()


RATE, BATCH, DECAY = "learning_rate", "batch", "weight_decay"
_RATE = TriedSetting(RATE, lowest=0.2, highest=5.0, logarithmic=True, relative=True)
_BATCH = TriedSetting(BATCH, values=(0.5, 1.0, 2.0), relative=True)
_DECAY = TriedSetting(DECAY, lowest=0.005, highest=0.5, logarithmic=True)
_USUAL = (_RATE, _BATCH, _DECAY)
_LOOKING = ("fine-tune", "tiny-cnn", "residual")

TRIED: Mapping[str, tuple[TriedSetting, ...]] = {
    "image-text": _USUAL,
    "caption-reward": (_RATE, TriedSetting("kl", lowest=0.03, highest=0.3, logarithmic=True)),
    "picture-classes": (
        *_USUAL,
        TriedSetting("head", values=("linear", "mlp"), presets=("frozen", "fine-tune")),
        TriedSetting("label_smoothing", values=(0.0, 0.1, 0.2)),
        TriedSetting("augmentation", lowest=0.5, highest=1.5, presets=_LOOKING),
    ),
    "sounds": (*_USUAL, TriedSetting("mixed", lowest=0.0, highest=0.6)),
    "speech-commands": (
        *_USUAL,
        TriedSetting("joined", lowest=0.2, highest=0.6),
        TriedSetting("speed", lowest=0.1, highest=0.3),
    ),
    "translation": _USUAL,
    "q-table": (
        TriedSetting(RATE, lowest=0.25, highest=2.5, logarithmic=True, relative=True),
        TriedSetting("exploration", lowest=0.2, highest=0.8),
    ),
    "deep-q": (
        _RATE,
        _BATCH,
        TriedSetting("exploration", lowest=0.1, highest=0.6),
        TriedSetting("target_updates", values=(100, 250, 500, 1000)),
    ),
}
"""By recipe; the first trial of a search is always what the person has set."""

NO_RANGE_TEST: Mapping[str, str] = {"caption-reward": "reward", "q-table": "acts", "deep-q": "acts"}
"""Recipes without a learning-rate finder, and why: an agent acts before it learns; a reward's loss need not fall."""


def tried_for(recipe: str, preset: str) -> tuple[TriedSetting, ...]:
    """Return the settings that a search tries for a preset of a recipe."""
    return tuple(one for one in TRIED.get(recipe, ()) if not one.presets or preset in one.presets)

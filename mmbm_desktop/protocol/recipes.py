"""What can be trained, as plain data for the window and the command line: recipes, presets, settings and their ranges.

`training/recipe_rules.py` says what a spec may contain; a test holds the two together. Nothing here is translated: the
words for recipes and settings are made in `gui` and `cli`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mmbm_desktop.protocol.dataset import DataKind

if TYPE_CHECKING:
    from mmbm_desktop.protocol.training import SettingValue


@dataclass(frozen=True)
class PresetInfo:
    """A size of a recipe's network with the settings that suit it. `weight_decay` None: its optimiser has none."""

    name: str
    epochs: int
    learning_rate: float
    batch: int
    weight_decay: float | None = 0.05


@dataclass(frozen=True)
class OptionInfo:
    """A setting of a recipe.

    Attributes:
        name: as in a spec's `options`.
        default: decides its type as well.
        lowest: of a number.
        highest: of a number.
        choices: of a text; any where empty.
        expert: belongs into the expert drawer.
    """

    name: str
    default: SettingValue
    lowest: float | None = None
    highest: float | None = None
    choices: tuple[str, ...] = ()
    expert: bool = False


@dataclass(frozen=True)
class RecipeInfo:
    """A recipe: the data it learns from, its presets (the usual one first) and its settings.

    `kinds` empty: it needs no data folder. `one_device`: its steps cannot be shared out among several GPUs.
    """

    name: str
    kinds: tuple[DataKind, ...]
    presets: tuple[PresetInfo, ...]
    options: tuple[OptionInfo, ...] = ()
    one_device: bool = False

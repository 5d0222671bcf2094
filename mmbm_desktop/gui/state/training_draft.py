"""What a person is about to train: the form's values, what is wrong with them, and the settings they make. No Qt."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.protocol.dataset import Severity
from mmbm_desktop.protocol.training import RunSettings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from mmbm_desktop.protocol.dataset import DataReport, Finding
    from mmbm_desktop.protocol.recipes import OptionInfo, PresetInfo, RecipeInfo
    from mmbm_desktop.protocol.training import SettingValue

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
"""As in a spec."""
_LONGEST_SUGGESTION = 40


class Obstacle(StrEnum):
    """Why a run cannot start yet."""

    NO_RECIPE = "no-recipe"
    NO_DATA = "no-data"
    EXAMINING = "examining"
    BLOCKED = "blocked"
    UNFIT = "unfit"
    NAME = "name"


@dataclass
class Draft:
    """The form's values. None of a number: the preset's own."""

    recipe: RecipeInfo | None = None
    preset: PresetInfo | None = None
    name: str = ""
    device: str = "auto"
    epochs: int | None = None
    learning_rate: float | None = None
    batch: int | None = None
    seed: int = 1
    options: dict[str, SettingValue] = field(default_factory=dict)
    patience: int = 0
    min_delta: float = 0.0
    weight_decay: float | None = None

    @property
    def needs_data(self) -> bool:
        """Whether the recipe learns from a folder."""
        return self.recipe is None or bool(self.recipe.kinds)

    def option(self, info: OptionInfo) -> SettingValue:
        """Return the value of an option, the recipe's own where none was chosen."""
        return self.options.get(info.name, info.default)

    def obstacle(self, data: str, report: DataReport | None, *, examining: bool) -> Obstacle | None:
        """Return the first thing that keeps the run from starting."""
        if self.needs_data:
            if examining:
                return Obstacle.EXAMINING
            if not data or report is None:
                return Obstacle.NO_DATA
            if blockers(report):
                return Obstacle.BLOCKED
        if self.recipe is None:
            return Obstacle.NO_RECIPE
        if self.needs_data and report is not None and self.recipe.name not in report.recipes:
            return Obstacle.UNFIT
        return None if _NAME.fullmatch(self.name) else Obstacle.NAME

    def settings(self, data: str) -> RunSettings:
        """Return the settings of the run; what is the recipe's own anyway is left to it."""
        recipe, preset = self.recipe, self.preset
        defaults = {info.name: info.default for info in recipe.options} if recipe is not None else {}
        return RunSettings(
            recipe=recipe.name if recipe is not None else "",
            data=data if self.needs_data else "",
            name=self.name,
            preset=preset.name if preset is not None else None,
            epochs=self.epochs,
            learning_rate=self.learning_rate,
            batch=self.batch,
            seed=self.seed,
            device=self.device,
            options={name: one for name, one in self.options.items() if name in defaults and one != defaults[name]},
            patience=self.patience if self.needs_data else 0,
            min_delta=self.min_delta if self.needs_data and self.patience else 0.0,
            weight_decay=self.weight_decay,
        )


def draft_of(settings: RunSettings, recipes: Iterable[RecipeInfo]) -> Draft:
    """Return the draft that makes these settings again, as far as the recipes know them."""
    recipe = next((one for one in recipes if one.name == settings.recipe), None)
    presets = recipe.presets if recipe is not None else ()
    preset = next((one for one in presets if one.name == settings.preset), presets[0] if presets else None)
    return Draft(
        recipe,
        preset,
        settings.name,
        settings.device,
        settings.epochs,
        settings.learning_rate,
        settings.batch,
        settings.seed,
        dict(settings.options),
        settings.patience,
        settings.min_delta,
        settings.weight_decay,
    )


def blockers(report: DataReport) -> tuple[Finding, ...]:
    """Return the findings that keep a run from starting."""
    return tuple(finding for finding in report.findings if finding.severity is Severity.BLOCKER)


def suggested_name(wish: str, taken: Collection[str] = ()) -> str:
    """Return a bundle's name made from a folder's or a recipe's name; a number behind it where it is taken.

    Letters with accents lose them; other scripts, which a bundle's name cannot have, leave "my-model".
    """
    plain = unicodedata.normalize("NFKD", Path(wish).name).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9._]+", "-", plain).strip("-._")[:_LONGEST_SUGGESTION].rstrip("-._") or "my-model"
    number, made = 2, name
    while made in taken:
        number, made = number + 1, f"{name}-{number}"
    return made

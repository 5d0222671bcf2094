"""Makes the recipe that a spec names. A recipe is imported when it is wanted: none needs what the others do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from mmbm_desktop.base.progress import ReportProgress
    from mmbm_desktop.training.recipes.interface import Recipe
    from mmbm_desktop.training.reinforcement.interface import AgentRecipe
    from mmbm_desktop.training.spec import TrainSpec


def make_recipe(spec: TrainSpec, cache: Path, report: ReportProgress) -> Recipe:
    """Read the data of a run and build its network.

    Args:
        spec: what the run was told; its recipe is one of `recipe_rules.RECIPES`.
        cache: folder for what need not be computed twice.
        report: hears how far reading is.

    Raises:
        InputFault: the data cannot be trained on; the error says why.
        MmbmError: a file cannot be read or written.
    """
    return _MAKERS[spec.recipe](spec, cache, report)


def _caption_reward(spec: TrainSpec, cache: Path, report: ReportProgress) -> Recipe:
    from mmbm_desktop.training.recipes.caption_reward import CaptionRewardRecipe

    return CaptionRewardRecipe(spec, cache, report)


def _image_text(spec: TrainSpec, cache: Path, report: ReportProgress) -> Recipe:
    from mmbm_desktop.training.recipes.image_text import ImageTextRecipe

    return ImageTextRecipe(spec, cache, report)


def _sounds(spec: TrainSpec, cache: Path, report: ReportProgress) -> Recipe:
    from mmbm_desktop.training.recipes.sounds import SoundsRecipe

    return SoundsRecipe(spec, cache, report)


def _speech_commands(spec: TrainSpec, cache: Path, report: ReportProgress) -> Recipe:
    from mmbm_desktop.training.recipes.speech_commands import SpeechCommandsRecipe

    return SpeechCommandsRecipe(spec, cache, report)


def _translation(spec: TrainSpec, cache: Path, report: ReportProgress) -> Recipe:
    from mmbm_desktop.training.recipes.translation import TranslationRecipe

    del cache  # reading text takes seconds
    return TranslationRecipe(spec, report)


def make_agent(spec: TrainSpec) -> AgentRecipe:
    """Make the agent and the world of a run whose recipe's rules say that it acts.

    Raises:
        EnvironmentFault: the bundle to start from is missing, damaged or of another world.
    """
    if spec.recipe == "q-table":
        from mmbm_desktop.training.recipes.q_table import QTableRecipe

        return QTableRecipe(spec)
    from mmbm_desktop.training.recipes.deep_q import DeepQRecipe

    return DeepQRecipe(spec)


_MAKERS: Mapping[str, Callable[[TrainSpec, Path, ReportProgress], Recipe]] = {
    "caption-reward": _caption_reward,
    "image-text": _image_text,
    "sounds": _sounds,
    "speech-commands": _speech_commands,
    "translation": _translation,
}

"""Every recipe with its presets and settings. Data alone; what a spec may contain is decided in `training`."""

from __future__ import annotations

from mmbm_desktop.protocol.dataset import DataKind
from mmbm_desktop.protocol.recipes import OptionInfo, PresetInfo, RecipeInfo

RECIPES: tuple[RecipeInfo, ...] = (
    RecipeInfo(
        "image-text",
        (DataKind.CAPTIONED_PICTURES,),
        (PresetInfo("small", 20, 1e-3, 128), PresetInfo("quick", 20, 1e-3, 64)),
    ),
    RecipeInfo(
        "picture-classes",
        (DataKind.PICTURE_CLASSES,),
        (
            PresetInfo("frozen", 30, 1e-2, 128),
            PresetInfo("fine-tune", 8, 2e-4, 32),
            PresetInfo("tiny-cnn", 10, 1e-4, 32),
            PresetInfo("residual", 40, 2e-3, 64),
        ),
        (
            OptionInfo("head", "linear", choices=("linear", "mlp")),
            OptionInfo("balanced", False),
            OptionInfo("mirror", True),
            OptionInfo("augmentation", 1.0, 0.0, 1.5, expert=True),
            OptionInfo("label_smoothing", 0.1, 0.0, 0.5, expert=True),
            OptionInfo("encoder", "", expert=True),
        ),
    ),
    RecipeInfo(
        "sounds",
        (DataKind.SOUND_CLASSES,),
        (PresetInfo("small", 20, 1e-3, 32), PresetInfo("quick", 20, 1e-3, 32)),
        (OptionInfo("mixed", 0.3, 0.0, 1.0, expert=True),),
    ),
    RecipeInfo(
        "speech-commands",
        (DataKind.TRANSCRIBED_SPEECH,),
        (PresetInfo("small", 20, 1e-3, 32), PresetInfo("quick", 20, 1e-3, 32)),
        (
            OptionInfo("joined", 0.4, 0.0, 1.0, expert=True),
            OptionInfo("speed", 0.1, 0.0, 0.5, expert=True),
        ),
    ),
    RecipeInfo(
        "translation",
        (DataKind.TEXT_PAIRS,),
        (PresetInfo("small", 20, 1e-3, 64), PresetInfo("quick", 20, 1e-3, 64)),
    ),
)


def preset_info(recipe: str, preset: str) -> PresetInfo:
    """Return what the catalogue says of a recipe's preset.

    Raises:
        KeyError: there is none of that name.
    """
    for one in RECIPES:
        for info in one.presets if one.name == recipe else ():
            if info.name == preset:
                return info
    raise KeyError(preset)

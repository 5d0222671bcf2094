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

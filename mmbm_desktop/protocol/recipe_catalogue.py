"""Every recipe with its presets and settings. Data alone; what a spec may contain is decided in `training`."""

from __future__ import annotations

from mmbm_desktop.protocol.dataset import DataKind
from mmbm_desktop.protocol.recipes import OptionInfo, PresetInfo, RecipeInfo

_AGENT = (
    OptionInfo("gamma", 0.99, 0.0, 1.0),
    OptionInfo("epsilon_start", 1.0, 0.0, 1.0),
    OptionInfo("epsilon_end", 0.05, 0.0, 1.0),
)
RECIPES: tuple[RecipeInfo, ...] = (
    RecipeInfo(
        "image-text",
        (DataKind.CAPTIONED_PICTURES,),
        (PresetInfo("small", 20, 1e-3, 128), PresetInfo("quick", 20, 1e-3, 64), PresetInfo("fine-tune", 5, 2e-4, 64)),
        (OptionInfo("start", "", expert=True), OptionInfo("replay", 0.25, 0.0, 0.9, expert=True)),
    ),
    RecipeInfo(
        "caption-reward",
        (DataKind.CAPTIONED_PICTURES,),
        (PresetInfo("cider", 2, 2e-4, 48), PresetInfo("thumbs", 5, 1e-4, 48)),
        (
            OptionInfo("start", "image-text-small"),
            OptionInfo("reward", "cider", choices=("cider", "thumbs")),
            OptionInfo("kl", 0.1, 0.0, 10.0),
            OptionInfo("drawn", 2, 1, 8, expert=True),
        ),
        one_device=True,
    ),
    RecipeInfo(
        "picture-classes",
        (DataKind.PICTURE_CLASSES,),
        (
            PresetInfo("frozen", 30, 1e-2, 128),
            PresetInfo("fine-tune", 8, 2e-4, 32),
            PresetInfo("tiny-cnn", 10, 1e-4, 32, 0.0),
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
        (PresetInfo("small", 20, 1e-3, 32), PresetInfo("quick", 40, 1e-3, 32), PresetInfo("folds", 40, 1e-3, 32)),
        (OptionInfo("mixed", 0.3, 0.0, 1.0, expert=True),),
    ),
    RecipeInfo(
        "speech-commands",
        (DataKind.TRANSCRIBED_SPEECH,),
        (PresetInfo("small", 20, 1e-3, 32), PresetInfo("quick", 20, 1e-3, 32)),
        (
            OptionInfo("joined", 0.4, 0.0, 1.0, expert=True),
            OptionInfo("speed", 0.2, 0.0, 0.5, expert=True),
        ),
    ),
    RecipeInfo(
        "translation",
        (DataKind.TEXT_PAIRS,),
        (PresetInfo("small", 20, 1e-3, 64), PresetInfo("quick", 20, 1e-3, 64)),
    ),
    RecipeInfo(
        "q-table",
        (),
        (PresetInfo("table", 40, 0.2, 1, None),),
        (
            OptionInfo(
                "environment",
                "frozen-lake-4x4",
                choices=("frozen-lake-4x4", "frozen-lake-8x8", "cliff-walking", "taxi"),
            ),
            OptionInfo("slippery", True),
            OptionInfo("episodes", 500, 1, 100_000),
            *_AGENT,
            OptionInfo("exploration", 0.5, 0.0, 1.0, expert=True),
            OptionInfo("rate_end", 0.05, 0.0, 1.0, expert=True),
            OptionInfo("checked", 100, 1, 1000, expert=True),
        ),
        one_device=True,
    ),
    RecipeInfo(
        "deep-q",
        (),
        (PresetInfo("state", 20, 1e-3, 64, None), PresetInfo("pixels", 40, 3e-4, 32, None)),
        (
            OptionInfo("environment", "cart-pole", choices=("cart-pole", "mountain-car", "acrobot")),
            OptionInfo("double", True),
            OptionInfo("epoch_steps", 1000, 1, 1_000_000),
            *_AGENT,
            OptionInfo("exploration", 0.3, 0.0, 1.0, expert=True),
            OptionInfo("worlds", 8, 1, 64, expert=True),
            OptionInfo("replay", 20_000, 100, 1_000_000, expert=True),
            OptionInfo("warm_up", 1000, 1, 1_000_000, expert=True),
            OptionInfo("learn_every", 2, 1, 1000, expert=True),
            OptionInfo("target_updates", 250, 1, 100_000, expert=True),
            OptionInfo("checked", 20, 1, 1000, expert=True),
        ),
        one_device=True,
    ),
)

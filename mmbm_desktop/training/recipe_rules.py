"""What a spec may say for each recipe: goals, network sizes, presets, options. Plain data: it needs no Keras."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mmbm_desktop.networks.image_text_config import ImageTextConfig
from mmbm_desktop.networks.translation_config import TranslationConfig
from mmbm_desktop.training.recipes.translation_options import TranslationOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

Sizes = dict[str, Any]


@dataclass(frozen=True)
class NoOptions:
    """A recipe without options of its own."""


@dataclass(frozen=True)
class RecipeRules:
    """What a recipe understands.

    Attributes:
        goals: of its phases; the first is what a run without a spec pursues.
        config: dataclass of its network's sizes.
        presets: network sizes by name; the first is the usual one.
        options: dataclass of its own settings, every field with a default.
        batch: items a step in a run without a spec.
        decided: sizes that the data decide, which a spec cannot.
    """

    goals: tuple[str, ...]
    config: type
    presets: Mapping[str, Sizes]
    options: type = NoOptions
    batch: int = 32
    decided: frozenset[str] = field(default_factory=frozenset)


IMAGE_TEXT = RecipeRules(
    goals=("joint", "distil"),
    config=ImageTextConfig,
    decided=frozenset({"rules"}),
    presets={
        # what ships
        "small": {"stem_widths": [24, 40], "widths": [48, 112, 256], "blocks": [1, 2, 2], "max_tokens": 20},
        # learns a few hundred pictures in minutes on a laptop
        "quick": {
            "image_size": 64,
            "stem_widths": [16, 24],
            "widths": [32, 64, 128],
            "blocks": [1, 1, 1],
            "pooled_width": 256,
            "width": 96,
            "embed_dim": 128,
            "decoder_layers": 1,
            "max_tokens": 20,
        },
    },
)
TRANSLATION = RecipeRules(
    goals=("translate",),
    config=TranslationConfig,
    options=TranslationOptions,
    decided=frozenset({"rules", "vocab"}),
    batch=64,
    presets={
        # what ships
        "small": {"width": 160, "encoder_layers": 3, "decoder_layers": 2},
        # learns a few thousand sentences in minutes on a laptop
        "quick": {"width": 96, "encoder_layers": 2, "decoder_layers": 1},
    },
)
RECIPES: Mapping[str, RecipeRules] = {"image-text": IMAGE_TEXT, "translation": TRANSLATION}


def check_table(kind: type, table: Mapping[str, Any], name: str, without: frozenset[str] = frozenset()) -> None:
    """Accept a table whose keys are fields of a dataclass and whose values are of their defaults' types.

    Args:
        kind: the dataclass.
        table: as read from TOML.
        name: of the table, for the message.
        without: fields that must not be set.

    Raises:
        ValueError: a key is unknown, or a value is of another type.
    """
    defaults = {one.name: one.default for one in dataclasses.fields(kind) if one.name not in without}
    for key, value in table.items():
        if key not in defaults or not _like(value, defaults[key]):
            raise ValueError(f"{name}.{key} = {value!r} makes no sense")


def filled(kind: type, table: Mapping[str, Any]) -> Any:
    """Return the dataclass with a table's values, lists as tuples."""
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in table.items()})


def _like(value: Any, default: Any) -> bool:
    if isinstance(default, tuple):
        return isinstance(value, list) and (not default or all(_like(one, default[0]) for one in value))
    if type(default) is float:
        return type(value) in (float, int)
    return type(value) is type(default)

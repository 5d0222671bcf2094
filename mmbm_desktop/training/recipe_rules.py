"""What a spec may say for each recipe: goals, network sizes, presets, options. Plain data: it needs no Keras."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mmbm_desktop.networks.command_recogniser_config import CommandRecogniserConfig
from mmbm_desktop.networks.image_text_config import ImageTextConfig
from mmbm_desktop.networks.sound_tagger_config import SoundTaggerConfig
from mmbm_desktop.networks.translation_config import TranslationConfig

if TYPE_CHECKING:
    from collections.abc import Mapping

Sizes = dict[str, Any]


@dataclass(frozen=True)
class NoOptions:
    """A recipe without options of its own."""


@dataclass(frozen=True)
class SoundsOptions:
    """Settings of the sounds recipe.

    Attributes:
        left_out: folds that are never trained on, as "folder:fold"; the finished bundle is measured on them.
        licences_left_out: licences whose recordings are not used.
        most_speech: recordings taken of each folder of speech.
        window_patches: patches of a window, 0.96 s each.
        mixed: share of windows that hear two sounds at once.
    """

    left_out: tuple[str, ...] = ()
    licences_left_out: tuple[str, ...] = ()
    most_speech: int = 400
    window_patches: int = 5
    mixed: float = 0.3


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
SOUNDS = RecipeRules(
    goals=("joint", "distil", "fold"),
    config=SoundTaggerConfig,
    decided=frozenset({"classes", "patch_frames", "bands", "teacher_dim"}),
    options=SoundsOptions,
    presets={
        # what ships
        "small": {"stem_width": 16, "widths": [32, 64, 128, 256, 512], "blocks": [1, 1, 1, 3, 2]},
        # learns a few hundred recordings in minutes on a laptop
        "quick": {"stem_width": 8, "widths": [16, 32, 64, 128], "blocks": [1, 1, 1, 1]},
    },
)


@dataclass(frozen=True)
class SpeechCommandsOptions:
    """What a speech-command run may be told.

    Attributes:
        held_out_speakers: whose clips are the test split, whatever the table says: never trained on.
        joined: share of the steps whose utterances are two clips, so that sequences are learned too.
        size: logarithm of the factor by which pitch and throat are moved together, at most: other people's voices.
        pace: logarithm of the factor by which words become longer or shorter, at most.
        synthesised: clips of the same texts, said by as many voices of espeak-ng, beside the recordings.
        wordless: share of the utterances that are a tone, noise, or talk of further folders: nothing is to be written.
        avoided: words that sound like one of the commands; talk that holds one, or a command, is left out.
    """

    held_out_speakers: tuple[str, ...] = ()
    joined: float = 0.4
    size: float = 0.2
    pace: float = 0.15
    synthesised: int = 0
    wordless: float = 0.1
    avoided: tuple[str, ...] = ()


SPEECH_COMMANDS = RecipeRules(
    goals=("spell",),
    config=CommandRecogniserConfig,
    options=SpeechCommandsOptions,
    decided=frozenset({"letters", "bands"}),
    presets={"small": {}, "quick": {"stem_widths": [8, 16], "width": 64, "blocks": 3}},
)


@dataclass(frozen=True)
class TranslationOptions:
    """How much of an epoch is not sentences; sentences belong to every epoch.

    Attributes:
        captions: pairs from tables of captions, taken in turn.
        words: pairs from word lists, taken in turn.
    """

    captions: int = 1000
    words: int = 3000


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
RECIPES: Mapping[str, RecipeRules] = {
    "image-text": IMAGE_TEXT,
    "sounds": SOUNDS,
    "speech-commands": SPEECH_COMMANDS,
    "translation": TRANSLATION,
}


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

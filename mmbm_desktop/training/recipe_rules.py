"""What a spec may say for each recipe: goals, network sizes, presets, options. Plain data: it needs no Keras."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mmbm_desktop.networks.command_recogniser_config import CommandRecogniserConfig
from mmbm_desktop.networks.image_text_config import ImageTextConfig
from mmbm_desktop.networks.picture_classifier_config import BODIES, PictureClassifierConfig
from mmbm_desktop.networks.q_network_config import QNetworkConfig
from mmbm_desktop.networks.sound_tagger_config import SoundTaggerConfig
from mmbm_desktop.networks.translation_config import TranslationConfig
from mmbm_desktop.protocol.recipe_catalogue import RECIPES as CATALOGUE
from mmbm_desktop.training.agent_options import DeepQOptions, QTableOptions
from mmbm_desktop.training.data.sounds import FOLDS
from mmbm_desktop.training.picture_classes_options import PictureClassesOptions

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
class Plan:
    """What a preset says beside its sizes.

    Attributes:
        learning_rate: the highest; the phase's own where None.
        options: of the recipe, that differ from its own.
        weight_decay: the spec's own where None.
        goals: of the phases, in order; one phase with the recipe's first goal where empty.
    """

    learning_rate: float | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    weight_decay: float | None = None
    goals: tuple[str, ...] = ()


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
        choices: texts that a size can be.
        acts: it is an agent that learns by trying, in a world instead of from a data folder.
        plans: what else the presets say, by their names.
    """

    goals: tuple[str, ...]
    config: type
    presets: Mapping[str, Sizes]
    options: type = NoOptions
    batch: int = 32
    decided: frozenset[str] = field(default_factory=frozenset)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    acts: bool = False
    plans: Mapping[str, Plan] = field(default_factory=dict)


@dataclass(frozen=True)
class ImageTextOptions:
    """Settings of the image-text recipe.

    Attributes:
        start: name or folder of an image-text bundle to go on from, whose sizes hold where the spec names no others;
            "" for none.
        replay: share of each batch that comes from the further folders with the role "replay", where there are any.
        precision: "float32", or "bfloat16" to compute in half as many bits, on processors that are fast so. Weights,
            averages and losses keep 32, and so does what is published.
    """

    start: str = ""
    replay: float = 0.25
    precision: str = "float32"

    def __post_init__(self) -> None:
        """Refuse a share that leaves nothing of the run's own data, or an unknown precision, with a ValueError."""
        if not 0 <= self.replay < 1:
            raise ValueError(f"replay = {self.replay} is no share below 1")
        if self.precision not in ("float32", "bfloat16"):
            raise ValueError(f"precision = {self.precision!r} is neither float32 nor bfloat16")


IMAGE_TEXT = RecipeRules(
    goals=("joint", "contrast", "caption", "distil"),
    config=ImageTextConfig,
    decided=frozenset({"rules"}),
    options=ImageTextOptions,
    plans={"fine-tune": Plan(2e-4, {"start": "image-text-small"})},
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
        # goes on from what ships
        "fine-tune": {},
    },
)


@dataclass(frozen=True)
class CaptionRewardOptions:
    """Settings of the caption-reward recipe.

    Attributes:
        start: name or folder of the image-text bundle that goes on learning.
        reward: "cider": how much a drawn caption agrees with people's (CIDEr-D, 0 to 10); "thumbs": ratings in
            `thumbs.jsonl` of captions that were written before.
        kl: what a nat of divergence from the start costs, per token, in units of the reward.
        drawn: captions drawn of each picture in a step.
    """

    start: str = "image-text-small"
    reward: str = "cider"
    kl: float = 0.1
    drawn: int = 2

    def __post_init__(self) -> None:
        """Refuse settings that mean nothing, with a ValueError."""
        if self.reward not in ("cider", "thumbs") or self.kl < 0 or self.drawn < 1 or not self.start:
            raise ValueError(f"{self} makes no sense")


CAPTION_REWARD = RecipeRules(
    goals=("self-critical",),
    config=ImageTextConfig,
    decided=frozenset(one.name for one in dataclasses.fields(ImageTextConfig)),
    options=CaptionRewardOptions,
    batch=48,
    presets={"cider": {}, "thumbs": {}},
    plans={"cider": Plan(2e-4), "thumbs": Plan(1e-4, {"reward": "thumbs"})},
)
_QUICK_SOUNDS: Sizes = {"stem_width": 8, "widths": [16, 32, 64, 128], "blocks": [1, 1, 1, 1]}
SOUNDS = RecipeRules(
    goals=("joint", "distil", "fold"),
    config=SoundTaggerConfig,
    decided=frozenset({"classes", "patch_frames", "bands", "teacher_dim"}),
    options=SoundsOptions,
    presets={
        # what ships
        "small": {"stem_width": 16, "widths": [32, 64, 128, 256, 512], "blocks": [1, 1, 1, 3, 2]},
        # learns a few hundred recordings in minutes on a laptop
        "quick": _QUICK_SOUNDS,
        # the same, once without each fifth of the recordings in turn, to be measured on it, then on all of them
        "folds": _QUICK_SOUNDS,
    },
    plans={"folds": Plan(1e-3, goals=(*("fold",) * FOLDS, "joint"))},
)


@dataclass(frozen=True)
class SpeechCommandsOptions:
    """What a speech-command run may be told.

    Attributes:
        held_out_speakers: whose clips are the test split, whatever the table says: never trained on.
        joined: share of the steps whose utterances are two clips, so that sequences are learned too.
        speed: logarithm of the factor by which clips run faster or slower, at most: pitch and throat move with it.
        pace: logarithm of the factor by which words become longer or shorter without it, at most.
        synthesised: clips of the same texts, said by as many voices of espeak-ng, beside the recordings.
        wordless: share of the utterances that are a tone, noise, or talk of further folders: nothing is to be written.
        avoided: words that sound like one of the commands; talk that holds one, or a command, is left out.
        start: name or folder of a speech-command bundle to go on from, with its alphabet and sizes; "" for none.
        replay: share of each batch that comes from the further folders with the role "replay", where there are any.
    """

    held_out_speakers: tuple[str, ...] = ()
    joined: float = 0.4
    speed: float = 0.2
    pace: float = 0.15
    synthesised: int = 0
    wordless: float = 0.1
    avoided: tuple[str, ...] = ()
    start: str = ""
    replay: float = 0.5

    def __post_init__(self) -> None:
        """Refuse a share that leaves nothing of the run's own data with a ValueError."""
        if not 0 <= self.replay < 1:
            raise ValueError(f"replay = {self.replay} is no share below 1")


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


PICTURE_CLASSES = RecipeRules(
    goals=("classify",),
    config=PictureClassifierConfig,
    options=PictureClassesOptions,
    decided=frozenset({"classes", "head"}),
    choices={"body": BODIES},
    presets={
        # seconds: the encoder's features are computed once
        "frozen": {"body": "encoder", "frozen": True},
        # minutes: the encoder learns too
        "fine-tune": {"body": "encoder"},
        # the textbook's network
        "tiny-cnn": {"body": "plain", "dropout": 0.0},
        # learns everything from the data folder alone
        "residual": {"body": "residual"},
    },
    plans={
        "fine-tune": Plan(2e-4),
        "tiny-cnn": Plan(1e-4, {"augmentation": 0.0, "mirror": False, "label_smoothing": 0.0}, weight_decay=0.0),
    },
)
Q_TABLE = RecipeRules(
    goals=("q-learning",), config=NoOptions, options=QTableOptions, presets={"table": {}}, batch=1, acts=True
)
DEEP_Q = RecipeRules(
    goals=("q-learning",),
    config=QNetworkConfig,
    options=DeepQOptions,
    decided=frozenset({"observation", "actions"}),
    batch=64,
    presets={
        # sees positions and speeds
        "state": {"hidden": [128, 128]},
        # sees the world painted, as a person does
        "pixels": {"filters": [16, 32], "hidden": [128]},
    },
    acts=True,
)
RECIPES: Mapping[str, RecipeRules] = {
    "caption-reward": CAPTION_REWARD,
    "image-text": IMAGE_TEXT,
    "picture-classes": PICTURE_CLASSES,
    "sounds": SOUNDS,
    "speech-commands": SPEECH_COMMANDS,
    "translation": TRANSLATION,
    "q-table": Q_TABLE,
    "deep-q": DEEP_Q,
}


def check_table(
    kind: type,
    table: Mapping[str, Any],
    name: str,
    without: frozenset[str] = frozenset(),
    choices: Mapping[str, tuple[str, ...]] | None = None,
) -> None:
    """Accept a table whose keys are fields of a dataclass and whose values are of their defaults' types.

    Args:
        kind: the dataclass.
        table: as read from TOML.
        name: of the table, for the message.
        without: fields that must not be set.
        choices: texts that a field can be.

    Raises:
        ValueError: a key is unknown, or a value is of another type.
    """
    defaults = {one.name: one.default for one in dataclasses.fields(kind) if one.name not in without}
    for key, value in table.items():
        allowed = (choices or {}).get(key, (value,))
        if key not in defaults or not _like(value, defaults[key]) or value not in allowed:
            raise ValueError(f"{name}.{key} = {value!r} makes no sense")


def check_ranges(recipe: str, options: Mapping[str, Any]) -> None:
    """Accept options that lie where the recipe catalogue says they may.

    Raises:
        ValueError: a number is out of its range, or a text is none of the choices.
    """
    for info in next((one.options for one in CATALOGUE if one.name == recipe), ()):
        value = options.get(info.name, info.default)
        low = info.lowest is not None and value < info.lowest
        high = info.highest is not None and value > info.highest
        if low or high or (info.choices and value not in info.choices):
            raise ValueError(f"options.{info.name} = {value!r} makes no sense")


def filled(kind: type, table: Mapping[str, Any]) -> Any:
    """Return the dataclass with a table's values, lists as tuples."""
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in table.items()})


def _like(value: Any, default: Any) -> bool:
    if isinstance(default, tuple):
        return isinstance(value, list) and (not default or all(_like(one, default[0]) for one in value))
    if type(default) is float:
        return type(value) in (float, int)
    return type(value) is type(default)

"""Makes the tests' bundles: the real networks at toy size with seeded random weights, and a real little tokenizer.

`python -m mmbm_desktop.training.tiny_bundle FOLDER`
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import keras

from mmbm_desktop.inference.sound_windows import WindowRules
from mmbm_desktop.networks.image_text import build_image_text
from mmbm_desktop.networks.image_text_config import ImageTextConfig
from mmbm_desktop.networks.sound_tagger import build_sound_tagger
from mmbm_desktop.networks.sound_tagger_config import SoundTaggerConfig
from mmbm_desktop.training.card import Card
from mmbm_desktop.training.export.image_text import image_text_parts
from mmbm_desktop.training.export.sounds import sounds_parts
from mmbm_desktop.training.publish import publish
from mmbm_desktop.training.tokenizer import train_tokenizer

SENTENCES = (
    "A black dog runs through the green grass .",
    "Two dogs play with a red ball on the beach .",
    "A little girl in a blue dress is sitting on a swing .",
    "A man rides a bicycle down the street .",
    "Two children jump into the water .",
    "一只黑色的狗在绿色的草地上奔跑。",
    "两只狗在海滩上玩红色的球。",
    "穿蓝色裙子的小女孩坐在秋千上。",
    "一个男人在街上骑自行车。",
    "两个孩子跳进水里。",
)


def tiny_config(vocab: int) -> ImageTextConfig:
    """Return the smallest sizes that still have every part twice."""
    return ImageTextConfig(
        image_size=32,
        stem_widths=(8, 8),
        widths=(8, 16),
        blocks=(1, 1),
        pooled_width=32,
        width=16,
        embed_dim=16,
        heads=2,
        text_layers=1,
        decoder_layers=2,
        vocab=vocab,
        max_tokens=16,
    )


def make_tiny_bundle(place: Path, *, recurrent: bool = False) -> Path:
    """Write the bundle to the folder `place`, always the same bytes for the same versions, and return it."""
    keras.utils.set_random_seed(7)
    tokenizer = train_tokenizer(SENTENCES * 2, vocab=300)
    card = Card(
        name=place.name,
        version="0.0.1",
        title={"en": "Tiny test model", "zh": "微型测试模型"},
        licence="MIT",
        source="random numbers",
        text="# Tiny test model\n\nRandom weights. It answers quickly and knows nothing; only tests use it.\n",
    )
    config = replace(tiny_config(tokenizer.get_vocab_size()), recurrent=recurrent)
    network = build_image_text(config)
    return publish(image_text_parts(network, tokenizer), card, place)


def make_tiny_sounds_bundle(place: Path, classes: tuple[str, ...] = ("rain", "speech", "silence")) -> Path:
    """Write a sounds bundle with random weights to the folder `place` and return it."""
    keras.utils.set_random_seed(7)
    network = build_sound_tagger(SoundTaggerConfig(classes, stem_width=4, widths=(4, 8), blocks=(1, 1)))
    count = len(classes)
    calibration = {"slope": [1.0] * count, "offset": [0.0] * count, "threshold": [0.5] * count}
    card = Card(
        name=place.name,
        version="0.0.1",
        title={"en": "Tiny sounds model", "zh": "微型声音模型"},
        licence="MIT",
        source="random numbers",
        text="# Tiny sounds model\n\nRandom weights. It answers quickly and knows nothing; only tests use it.\n",
    )
    return publish(sounds_parts(network, WindowRules(), calibration), card, place)


if __name__ == "__main__":
    make_tiny_bundle(Path(sys.argv[1]))

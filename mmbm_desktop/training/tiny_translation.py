"""Makes a translation bundle at toy size with seeded random weights: it answers in milliseconds and knows nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import keras

from mmbm_desktop.inference.spelling import Spelling
from mmbm_desktop.networks.translation import build_translation
from mmbm_desktop.networks.translation_config import TranslationConfig
from mmbm_desktop.training.card import Card
from mmbm_desktop.training.export.translation import translation_parts
from mmbm_desktop.training.pair_tokenizer import train_pair_tokenizer
from mmbm_desktop.training.publish import publish

if TYPE_CHECKING:
    from pathlib import Path

SENTENCES = (
    "Tom doesn't like dogs.",
    "Where is the black dog?",
    "I like the red apple, too.",
    "汤姆不喜欢狗。",
    "黑色的狗在哪里？",
    "我也喜欢红苹果。",
)


def tiny_translation_config(vocab: int) -> TranslationConfig:
    """Return the smallest sizes that still have every part twice."""
    return TranslationConfig(width=16, heads=2, encoder_layers=2, decoder_layers=2, vocab=vocab, max_tokens=16)


def make_tiny_translation(place: Path) -> Path:
    """Write the bundle to the folder `place` and return it."""
    keras.utils.set_random_seed(7)
    tokenizer = train_pair_tokenizer(SENTENCES * 2, vocab=120)
    card = Card(
        name=place.name,
        version="0.0.1",
        title={"en": "Tiny test translator", "zh": "微型测试翻译"},
        licence="MIT",
        source="random numbers",
        text="# Tiny test translator\n\nRandom weights. It knows nothing; only tests use it.\n",
    )
    spelling = Spelling({"tom": "Tom", "i": "I"}, {ord("喜"): "喜", ord("歡"): "欢", ord("蘋"): "苹"})
    network = build_translation(tiny_translation_config(tokenizer.get_vocab_size()))
    return publish(translation_parts(network, tokenizer, spelling), card, place)

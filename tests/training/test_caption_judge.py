"""What drawn captions are worth. No network is needed to say so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mmbm_desktop.networks.image_text_config import TextRules
from mmbm_desktop.training.data.captioned import CaptionedPicture
from mmbm_desktop.training.recipes.caption_judge import Judge
from mmbm_desktop.training.tokenizer import encode, train_tokenizer

PICTURES = (
    CaptionedPicture(Path("a"), "train", {"en": ("A black dog runs through the grass .",), "zh": ("草地上的狗。",)}),
    CaptionedPicture(Path("b"), "train", {"en": ("Two children jump into the water .",), "zh": ("两个孩子跳水。",)}),
    CaptionedPicture(Path("c"), "train", {"en": ("A man rides a bicycle .",), "zh": ("骑车的男人。",)}),
)


@pytest.fixture(scope="module")
def tokenizer():
    sentences = [sentence for picture in PICTURES for right in picture.captions.values() for sentence in right]
    return train_tokenizer(sentences * 2, 200)


@pytest.fixture(scope="module")
def judge(tokenizer) -> Judge:
    return Judge(PICTURES, ("en", "zh"), tokenizer, TextRules())


def test_a_persons_own_words_are_worth_most_in_either_language(tokenizer, judge):
    ids = encode(tokenizer, ["A black dog runs through the grass .", "草地上的狗。", "Two children jump ."], 24)
    whole, chinese, other = judge.rewards(np.array([0, 0, 0]), ids)
    assert whole == chinese == pytest.approx(10)
    assert other < 1


def test_stopping_in_the_middle_pays_less_than_ending(tokenizer, judge):
    cut = encode(tokenizer, ["A black dog runs through the"], 24)
    unended = np.where(encode(tokenizer, ["A black dog runs through the grass ."], 24) == TextRules().eos, 0, 1)
    unended = unended * encode(tokenizer, ["A black dog runs through the grass ."], 24)
    ended = encode(tokenizer, ["A black dog runs through the grass ."], 24)
    best, without_end, middle = judge.rewards(np.zeros(3, np.int64), np.concatenate([ended, unended, cut]))
    assert best > without_end
    assert best > middle

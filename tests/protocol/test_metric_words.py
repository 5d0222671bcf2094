"""Numbers are called by what they say, in both languages, with the language and the data they are about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mmbm_desktop.base import paths
from mmbm_desktop.engine.model_store import _pocketsphinx
from mmbm_desktop.protocol.metric_words import METRICS, metric_words, split_words

SHIPPED = sorted(paths.shipped_models_dir().glob("*/bundle.json"))


@pytest.mark.parametrize(
    ("name", "english", "chinese"),
    [
        ("accuracy", "Accuracy", "准确率"),
        ("clip accuracy, speech_digits test", None, "完全写对的片段，speech_digits 测试集"),
        ("text-to-image R@10, English, flickr8k test", None, "前 10 个结果中找到图片的比例，英文，flickr8k 测试集"),
        ("recall@10 zh, flickr8k val", None, "前 10 个结果中找到图片的比例，中文，flickr8k 验证集"),
        ("BLEU-4, Chinese, by character", "BLEU-4, Chinese, by character", "BLEU-4，中文，按字"),
        ("F1 of dog, b, sounds_urban test fold10", None, "dog, b 的 F1，sounds_urban 测试集第 10 折"),
        ("F1 of dog, b", "F1 of dog, b", "dog, b 的 F1"),
        ("nobody, knows", "nobody, knows", "nobody, knows"),
    ],
)
def test_a_number_and_what_it_is_about_have_words(name: str, english: str | None, chinese: str) -> None:
    assert metric_words(name, "zh") == chinese
    assert english is None or metric_words(name, "en") == english


def test_every_quality_of_a_model_that_ships_is_said_in_chinese() -> None:
    names = {name for file in SHIPPED for name in json.loads(Path(file).read_text("utf-8"))["quality"]}
    names |= set(_pocketsphinx().quality)
    assert len(names) > 40
    said = {name: metric_words(name, "zh") for name in names}
    assert {name for name, text in said.items() if text.isascii() or ", " in text} == set()
    assert [name for name in names if not metric_words(name, "en").isascii()] == []


def test_words_are_in_two_languages_and_splits_have_some_too() -> None:
    assert [name for name, (_, chinese) in METRICS.items() if chinese.isascii()] == []
    assert split_words("fold3", "zh") == "第 3 折"
    assert (split_words("test", "en"), split_words("speaker-a", "zh")) == ("held out", "speaker-a")

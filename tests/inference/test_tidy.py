"""How captions are written."""

from __future__ import annotations

import pytest

from mmbm_desktop.inference.tidy import tidy_caption


@pytest.mark.parametrize(
    ("raw", "written"),
    [
        ("a dog runs", "A dog runs."),
        (" a dog , running  on grass .", "A dog, running on grass."),
        ("a t - shirt", "A t-shirt."),
        ("the dog 's ball", "The dog's ball."),
        ("what am i doing ?", "What am I doing?"),
        ("a man ( left ) waves", "A man (left) waves."),
        ("two dogs ,", "Two dogs."),
        ("écharpe rouge", "Écharpe rouge."),
        ("3 dogs", "3 dogs."),
        ("", ""),
        (" . , ", ""),
    ],
)
def test_english_gets_a_capital_a_full_stop_and_no_stray_spaces(raw: str, written: str) -> None:
    assert tidy_caption(raw, "en") == written


@pytest.mark.parametrize(
    ("raw", "written"),
    [
        ("一 只 狗 在 跑", "一只狗在跑。"),
        ("一只狗,在草地上。", "一只狗，在草地上。"),
        ("穿 t 恤 的 男人", "穿t恤的男人。"),
        ("写着 hello world 的 牌子", "写着hello world的牌子。"),
        ("两只狗 .", "两只狗。"),
        ("真的吗 ?", "真的吗？"),
        ("。", ""),
    ],
)
def test_chinese_has_no_spaces_and_its_own_punctuation(raw: str, written: str) -> None:
    assert tidy_caption(raw, "zh") == written


@pytest.mark.parametrize(("text", "language"), [("A dog - and a cat , maybe", "en"), ("一只 狗 , 跑", "zh")])
def test_tidying_twice_changes_nothing_more(text: str, language: str) -> None:
    once = tidy_caption(text, language)
    assert tidy_caption(once, language) == once

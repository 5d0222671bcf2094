"""The translator that ships: everyday sentences come out right, both ways, and their translation comes back."""

from __future__ import annotations

import pytest

from mmbm_desktop.base.paths import shipped_models_dir
from mmbm_desktop.inference.translate import Translator, translate
from mmbm_desktop.protocol.requests import TranslateRequest


@pytest.fixture(scope="module")
def translator() -> Translator:
    return Translator(shipped_models_dir() / "translate-en-zh-small", threads=1)


@pytest.mark.parametrize(
    ("text", "to", "words"),
    [
        ("I have three cats.", "zh", ("三", "猫")),
        ("Where is the train station?", "zh", ("火车站", "哪")),
        ("She doesn't like dogs.", "zh", ("她", "不喜欢", "狗")),
        ("谢谢你的帮助。", "en", ("help",)),
        ("她不喜欢吃鱼。", "en", ("She", "like", "fish")),
        ("汤姆在哪里？", "en", ("Where", "Tom")),
    ],
)
def test_an_everyday_sentence_is_translated(translator, text, to, words):
    result = translate(TranslateRequest(text, to), translator)
    assert [word for word in words if word not in result.translation] == []
    assert result.score > 0.5
    assert result.back_score > 0.3


def test_it_is_less_sure_of_what_it_has_never_met(translator):
    usual = translate(TranslateRequest("I don't know what to do.", "zh"), translator)
    strange = translate(TranslateRequest("Quantum chromodynamics describes gluon confinement.", "zh"), translator)
    assert strange.score < usual.score
    assert strange.back_score < usual.back_score

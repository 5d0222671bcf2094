"""Translation around the network: languages, sentences, lines, refusals, stopping. The weights are random."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmbm_desktop.base.errors import Cancelled, EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.inference.families import open_bundle
from mmbm_desktop.inference.translate import Translator, translate
from mmbm_desktop.protocol.requests import TranslateRequest


@pytest.fixture(scope="module")
def translator(tiny_translation: Path) -> Translator:
    opened = open_bundle(tiny_translation, threads=1)
    assert isinstance(opened, Translator)
    return opened


def test_the_source_is_recognised_and_the_answer_is_complete(translator):
    for text, source, to in (("Tom likes dogs.", "en", "zh"), ("汤姆喜欢狗。", "zh", "en")):
        result = translate(TranslateRequest(text, to), translator)
        assert (result.text, result.source, result.to) == (text, source, to)
        assert result.translation
        assert 0 < result.score <= 1
        assert 0 <= result.back_score <= 1
        assert result.made.model == "tiny-translation 0.0.1"
        assert result.made.ms > 0


def test_a_text_is_translated_sentence_by_sentence_and_its_lines_stay(translator):
    first, second = (translator.translated(text, "zh").text for text in ("Where is Tom?", "I like dogs."))
    whole = translator.translated("Where is Tom? I like dogs.\n\nI like dogs.", "zh")
    assert whole.text == f"{first}{second}\n\n{second}"
    english = [translator.translated(text, "en").text for text in ("狗在哪里？", "我也喜欢狗。")]
    assert translator.translated("狗在哪里？我也喜欢狗。", "en").text == " ".join(english)


def test_a_sentence_that_is_too_long_is_translated_in_pieces(translator):
    long = "我喜欢狗，" * 20
    assert translator.vocabulary.length(long) > translator.text_rules.max_tokens
    few, many = translator.translated("我喜欢狗，", "en"), translator.translated(long, "en")
    assert many.summands > 5 * few.summands


def test_traditional_characters_are_understood_as_simplified_ones(translator):
    assert translator.translated("我喜歡狗。", "en") == translator.translated("我喜欢狗。", "en")


def test_a_sentence_that_is_in_the_language_already_stays_as_it_is(translator):
    first = translator.translated("狗在哪里？", "en").text
    assert translator.translated('狗在哪里？Tom said: "No."', "en").text == f'{first} Tom said: "No."'
    assert translator.translated("我也喜欢狗。", "zh").text == "我也喜欢狗。"


def test_what_has_no_letters_stays_as_it_is(translator):
    result = translate(TranslateRequest("123 ?!", "zh"), translator)
    assert (result.translation, result.score, result.back_score) == ("123 ?!", 1, pytest.approx(1))


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (TranslateRequest("", "zh"), ErrorCode.ARGUMENT_INVALID),
        (TranslateRequest(" \n\t", "zh"), ErrorCode.ARGUMENT_INVALID),
        (TranslateRequest("Hello.", "en"), ErrorCode.ARGUMENT_INVALID),
        (TranslateRequest("你好。", "zh", source="zh"), ErrorCode.ARGUMENT_INVALID),
        (TranslateRequest("Hello.", "fr"), ErrorCode.LANGUAGE_UNSUPPORTED),  # type: ignore[arg-type]
        (TranslateRequest("Hello.", "en", source="fr"), ErrorCode.LANGUAGE_UNSUPPORTED),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_translated_is_refused(translator, request_, code):
    with pytest.raises(InputFault) as caught:
        translate(request_, translator)
    assert caught.value.code is code


def test_cancelling_stops_the_decoder(translator):
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        translate(TranslateRequest("Tom likes dogs.", "zh"), translator, token)


def test_a_bundle_of_another_family_is_refused(tiny_bundle):
    with pytest.raises(EnvironmentFault) as caught:
        Translator(tiny_bundle, threads=1)
    assert caught.value.code is ErrorCode.BUNDLE_INVALID

"""Texts are translated from the Text panel, from transcripts and from captions, and the result can be put right."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.engine.fake_answers import TRANSLATION as MADE
from mmbm_desktop.gui.context import AppContext
from mmbm_desktop.gui.pages.explore import ExplorePage
from mmbm_desktop.gui.pages.explore.cards.caption_card import CaptionCard
from mmbm_desktop.gui.pages.explore.cards.status_cards import ErrorCard
from mmbm_desktop.gui.pages.explore.cards.transcript_card import TranscriptCard
from mmbm_desktop.gui.pages.explore.cards.translation_card import TranslationCard
from mmbm_desktop.gui.state.explore_intake import sort_paths
from mmbm_desktop.gui.translation import Translation
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.languages import language_of
from mmbm_desktop.protocol.requests import SearchRequest, TranscribeRequest, TranslateRequest
from mmbm_desktop.protocol.results import TranscriptResult, TranslateResult
from mmbm_desktop.protocol.tasks import Task


def only(page: ExplorePage, kind: type) -> object:
    (card,) = (card for card in page.feed.cards if isinstance(card, kind))
    return card


@pytest.fixture
def photo(tmp_path: Path) -> str:
    """Return the path of a picture."""
    Image.new("RGB", (64, 48), "teal").save(tmp_path / "a.jpg")
    return str(tmp_path / "a.jpg")


@pytest.fixture
def card(page: ExplorePage) -> TranslationCard:
    """Return the card of an English sentence."""
    page.state.translate("Two dogs run.")
    return only(page, TranslationCard)


@pytest.mark.parametrize(
    ("text", "language"),
    [("two dogs", "en"), ("", "en"), ("两只狗", "zh"), ("iPhone 手机", "zh"), ("㐂", "zh"), ("ドッグ", "en")],
)
def test_chinese_is_known_by_its_characters(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(("text", "to", "source"), [("two dogs", "zh", "en"), ("两只狗", "en", "zh")])
def test_typed_text_is_translated_into_the_other_language(
    page: ExplorePage, engine: FakeEngine, text: str, to: str, source: str
) -> None:
    assert not page.text.translate.isEnabled()
    page.text.set_text(text)

    page.text.translate.click()

    assert engine.requests == [TranslateRequest(text, to, source)]
    assert only(page, TranslationCard).source.text() == text
    page.filters["translations"].click()
    assert [type(card) for card in page.feed.visible_cards] == [TranslationCard]


def test_the_keyboard_translates_what_is_typed(page: ExplorePage, engine: FakeEngine) -> None:
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    page.text.editor.setFocus()
    QTest.keyClick(page.text.editor, Qt.Key.Key_Return, both)
    assert engine.requests == []

    QTest.keyClicks(page.text.editor, "two dogs")
    QTest.keyClick(page.text.editor, Qt.Key.Key_Return, both)

    assert engine.requests == [TranslateRequest("two dogs", "zh", "en")]


def test_a_transcript_is_translated(page: ExplorePage, engine: FakeEngine, recording: str) -> None:
    page.take(sort_paths([recording]))
    card = only(page, TranscriptCard)

    card.translate.click()

    assert engine.requests[-1] == TranslateRequest(card.answer, "zh", "en")


def test_a_transcript_without_words_is_not(page: ExplorePage, engine: FakeEngine, recording: str) -> None:
    engine.script(TranscribeRequest, TranscriptResult(recording, "en", (), 9.0, MADE))

    page.take(sort_paths([recording]))

    assert not only(page, TranscriptCard).translate.isEnabled()


def test_a_caption_in_one_language_is_translated(
    page: ExplorePage, engine: FakeEngine, context: AppContext, photo: str
) -> None:
    context.settings.set("captions.languages", "zh")
    page.take(sort_paths([photo]))
    card = only(page, CaptionCard)

    card.translate.click()

    assert engine.requests[-1] == TranslateRequest(card.texts["zh"].text, "en", "zh")


def test_a_caption_in_both_languages_is_translated_once_it_was_changed(
    page: ExplorePage, engine: FakeEngine, photo: str, qtbot: QtBot
) -> None:
    page.take(sort_paths([photo]))
    card = only(page, CaptionCard)
    assert not card.translate.isVisible()
    card.edit.click()
    card.texts["en"].editor.setText("My own words.")
    with qtbot.waitSignal(page.state.saved):
        QTest.keyClick(card.texts["en"].editor, Qt.Key.Key_Return)

    card.translate.click()

    assert engine.requests[-1] == TranslateRequest("My own words.", "zh", "en")


def test_the_card_shows_text_translation_and_what_came_back(card: TranslationCard) -> None:
    assert card._task.text() == "Translation · English → Chinese"
    assert (card.source.text(), card.answer) == ("Two dogs run.", "两只狗在草地上奔跑。")
    assert card.back.text() == "Back in English: Two dogs run."
    assert card.made_by.badge.text() == "80% came back"
    assert "translated back" in card.made_by.badge.toolTip()
    for fact in ("translate-en-zh-small", "CPU", "60 ms", "score 0.62"):
        assert fact in card.made_by.facts.text()
    assert card.answer in card.accessibleName()
    assert "80%" in card.accessibleDescription()


def test_a_translation_that_was_not_translated_back_shows_its_score(page: ExplorePage, engine: FakeEngine) -> None:
    engine.script(TranslateRequest, TranslateResult("dogs", "狗", "en", "zh", 0.5, "", 0.0, MADE))
    page.state.translate("dogs")
    card = only(page, TranslationCard)

    assert not card.back.isVisible()
    assert card.made_by.badge.text() == "score 0.50"
    assert "came back" not in card.made_by.facts.text()


def test_no_words_is_told(page: ExplorePage, engine: FakeEngine) -> None:
    engine.script(TranslateRequest, TranslateResult("?!", "", "en", "zh", 0.0, "", 0.0, MADE))
    page.state.translate("?!")
    card = only(page, TranslationCard)

    assert card.nothing.isVisible()
    assert not card.copy.isEnabled()
    assert "no words" in card.accessibleName()


def test_a_translation_is_put_right_and_loses_the_models_numbers(card: TranslationCard) -> None:
    card.edit.click()
    card.text.editor.setText("两只狗在跑。")
    QTest.keyClick(card.text.editor, Qt.Key.Key_Return)

    assert card.answer == "两只狗在跑。"
    assert not card.back.isVisible()
    assert card.made_by.badge.text() == "your words"
    assert "score" not in card.made_by.facts.text()


def test_a_translation_is_copied_searched_with_and_translated_back(
    page: ExplorePage, card: TranslationCard, engine: FakeEngine
) -> None:
    card.copy.click()
    assert QGuiApplication.clipboard().text() == card.answer
    card.copy_both()
    assert QGuiApplication.clipboard().text() == f"Two dogs run.\n{card.answer}"
    card.search.click()
    assert engine.requests[-1] == SearchRequest(card.answer, top=12)

    back = next(action for action in card._menu.actions() if action.text() == "Translate back")
    back.trigger()

    assert engine.requests[-1] == TranslateRequest(card.answer, "en", "zh")


def test_without_a_model_every_button_is_disabled_and_says_why(
    page: ExplorePage, engine: FakeEngine, context: AppContext, photo: str, recording: str
) -> None:
    context.settings.set("captions.languages", "en")
    page.take(sort_paths([photo, recording]))
    page.text.set_text("two dogs")
    buttons = [only(page, CaptionCard).translate, only(page, TranscriptCard).translate, page.text.translate]
    assert all(button.isVisible() and button.isEnabled() for button in buttons)

    every = engine.known_models
    damaged = ErrorCode.BUNDLE_DAMAGED.value
    engine.known_models = tuple(replace(one, problem=damaged) if Task.TRANSLATE in one.tasks else one for one in every)
    page.on_shown()

    assert not any(button.isEnabled() for button in buttons)
    assert all("No model that translates" in button.toolTip() for button in buttons)
    assert all("No model that translates" in button.accessibleDescription() for button in buttons)
    engine.known_models = every
    page.on_shown()
    assert all(button.isEnabled() for button in buttons)


def test_models_that_cannot_be_listed_are_none(page: ExplorePage, engine: FakeEngine) -> None:
    engine.raising["models"] = EnvironmentFault(ErrorCode.PERMISSION_DENIED)

    page.on_shown()

    assert not page.state.abilities.can(Task.TRANSLATE)


def test_a_translation_that_fails_is_told_and_tried_again(page: ExplorePage, engine: FakeEngine) -> None:
    engine.script(TranslateRequest, Failure.of(EnvironmentFault(ErrorCode.WORKER_CRASHED)))
    page.state.translate("Two dogs run.")
    card = only(page, ErrorCard)
    assert "Translate “Two dogs run.”" in card.accessibleName()

    engine.script(TranslateRequest)
    card.retry.click()

    assert [type(one) for one in page.feed.cards] == [TranslationCard]


def test_the_words_follow_the_language_of_the_window(
    page: ExplorePage, card: TranslationCard, context: AppContext, translation: Translation, qtbot: QtBot
) -> None:
    context.settings.set("appearance.language", "zh_CN")
    translation.apply()
    qtbot.waitUntil(lambda: page.text.translate.text() == "翻译")

    assert card._task.text() == "翻译 · 英文 → 中文"
    assert card.back.text() == "译回英文：Two dogs run."
    assert card.made_by.badge.text() == "译回保留 80%"
    assert page.filters["translations"].text() == "翻译"

"""A photo gets its class too where a classifier is installed: a card below its captions, and one error for both."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QGuiApplication

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.pages.explore import ExplorePage
from mmbm_desktop.gui.pages.explore.cards.caption_card import CaptionCard
from mmbm_desktop.gui.pages.explore.cards.card import CLASSES
from mmbm_desktop.gui.pages.explore.cards.classes_card import ClassesCard
from mmbm_desktop.gui.pages.explore.cards.status_cards import ErrorCard
from mmbm_desktop.gui.state.explore_intake import sort_paths
from mmbm_desktop.protocol.catalogue import ModelInfo
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.requests import CaptionRequest, ClassifyRequest
from mmbm_desktop.protocol.results import ClassGuess, ClassifyResult, Made
from mmbm_desktop.protocol.tasks import Task

MADE = Made("cats-and-dogs 0.1.0", "CPU", 9.0)
CLASSIFIER = ModelInfo("cats-and-dogs", "0.1.0", "Cats and dogs", (Task.CLASSIFY,), (), "", 1000, "/models/c", False)


@pytest.fixture
def photo(tmp_path: Path) -> str:
    file = tmp_path / "a.jpg"
    Image.new("RGB", (64, 48), "teal").save(file)
    return str(file)


@pytest.fixture
def able(engine: FakeEngine, page: ExplorePage) -> FakeEngine:
    """Return the engine with a classifier installed."""
    engine.known_models = (*engine.known_models, CLASSIFIER)
    page.on_shown()
    return engine


def kinds(page: ExplorePage) -> list[type]:
    return [type(card) for card in page.feed.cards]


def test_a_dropped_photo_gets_its_captions_and_below_them_its_class(
    page: ExplorePage, able: FakeEngine, photo: str
) -> None:
    page.take(sort_paths([photo]))

    assert [type(request) for request in able.requests] == [CaptionRequest, ClassifyRequest]
    assert kinds(page) == [CaptionCard, ClassesCard]
    assert page.filters[CLASSES].isVisible()
    page.filters[CLASSES].click()
    assert [type(card) for card in page.feed.visible_cards] == [ClassesCard]


def test_without_a_classifier_none_is_asked_for(page: ExplorePage, engine: FakeEngine, photo: str) -> None:
    page.take(sort_paths([photo]))

    assert [type(request) for request in engine.requests] == [CaptionRequest]
    assert kinds(page) == [CaptionCard]
    assert not page.filters[CLASSES].isVisible()


def test_a_damaged_classifier_is_not_asked(page: ExplorePage, able: FakeEngine, photo: str) -> None:
    damaged = replace(CLASSIFIER, problem=ErrorCode.BUNDLE_DAMAGED.value)
    able.known_models = (*able.known_models[:-1], damaged)
    page.on_shown()

    page.take(sort_paths([photo]))

    assert kinds(page) == [CaptionCard]


def test_the_card_shows_every_guess_and_copies_the_best(page: ExplorePage, able: FakeEngine, photo: str) -> None:
    long = "猫/cat\n" + "x" * 300
    able.script(ClassifyRequest, ClassifyResult(photo, (ClassGuess(long, 0.8), ClassGuess("dog", 0.2)), MADE))

    page.take(sort_paths([photo]))
    (card,) = (one for one in page.feed.cards if isinstance(one, ClassesCard))

    assert [row.score.text() for row in card.rows] == ["80%", "20%"]
    assert [row.bar.stretch for row in card.rows] == [(0.0, 0.8), (0.0, 0.2)]
    assert card.rows[0].name.text().startswith("猫/cat x")
    assert card.width() <= page.width()
    card.copy.click()
    assert QGuiApplication.clipboard().text() == long
    assert card.made_by.badge.text() == "80%"
    assert "cats-and-dogs" in card.made_by.facts.text()


def test_a_broken_photo_is_told_once(page: ExplorePage, able: FakeEngine, photo: str) -> None:
    broken = Failure.of(InputFault(ErrorCode.IMAGE_BROKEN, path=photo))
    able.script(CaptionRequest, broken)
    able.script(ClassifyRequest, broken)

    page.take(sort_paths([photo]))

    assert kinds(page) == [ErrorCard]


def test_a_missing_classifier_is_told_with_what_to_do(page: ExplorePage) -> None:
    texts = ErrorTexts(page)
    missing = Failure(ErrorCode.MODEL_MISSING, "environment", {"task": "classify", "name": ""})

    assert "Train one" in texts.sentence(missing)
    assert "Train one" not in texts.sentence(replace(missing, params={"task": "caption", "name": ""}))

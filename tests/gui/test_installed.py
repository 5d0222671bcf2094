"""The Models page names what models do in the language of the window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.gui.context import AppContext
from mmbm_desktop.gui.pages.installed import ModelsPage
from mmbm_desktop.gui.pages.installed.model_card import ModelCard
from mmbm_desktop.gui.state.model_quality import ModelQuality, quality_of
from mmbm_desktop.gui.task_words import TaskWords
from mmbm_desktop.gui.translation import Translation
from mmbm_desktop.protocol.tasks import Task


@pytest.fixture
def translation(context: AppContext) -> Iterator[Translation]:
    """Return the window's language, English, to be switched by the setting and `apply`."""
    context.settings.set("appearance.language", "en")
    made = Translation(context.settings)
    made.apply()
    yield made
    made.remove()


@pytest.fixture
def page(qtbot: object, context: AppContext) -> Iterator[ModelsPage]:
    """Return the page, shown."""
    made = ModelsPage(context)
    made.show()
    made.on_shown()
    yield made
    made.close()
    made.deleteLater()


def test_tasks_and_languages_are_named_in_both_languages(
    page: ModelsPage, context: AppContext, translation: Translation, qtbot: QtBot
) -> None:
    sounds, translator = page.cards["sounds-small"], page.cards["translate-en-zh-small"]
    assert sounds.tasks[Task.SOUNDS].text() == "names sounds"
    assert translator.tasks[Task.TRANSLATE].text() == "translates"
    assert [badge.text() for badge in translator.languages.values()] == ["English", "Chinese"]

    context.settings.set("appearance.language", "zh_CN")
    translation.apply()

    qtbot.waitUntil(lambda: sounds.tasks[Task.SOUNDS].text() == "声音识别")
    assert translator.tasks[Task.TRANSLATE].text() == "翻译"
    assert [badge.text() for badge in translator.languages.values()] == ["英文", "中文"]


QUALITY = {
    "caption, flickr8k val": 2.56,
    "recall@10 en, flickr8k val": 0.35,
    "text-to-image R@1, English, flickr8k test": 0.09,
    "CIDEr-D, English, flickr8k test": 0.38,
    "text-to-image R@10, English, flickr8k test": 0.36,
    "CIDEr-D, Chinese, by character, flickr8k test": 1.0,
    "text-to-image R@10, Chinese, flickr8k test": 0.27,
    "search Brier score, English, flickr8k test": 0.11,
}


def test_what_matters_first_is_measured_on_held_out_data_and_is_no_loss() -> None:
    first = [name for name, _ in quality_of(QUALITY).first]

    assert first == [
        "text-to-image R@10, English, flickr8k test",
        "text-to-image R@10, Chinese, flickr8k test",
        "CIDEr-D, English, flickr8k test",
        "CIDEr-D, Chinese, by character, flickr8k test",
    ]
    assert {name for name, _ in quality_of(QUALITY).others} == set(QUALITY) - set(first)
    folds = {"accuracy of fold 1, a test folds": 0.9, "accuracy, a val": 0.8, "F1 of b, a val": 0.7}
    assert quality_of(folds).first == (("accuracy, a val", 0.8),)
    assert quality_of({"magic": 1.0}) == ModelQuality((), (("magic", 1.0),))


def test_a_card_shows_few_numbers_and_all_when_asked_with_its_title_in_the_windows_language(
    qtbot: QtBot, context: AppContext, engine: FakeEngine, translation: Translation
) -> None:
    model = replace(engine.models()[0], quality=QUALITY, titles={"en": "Captions", "zh": "图片描述"})
    card = ModelCard(model)
    qtbot.addWidget(card)
    card.show()
    assert card.numbers.first["CIDEr-D, English, flickr8k test"].text() == "CIDEr-D, English, flickr8k test"
    assert not card.numbers.rest.isVisible()
    card.numbers.every.click()
    assert card.numbers.others["caption, flickr8k val"].isVisible()

    context.settings.set("appearance.language", "zh_CN")
    translation.apply()

    qtbot.waitUntil(lambda: card.heading.text() == "图片描述")
    assert card.numbers.others["caption, flickr8k val"].text() == "描述损失，flickr8k 验证集"


@pytest.mark.parametrize("task", list(Task))
def test_every_task_has_words(qapp: object, task: Task) -> None:
    assert TaskWords().task(task) != task


def test_what_has_no_name_keeps_its_id(qapp: object) -> None:
    assert (TaskWords().task("juggle"), TaskWords().language("fr")) == ("juggle", "fr")

"""The Models page names what models do in the language of the window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from mmbm_desktop.gui.context import AppContext
from mmbm_desktop.gui.pages.installed import ModelsPage
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


@pytest.mark.parametrize("task", list(Task))
def test_every_task_has_words(qapp: object, task: Task) -> None:
    assert TaskWords().task(task) != task


def test_what_has_no_name_keeps_its_id(qapp: object) -> None:
    assert (TaskWords().task("juggle"), TaskWords().language("fr")) == ("juggle", "fr")

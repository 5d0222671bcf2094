"""Classes are set right and captions rated on their cards; the corrections arrive in the engine."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.gui.pages.explore import ExplorePage
from mmbm_desktop.gui.pages.explore.cards.caption_card import CaptionCard
from mmbm_desktop.gui.pages.explore.cards.classes_card import ClassesCard
from mmbm_desktop.protocol.corrections import CorrectionKind
from mmbm_desktop.protocol.requests import ClassifyRequest
from mmbm_desktop.protocol.results import ClassGuess, ClassifyResult, Made


def corrections(engine: FakeEngine) -> list[tuple[str, str, int]]:
    return [(one.said, one.text, one.rating) for one in engine.improving.corrections()]


def classes(page: ExplorePage, engine: FakeEngine, tmp_path: Path) -> ClassesCard:
    guesses = (ClassGuess("cat", 0.7), ClassGuess("R&D dog", 0.2))
    result = ClassifyResult(str(tmp_path / "a.jpg"), guesses, Made("pets 0.1.0", "CPU", 1.0))
    engine.script(ClassifyRequest, result)
    page.state.retry(engine.submit(ClassifyRequest(result.path)))
    page.state._submit(ClassifyRequest(result.path))
    return next(card for card in page.feed.cards if isinstance(card, ClassesCard))


def test_a_class_is_set_right_from_the_menu_or_typed(
    page: ExplorePage, engine: FakeEngine, tmp_path: Path, qtbot: QtBot
) -> None:
    card = classes(page, engine, tmp_path)
    offered = [action.text() for action in card.set_right.menu.actions() if action.text()]
    assert offered == ["R&&D dog", "Another class …"]

    card.set_right.menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: corrections(engine) == [("cat", "R&D dog", 0)])
    assert card.set_right.said.text() == "You: R&D dog"

    card.set_right.menu.actions()[-1].trigger()
    card.set_right.editor.setText("  wolf ")
    qtbot.keyClick(card.set_right.editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: corrections(engine) == [("cat", "wolf", 0)])


def test_a_caption_is_rated_and_the_rating_taken_away(
    page: ExplorePage, engine: FakeEngine, tmp_path: Path, qtbot: QtBot
) -> None:
    page.state.caption([str(tmp_path / "a.jpg")])
    card = next(card for card in page.feed.cards if isinstance(card, CaptionCard))
    thumbs, said = card.thumbs["en"], card.texts["en"].text

    thumbs.down.click()
    qtbot.waitUntil(lambda: corrections(engine) == [(said, "", -1)])
    thumbs.up.click()
    qtbot.waitUntil(lambda: corrections(engine) == [(said, "", 1)])
    assert not thumbs.down.isChecked()
    thumbs.up.click()
    qtbot.waitUntil(lambda: corrections(engine) == [])
    assert engine.improving.stored[-1].kind is CorrectionKind.THUMB

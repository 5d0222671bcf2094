"""The details: tags, earlier captions, similar pictures, and a transcript that is heard and lights up."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.gui.context import AppContext
from mmbm_desktop.gui.pages.library import LibraryPage
from mmbm_desktop.gui.pages.library.item_facts import ItemFacts
from mmbm_desktop.gui.pages.library.recording_panel import RecordingPanel
from mmbm_desktop.gui.state.player import Player
from mmbm_desktop.gui.widgets.transcript_view import TranscriptView, spans_of
from mmbm_desktop.protocol.history import ItemHistory, TranscriptEntry
from mmbm_desktop.protocol.requests import SearchRequest
from mmbm_desktop.protocol.results import Answered, ClassGuess, Item, Segment, Word
from mmbm_desktop.protocol.tasks import MediaKind

SAID = (
    Segment("two dogs", 0.0, 1.0, 0.8, (Word("two", 0.0, 0.4, 0.9), Word("dogs", 0.4, 1.0, 0.2))),
    Segment("on grass", 1.5, 2.0, 0.8),
)


def show(page: LibraryPage, qtbot: QtBot, kind: MediaKind) -> Item:
    row = next(row for row in range(page.model.rowCount()) if page.model.item(row).kind is kind)
    page.grid.setCurrentIndex(page.model.index(row, 0))
    qtbot.waitUntil(lambda: bool(page.details.history.rows))
    return page.model.item(row)


def test_tags_are_put_on_and_taken_off_in_the_details(page: LibraryPage, engine: FakeEngine, qtbot: QtBot) -> None:
    item = show(page, qtbot, MediaKind.PHOTO)
    QTest.keyClicks(page.details.tags.field, "beach, summer")
    QTest.keyClick(page.details.tags.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.details.tags.tags == ("beach", "summer"))
    page.details.tags.chips[0].click()
    qtbot.waitUntil(lambda: page.details.tags.tags == ("summer",))
    assert engine.library[item.id].tags == ("summer",)
    qtbot.waitUntil(lambda: page._tags == ("summer",))

    QTest.keyClicks(page.query_bar.edit, "tag:s")
    assert page.query_bar.completer.model().data(page.query_bar.completer.model().index(0, 0)) == "tag:summer"
    page.query_bar.edit.setText("tag:summer")
    QTest.keyClick(page.query_bar.edit, Qt.Key.Key_Return)
    assert [page.model.item(row).id for row in range(page.model.rowCount())] == [item.id]


def test_the_class_of_a_picture_and_who_said_it_are_shown(qtbot: QtBot) -> None:
    facts = ItemFacts()
    qtbot.addWidget(facts)
    answers = (Answered("classify", "birds 1.0.0", 1_700_000_000.0),)
    item = Item(1, "/p/a.jpg", MediaKind.PHOTO, "h", 10, 1.0, answers=answers, classes=(ClassGuess("blue tit", 0.931),))
    facts.show_item(item, (), ItemHistory())
    shown = {name.text(): value.text() for name, value in zip(facts.names, facts.values, strict=True)}
    assert shown["Class"] == "blue tit 0.93"
    assert shown["Answered by"].startswith("Class: birds 1.0.0, ")


def test_an_earlier_caption_is_taken_again(page: LibraryPage, engine: FakeEngine, qtbot: QtBot) -> None:
    item = show(page, qtbot, MediaKind.PHOTO)
    assert page.details.facts.values[6].text().startswith("image-text-small 0.2.0 · ")
    page.details.history.button.click()
    rows = page.details.history.rows
    assert [row.use.isVisible() for row in rows] == [False, False, True]
    assert rows[2].who.text().startswith("image-text-small 0.1.0")

    rows[2].use.click()

    qtbot.waitUntil(lambda: engine.library[item.id].caption_en == "An older caption.")
    assert engine.saved == [(item.path, "An older caption.", "en")]


def test_the_chinese_caption_is_edited_too(page: LibraryPage, engine: FakeEngine, qtbot: QtBot) -> None:
    item = show(page, qtbot, MediaKind.PHOTO)
    page.details.edit_zh.click()
    page.details.texts["zh"].editor.setText("一只狗。")
    QTest.keyClick(page.details.texts["zh"].editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: engine.saved == [(item.path, "一只狗。", "zh")])


def test_similar_pictures_are_shown_when_the_choice_has_rested(
    page: LibraryPage, engine: FakeEngine, qtbot: QtBot
) -> None:
    item = show(page, qtbot, MediaKind.PHOTO)
    qtbot.waitUntil(lambda: len(page.details.strip.pictures) == 6)
    asked = [request for request in engine.requests if isinstance(request, SearchRequest)]
    assert asked == [SearchRequest(image_path=item.path, top=7)]
    other = page.details.strip.pictures[0]
    assert other._item.id != item.id

    QTest.keyClick(other, Qt.Key.Key_Return)

    assert page.details.item is not None
    assert page.details.item.id == other._item.id


def test_a_transcript_with_times_is_shown_word_by_word(page: LibraryPage, engine: FakeEngine, qtbot: QtBot) -> None:
    item = show(page, qtbot, MediaKind.RECORDING)
    view = page.details.recording.transcript
    assert view.toPlainText() == item.transcript
    assert not page.details.texts["transcript"].isVisible()
    mine = TranscriptEntry("My own words.", "en", (), 1.0, "", "person", 2.0)
    past = engine.history(item.id)
    engine.history = lambda _: replace(past, transcripts=(mine, *past.transcripts))  # pyright: ignore[reportAttributeAccessIssue]
    page.details.show_item(replace(item, transcript=mine.text))
    qtbot.waitUntil(page.details.texts["transcript"].isVisible)
    assert page.details.texts["transcript"].text == "My own words."


def test_words_light_up_as_they_are_said_and_a_click_asks_to_play(qtbot: QtBot, context: AppContext) -> None:
    view = TranscriptView(context.theme)
    qtbot.addWidget(view)
    view.resize(240, 100)
    view.show_segments(SAID)
    assert view.toPlainText() == "two dogs\non grass"
    assert [span.doubtful for span in spans_of(SAID)[1]] == [False, True, False]
    for seconds, lit in ((0.1, "two"), (0.7, "dogs"), (1.6, "on grass"), (9.0, ""), (None, "")):
        view.set_position(seconds)
        assert view.lit == lit
    asked: list[float] = []
    view.play_asked.connect(asked.append)
    caret = view.textCursor()
    caret.setPosition(6)
    view.setTextCursor(caret)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert asked == [0.4]


class Speaker:
    """Hears what is played; holds the first block until it is let go."""

    latency_s = 0.0

    def __init__(self) -> None:
        self.frames: list[np.ndarray] = []
        self.go_on = threading.Event()
        self.closed = threading.Event()

    def write(self, frames: np.ndarray) -> None:
        self.frames.append(frames)
        self.go_on.wait(5)

    def finish(self) -> None:
        pass

    def close(self) -> None:
        self.closed.set()


@pytest.fixture
def recording(tmp_path: Path) -> Item:
    samples = np.linspace(-0.5, 0.5, 16_000, dtype=np.float32)
    soundfile.write(tmp_path / "a.wav", samples, 8_000, subtype="FLOAT")
    return Item(1, str(tmp_path / "a.wav"), MediaKind.RECORDING, "a", 1, 1.0, duration_s=2.0)


@pytest.fixture
def speaker() -> Speaker:
    return Speaker()


@pytest.fixture
def panel(qtbot: QtBot, context: AppContext, speaker: Speaker, recording: Item) -> Iterator[RecordingPanel]:
    made = RecordingPanel(context.theme, Player(open_speaker=lambda rate, channels: speaker))
    qtbot.addWidget(made)
    made.show_item(recording)
    made.show_words(SAID)
    yield made
    speaker.go_on.set()
    made.close_workers()
    made.player.deleteLater()


def test_a_recording_is_played_from_a_word_on_and_its_words_light_up(
    panel: RecordingPanel, speaker: Speaker, qtbot: QtBot
) -> None:
    panel.transcript.play_asked.emit(1.5)
    qtbot.waitUntil(lambda: len(speaker.frames) == 1)
    assert panel.play_button.text() == "Stop"
    assert panel.transcript.lit == "on grass"
    assert speaker.frames[0][0, 0] == pytest.approx(-0.5 + 1.5 * 8_000 / 16_000, abs=1e-3)

    speaker.go_on.set()
    qtbot.waitUntil(lambda: panel.play_button.text() == "Play")

    assert sum(len(frames) for frames in speaker.frames) == 4_000
    assert speaker.closed.is_set()
    assert panel.transcript.lit == ""


def test_playing_stops_when_it_is_asked_to(panel: RecordingPanel, speaker: Speaker, qtbot: QtBot) -> None:
    panel.play_button.click()
    qtbot.waitUntil(lambda: len(speaker.frames) == 1)
    panel.play_button.click()
    assert panel.play_button.text() == "Play"
    speaker.go_on.set()
    qtbot.waitUntil(speaker.closed.is_set)
    assert len(speaker.frames) == 1


def test_why_nothing_can_be_played_is_told(qtbot: QtBot, context: AppContext, recording: Item) -> None:
    def no_speaker(rate: int, channels: int) -> Speaker:
        raise EnvironmentFault(ErrorCode.SPEAKER_FAILED)

    panel = RecordingPanel(context.theme, Player(open_speaker=no_speaker))
    qtbot.addWidget(panel)
    panel.show_item(recording)
    with qtbot.waitSignal(panel.failed) as told:
        panel.play_from(0.0)
    assert told.args[0].code is ErrorCode.SPEAKER_FAILED
    panel.close_workers()
    panel.player.deleteLater()


def test_sounds_are_listed_and_played(panel: RecordingPanel, speaker: Speaker, qtbot: QtBot) -> None:
    panel.show_sounds([("rain", 0.0, 1.0, 0.91), ("dog barking", 1.0, 1.5, 0.5)])
    assert [button.text() for button in panel.sounds.buttons] == ["rain", "dog barking"]
    panel.sounds.buttons[1].click()
    qtbot.waitUntil(lambda: len(speaker.frames) == 1)
    assert speaker.frames[0][0, 0] == pytest.approx(0.0, abs=1e-3)
    qtbot.waitUntil(lambda: panel.spectrogram._image is not None)

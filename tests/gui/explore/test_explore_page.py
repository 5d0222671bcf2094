"""What is dropped, pasted, typed or said on the Explore page becomes cards, and the cards' buttons do what they say."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.gui.context import AppContext
from mmbm_desktop.gui.pages.explore import ExplorePage
from mmbm_desktop.gui.pages.explore.cards.caption_card import CaptionCard
from mmbm_desktop.gui.pages.explore.cards.search_card import SearchCard
from mmbm_desktop.gui.pages.explore.cards.status_cards import ErrorCard, FolderCard, RefusedCard, RunningCard
from mmbm_desktop.gui.pages.explore.cards.transcript_card import TranscriptCard
from mmbm_desktop.gui.pages.explore.feed import KEPT, SHOWN
from mmbm_desktop.gui.state.explore_intake import sort_paths
from mmbm_desktop.protocol.events import MicrophoneLevel, PartialTranscript
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.jobs import JobState
from mmbm_desktop.protocol.requests import (
    CaptionRequest,
    RecordRequest,
    SearchRequest,
    SoundsRequest,
    TranscribeRequest,
)
from mmbm_desktop.protocol.results import Caption, CaptionResult


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    """Return three pictures on disk."""
    files = [tmp_path / name for name in ("a.jpg", "b.png", "照片.webp")]
    for file in files:
        Image.new("RGB", (64, 48), "teal").save(file)
    return files


def urls(*names: Path | str) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(name)) if isinstance(name, Path) else QUrl(name) for name in names])
    return mime


def drop_on(widget: object, mime: QMimeData) -> None:
    where, copy = QPointF(5, 5), Qt.DropAction.CopyAction
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(where.toPoint(), copy, mime, buttons, keys)
    widget.dragEnterEvent(enter)
    assert enter.isAccepted()
    widget.dropEvent(QDropEvent(where, copy, mime, buttons, keys))


def only(page: ExplorePage, kind: type) -> object:
    cards = [card for card in page.feed.cards if isinstance(card, kind)]
    assert len(cards) == 1
    return cards[0]


def test_a_photo_dropped_on_the_panel_gets_a_caption_card(
    page: ExplorePage, photos: list[Path], engine: FakeEngine
) -> None:
    drop_on(page.image.area, urls(photos[0]))

    card = only(page, CaptionCard)
    request = engine.requests[0]
    assert isinstance(request, CaptionRequest)
    assert (request.path, request.languages) == (str(photos[0]), ("en", "zh"))
    assert card.answer.split("\n") == [card.texts["en"].text, card.texts["zh"].text]
    assert card.made_by.badge.text() == "fits the picture · 64%"
    assert "64%: in a test" in card.made_by.badge.toolTip()
    facts = card.made_by.facts.text()
    assert "image-text" in facts
    assert "CPU" in facts
    assert "ms" in facts
    assert "score" in facts
    assert not page.empty.isVisible()
    assert "1 answer" in page.summary.text()


def test_many_files_become_one_job_each_and_the_refused_one_card(
    page: ExplorePage, photos: list[Path], tmp_path: Path, engine: FakeEngine
) -> None:
    (tmp_path / "empty.jpg").write_bytes(b"")
    (tmp_path / "text.jpg").write_bytes(b"just text")
    (tmp_path / "tool.exe").write_bytes(b"MZ....")
    sound = tmp_path / "a.wav"
    sound.write_bytes(b"RIFF\x24\0\0\0WAVEfmt ")
    mime = urls(
        *photos,
        tmp_path / "empty.jpg",
        tmp_path / "text.jpg",
        tmp_path / "tool.exe",
        "https://example.org/a.jpg",
        sound,
    )

    drop_on(page.image.area, mime)

    assert [type(request) for request in engine.requests] == [CaptionRequest] * 3 + [
        TranscribeRequest,
        SoundsRequest,
    ]
    lines = only(page, RefusedCard).answer.split("\n")
    assert len(lines) == 4
    assert any(line.startswith("empty.jpg — The file is empty") for line in lines)
    assert any(line.startswith("text.jpg — The picture is damaged") for line in lines)
    assert any("tool.exe" in line and "not supported" in line for line in lines)


def test_a_dropped_folder_is_offered_to_the_library_and_not_captioned(
    page: ExplorePage, photos: list[Path], context: AppContext, engine: FakeEngine
) -> None:
    asked = []
    context.navigator.index_requested.connect(asked.append)
    drop_on(page.image.area, urls(photos[0].parent))
    card = only(page, FolderCard)
    assert engine.requests == []

    card.add.click()

    assert asked == [(str(photos[0].parent),)]
    assert page.feed.cards == []


def test_pasted_pictures_files_and_text_are_taken(page: ExplorePage, photos: list[Path], engine: FakeEngine) -> None:
    image = QImage(32, 32, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(image)
    page.image.paste.click()
    request = engine.requests[0]
    assert isinstance(request, CaptionRequest)
    assert Path(request.path).parent == paths.pasted_dir()
    with Image.open(request.path) as kept:
        assert kept.size == (32, 32)

    assert page.take_mime(urls(photos[1]))
    assert isinstance(engine.requests[1], CaptionRequest)
    text = QMimeData()
    text.setText("two dogs")
    assert page.take_mime(text)
    assert page.text.text == "two dogs"
    assert not page.take_mime(QMimeData())


def test_typed_words_search_pictures_in_either_language(
    page: ExplorePage, engine: FakeEngine, context: AppContext
) -> None:
    assert not page.text.search.isEnabled()
    page.text.editor.setFocus()
    QTest.keyClicks(page.text.editor, "dogs on grass")
    assert page.text.language.text() == "English"
    QTest.keyClick(page.text.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    assert engine.requests == [SearchRequest("dogs on grass", top=12)]
    card = only(page, SearchCard)
    assert card.tiles
    asked = []
    context.navigator.search_requested.connect(asked.append)
    card.open.click()
    assert asked == [SearchRequest("dogs on grass", top=12)]

    page.text.set_text("两只狗")
    assert page.text.language.text() == "中文"


def test_a_text_file_fills_the_text_panel(page: ExplorePage, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("一只猫", encoding="utf-8")

    page.take(sort_paths([str(tmp_path / "a.txt")]))

    assert page.text.text == "一只猫"


def test_recording_moves_the_meter_and_ends_in_a_transcript(page: ExplorePage, engine: FakeEngine) -> None:
    page.microphone.record.click()
    request = engine.requests[0]
    assert isinstance(request, RecordRequest)
    job = engine.jobs()[0].id
    assert page.state.recording
    assert page.microphone.record.text() == "Stop"

    engine.emit(MicrophoneLevel(job, 0.2, 0.5, 1.2, (0.1, 0.5, 0.2, 0.1)))
    engine.emit(PartialTranscript(job, "two dogs"))
    assert page.microphone.meter.fraction > 0.5
    assert page.microphone.waveform.peaks[-4:] == (0.1, 0.5, 0.2, 0.1)
    assert page.microphone.time.text() == "00:01"
    assert page.microphone.partial.text() == "two dogs"
    page.microphone.record.click()

    assert not page.state.recording
    assert page.microphone.record.text() == "Record"
    card = only(page, TranscriptCard)
    assert card.answer
    assert "speech" in card.made_by.badge.text()


def test_a_missing_microphone_is_told_on_the_panel_and_in_a_card(page: ExplorePage, engine: FakeEngine) -> None:
    failure = Failure.of(EnvironmentFault(ErrorCode.MICROPHONE_MISSING, device=""))
    engine.hold(RecordRequest)
    page.microphone.record.click()
    engine.fail(engine.jobs()[0].id, failure)

    assert "No microphone was found" in page.microphone.partial.text()
    assert "No microphone was found" in only(page, ErrorCard).answer
    assert page.microphone.record.text() == "Record"


def test_devices_are_listed_and_the_choice_is_remembered(
    page: ExplorePage, engine: FakeEngine, context: AppContext
) -> None:
    page.microphone.refresh_devices()
    names = [action.data() for action in page.microphone._menu.actions()]
    assert names[0] == ""
    assert set(names[1:]) == {one.name for one in engine.known_microphones}

    page.microphone._menu.actions()[-1].trigger()
    page.microphone.record.click()

    assert context.settings.text("microphone.device") == names[-1]
    assert engine.requests[-1].device == names[-1]
    page.state.stop_recording()


def test_a_caption_is_edited_in_place_and_saved(
    page: ExplorePage, photos: list[Path], engine: FakeEngine, qtbot: QtBot
) -> None:
    page.take(sort_paths([str(photos[0])]))
    card = only(page, CaptionCard)
    text = card.texts["en"]
    before = text.text
    card.edit.click()
    assert text.editor.isVisible()
    QTest.keyClick(text.editor, Qt.Key.Key_Escape)
    assert text.text == before
    assert not text.editor.isVisible()

    card.edit.click()
    text.editor.setText("My own words.")
    with qtbot.waitSignal(page.state.saved):
        QTest.keyClick(text.editor, Qt.Key.Key_Return)

    assert engine.saved == [(str(photos[0]), "My own words.", "en")]
    assert "My own words." in card.answer


def test_saving_that_fails_is_told(page: ExplorePage, photos: list[Path], engine: FakeEngine, qtbot: QtBot) -> None:
    engine.raising["save_caption"] = EnvironmentFault(ErrorCode.DISK_FULL, path=str(photos[0]))
    page.take(sort_paths([str(photos[0])]))

    with qtbot.waitSignal(page.state.save_failed):
        only(page, CaptionCard).save.click()
    qtbot.waitUntil(lambda: len(page.feed.cards) >= 2)

    refused = next(card for card in page.feed.cards if isinstance(card, RefusedCard))
    assert "disk is full" in refused.answer


def test_another_of_the_best_captions_can_be_taken(
    page: ExplorePage, photos: list[Path], engine: FakeEngine, qtbot: QtBot
) -> None:
    def answer(request: CaptionRequest) -> CaptionResult:
        from mmbm_desktop.engine import fake_answers

        base = fake_answers.answer(request, ())
        return CaptionResult(
            request.path, (Caption("A dog.", "en", 0.6), Caption("A cat.", "en", 0.4)), 0.5, base.embedding, base.made
        )

    engine.script(CaptionRequest, answer)
    page.take(sort_paths([str(photos[0])]))
    card = only(page, CaptionCard)
    card.others_button.click()
    button = card.others.layout().itemAt(0).widget()
    assert "A cat." in button.text()

    with qtbot.waitSignal(page.state.saved):
        button.click()

    assert card.texts["en"].text == "A cat."
    assert engine.saved == [(str(photos[0]), "A cat.", "en")]


def test_copy_search_and_similar_do_what_they_say(page: ExplorePage, photos: list[Path], engine: FakeEngine) -> None:
    page.take(sort_paths([str(photos[0])]))
    card = only(page, CaptionCard)

    card.copy.click()
    assert QGuiApplication.clipboard().text() == card.answer
    card.similar.click()
    assert engine.requests[-1] == SearchRequest(image_path=str(photos[0]), top=12)
    card._search()
    assert engine.requests[-1] == SearchRequest(card.texts["en"].text, top=12)
    assert page.text.text == card.texts["en"].text


def test_a_job_is_shown_while_it_runs_and_its_error_can_be_tried_again(
    page: ExplorePage, photos: list[Path], engine: FakeEngine
) -> None:
    engine.hold(CaptionRequest)
    page.take(sort_paths([str(photos[0])]))
    job = engine.jobs()[0].id
    running = only(page, RunningCard)
    engine.progress(job, 1, 4)
    assert "1 of 4" in running.accessibleName()

    engine.fail(job, InputFault(ErrorCode.IMAGE_BROKEN, "detail", path=str(photos[0])))
    card = only(page, ErrorCard)
    assert card.reason.text().startswith("The picture is damaged")
    card.retry.click()

    assert only(page, RunningCard).job.retry_of == job
    engine.finish(engine.jobs()[0].id)
    assert isinstance(only(page, CaptionCard), CaptionCard)
    assert len(page.feed.cards) == 1


def test_a_cancelled_job_leaves_no_card(page: ExplorePage, photos: list[Path], engine: FakeEngine) -> None:
    engine.hold(CaptionRequest)
    page.take(sort_paths([str(photos[0])]))

    only(page, RunningCard).cancel.click()

    assert engine.jobs()[0].state is JobState.CANCELLED
    assert page.feed.cards == []
    assert page.empty.isVisible()


def test_filters_show_one_kind(page: ExplorePage, photos: list[Path]) -> None:
    page.take(sort_paths([str(photos[0])]))
    page.search_text("dogs")

    page.filters["searches"].click()
    assert [type(card) for card in page.feed.visible_cards] == [SearchCard]
    page.filters["captions"].click()
    assert [type(card) for card in page.feed.visible_cards] == [CaptionCard]
    page.filters[""].click()
    assert len(page.feed.visible_cards) == 2


def test_the_feed_is_bounded(page: ExplorePage) -> None:
    for number in range(KEPT + 5):
        page.state.search(f"words {number}")

    assert len(page.feed.cards) == KEPT
    assert len(page.feed.visible_cards) == SHOWN
    page.feed.more.click()
    assert len(page.feed.visible_cards) == 2 * SHOWN


def test_a_card_is_removed_and_copied_by_keyboard(page: ExplorePage, photos: list[Path]) -> None:
    page.take(sort_paths([str(photos[0])]))
    card = only(page, CaptionCard)
    card.setFocus()

    QTest.keyClick(card, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == card.answer
    QTest.keyClick(card, Qt.Key.Key_Delete)

    assert page.feed.cards == []


def test_a_transcript_is_written_as_subtitles(page: ExplorePage, tmp_path: Path) -> None:
    sound = tmp_path / "a.wav"
    sound.write_bytes(b"RIFF\x24\0\0\0WAVEfmt ")
    page.take(sort_paths([str(sound)]))
    card = only(page, TranscriptCard)

    card.write_file(str(tmp_path / "a.srt"))
    assert " --> " in (tmp_path / "a.srt").read_text(encoding="utf-8")
    card.write_file(str(tmp_path / "none" / "x" / "a.vtt"))
    assert (tmp_path / "none" / "x" / "a.vtt").read_text(encoding="utf-8").startswith("WEBVTT")


def test_every_control_has_a_name_for_a_screen_reader(page: ExplorePage, photos: list[Path]) -> None:
    from PySide6.QtWidgets import QAbstractButton

    page.take(sort_paths([str(photos[0])]))
    page.search_text("dogs")

    nameless = [
        b
        for b in page.findChildren(QAbstractButton)
        if b.isVisible() and not (b.text().strip(" ⋯") or b.accessibleName())
    ]
    assert nameless == []
    assert all(card.accessibleName() for card in page.feed.cards)

"""A recording is listened to by itself: its sounds stand below its words, and neither answer needs the other."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.engine.fake_answers import SOUNDS as MADE
from mmbm_desktop.gui.context import AppContext
from mmbm_desktop.gui.pages.explore import ExplorePage
from mmbm_desktop.gui.pages.explore.cards.sounds_card import SHOWN, STEP, SoundsCard
from mmbm_desktop.gui.pages.explore.cards.status_cards import ErrorCard, RefusedCard, RunningCard
from mmbm_desktop.gui.pages.explore.cards.transcript_card import TranscriptCard
from mmbm_desktop.gui.state.explore_intake import sort_paths
from mmbm_desktop.gui.translation import Translation
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.requests import RecordRequest, SoundsRequest, TranscribeRequest
from mmbm_desktop.protocol.results import Sound, SoundsResult, TranscriptResult
from mmbm_desktop.protocol.tasks import Task

NAMES = {"en": {"rain": "rain", "dog": "dog barking"}, "zh": {"rain": "雨声", "dog": "狗叫"}}


def heard(*sounds: Sound, duration_s: float = 10.0) -> SoundsResult:
    return SoundsResult("/recordings/garden.wav", sounds, duration_s, NAMES, MADE)


def kinds(page: ExplorePage) -> list[type]:
    return [type(card) for card in page.feed.cards]


def sounds_card(page: ExplorePage) -> SoundsCard:
    (card,) = (card for card in page.feed.cards if isinstance(card, SoundsCard))
    return card


@pytest.fixture
def card(page: ExplorePage, engine: FakeEngine, recording: str) -> SoundsCard:
    """Return the card of a recording with two sounds."""
    engine.script(SoundsRequest, heard(Sound("rain", 0.0, 10.0, 0.91), Sound("dog", 2.5, 5.0, 0.742)))
    page.take(sort_paths([recording]))
    return sounds_card(page)


def test_a_dropped_recording_gets_its_words_and_below_them_its_sounds(
    page: ExplorePage, engine: FakeEngine, recording: str
) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(recording)])

    page.microphone.dropped.emit(mime)

    assert engine.requests == [TranscribeRequest(recording), SoundsRequest(recording)]
    assert kinds(page) == [TranscriptCard, SoundsCard]
    assert page.summary.text().startswith("2 ")
    page.filters["sounds"].click()
    assert [type(card) for card in page.feed.visible_cards] == [SoundsCard]


def test_a_row_says_what_when_and_how_likely(card: SoundsCard) -> None:
    rain, dog = card.rows

    assert (rain.name.text(), rain.time.text(), rain.score.text()) == ("rain", "00:00.0 – 00:10.0", "91%")
    assert (dog.name.text(), dog.time.text(), dog.score.text()) == ("dog barking", "00:02.5 – 00:05.0", "74%")
    assert dog.bar.stretch == (0.25, 0.5)
    assert dog.bar.accessibleName() == "dog barking, 00:02.5 – 00:05.0, 74%"
    assert "How likely" in dog.score.toolTip()
    assert "dog barking" in card.accessibleName()
    assert "sounds-small" in card.made_by.facts.text()


def test_silence_is_an_answer_and_not_a_failure(page: ExplorePage, engine: FakeEngine, recording: str) -> None:
    engine.script(SoundsRequest, heard())
    engine.script(TranscribeRequest, TranscriptResult(recording, "en", (), 9.0, MADE))

    page.take(sort_paths([recording]))

    assert kinds(page) == [TranscriptCard, SoundsCard]
    words, sounds = page.feed.cards
    assert not words.made_by.badge.isVisible()
    assert sounds.nothing.isVisible()
    assert "No sound that the model knows was heard." in sounds.accessibleName()
    assert not sounds.copy.isEnabled()
    assert sounds.more.isEnabled()


def test_without_a_model_sounds_are_not_asked_for_and_one_that_comes_is_used(
    page: ExplorePage, engine: FakeEngine, recording: str
) -> None:
    every = engine.known_models
    engine.known_models = tuple(model for model in every if Task.SOUNDS not in model.tasks)
    page.on_shown()
    page.take(sort_paths([recording]))
    assert engine.requests == [TranscribeRequest(recording)]

    engine.known_models = every
    page.on_shown()
    page.take(sort_paths([recording]))
    assert engine.requests[1:] == [TranscribeRequest(recording), SoundsRequest(recording)]


def test_a_damaged_model_is_not_asked(page: ExplorePage, engine: FakeEngine, recording: str) -> None:
    damaged = ErrorCode.BUNDLE_DAMAGED.value
    engine.known_models = tuple(
        replace(model, problem=damaged) if Task.SOUNDS in model.tasks else model for model in engine.known_models
    )
    page.on_shown()

    page.take(sort_paths([recording]))

    assert engine.requests == [TranscribeRequest(recording)]


@pytest.mark.parametrize("keep", [True, False])
def test_a_recording_of_the_microphone_is_listened_to_when_it_is_kept(
    page: ExplorePage, engine: FakeEngine, context: AppContext, *, keep: bool
) -> None:
    context.settings.set("microphone.keep_recordings", keep)
    page.microphone.record.click()
    page.microphone.record.click()

    assert isinstance(engine.requests[0], RecordRequest)
    assert engine.requests[1:] == ([SoundsRequest("/recordings/1.wav")] if keep else [])
    assert kinds(page) == ([TranscriptCard, SoundsCard] if keep else [TranscriptCard])


@pytest.mark.parametrize(
    ("broken", "left"), [(SoundsRequest, [TranscriptCard, ErrorCard]), (TranscribeRequest, [ErrorCard, SoundsCard])]
)
def test_one_that_fails_does_not_hurt_the_other(
    page: ExplorePage, engine: FakeEngine, recording: str, broken: type, left: list[type]
) -> None:
    engine.script(broken, Failure.of(EnvironmentFault(ErrorCode.WORKER_CRASHED)))

    page.take(sort_paths([recording]))

    assert kinds(page) == left
    engine.script(broken)
    next(card for card in page.feed.cards if isinstance(card, ErrorCard)).retry.click()
    assert set(kinds(page)) == {TranscriptCard, SoundsCard}


@pytest.mark.parametrize("first", [SoundsRequest, TranscribeRequest])
def test_a_broken_file_is_told_once_and_tried_again_as_one(
    page: ExplorePage, engine: FakeEngine, recording: str, first: type
) -> None:
    engine.hold(SoundsRequest, TranscribeRequest)
    page.take(sort_paths([recording]))
    assert kinds(page) == [RunningCard, RunningCard]

    for job in sorted(engine.jobs(), key=lambda job: type(job.request) is not first):
        engine.fail(job.id, InputFault(ErrorCode.AUDIO_BROKEN, path=recording))

    assert kinds(page) == [ErrorCard]
    page.feed.cards[0].retry.click()
    assert kinds(page) == [RunningCard, RunningCard]
    for job in engine.jobs()[:2]:
        engine.finish(job.id)
    assert kinds(page) == [TranscriptCard, SoundsCard]


def test_sounds_are_copied_as_text_and_as_a_table(card: SoundsCard) -> None:
    card.copy.click()
    assert QGuiApplication.clipboard().text().splitlines()[1] == "00:02.5 – 00:05.0   74%  dog barking"

    card.copy_csv()
    rows = list(csv.DictReader(QGuiApplication.clipboard().text().splitlines()))
    assert rows[1] == {"name": "dog barking", "label": "dog", "start_s": "2.5", "end_s": "5.0", "score": "0.742"}


def test_sounds_are_written_as_the_name_ends(card: SoundsCard, tmp_path: Path) -> None:
    card.write_file(str(tmp_path / "a.jsonl"))
    lines = (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[0]) == {"name": "rain", "label": "rain", "start_s": 0.0, "end_s": 10.0, "score": 0.91}

    for name in ("a.csv", "unnamed"):
        card.write_file(str(tmp_path / name))
        assert (tmp_path / name).read_text(encoding="utf-8-sig").startswith("name,label,start_s,end_s,score\n")


def test_a_file_that_cannot_be_written_is_told(page: ExplorePage, card: SoundsCard, tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"")

    card.write_file(str(tmp_path / "taken" / "a.csv"))

    assert RefusedCard in kinds(page)


def test_the_rows_of_many_sounds_come_in_steps(
    page: ExplorePage, engine: FakeEngine, recording: str, qtbot: QtBot
) -> None:
    many = [Sound("rain", number, number + 1, 0.9) for number in range(SHOWN + STEP + 3)]
    engine.script(SoundsRequest, heard(*many, duration_s=len(many)))
    page.take(sort_paths([recording]))
    card = sounds_card(page)

    assert len(card.rows) == SHOWN
    card.show_more.click()
    assert len(card.rows) == SHOWN + STEP
    qtbot.waitUntil(lambda: all(row.bar.isVisible() for row in card.rows))
    assert {row.name.text() for row in card.rows} == {"rain"}
    card.show_more.click()
    assert len(card.rows) == len(many)
    assert not card.show_more.isVisible()


def test_names_follow_the_language_of_the_window(
    page: ExplorePage, card: SoundsCard, context: AppContext, translation: Translation, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: card.made_by.badge.text() == "2 sounds")
    assert page.summary.text().startswith("2 answers")

    context.settings.set("appearance.language", "zh_CN")
    translation.apply()
    qtbot.waitUntil(lambda: card.copy.text() == "复制")

    assert [row.name.text() for row in card.rows] == ["雨声", "狗叫"]
    assert card.made_by.badge.text() == "2 个声音"
    assert "狗叫" in card.answer

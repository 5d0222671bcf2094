"""Recordings are heard where they are shown: samples, lists of clips, what training sees. One plays at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.gui.context import AppContext
from mmbm_desktop.gui.pages.train import TrainPage
from mmbm_desktop.gui.pages.train.items_dialog import ItemsDialog, ShownItem
from mmbm_desktop.gui.pages.train.pair_row import PairRow
from mmbm_desktop.gui.pages.train.samples_view import SamplesView
from mmbm_desktop.gui.state.player import Player
from mmbm_desktop.gui.widgets.picture import PictureLoader
from mmbm_desktop.gui.widgets.play_button import PlayButton
from mmbm_desktop.gui.widgets.variant_row import VariantRow
from mmbm_desktop.protocol.preview import Change, PreviewItem, PreviewRequest, PreviewResult, PreviewText
from mmbm_desktop.protocol.training import Sample
from tests.gui.train.opened_preview import opened

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


class Silent(Player):
    """A player that only says what it would play."""

    def play(self, path: str, start_s: float = 0.0) -> None:
        assert start_s == 0.0
        self._path = path
        self.state_changed.emit()


@pytest.fixture
def player() -> Iterator[Silent]:
    made = Silent()
    yield made
    made.deleteLater()


def test_samples_of_recordings_play_one_at_a_time(
    qtbot: QtBot, context: AppContext, engine: FakeEngine, player: Silent
) -> None:
    view = SamplesView(context.theme, PictureLoader(engine), player)
    qtbot.addWidget(view)
    view.set_samples([Sample("recording", f"/d/{name}.wav", "a", "b", 0.5, right=False) for name in "xy"])
    first, second = view.findChildren(PlayButton)
    assert first.accessibleName() == "Play x.wav"

    first.click()
    assert (player.path, first.accessibleName()) == ("/d/x.wav", "Stop x.wav")
    second.click()
    assert (player.path, first.plays, second.plays) == ("/d/y.wav", False, True)
    second.click()
    assert player.path == ""


def test_a_list_of_clips_plays_them_and_falls_silent_with_its_dialog(
    qtbot: QtBot, context: AppContext, engine: FakeEngine, player: Silent
) -> None:
    items = [ShownItem("/d/a.wav"), ShownItem("/d/table.csv:3")]
    dialog = ItemsDialog("clips", items, context.theme, PictureLoader(engine), player)
    qtbot.addWidget(dialog)
    (button,) = dialog.findChildren(PlayButton)
    button.click()
    assert player.path == "/d/a.wav"
    dialog.close_button.click()
    assert player.path == ""


def test_speech_as_training_hears_it_says_what_is_to_be_written(
    page: TrainPage, engine: FakeEngine, birds: Path, qtbot: QtBot
) -> None:
    item = PreviewItem(f"{birds}/five.wav", PNG, (PNG, PNG), ("five", "five two", ""))
    engine.script(PreviewRequest, PreviewResult(Change.SPOKEN, 0, (item,)))

    panel = opened(page, engine, birds, qtbot, "speech-commands")

    (row,) = panel.rows
    assert isinstance(row, VariantRow)
    assert row.words == ("five", "five two", "(no word)")
    assert panel.players[0].path == f"{birds}/five.wav"
    assert "what is to be written" in panel.what.text()
    assert not panel.grab().isNull()


def test_pairs_are_shown_in_pieces_and_what_is_left_out_is_said(
    page: TrainPage, engine: FakeEngine, birds: Path, qtbot: QtBot
) -> None:
    texts = (PreviewText("A <b>", ("▁a", "", "<b>")), PreviewText("一", ("一",)))
    items = (PreviewItem("", texts=texts), PreviewItem("", texts=texts, fits=False))
    counts = {"counted": 1200, "left_out": 7, "longest": 30, "vocabulary": 4000}
    engine.script(PreviewRequest, PreviewResult(Change.CUT, 0, items, counts))

    panel = opened(page, engine, birds, qtbot, "translation")

    assert "4,000" in panel.what.text()
    assert "Of 1,200 pairs 7 are left out, because a side has more than 30 pieces." in panel.what.text()
    good, long = panel.rows
    assert isinstance(good, PairRow)
    assert isinstance(long, PairRow)
    assert "&lt;b&gt;" in good.pieces[0].text()
    assert "?" in good.pieces[0].text()
    assert not good.note.isVisible()
    assert long.note.text() == "Left out: a side has more than 30 pieces."
    panel.opened.click()
    assert panel.rows == []

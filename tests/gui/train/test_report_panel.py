"""What a report says beside its numbers: how far it can be believed, what was said before, which words changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.engine.runs.fake_numbers import assessment
from mmbm_desktop.gui.context import AppContext
from mmbm_desktop.gui.pages.train.finding_row import FindingRow
from mmbm_desktop.gui.pages.train.item_lists import ItemLists
from mmbm_desktop.gui.pages.train.report_panel import ReportPanel
from mmbm_desktop.gui.state.library_calls import LibraryCalls
from mmbm_desktop.gui.state.player import Player
from mmbm_desktop.gui.state.training_use import ServingModels
from mmbm_desktop.gui.widgets.chooser import Chooser
from mmbm_desktop.gui.widgets.picture import PictureLoader
from mmbm_desktop.protocol.dataset import Finding, Severity
from mmbm_desktop.protocol.training import EPISODES, Assessment, Believed, RunReport, Sample
from tests.gui.train.made_up import run_info


@pytest.fixture
def panel(qtbot: QtBot, context: AppContext, engine: FakeEngine) -> Iterator[ReportPanel]:
    """Return an empty report of a run whose model is not installed."""
    calls = LibraryCalls()
    serving = ServingModels(engine, context.bridge, context.settings, calls)
    player = Player()
    made = ReportPanel(serving, context.theme, PictureLoader(engine), player)
    qtbot.addWidget(made)
    yield made
    player.deleteLater()
    calls.close()


def show(panel: ReportPanel, assessment: Assessment) -> None:
    panel.show_report(RunReport("a", "/models/a", {}, assessment), run_info("a"))
    panel.show()


def test_bars_say_what_was_said_and_what_was_right(panel: ReportPanel) -> None:
    show(panel, Assessment("test", 30, {"accuracy": 0.5}, believed=(Believed(20, 0.95, 0.6), Believed(10, 0.15, 0.1))))

    chart = panel.believed
    assert chart is not None
    sure, unsure = map(chart.bar, chart.bins)
    assert sure.left() > unsure.right()
    assert sure.height() > unsure.height()
    assert "said 95 %, right 60 %: 20" in chart.toolTip()
    assert not chart.grab().isNull()
    show(panel, Assessment("test", 30, {"accuracy": 0.6}))
    assert panel.believed is None


def test_numbers_and_answers_of_before_stand_beside_the_new_ones(panel: ReportPanel) -> None:
    sample = Sample("text", "a", "a dog", "a brown dog", 0.6, before="a cat")
    before, numbers = {"CIDEr-D, English": 0.35}, {"CIDEr-D, English": 0.41}
    show(panel, Assessment("test", 30, numbers, samples=(sample,), before=before))

    assert panel.numbers.texts == [("CIDEr-D, English", "0.35", "0.41")]
    (tile,) = panel.surprises.tiles
    assert tile.before.isVisibleTo(tile)
    assert tile.before.text() == "before: a cat"


def test_a_transcript_shows_which_words_were_changed_and_reads_no_html(panel: ReportPanel) -> None:
    words = (("one", "one"), ("<b>", "too"), ("three", ""))
    show(
        panel,
        Assessment(
            "test", 1, {}, samples=(Sample("recording", "a.wav", "one <b> three", "one too", 0.3, False, words),)
        ),
    )

    (tile,) = panel.surprises.tiles
    assert tile.aligned.isVisibleTo(tile)
    assert not tile.guess.isVisibleTo(tile)
    assert "&lt;b&gt;</s>" in tile.aligned.text()
    assert ">too</span>" in tile.aligned.text()
    assert tile.aligned.text().endswith("three</s>")


def test_a_word_taken_for_another_leads_to_its_clips(panel: ReportPanel, qtbot: QtBot) -> None:
    show(panel, assessment("speech-commands"))
    lists = ItemLists(panel._theme, panel._loader, Player(panel), panel)
    table = panel.changes
    assert table is not None
    cells = [[table.item(row, column) for column in range(3)] for row in range(table.rowCount())]
    rows = [[cell.text() if cell is not None else None for cell in row] for row in cells]
    assert rows == [["five", "nine", "2"], ["(nothing)", "one", "1"], ["two", "(nothing)", "1"]]

    with qtbot.waitSignal(panel.change_asked) as asked:
        table.cellClicked.emit(0, 0)
    with qtbot.waitSignal(lists.made) as made:
        lists.show_change(assessment("speech-commands"), *(asked.args or ()))

    assert made.args
    (dialog,) = made.args
    assert [row.item.path for row in dialog.rows] == ["/data/clip-0.wav", "/data/clip-1.wav"]
    assert dialog.rows[0].item.note == "five → nine"
    show(panel, Assessment("test", 1, {}))
    assert panel.changes is None
    assert not panel._titles["words"].isVisibleTo(panel)


def test_an_agents_report_counts_episodes(panel: ReportPanel) -> None:
    show(panel, Assessment(EPISODES, 100, {"mean return": 499.8}))

    assert panel.aside.text().startswith("100 episode")
    assert "Played anew" in panel.origin.text()


def test_a_very_long_class_name_makes_no_row_wider_than_its_place(qtbot: QtBot, context: AppContext) -> None:
    label = "x" * 200
    finding = Finding("name-odd", Severity.WARNING, {"count": 1, "label": label, "problem": "long"}, (("/d",),))
    row = FindingRow(finding, context.theme)
    qtbot.addWidget(row)

    assert row.minimumSizeHint().width() < 400
    assert label in row.accessibleName()
    chooser = Chooser()
    qtbot.addWidget(chooser)
    chooser.addItem(label)
    assert chooser.minimumSizeHint().width() < 300
    assert not chooser.grab().isNull()

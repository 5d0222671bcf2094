"""A run that learns by playing: its values as a heat map with arrows, its last episode as a moving picture."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.gui.context import AppContext
from mmbm_desktop.gui.pages.train import TrainPage
from mmbm_desktop.gui.pages.train.value_map import ValueMap
from mmbm_desktop.protocol.agents import Episode, ValueGrid
from mmbm_desktop.protocol.plain import plain
from mmbm_desktop.protocol.training import RunState
from tests.gui.train.conftest import PutRun

ACTIONS = ("left", "down", "right", "up")


def grid(best: float = 1.0, epoch: float = 1.0) -> ValueGrid:
    """Return four squares in a row: the start, a free one, a hole, the goal."""
    values = ((0.1, 0.0, 0.5, 0.0), (0.0, 0.0, best, 0.0), (0.0,) * 4, (0.0,) * 4)
    return ValueGrid("frozen-lake-4x4", epoch, 2, 2, ACTIONS, values, (9, 5, 0, 0), "SFHG")


def write(folder: Path, epoch: float, total: float = 1.0) -> None:
    folder.mkdir(exist_ok=True)
    frames = [Image.new("RGB", (40, 20), colour) for colour in ("red", "blue")]
    frames[0].save(folder / "episode.gif", save_all=True, append_images=frames[1:], duration=50)
    episode = Episode("frozen-lake-4x4", epoch, total, ("right", "right"), total > 0, "episode.gif", 50)
    (folder / "episode.json").write_text(json.dumps(plain(episode)))
    (folder / "values.json").write_text(json.dumps(plain(grid(epoch=epoch))))


def test_squares_are_as_strong_as_what_is_expected_of_them(context: AppContext) -> None:
    made = ValueMap(context.theme)
    made.show_grid(grid())
    made.show()

    assert [made.strength(square) for square in range(4)] == [0.5, 1.0, 0.0, 0.0]
    picture = made.grab().toImage()
    shades = [picture.pixelColor(made.edge * column + made.edge - 8, 12) for column in range(2)]
    accent = context.theme.colour("accent")

    def far(colour: QColor) -> int:
        return sum(abs(one - two) for one, two in zip(colour.getRgb()[:3], accent.getRgb()[:3], strict=True))

    assert far(shades[1]) < far(shades[0])
    made.close()


def test_a_playing_run_shows_its_values_and_its_last_episode(
    page: TrainPage, engine: FakeEngine, put: PutRun, tmp_path: Path, qtbot: QtBot
) -> None:
    write(tmp_path / "run", 1.0)
    put("player", RunState.PAUSED, path=str(tmp_path / "run"))

    page.show_run("player")

    qtbot.waitUntil(lambda: page.agent.isVisible() and page.agent.playing)
    assert page.agent.values.grid == grid()
    assert "return 1" in page.agent.outcome.text()
    assert page.agent.outcome.text().endswith("solved")
    assert page.agent.aside.text() == "Frozen lake, 4 × 4"

    write(tmp_path / "run", 2.0, total=0.0)
    put("player", RunState.PAUSED, path=str(tmp_path / "run"), step=3)
    qtbot.waitUntil(lambda: page.agent.values.grid.epoch == 2.0)
    assert "return 0" in page.agent.outcome.text()


@pytest.mark.parametrize("content", [b"", b"{", b'{"environment": 3}', b"[1]"])
def test_files_that_make_no_sense_show_nothing(
    page: TrainPage, put: PutRun, tmp_path: Path, content: bytes, qtbot: QtBot
) -> None:
    (tmp_path / "run").mkdir()
    for name in ("values.json", "episode.json"):
        (tmp_path / "run" / name).write_bytes(content)
    put("player", RunState.PAUSED, path=str(tmp_path / "run"))

    page.show_run("player")

    qtbot.waitUntil(lambda: bool(page.run_panel.chart.lines))
    assert not page.agent.isVisible()

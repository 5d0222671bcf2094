"""A run that learns by playing: its values as a heat map with arrows, its last episode as a moving picture."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from mmbm_desktop.base.errors import ErrorCode, Fault
from mmbm_desktop.engine import fake_answers
from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.gui.pages.train import TrainPage
from mmbm_desktop.protocol.agents import Episode, ValueGrid
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.plain import plain
from mmbm_desktop.protocol.requests import PlayRequest
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


def test_a_playing_run_shows_its_values_and_its_last_episode(
    page: TrainPage, engine: FakeEngine, put: PutRun, tmp_path: Path, qtbot: QtBot
) -> None:
    write(tmp_path / "run", 1.0)
    put("player", RunState.PAUSED, path=str(tmp_path / "run"))

    page.show_run("player")

    qtbot.waitUntil(lambda: page.agent.isVisible() and page.agent.episode.playing)
    assert page.agent.values.grid == grid()
    assert page.agent.episode.text.text() == "Return 1, 2 step(s) · solved"
    assert page.agent.play_again.isHidden()
    assert page.agent.aside.text() == "Frozen lake, 4 × 4"

    write(tmp_path / "run", 2.0, total=0.0)
    put("player", RunState.PAUSED, path=str(tmp_path / "run"), step=3)
    qtbot.waitUntil(lambda: page.agent.values.grid.epoch == 2.0)
    assert page.agent.episode.text.text() == "Return 0, 2 step(s)"


def test_a_trained_agent_plays_again_and_another_episode_each_time(
    page: TrainPage, engine: FakeEngine, put: PutRun, tmp_path: Path, qtbot: QtBot
) -> None:
    write(tmp_path / "run", 1.0, total=0.0)
    put("player", RunState.FINISHED, path=str(tmp_path / "run"), bundle="/models/player")
    page.show_run("player")
    qtbot.waitUntil(page.agent.play_again.isVisible)

    engine.hold(PlayRequest)
    page.agent.play_again.click()
    assert not page.agent.play_again.isEnabled()
    assert engine.requests[-1] == PlayRequest("/models/player", 1)
    job = engine.jobs()[0]
    engine.start(job.id)
    engine.finish(job.id, fake_answers.answer(job.request, ()))
    qtbot.waitUntil(page.agent.play_again.isEnabled)
    assert page.agent.episode_title.text() == "How the trained agent plays, episode 1"
    assert page.agent.episode.text.text() == "Return 1, 6 step(s) · solved"

    page.agent.play_again.click()
    engine.fail(engine.jobs()[0].id, Failure(ErrorCode.MODEL_MISSING, Fault.ENVIRONMENT, {"name": "player"}))
    qtbot.waitUntil(page.agent.notice.isVisible)
    assert engine.requests[-1] == PlayRequest("/models/player", 2)
    assert page.agent.notice.text().startswith("No installed model")
    assert page.agent.episode_title.text().endswith("episode 1")


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

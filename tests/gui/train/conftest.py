"""The Train page, shown, with scripted runs behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.gui.context import AppContext
from mmbm_desktop.gui.pages.train import TrainPage, capture_part, chart_panel
from mmbm_desktop.gui.translation import Translation
from mmbm_desktop.protocol.training import RunInfo, RunState
from tests.gui.train.made_up import curve, run_info


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication, context: AppContext, monkeypatch: pytest.MonkeyPatch) -> Iterator[TrainPage]:
    """Return the page, shown, with its charts."""
    monkeypatch.setattr(chart_panel, "LOADED_AFTER_S", 0.0)
    monkeypatch.setattr(capture_part, "LOOKED_AFTER_MS", 0)
    context.theme.apply_to(qapp)
    made = TrainPage(context)
    made.resize(1200, 740)
    made.show()
    made.on_shown()
    qtbot.waitUntil(lambda: made.runs.loaded and made.run_panel.chart is not None, timeout=60_000)
    yield made
    made.close_workers()
    made.close()
    made.deleteLater()
    qapp.setStyleSheet("")


@pytest.fixture
def translation(context: AppContext) -> Iterator[Translation]:
    """Return the window's language, English, to be switched by the setting and `apply`."""
    context.settings.set("appearance.language", "en")
    made = Translation(context.settings)
    made.apply()
    yield made
    made.remove()


@pytest.fixture
def birds(tmp_path: Path) -> Path:
    """Return a data folder that is there."""
    folder = tmp_path / "Garden Birds"
    folder.mkdir()
    return folder


PutRun = Callable[..., RunInfo]


@pytest.fixture
def put(engine: FakeEngine, page: TrainPage, qtbot: QtBot) -> PutRun:
    """Return what adds a run, as if it had been there, and waits until the page knows it."""

    def add(name: str, state: RunState = RunState.FINISHED, epochs: int = 3, **more: object) -> RunInfo:
        made = run_info(name, state, **more)
        engine.runs.put(made, curve=curve(epochs))
        qtbot.waitUntil(lambda: page.runs.run(name) is not None)
        return made

    return add

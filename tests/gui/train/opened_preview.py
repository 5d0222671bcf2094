"""The card "What training sees", opened as a person opens it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pytestqt.qtbot import QtBot

from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.gui.pages.train import TrainPage
from mmbm_desktop.gui.pages.train.preview_panel import PreviewPanel
from mmbm_desktop.protocol.requests import ExamineDataRequest
from mmbm_desktop.protocol.results import ExamineDataResult
from tests.gui.train.made_up import report_of


def opened(
    page: TrainPage, engine: FakeEngine, folder: Path, qtbot: QtBot, recipe: str = "picture-classes"
) -> PreviewPanel:
    """Return the card with what training of this goal sees, opened and filled."""
    engine.script(ExamineDataRequest, ExamineDataResult(replace(report_of(folder), recipes=(recipe,))))
    page.examine(str(folder))
    panel = page.parts.preview_panel
    qtbot.waitUntil(panel.isVisible)
    panel.opened.click()
    qtbot.waitUntil(lambda: bool(panel.rows))
    return panel

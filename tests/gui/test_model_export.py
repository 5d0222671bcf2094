"""Exporting a model from its card: the menu, the folder, and what is said afterwards."""

from __future__ import annotations

from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.gui.context import AppContext
from mmbm_desktop.gui.pages.installed import ModelsPage
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.requests import ExportModelRequest


def test_a_model_is_exported_and_what_became_of_it_is_said(
    context: AppContext, engine: FakeEngine, qtbot: QtBot
) -> None:
    page = ModelsPage(context)
    page.on_shown()
    name, card = next((name, card) for name, card in page.cards.items() if not card.export.isHidden())
    assert len({action.text() for action in card.formats.actions()}) == 4

    card.formats.actions()[2].trigger()
    dialog = page.export.dialog
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit("/out/birds")
    qtbot.waitUntil(lambda: "2.0e-07" in card.outcome.text())
    assert engine.jobs()[-1].request == ExportModelRequest(name, "tflite", "/out/birds")
    dialog.close()

    fault = EnvironmentFault(ErrorCode.EXPORT_FAILED, format="onnx", reason="export-differs")
    engine.script(ExportModelRequest, Failure.of(fault))
    page.export.export(name, "onnx", "/out/other")
    qtbot.waitUntil(lambda: "does not answer like the model" in card.outcome.text())
    page.deleteLater()

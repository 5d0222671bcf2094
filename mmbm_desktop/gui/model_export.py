"""Writes a model for other programs: the menu of formats, the question where to, and the job. Says how it went."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QMenu

from mmbm_desktop.protocol.catalogue import EXPORT_FORMATS
from mmbm_desktop.protocol.requests import ExportModelRequest
from mmbm_desktop.protocol.results import ExportModelResult

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.gui.state.engine_bridge import EngineBridge
    from mmbm_desktop.protocol.jobs import JobSnapshot


class ExportMenu(QMenu):
    """The formats; `asked` carries the chosen one."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for kind in EXPORT_FORMATS:
            self.addAction("").triggered.connect(partial(self.asked.emit, kind))
        self.retranslate()

    def retranslate(self) -> None:
        """Set every text again."""
        texts = {
            "keras": self.tr("Keras file (.keras), to go on in Python …"),
            "savedmodel": self.tr("TensorFlow SavedModel …"),
            "tflite": self.tr("TFLite / LiteRT, for phones and small devices …"),
            "onnx": self.tr("Plain ONNX, the weights inside …"),
        }
        for action, kind in zip(self.actions(), EXPORT_FORMATS, strict=True):
            action.setText(texts[kind])


class ModelExport(QObject):
    """Asks where to and lets the engine write it.

    `ended` carries the model's name, what is to be said, and None, or the `Failure`.
    """

    ended = Signal(str, str, object)

    def __init__(self, engine: Engine, bridge: EngineBridge, window: QWidget) -> None:
        super().__init__(window)
        self._engine, self._window = engine, window
        self._asked: list[ExportModelRequest] = []
        self.dialog: QFileDialog | None = None
        bridge.job_changed.connect(self._job_changed)

    def ask(self, name: str, kind: str) -> None:
        """Ask for the folder that a model is to be written to."""
        self.dialog = QFileDialog(self._window, self.tr("Export model: name of a new folder"), f"{name}-{kind}")
        self.dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.dialog.fileSelected.connect(partial(self.export, name, kind))
        self.dialog.open()

    def export(self, name: str, kind: str, place: str) -> None:
        """Write a model to a folder that is made."""
        request = ExportModelRequest(name, kind, place)
        self._asked.append(request)
        self._engine.submit(request)

    @Slot(object)
    def _job_changed(self, job: JobSnapshot) -> None:
        if not job.state.final or not any(job.request is one for one in self._asked):
            return
        self._asked = [one for one in self._asked if one is not job.request]
        if isinstance(job.result, ExportModelResult):
            text = self.tr("Exported to {folder}, read back and compared: largest difference {difference:.1e}")
            said = text.format(folder=Path(job.result.path).name, difference=job.result.difference)
            self.ended.emit(job.result.name, said, None)
        elif job.failure is not None and isinstance(job.request, ExportModelRequest):
            self.ended.emit(job.request.name, "", job.failure)

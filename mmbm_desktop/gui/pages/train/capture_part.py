"""Capturing on the Train page: whether there are devices, the dialog, and the folder that comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.pages.train.capture_dialog import CaptureDialog
from mmbm_desktop.gui.state.capture import CaptureDesk
from mmbm_desktop.gui.state.library_calls import LibraryCalls
from mmbm_desktop.protocol.capture import CaptureKind
from mmbm_desktop.protocol.dataset import DataKind

if TYPE_CHECKING:
    from mmbm_desktop.gui.context import AppContext
    from mmbm_desktop.gui.pages.train.data_panel import DataPanel
    from mmbm_desktop.gui.state.training_data import DataFolder

LOOKED_AFTER_MS = 400
_KINDS = {DataKind.PICTURE_CLASSES: CaptureKind.PICTURES, DataKind.SOUND_CLASSES: CaptureKind.SOUNDS}


class CapturePart(QObject):
    """Owns the desk; the data panel has the buttons."""

    made = Signal(object)
    """A `QDialog` to open."""
    done = Signal(str)
    """A data folder to look over."""

    def __init__(self, context: AppContext, panel: DataPanel, data: DataFolder, parent: QObject) -> None:
        super().__init__(parent)
        self._theme, self._panel, self._data = context.theme, panel, data
        self._calls = LibraryCalls(self)
        self.desk = CaptureDesk(context.engine.capturing, context.bridge, self._calls, self)
        self.desk.devices_changed.connect(self._show_devices)
        self._soon = QTimer(self, singleShot=True, interval=LOOKED_AFTER_MS)
        self._soon.timeout.connect(self.desk.look)
        panel.capture_asked.connect(self._ask)

    def look(self) -> None:
        """Look for devices until there is one, as soon as the page has been painted: it loads what reads them."""
        if self.desk.devices is None or not (self.desk.devices.cameras or self.desk.devices.microphones):
            self._soon.start()

    def close(self) -> None:
        """Let go of the device and wait for the call in hand."""
        self._soon.stop()
        self.desk.end()
        self._calls.close()

    @Slot()
    def _show_devices(self) -> None:
        devices = self.desk.devices
        if devices is not None:
            errors = ErrorTexts()
            nothing = not devices.cameras and not devices.microphones
            self._panel.forbid_capture(" ".join(map(errors.sentence, devices.failures)) if nothing else "")

    @Slot()
    def _ask(self) -> None:
        self._soon.stop()
        report = self._data.report
        kind = _KINDS.get(report.kind) if report is not None else None
        self.desk.begin(self._data.path, kind)
        dialog = CaptureDialog(self.desk, self._theme, self._panel)
        dialog.folder_done.connect(self.done)
        self.made.emit(dialog)

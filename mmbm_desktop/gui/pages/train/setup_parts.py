"""What stands beside the form of a new run: capturing into a data folder, and what training will see of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from mmbm_desktop.gui.pages.train.capture_part import CapturePart
from mmbm_desktop.gui.pages.train.preview_panel import PreviewPanel
from mmbm_desktop.gui.state.training_preview import TrainingPreview

if TYPE_CHECKING:
    from mmbm_desktop.gui.context import AppContext
    from mmbm_desktop.gui.pages.train.data_panel import DataPanel
    from mmbm_desktop.gui.pages.train.form_panel import FormPanel
    from mmbm_desktop.gui.state.player import Player
    from mmbm_desktop.gui.state.training_data import DataFolder


class SetupParts(QObject):
    """Owns both; the page places `preview_panel` and opens what was made."""

    made = Signal(object)
    """A `QDialog` to open."""
    captured = Signal(str)
    """A data folder to look over."""

    def __init__(
        self,
        context: AppContext,
        panel: DataPanel,
        form: FormPanel,
        data: DataFolder,
        player: Player,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.capture = CapturePart(context, panel, data, self)
        self.preview = TrainingPreview(context.engine, context.bridge, self)
        self.preview_panel = PreviewPanel(self.preview, form, data, context.theme, player)
        self.capture.made.connect(self.made)
        self.capture.done.connect(self.captured)

    def look(self) -> None:
        """Look for devices."""
        self.capture.look()

    def close(self) -> None:
        """Let go of devices and wait for the call in hand."""
        self.capture.close()

"""Correct, learn, compare, keep or revert on the Train page: two panels and what becomes of what they ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog

from mmbm_desktop.gui.pages.train.comparison_panel import ComparisonPanel
from mmbm_desktop.gui.pages.train.corrections_panel import CorrectionsPanel
from mmbm_desktop.gui.state.improving import ImprovingState

if TYPE_CHECKING:
    from mmbm_desktop.gui.context import AppContext
    from mmbm_desktop.gui.state.library_calls import LibraryCalls
    from mmbm_desktop.gui.widgets.picture import PictureLoader
    from mmbm_desktop.protocol.corrections import ExportedCorrections, Improvement


class ImprovingPart(QObject):
    """Owns the state and the panels; the page places them."""

    started = Signal(str)
    """The id of a run that learns from corrections."""
    switched = Signal()
    """Another model answers now."""
    failed = Signal(object)
    """A `Failure`."""
    made = Signal(object)
    """A `QDialog` to open."""

    def __init__(self, context: AppContext, calls: LibraryCalls, loader: PictureLoader, parent: QObject) -> None:
        super().__init__(parent)
        self._notice = context.navigator.notice
        self.state = ImprovingState(context.engine.improving, context.bridge, calls, self)
        self.corrections = CorrectionsPanel(self.state, context.theme, loader)
        self.comparison = ComparisonPanel(loader)
        self._run_id = ""
        self.corrections.improve_asked.connect(self.state.improve)
        self.corrections.export_asked.connect(self._ask_export)
        self.comparison.keep_asked.connect(self.state.keep)
        self.comparison.revert_asked.connect(self.state.revert)
        self.state.changed.connect(self._show)
        self.state.started.connect(self.started)
        self.state.switched.connect(self._tell_switched)
        self.state.exported.connect(self._tell_exported)
        self.state.failed.connect(self.failed)

    def show_run(self, run_id: str) -> None:
        """Compare what a run made with what it began with; "" for no run."""
        self._run_id = run_id
        self._show()

    @Slot()
    def _show(self) -> None:
        self.comparison.show_improvement(self.state.of_run(self._run_id))

    @Slot()
    def _ask_export(self) -> None:
        dialog = QFileDialog(self.corrections, self.tr("Choose a folder for your corrections"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.state.export)
        self.made.emit(dialog)

    @Slot(object)
    def _tell_switched(self, found: Improvement) -> None:
        name = found.new if found.kept else found.old
        self._notice.emit(self.tr("{name} answers from now on").format(name=name))
        self.switched.emit()

    @Slot(object)
    def _tell_exported(self, written: ExportedCorrections) -> None:
        text = self.tr("%n correction(s) written", "", sum(written.items.values()))
        if written.missing:
            text += " · " + self.tr("%n file(s) are gone or changed", "", len(written.missing))
        self._notice.emit(text)

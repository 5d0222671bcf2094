"""A run's report on the Train page: the panel, and what becomes of what it asks for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.model_export import ModelExport
from mmbm_desktop.gui.pages.train.report_export import ReportExport
from mmbm_desktop.gui.pages.train.report_panel import ReportPanel
from mmbm_desktop.protocol.failure import Failure

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from mmbm_desktop.gui.context import AppContext
    from mmbm_desktop.gui.pages.train.item_lists import ItemLists
    from mmbm_desktop.gui.state.library_calls import LibraryCalls
    from mmbm_desktop.gui.state.player import Player
    from mmbm_desktop.gui.state.training_use import ServingModels
    from mmbm_desktop.gui.widgets.picture import PictureLoader
    from mmbm_desktop.protocol.catalogue import ModelInfo
    from mmbm_desktop.protocol.training import Assessment, RunInfo, RunReport


class ReportPart(QObject):
    """Owns the panel, which the page places, and the ways out of it: use, Explore, files, lists of items."""

    failed = Signal(object)
    """A `Failure`."""

    def __init__(
        self,
        context: AppContext,
        serving: ServingModels,
        items: ItemLists,
        calls: LibraryCalls,
        loader: PictureLoader,
        player: Player,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._context, self._serving, self._items = context, serving, items
        self._errors = ErrorTexts(self)
        self._run: RunInfo | None = None
        self.panel = ReportPanel(serving, context.theme, loader, player)
        self.export = ReportExport(context.engine.runs, calls, window)
        self.model_export = ModelExport(context.engine, context.bridge, window)
        self.panel.hide()
        self._connect()

    def _connect(self) -> None:
        panel = self.panel
        panel.use_asked.connect(self._use)
        panel.leave_asked.connect(self._leave)
        panel.explore_asked.connect(self._go_to_explore)
        panel.export_asked.connect(self._export)
        panel.model_export_asked.connect(self.model_export.ask)
        panel.cell_asked.connect(self._show_cell)
        panel.change_asked.connect(self._show_change)
        panel.skipped_asked.connect(self._show_skipped)
        self.model_export.ended.connect(self._exported)
        self.export.saved.connect(self._saved)
        self.export.failed.connect(self.failed)

    def show_report(self, report: RunReport | None, run: RunInfo) -> None:
        """Show a run's report; None: it has none yet."""
        self._run = run
        self.panel.show_report(report, run)

    def _tell(self, text: str) -> None:
        self._context.navigator.notice.emit(text)

    @Slot(object)
    def _use(self, model: ModelInfo) -> None:
        try:
            self._serving.use(model)
        except MmbmError as error:
            self.failed.emit(Failure.of(error))
        else:
            self._tell(self.tr("{name} answers from now on").format(name=model.name))

    @Slot(object)
    def _leave(self, model: ModelInfo) -> None:
        try:
            self._serving.leave(model)
        except MmbmError as error:
            self.failed.emit(Failure.of(error))

    @Slot()
    def _go_to_explore(self) -> None:
        self._context.navigator.page_requested.emit("explore")

    @Slot(str)
    def _export(self, kind: str) -> None:
        if self._run is not None:
            self.export.ask(self._run, kind)

    @Slot(str)
    def _saved(self, file: str) -> None:
        self._tell(self.tr("Saved: {name}").format(name=Path(file).name) if file else self.tr("Report copied"))

    @Slot(str, str, object)
    def _exported(self, name: str, said: str, failure: Failure | None) -> None:
        del name
        self._tell(said if failure is None else self._errors.sentence(failure))

    @property
    def _assessment(self) -> Assessment | None:
        return self.panel.report.assessment if self.panel.report is not None else None

    @Slot(str, str)
    def _show_cell(self, truth: str, guess: str) -> None:
        if self._assessment is not None:
            self._items.show_cell(self._assessment, truth, guess)

    @Slot(str, str)
    def _show_change(self, said: str, written: str) -> None:
        if self._assessment is not None:
            self._items.show_change(self._assessment, said, written)

    @Slot()
    def _show_skipped(self) -> None:
        if self.panel.report is not None:
            self._items.show_skipped(self.panel.skipped.text(), self.panel.report.skipped)

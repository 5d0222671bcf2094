"""The Train page: puts the runs, the data, the form and the panels of a run together. Wiring is all in `_connect`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QStackedLayout, QWidget

from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.pages.base import Page
from mmbm_desktop.gui.pages.train.agent_panel import AgentPanel
from mmbm_desktop.gui.pages.train.chart_panel import load_charts
from mmbm_desktop.gui.pages.train.compare_panel import ComparePanel
from mmbm_desktop.gui.pages.train.data_panel import DataPanel
from mmbm_desktop.gui.pages.train.form_panel import FormPanel
from mmbm_desktop.gui.pages.train.improving_part import ImprovingPart
from mmbm_desktop.gui.pages.train.item_lists import ItemLists
from mmbm_desktop.gui.pages.train.report_part import ReportPart
from mmbm_desktop.gui.pages.train.run_panel import RunPanel
from mmbm_desktop.gui.pages.train.runs_column import RunsColumn
from mmbm_desktop.gui.pages.train.samples_panel import SamplesPanel
from mmbm_desktop.gui.pages.train.setup_parts import SetupParts
from mmbm_desktop.gui.pages.train.setup_view import Column, SetupView
from mmbm_desktop.gui.pages.train.tuning_part import TuningPart
from mmbm_desktop.gui.state.library_calls import LibraryCalls
from mmbm_desktop.gui.state.player import Player
from mmbm_desktop.gui.state.training_agent import TrainingAgent
from mmbm_desktop.gui.state.training_data import DataFolder
from mmbm_desktop.gui.state.training_runs import TrainingRuns
from mmbm_desktop.gui.state.training_use import ServingModels
from mmbm_desktop.gui.state.training_watch import WatchedRun
from mmbm_desktop.gui.widgets.basics import Label
from mmbm_desktop.gui.widgets.picture import PictureLoader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QHideEvent

    from mmbm_desktop.gui.context import AppContext
    from mmbm_desktop.protocol.failure import Failure
    from mmbm_desktop.protocol.training import RunInfo, RunSettings

_SETUP, _RUN, _COMPARE, _CORRECTIONS, _SEARCH = range(5)
_TABLES = {".csv", ".tsv", ".jsonl"}


class TrainPage(Page):
    """See the package."""

    name = "train"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        engine, bridge, theme = context.engine, context.bridge, context.theme
        self._calls, self._loading = LibraryCalls(self), LibraryCalls(self)
        self._loader, self._errors = PictureLoader(engine, self), ErrorTexts(self)
        self.player = Player(self)
        self.runs = TrainingRuns(engine.runs, bridge, self._calls, self)
        self.data = DataFolder(engine, bridge, self)
        self.serving = ServingModels(engine, bridge, context.settings, self._calls, self)
        self.improving = ImprovingPart(context, self._calls, self._loader, self)
        self.data_panel = DataPanel(self.data, theme)
        self.form = FormPanel(engine.runs.recipes(), self.data)
        self.tuning = TuningPart(context, self.form, self.runs, self._calls, self)
        self.column = RunsColumn(self.runs, self.tuning.state)
        self.parts = SetupParts(context, self.data_panel, self.form, self.data, self.player, self)
        self.run_panel = RunPanel(self.runs, theme)
        self.playing = TrainingAgent(engine, bridge, self._calls, self)
        self.agent = AgentPanel(self.playing, theme)
        self.samples = SamplesPanel(theme, self._loader, self.player)
        self.items = ItemLists(theme, self._loader, self.player, self)
        self.reporting = ReportPart(context, self.serving, self.items, self._calls, self._loader, self.player, self)
        self.report, self.export = self.reporting.panel, self.reporting.export
        self.compare = ComparePanel(self.runs, theme)
        self.summary = Label(kind="small")
        self.dialog: QDialog | None = None
        self._watched: list[WatchedRun] = []
        self._current, self._awaited, self._started = "", "", False
        self._charts: Any = None
        self._lay_out()
        self._connect()
        self.retranslate()

    @property
    def title(self) -> str:
        return self.tr("Train")

    def header_widgets(self) -> Sequence[QWidget]:
        return (self.summary,)

    def _lay_out(self) -> None:
        middle = QWidget()
        self._stack = QStackedLayout(middle)
        self._stack.addWidget(SetupView(self.data_panel, self.parts.preview_panel, self.form))
        self._run_view = Column(self.run_panel, self.agent, self.samples, self.improving.comparison, self.report)
        self._stack.addWidget(self._run_view)
        self._stack.addWidget(Column(self.compare))
        self._stack.addWidget(Column(self.improving.corrections))
        self._stack.addWidget(Column(self.tuning.panel))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(20, 16, 14, 16)
        layout.setSpacing(14)
        layout.addWidget(self.column)
        layout.addWidget(middle, 1)

    def _connect(self) -> None:
        self.runs.changed.connect(self._runs_changed)
        self.runs.advanced.connect(self._run_advanced)
        for started in (self.runs.started, self.improving.started, self.tuning.panel.run_asked):
            started.connect(self.show_run)
        for failed in (self.runs.failed, self.improving.failed, self.tuning.state.failed, self.reporting.failed):
            failed.connect(self._tell_failure)
        for dialog in (self.items.made, self.improving.made, self.parts.made):
            dialog.connect(self._open)
        self.runs.ended.connect(self._tell_end)
        self.player.failed.connect(self._say_failure)
        self.column.chosen.connect(self._choose)
        self.column.new_asked.connect(self.show_setup)
        self.tuning.left.connect(self.show_setup)
        self.column.compare_chosen.connect(self._compare)
        self.column.corrections_asked.connect(self.show_corrections)
        self.column.search_chosen.connect(self.show_search)
        self.tuning.asked.connect(self.show_search)
        self.tuning.panel.compare_asked.connect(self._compare)
        self.improving.switched.connect(self.serving.changed)
        self.data_panel.dropped.connect(self.take_mime)
        self.data_panel.browse_asked.connect(self.open_files)
        self.data_panel.items_asked.connect(self.items.show_finding)
        self.parts.captured.connect(self.examine)
        self.run_panel.clone_asked.connect(self._clone)
        self.run_panel.gentler_asked.connect(self._begin_gentler)
        self.serving.changed.connect(self._name_taken)

    def on_shown(self) -> None:
        self.improving.state.reload()
        self.runs.reload()
        self.tuning.state.reload()
        self.serving.reload()
        self.parts.look()
        if not self._started:
            self._started = True
            self._loading.run(load_charts, success=self._take_charts, failure=self._tell_failure)
            self._calls.run(self.context.engine.runs.devices, success=self.form.set_devices, failure=self._tell_failure)

    def _take_charts(self, charts: Any) -> None:
        """Make the chart of a run; that of several is made when it is first wanted."""
        self._charts = charts
        self.run_panel.take_chart(charts.CurveChart(self.context.theme))
        self._give_chart_to_compare()

    def _give_chart_to_compare(self) -> None:
        if self._charts is not None and self.compare.chart is None and self._stack.currentIndex() == _COMPARE:
            self.compare.take_chart(self._charts.CurveChart(self.context.theme))

    # --- taking data in --------------------------------------------------------------------------------------------

    @Slot(object)
    def take_mime(self, mime: QMimeData) -> bool:
        """Look over a dropped folder, or the folder of a dropped table."""
        if not mime.hasUrls():
            return False
        paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
        folder = next((path for path in paths if path.is_dir()), None)
        table = next((path.parent for path in paths if path.suffix.lower() in _TABLES), None)
        if folder or table:
            self.examine(str(folder or table))
        else:
            self.context.navigator.notice.emit(self.tr("Drop a folder: training learns from many files."))
        return True

    def examine(self, path: str) -> None:
        """Look a folder over for a new run."""
        self.show_setup()
        self.data.examine(path)

    @Slot()
    def open_files(self) -> None:
        dialog = QFileDialog(self, self.tr("Choose a data folder"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.examine)
        self._open(dialog)

    @Slot(object)
    def _open(self, dialog: QDialog) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = dialog
        dialog.open()

    # --- what is in view -------------------------------------------------------------------------------------------

    @Slot()
    def show_setup(self) -> None:
        """Show the form of a new run."""
        self._show_apart(_SETUP)

    @Slot()
    def show_corrections(self) -> None:
        """Show what the person set right."""
        self._show_apart(_CORRECTIONS)

    @Slot(str)
    def show_search(self, tuning_id: str) -> None:
        """Show a search over settings."""
        if self.tuning.show_search(tuning_id):
            self._show_apart(_SEARCH, tuning_id)

    def _show_apart(self, index: int, search: str = "") -> None:
        """Show something that is no run."""
        self._watch(())
        self.player.stop()
        self._current = self._awaited = ""
        self.column.show_chosen("", corrections=index == _CORRECTIONS, search=search)
        self._stack.setCurrentIndex(index)

    @Slot(str)
    def show_run(self, run_id: str) -> None:
        """Show one run; one that was only just begun elsewhere once it is known."""
        run = self.runs.run(run_id)
        if run is None:
            self.show_setup()
            self._awaited = run_id
            self.runs.reload()
            return
        self.player.stop()
        self._current, self._awaited = run_id, ""
        self.column.show_chosen(run_id)
        (watched,) = self._watch((run_id,))
        watched.samples_changed.connect(self._show_samples)
        watched.report_changed.connect(self._show_report)
        self.run_panel.watch(watched, run)
        self.playing.follow(run)
        self._show_samples()
        self._show_report()
        self._stack.setCurrentIndex(_RUN)
        self._run_view.verticalScrollBar().setValue(0)

    @Slot(str)
    def _choose(self, run_id: str) -> None:
        if run_id:
            self.show_run(run_id)
        else:
            self.show_setup()

    @Slot(object)
    def _compare(self, run_ids: Sequence[str]) -> None:
        self.compare.compare(self._watch(run_ids))
        self._stack.setCurrentIndex(_COMPARE)
        self._give_chart_to_compare()

    def _watch(self, run_ids: Sequence[str]) -> list[WatchedRun]:
        for old in self._watched:
            old.stop()
            old.deleteLater()
        runs, bridge = self.context.engine.runs, self.context.bridge
        self._watched = [WatchedRun(run_id, runs, bridge, self._calls, self) for run_id in run_ids]
        for watched in self._watched:
            watched.start()
        return self._watched

    @property
    def _run(self) -> RunInfo | None:
        return self.runs.run(self._current)

    @Slot()
    def _runs_changed(self) -> None:
        if self._awaited and self.runs.run(self._awaited) is not None:
            self.show_run(self._awaited)
        elif self._current and self._run is None:
            self.show_setup()
        elif self._run is not None and self._stack.currentIndex() == _RUN:
            self._run_advanced(self._run)
        self._name_taken()
        self.retranslate()

    @Slot(object)
    def _run_advanced(self, run: RunInfo) -> None:
        if run.id == self._current and self._stack.currentIndex() == _RUN:
            before = self.run_panel.run
            self.run_panel.show_run(run)
            self.playing.look(run)
            if before is None or (before.state, before.bundle) != (run.state, run.bundle):
                self._show_samples()
                self._show_report()
        self._count()

    @Slot()
    def _show_samples(self) -> None:
        run = self._run
        if run is not None and self._watched:
            self.samples.show_samples(self._watched[0].samples, live=run.state.active, plays=not run.data)

    @Slot()
    def _show_report(self) -> None:
        run = self._run
        if run is not None and self._watched:
            self.reporting.show_report(self._watched[0].report, run)
        self.improving.show_run(self._current)

    @Slot()
    def _name_taken(self) -> None:
        names = {run.name for run in self.runs.all} | {model.name for model in self.serving.models}
        self.form.set_taken(names | self.tuning.state.names)

    # --- what is asked for -------------------------------------------------------------------------------------------

    @Slot(str)
    def _clone(self, run_id: str) -> None:
        self.runs.settings_of(run_id, self._fill)

    @Slot(str)
    def _begin_gentler(self, run_id: str) -> None:
        self.runs.settings_of(run_id, self._fill_gentler)

    def _fill_gentler(self, settings: RunSettings) -> None:
        """Put a run's settings into the form with a tenth of its learning rate, in sight."""
        self._fill(settings)
        self.form.expert.setChecked(True)
        self.form.take_rate(float(self.form.rate.value) / 10)

    def _fill(self, settings: RunSettings) -> None:
        """Put an earlier run's settings into the form; its folder is looked over again, it may have changed."""
        self.show_setup()
        self.form.fill(settings)
        if settings.data and settings.data != self.data.path:
            self.data.examine(settings.data)

    # --- words and end -----------------------------------------------------------------------------------------------

    @Slot(object)
    def _tell_end(self, run: RunInfo) -> None:
        """Say that a run has ended to a person who looks at something else."""
        if self.isVisible() and self._current == run.id:
            return
        good, bad = self.tr("{name} is trained"), self.tr("The training of {name} failed")
        self.context.navigator.notice.emit((bad if run.failure is not None else good).format(name=run.name))

    @Slot(object)
    def _say_failure(self, failure: Failure) -> None:
        self.context.navigator.notice.emit(self._errors.sentence(failure))

    def _tell_failure(self, failure: Failure) -> None:
        self._say_failure(failure)
        if self._stack.currentIndex() == _SETUP:
            self.form.show_failure(failure)

    def _count(self) -> None:
        active = len(self.runs.active)
        self.summary.setText(self.tr("%n run(s) at work", "", active) if active else "")

    def retranslate(self) -> None:
        self._count()

    def hideEvent(self, event: QHideEvent) -> None:
        """Fall silent with the page."""
        self.player.stop()
        super().hideEvent(event)

    def close_workers(self) -> None:
        """Fall silent, wait for pictures and reading in hand."""
        self.player.close()
        self.parts.close()
        self._loader.close()
        self._loading.close()
        self._calls.close()

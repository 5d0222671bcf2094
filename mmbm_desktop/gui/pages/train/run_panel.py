"""The live panel of one run: curves, how far it is, and everything that can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QInputDialog,
    QMenu,
    QPlainTextEdit,
    QProgressBar,
    QWidget,
)

from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.file_actions import open_file
from mmbm_desktop.gui.pages.train.chart_panel import ChartPanel
from mmbm_desktop.gui.pages.train.curve_shown import shown_alone
from mmbm_desktop.gui.widgets.basics import Badge, Button, Label, set_kind
from mmbm_desktop.gui.widgets.flow_layout import FlowLayout
from mmbm_desktop.gui.widgets.removal_question import RemovalQuestion
from mmbm_desktop.protocol.training import RunState

if TYPE_CHECKING:
    from mmbm_desktop.gui.state.training_runs import TrainingRuns
    from mmbm_desktop.gui.state.training_watch import WatchedRun
    from mmbm_desktop.gui.theme.theme import Theme
    from mmbm_desktop.protocol.training import RunInfo

_PARTS, _LOG_EVERY_MS, _MOST_EPOCHS = 1000, 500, 10_000
CAN_GO_ON = (RunState.PAUSED, RunState.INTERRUPTED, RunState.FAILED)
STATE_LOOKS = {
    RunState.RUNNING: "badge-accent",
    RunState.PREPARING: "badge-accent",
    RunState.FINISHED: "badge-good",
    RunState.FAILED: "badge-warning",
    RunState.INTERRUPTED: "badge-warning",
}


class RunPanel(ChartPanel):
    """Shows a `WatchedRun` and its `RunInfo`."""

    clone_asked = Signal(str)
    gentler_asked = Signal(str)
    """A run whose loss was no number any more is to be begun anew with a smaller learning rate."""

    def __init__(self, runs: TrainingRuns, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._runs = runs
        self._watched: WatchedRun | None = None
        self.run: RunInfo | None = None
        self._errors = ErrorTexts(self)
        self._box: RemovalQuestion | QInputDialog | None = None
        self.state, self.bar = Badge(), QProgressBar()
        self.notice = Label(kind="warning", wrap=True)
        self.device, self.use = Label(kind="small"), Label(kind="small")
        self.pause, self.resume, self.finish, self.extend = Button(), Button(kind="primary"), Button(), Button()
        self.gentler = Button(kind="primary")
        self.log_button, self.more, self.menu = Button(kind="quiet"), Button("⋯", "quiet"), QMenu(self)
        self.clone = self.menu.addAction("", self._clone)
        self.open_folder = self.menu.addAction("", self._open_folder)
        self.remove = self.menu.addAction("", self.ask_remove)
        self.log = QPlainTextEdit()
        self._log_timer = QTimer(self, interval=_LOG_EVERY_MS, singleShot=True)
        self._logged = 0
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        self.header_row.insertWidget(1, self.state)
        self.bar.setTextVisible(False)
        self.content.insertWidget(1, self.bar)
        buttons = QWidget()
        flow = FlowLayout(buttons)
        for button in (self.gentler, self.resume, self.pause, self.finish, self.extend, self.log_button, self.more):
            flow.addWidget(button)
        self.log_button.setCheckable(True)
        self.more.setMenu(self.menu)
        self.log.setReadOnly(True)
        self.log.setMaximumBlockCount(2000)
        self.log.setFixedHeight(140)
        self.log.hide()
        self.notice.hide()
        bottom = QHBoxLayout()
        bottom.addWidget(buttons, 1)
        bottom.addWidget(self.device, 0, Qt.AlignmentFlag.AlignRight)
        self.content.addWidget(self.notice)
        self.content.addLayout(bottom)
        self.content.addWidget(self.use, 0, Qt.AlignmentFlag.AlignRight)
        self.content.addWidget(self.log)

    def _connect(self) -> None:
        self.gentler.clicked.connect(self._ask_gentler)
        self.pause.clicked.connect(self._pause)
        self.resume.clicked.connect(self._resume)
        self.finish.clicked.connect(self._finish)
        self.extend.clicked.connect(self._ask_extend)
        self.log_button.toggled.connect(self.log.setVisible)
        self.log_button.toggled.connect(self._write_log)
        self._log_timer.timeout.connect(self._write_log)

    # --- showing -------------------------------------------------------------------------------------------------

    def watch(self, watched: WatchedRun, run: RunInfo) -> None:
        """Show another run."""
        self._watched = watched
        watched.curve_changed.connect(self._curve_changed)
        self._logged = 0
        self.log.clear()
        self.set_curves((shown_alone(run.name, watched.curve),))
        self.show_run(run)

    def show_run(self, run: RunInfo) -> None:
        """Show a newer state of the run."""
        self.run = run
        state = run.state
        self.heading.setText(run.name)
        self.state.setText(self._words.state(state))
        set_kind(self.state, STATE_LOOKS.get(state, "badge"))
        self.aside.setText(self._words.progress(run))
        self.bar.setVisible(state.active)
        known = run.epochs > 0 and state is not RunState.PREPARING
        self.bar.setMaximum(_PARTS if known else 0)
        self.bar.setValue(round(_PARTS * _fraction(run)) if known else 0)
        self.device.setText(self._words.computes_on(run.device))
        self.use.setVisible(run.use is not None and state.active)
        if run.use is not None:
            self.use.setText(self._words.use(run.use))
        running = state in (RunState.RUNNING, RunState.PREPARING, RunState.WAITING)
        self.pause.setVisible(running)
        self.resume.setVisible(state in CAN_GO_ON)
        self.gentler.setVisible(state is RunState.FAILED and _diverged(run))
        set_kind(self.resume, "" if self.gentler.isVisibleTo(self) else "primary")
        self.finish.setVisible(state is not RunState.FINISHED)
        self.finish.setEnabled(run.best is not None and state is not RunState.STOPPING)
        self.finish.setToolTip("" if run.best is not None else self.tr("There is a best once validation has run."))
        self.extend.setVisible(not state.active)
        self.remove.setEnabled(not state.active)
        self._show_notice(run)

    def _show_notice(self, run: RunInfo) -> None:
        texts = []
        if run.failure is not None:
            texts.append(self._errors.sentence(run.failure))
        if run.state is RunState.INTERRUPTED:
            texts.append(self.tr("The run was cut off. It goes on where it stopped, with one continuous curve."))
        if run.batch_halved_to is not None:
            halved = self.tr("The memory ran out: the run goes on with a batch of {count} items.")
            texts.append(halved.format(count=run.batch_halved_to))
        if run.stopped_early is not None:
            texts.append(self._words.early_stop(run.stopped_early))
        if run.silent_s is not None and run.state.active:
            texts.append(self._words.silence(run))
        only_early = run.stopped_early is not None and len(texts) == 1
        kind = "danger" if run.failure is not None else "small" if only_early else "warning"
        set_kind(self.notice, kind)
        self.notice.setText("\n".join(texts))
        self.notice.setVisible(bool(texts))

    @Slot()
    def _curve_changed(self) -> None:
        watched = self._watched
        if watched is None or self.run is None or self.sender() is not watched:
            return
        if not self._shown or self._shown[0].curve is not watched.curve:
            self.set_curves((shown_alone(self.run.name, watched.curve),))
        else:
            self.refresh()
        if not self._log_timer.isActive():
            self._log_timer.start()

    @Slot()
    def _write_log(self) -> None:
        if self._watched is None or not self.log.isVisible():
            return
        points = self._watched.curve.validations
        for point in points[self._logged :]:
            self.log.appendPlainText(self._words.log_line(point))
        self._logged = len(points)

    def retranslate(self) -> None:
        super().retranslate()
        self.pause.setText(self.tr("Pause"))
        self.resume.setText(self.tr("Resume"))
        self.gentler.setText(self.tr("New run with a smaller rate"))
        self.finish.setText(self.tr("Stop, keep best"))
        self.extend.setText(self.tr("Extend …"))
        self.log_button.setText(self.tr("Log"))
        self.log.setAccessibleName(self.tr("Log"))
        self.more.setAccessibleName(self.tr("More"))
        self.clone.setText(self.tr("Use these settings for a new run"))
        self.open_folder.setText(self.tr("Open the run's folder"))
        self.remove.setText(self.tr("Remove run …"))
        if self.run is not None:
            self.show_run(self.run)
        self.log.clear()
        self._logged = 0
        self._write_log()

    # --- asking --------------------------------------------------------------------------------------------------

    @Slot()
    def _pause(self) -> None:
        if self.run is not None:
            self._runs.pause(self.run.id)

    @Slot()
    def _resume(self) -> None:
        if self.run is not None:
            self._runs.resume(self.run.id)

    @Slot()
    def _ask_gentler(self) -> None:
        if self.run is not None:
            self.gentler_asked.emit(self.run.id)

    @Slot()
    def _finish(self) -> None:
        if self.run is not None:
            self._runs.finish(self.run.id)

    @Slot()
    def _clone(self) -> None:
        if self.run is not None:
            self.clone_asked.emit(self.run.id)

    @Slot()
    def _open_folder(self) -> None:
        if self.run is not None:
            open_file(self.run.path)

    @Slot()
    def _ask_extend(self) -> None:
        self._box = dialog = QInputDialog(self)
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setWindowTitle(self.tr("Extend"))
        dialog.setLabelText(self.tr("Epochs to add; the run goes on from its last checkpoint:"))
        dialog.setIntRange(1, _MOST_EPOCHS)
        dialog.setIntValue(max(1, (self.run.epochs if self.run is not None else 0) // 2))
        dialog.intValueSelected.connect(self._extend_by)
        dialog.open()

    @Slot(int)
    def _extend_by(self, epochs: int) -> None:
        if self.run is not None:
            self._runs.extend(self.run.id, epochs)

    @Slot()
    def ask_remove(self) -> None:
        """Ask whether the run is to be removed."""
        if self.run is None:
            return
        text = self.tr("Remove the run {name}?").format(name=self.run.name)
        stays = self.tr("Its curve and checkpoints are deleted. The data and a published model stay.")
        self._box = question = RemovalQuestion(text, stays, self)
        question.agreed.connect(self._remove)
        question.open()

    @Slot()
    def _remove(self) -> None:
        if self.run is not None:
            self._runs.remove(self.run.id)


def _diverged(run: RunInfo) -> bool:
    return run.failure is not None and run.failure.params.get("reason") == "loss-not-finite"


def _fraction(run: RunInfo) -> float:
    """Return how much of a run is done, 0..1."""
    part = run.step % run.steps / run.steps if run.steps and run.epochs_done < run.epochs else 0.0
    return min(1.0, (run.epochs_done + part) / run.epochs)

"""One search over settings: how far it is, its trials, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QMenu, QProgressBar, QWidget

from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.pages.train.run_panel import CAN_GO_ON, STATE_LOOKS
from mmbm_desktop.gui.pages.train.trials_table import TrialsTable
from mmbm_desktop.gui.tuning_words import TuningWords
from mmbm_desktop.gui.widgets.basics import Badge, Button, Label, set_kind
from mmbm_desktop.gui.widgets.flow_layout import FlowLayout
from mmbm_desktop.gui.widgets.removal_question import RemovalQuestion
from mmbm_desktop.gui.widgets.section import Section
from mmbm_desktop.protocol.training import RunState

if TYPE_CHECKING:
    from mmbm_desktop.gui.state.training_runs import TrainingRuns
    from mmbm_desktop.gui.state.tunings import Tunings
    from mmbm_desktop.protocol.training import RunInfo
    from mmbm_desktop.protocol.tuning import TuningInfo

_PARTS = 1000


class TuningPanel(Section):
    """Shows a `TuningInfo`; `run_asked` carries a run's id, `compare_asked` several."""

    run_asked = Signal(str)
    compare_asked = Signal(object)

    def __init__(self, tunings: Tunings, runs: TrainingRuns, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tunings, self._runs = tunings, runs
        self._words, self._errors = TuningWords(self), ErrorTexts(self)
        self.search: TuningInfo | None = None
        self._box: RemovalQuestion | None = None
        self.state, self.bar = Badge(), QProgressBar()
        self.plan, self.notice = Label(kind="small", wrap=True), Label(kind="warning", wrap=True)
        self.table = TrialsTable(runs.run)
        self.pause, self.resume, self.result = Button(), Button(kind="primary"), Button(kind="primary")
        self.compare, self.losers = Button(), Button()
        self.more, self.menu = Button("⋯", "quiet"), QMenu(self)
        self.remove = self.menu.addAction("", self.ask_remove)
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        self.header_row.insertWidget(1, self.state)
        self.bar.setTextVisible(False)
        self.more.setMenu(self.menu)
        buttons = QWidget()
        flow = FlowLayout(buttons)
        for button in (self.resume, self.pause, self.result, self.compare, self.losers, self.more):
            flow.addWidget(button)
        for widget in (self.bar, self.plan, self.table, self.notice, buttons):
            self.content.addWidget(widget)

    def _connect(self) -> None:
        self._tunings.advanced.connect(self._advanced)
        self._runs.advanced.connect(self._run_advanced)
        self._runs.changed.connect(self._refill)
        self.table.chosen.connect(self.run_asked)
        self.pause.clicked.connect(self._pause)
        self.resume.clicked.connect(self._resume)
        self.result.clicked.connect(self._show_result)
        self.compare.clicked.connect(self._compare)
        self.losers.clicked.connect(self._remove_losers)

    def show_search(self, search: TuningInfo) -> None:
        """Show a search, or a newer state of it."""
        self.search = search
        state = search.state
        self.heading.setText(search.name)
        self.state.setText(self._words.state(state))
        set_kind(self.state, STATE_LOOKS.get(state, "badge"))
        self.aside.setText(self._words.done(search))
        self.bar.setVisible(state.active)
        self.bar.setMaximum(_PARTS)
        self.bar.setValue(round(_PARTS * min(1.0, search.epochs_done / max(1, search.epochs))))
        self.plan.setText(self._words.race(search.rungs, len(search.trials)))
        self.table.show_search(search)
        self.pause.setVisible(state.active and state is not RunState.STOPPING)
        self.resume.setVisible(state in CAN_GO_ON)
        self.result.setVisible(state is RunState.FINISHED)
        self.result.setEnabled(self._runs.run(search.best) is not None)
        self.compare.setEnabled(len(self._there()) > 1)
        self.losers.setVisible(any(one.there and one.lost for one in search.trials))
        self.remove.setEnabled(not state.active)
        self._show_notice(search)

    def _show_notice(self, search: TuningInfo) -> None:
        texts = []
        if search.failure is not None:
            texts.append(self._errors.sentence(search.failure))
        if search.state is RunState.INTERRUPTED:
            texts.append(self.tr("The search was cut off. It goes on where it stopped."))
        failed = [one for one in search.trials if one.failure is not None]
        if failed and search.failure is None:
            numbers = ", ".join(str(one.number) for one in failed)
            texts.append(self.tr("Trial {numbers} failed and counts as the worst.").format(numbers=numbers))
        set_kind(self.notice, "danger" if search.failure is not None else "warning")
        self.notice.setText("\n".join(texts))
        self.notice.setVisible(bool(texts))

    def _there(self) -> tuple[str, ...]:
        """Return the trials' runs that have something to compare."""
        trials = self.search.trials if self.search is not None else ()
        return tuple(one.run for one in trials if one.there and self._runs.run(one.run) is not None)

    @Slot(object)
    def _advanced(self, search: TuningInfo) -> None:
        if self.search is not None and search.id == self.search.id:
            self.show_search(search)

    @Slot(object)
    def _run_advanced(self, run: RunInfo) -> None:
        if self.search is not None and run.id in self.search.runs:
            self.table.show_run(run)

    @Slot()
    def _refill(self) -> None:
        if self.search is not None:
            self.show_search(self.search)

    # --- asking --------------------------------------------------------------------------------------------------

    @Slot()
    def _pause(self) -> None:
        if self.search is not None:
            self._tunings.pause(self.search.id)

    @Slot()
    def _resume(self) -> None:
        if self.search is not None:
            self._tunings.resume(self.search.id)

    @Slot()
    def _show_result(self) -> None:
        if self.search is not None:
            self.run_asked.emit(self.search.best)

    @Slot()
    def _compare(self) -> None:
        self.compare_asked.emit(self._there())

    @Slot()
    def _remove_losers(self) -> None:
        if self.search is not None:
            self._tunings.remove_losers(self.search.id)

    @Slot()
    def ask_remove(self) -> None:
        """Ask whether the search is to be removed."""
        if self.search is None:
            return
        text = self.tr("Remove the search {name}?").format(name=self.search.name)
        stays = self.tr("Its table and its trials are deleted. The best run, the data and a published model stay.")
        self._box = RemovalQuestion(text, stays, self)
        self._box.agreed.connect(self._remove)
        self._box.open()

    @Slot()
    def _remove(self) -> None:
        if self.search is not None:
            self._tunings.remove(self.search.id)

    def retranslate(self) -> None:
        self.pause.setText(self.tr("Pause"))
        self.resume.setText(self.tr("Resume"))
        self.result.setText(self.tr("Show the best"))
        self.compare.setText(self.tr("Compare trials"))
        self.losers.setText(self.tr("Remove losers"))
        self.losers.setToolTip(self.tr("Deletes the runs that are out of the race; their scores stay in the table"))
        self.more.setAccessibleName(self.tr("More"))
        self.remove.setText(self.tr("Remove search …"))
        self.table.retranslate()
        if self.search is not None:
            self.show_search(self.search)

"""The trials of a search as a table: what each tries, its score so far, how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QWidget

from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.training_words import number
from mmbm_desktop.gui.tuning_words import TuningWords
from mmbm_desktop.gui.widgets.basics import Button, Label, Line, set_kind
from mmbm_desktop.protocol.tuning import TrialState

if TYPE_CHECKING:
    from collections.abc import Callable

    from mmbm_desktop.protocol.training import RunInfo
    from mmbm_desktop.protocol.tuning import TrialInfo, TuningInfo

_LOOKS = {TrialState.OUT: "small", TrialState.WAITING: "small", TrialState.FAILED: "danger", TrialState.GONE: "small"}


@dataclass(frozen=True)
class TrialRow:
    """The widgets of one trial."""

    number: Button
    values: tuple[Label, ...]
    epochs: Label
    score: Label
    state: Label


class TrialsTable(QWidget):
    """Rows are made when another search is shown, and filled whenever something is new; `chosen` carries a run's id."""

    chosen = Signal(str)

    def __init__(self, run: Callable[[str], RunInfo | None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self._words, self._errors = TuningWords(self), ErrorTexts(self)
        self._search: TuningInfo | None = None
        self.rows: list[TrialRow] = []
        self._heads: list[Label] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(4)

    def show_search(self, search: TuningInfo) -> None:
        """Show a search, or a newer state of it."""
        shape = (search.id, len(search.trials), search.tried)
        before = self._search
        self._search = search
        if before is None or shape != (before.id, len(before.trials), before.tried):
            self._rebuild(search)
        self._name_heads()
        for trial in search.trials:
            self._fill(trial)

    def show_run(self, run: RunInfo) -> None:
        """Show how a trial's run is now."""
        trials = self._search.trials if self._search is not None else ()
        for trial in trials:
            if trial.run == run.id:
                self._fill(trial)

    def _rebuild(self, search: TuningInfo) -> None:
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        columns = len(search.tried) + 4
        self._heads = [self._label("small") for _ in range(columns)]
        for column, head in enumerate(self._heads):
            self._grid.addWidget(head, 0, column)
        self.rows = [self._row(index, search) for index in range(len(search.trials))]
        self._grid.setColumnStretch(columns - 1, 1)

    def _row(self, index: int, search: TuningInfo) -> TrialRow:
        chip = Button(str(index + 1), "chip")
        chip.setObjectName(search.trials[index].run)
        chip.clicked.connect(self._clicked)
        values = tuple(self._label("") for _ in search.tried)
        row = TrialRow(chip, values, self._label(""), self._label(""), Label(wrap=True))
        line = 2 * index + 1
        self._grid.addWidget(Line(), line, 0, 1, -1)
        for column, widget in enumerate((chip, *values, row.epochs, row.score, row.state)):
            self._grid.addWidget(widget, line + 1, column)
        return row

    def _label(self, kind: str) -> Label:
        label = Label(kind=kind)
        label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return label

    def _fill(self, trial: TrialInfo) -> None:
        search, row = self._search, self.rows[trial.number - 1]
        if search is None:
            return
        run = self._run(trial.run) if trial.there else None
        best = trial.state is TrialState.BEST
        kind = "best" if best else _LOOKS.get(trial.state, "")
        for label, value in zip(row.values, trial.values.values(), strict=True):
            label.setText(self._words.value(value))
        for label in (*row.values, row.epochs, row.score, row.state):
            set_kind(label, kind if kind != "danger" or label is row.state else "small")
        done = search.rungs[len(trial.scores) - 1] if trial.scores else 0
        row.epochs.setText(str(run.epochs_done if run is not None else done) if run is not None or done else "–")
        live = run.best if run is not None and trial.state is TrialState.RUNNING else None
        row.score.setText(number(trial.score if live is None else live))
        why = f": {self._errors.sentence(trial.failure)}" if trial.failure is not None else ""
        row.state.setText(self._words.trial(trial, search.rungs) + why)
        row.number.setEnabled(run is not None)
        row.number.setAccessibleName(self._said(row, trial))

    def _said(self, row: TrialRow, trial: TrialInfo) -> str:
        name = self.tr("Trial {number}").format(number=trial.number)
        return f"{name}, {row.score.text()}, {row.state.text()}"

    def _name_heads(self) -> None:
        search = self._search
        if search is None:
            return
        names = [self._words.setting(name, search.settings.recipe) for name in search.tried]
        texts = [self.tr("Trial"), *names, self.tr("Epochs"), self.tr("Score"), self.tr("How it stands")]
        for head, text in zip(self._heads, texts, strict=True):
            head.setText(text)
        self._heads[0].setAlignment(Qt.AlignmentFlag.AlignLeft)
        self._heads[-1].setAlignment(Qt.AlignmentFlag.AlignLeft)

    @Slot()
    def _clicked(self) -> None:
        self.chosen.emit(self.sender().objectName())

    def retranslate(self) -> None:
        """Set every text again."""
        if self._search is not None:
            self.show_search(self._search)

"""The left column: every run with its state, to look at one or to compare some."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from mmbm_desktop.gui.pages.train.runs_listed import listed
from mmbm_desktop.gui.training_words import TrainingWords
from mmbm_desktop.gui.tuning_words import TuningWords
from mmbm_desktop.gui.widgets.basics import Button, Label

if TYPE_CHECKING:
    from mmbm_desktop.gui.state.training_runs import TrainingRuns
    from mmbm_desktop.gui.state.tunings import Tunings
    from mmbm_desktop.protocol.training import RunInfo
    from mmbm_desktop.protocol.tuning import TuningInfo

WIDTH = 196
SHOWN_AT_ONCE = 60
_PARTS = 1000
_INDENT = 12


class _Entry(QWidget):
    """A button with a name, a state below, a bar while it is worked on."""

    def __init__(self, *, indented: bool = False) -> None:
        super().__init__()
        self.indent = _INDENT if indented else 0
        self.chip, self.state, self.bar = Button(kind="choice"), Label(kind="small", wrap=True), QProgressBar()
        self.chip.setCheckable(True)
        self.bar.setTextVisible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(self.indent, 0, 0, 4)
        layout.setSpacing(4)
        for widget in (self.chip, self.bar, self.state):
            layout.addWidget(widget)

    def name(self, name: str) -> None:
        """Show a name, cut where there is no room for it."""
        room = WIDTH - 40 - self.indent
        self.chip.setText(self.chip.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, room))

    def show_far(self, done: int, epochs: int, *, active: bool) -> None:
        """Show how much of the epochs is done."""
        self.bar.setVisible(active)
        self.bar.setMaximum(_PARTS if epochs else 0)
        self.bar.setValue(min(_PARTS, round(_PARTS * done / epochs)) if epochs else 0)


class RunEntry(_Entry):
    """One run."""

    def __init__(self, run: RunInfo, *, indented: bool = False) -> None:
        super().__init__(indented=indented)
        self.run = run
        self._words = TrainingWords(self)
        self.retranslate()

    def show_run(self, run: RunInfo) -> None:
        """Show a newer state."""
        self.run = run
        self.retranslate()

    def retranslate(self) -> None:
        """Set every text again."""
        run = self.run
        self.name(run.name)
        self.chip.setToolTip(f"{run.name}\n{self._words.recipe(run.recipe)}\n{run.data}".strip())
        self.state.setText(self._words.summary(run))
        self.show_far(run.epochs_done, run.epochs, active=run.state.active)
        self.chip.setAccessibleName(f"{run.name}, {self.state.text()}")


class SearchEntry(_Entry):
    """One search over settings."""

    def __init__(self, search: TuningInfo) -> None:
        super().__init__()
        self.search = search
        self._words = TuningWords(self)
        self.retranslate()

    def show_search(self, search: TuningInfo) -> None:
        """Show a newer state."""
        self.search = search
        self.retranslate()

    def retranslate(self) -> None:
        """Set every text again."""
        search = self.search
        title = self.tr("Search: {name}").format(name=search.name)
        self.name(title)
        self.chip.setToolTip(f"{title}\n{self._words.recipe(search.settings.recipe)}\n{search.settings.data}".strip())
        self.state.setText(self._words.far(search))
        self.show_far(search.epochs_done, search.epochs, active=search.state.active)
        self.chip.setAccessibleName(f"{title}, {self.state.text()}")


class RunsColumn(QWidget):
    """Emits `chosen` with a run's id, `search_chosen`, or `compare_chosen` with several runs' ids while comparing."""

    chosen = Signal(str)
    search_chosen = Signal(str)
    compare_chosen = Signal(object)
    new_asked = Signal()
    corrections_asked = Signal()

    def __init__(self, runs: TrainingRuns, tunings: Tunings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs, self._tunings = runs, tunings
        self.entries: dict[str, RunEntry] = {}
        self.searches: dict[str, SearchEntry] = {}
        self._search, self._open = "", ""
        self._chosen, self._marked = "", []
        self._correcting = False
        self.corrections = Button(kind="choice")
        self.corrections.setCheckable(True)
        self._limit = SHOWN_AT_ONCE
        self._heading, self._hint = Label(kind="small"), Label(kind="small", wrap=True)
        self.new, self.compare, self.more = Button(), Button(kind="chip"), Button(kind="quiet")
        self.compare.setCheckable(True)
        inner = QWidget()
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(0, 0, 6, 0)
        self._list.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(self._heading, 1)
        head.addWidget(self.compare)
        self._list.addWidget(self.new)
        self._list.addWidget(self.corrections)
        self._list.addSpacing(8)
        self._list.addLayout(head)
        self._list.addWidget(self._hint)
        self._list.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self._list.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
        self.setFixedWidth(WIDTH)
        self.new.setCheckable(True)
        self.new.setProperty("kind", "choice")
        self._connect()
        self.retranslate()
        self.rebuild()

    def _connect(self) -> None:
        self.new.clicked.connect(self._ask_new)
        self.corrections.clicked.connect(self._ask_corrections)
        self.compare.toggled.connect(self._toggle_compare)
        self.more.clicked.connect(self._show_more)
        self._runs.changed.connect(self.rebuild)
        self._runs.advanced.connect(self._advance)
        self._tunings.changed.connect(self.rebuild)
        self._tunings.advanced.connect(self._advance_search)

    @property
    def comparing(self) -> bool:
        """Whether a click marks runs for comparison."""
        return self.compare.isChecked()

    @property
    def marked(self) -> tuple[str, ...]:
        """The runs to compare, in the order in which they were marked."""
        return tuple(self._marked)

    def show_chosen(self, run_id: str, *, corrections: bool = False, search: str = "") -> None:
        """Mark the run that is shown; "" for a new run, the corrections, or a search."""
        self._chosen, self._correcting, self._search = run_id, corrections, search
        if self.comparing:
            self.compare.blockSignals(True)
            self.compare.setChecked(False)
            self.compare.blockSignals(False)
            self._marked = []
        if self._opened != self._open:
            self.rebuild()
        self._show_marks()

    @property
    def _opened(self) -> str:
        """The search whose trials are listed: the chosen one, or that of the chosen run."""
        of_run = self._tunings.of_run(self._chosen)
        return self._search or (of_run.id if of_run is not None and of_run.best != self._chosen else "")

    @Slot()
    def rebuild(self) -> None:
        """List the runs anew."""
        for entry in (*self.entries.values(), *self.searches.values()):
            self._list.removeWidget(entry)
            entry.deleteLater()
        self.entries, self.searches, self._open = {}, {}, self._opened
        everything = listed(self._runs.all, self._tunings.all, self._open)
        for one in everything[: self._limit]:
            self._list.insertWidget(self._list.indexOf(self.more), self._entry(one))
        self.more.setVisible(len(everything) > self._limit)
        self._marked = [run_id for run_id in self._marked if self._runs.run(run_id) is not None]
        self._show_marks()

    def _entry(self, one: RunInfo | TuningInfo) -> _Entry:
        search = self._tunings.search(one.id)
        if search is not None:
            entry = self.searches[one.id] = SearchEntry(search)
            entry.chip.clicked.connect(self._search_clicked)
        else:
            run, above = self._runs.run(one.id), self._tunings.of_run(one.id)
            indented = above is not None and above.best != one.id
            entry = self.entries[one.id] = RunEntry(run if run is not None else cast("RunInfo", one), indented=indented)
            entry.chip.clicked.connect(self._clicked)
        entry.chip.setObjectName(one.id)
        return entry

    def _show_marks(self) -> None:
        several = len(self._runs.all) > 1
        self._heading.setVisible(bool(self._runs.all or self._tunings.all))
        self.compare.setVisible(several)
        self._hint.setVisible(self.comparing)
        self.new.setChecked(not (self.comparing or self._chosen or self._correcting or self._search))
        self.corrections.setChecked(self._correcting and not self.comparing)
        for search_id, entry in self.searches.items():
            entry.chip.setChecked(not self.comparing and search_id == self._search)
        for run_id, entry in self.entries.items():
            entry.chip.setChecked(run_id in self._marked if self.comparing else run_id == self._chosen)

    @Slot(object)
    def _advance(self, run: RunInfo) -> None:
        if run.id in self.entries:
            self.entries[run.id].show_run(run)

    @Slot(object)
    def _advance_search(self, search: TuningInfo) -> None:
        known = self.searches.get(search.id)
        if known is None or known.search.best != search.best:
            self.rebuild()
        else:
            known.show_search(search)

    @Slot()
    def _search_clicked(self) -> None:
        self.search_chosen.emit(self.sender().objectName())

    @Slot()
    def _clicked(self) -> None:
        run_id = self.sender().objectName()
        if not self.comparing:
            self._show_marks()
            self.chosen.emit(run_id)
            return
        if run_id in self._marked:
            self._marked.remove(run_id)
        else:
            self._marked.append(run_id)
        self._show_marks()
        self.compare_chosen.emit(self.marked)

    @Slot(bool)
    def _toggle_compare(self, comparing: bool) -> None:
        self._marked = [self._chosen] if comparing and self._chosen else []
        self._show_marks()
        if comparing:
            self.compare_chosen.emit(self.marked)
        else:
            self.chosen.emit(self._chosen)

    @Slot()
    def _ask_new(self) -> None:
        self._show_marks()
        self.new_asked.emit()

    @Slot()
    def _ask_corrections(self) -> None:
        self._show_marks()
        self.corrections_asked.emit()

    @Slot()
    def _show_more(self) -> None:
        self._limit += SHOWN_AT_ONCE
        self.rebuild()

    def retranslate(self) -> None:
        """Set every text again."""
        self.new.setText(self.tr("+ New run"))
        self.corrections.setText(self.tr("My corrections"))
        self.corrections.setToolTip(self.tr("What you set right, and models that learn from it"))
        self._heading.setText(self.tr("Runs"))
        self.compare.setText(self.tr("Compare"))
        self.compare.setToolTip(self.tr("Mark two or more runs to see their curves and numbers side by side"))
        self._hint.setText(self.tr("Mark the runs to compare."))
        self.more.setText(self.tr("Show more"))
        for entry in (*self.entries.values(), *self.searches.values()):
            entry.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

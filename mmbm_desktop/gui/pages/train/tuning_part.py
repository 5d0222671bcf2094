"""Finding good settings on the Train page: the parts of it in the form, the panel, what becomes of what they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mmbm_desktop.gui.pages.train.rate_finder_panel import RateFinderPanel
from mmbm_desktop.gui.pages.train.search_field import SearchField
from mmbm_desktop.gui.pages.train.tuning_panel import TuningPanel
from mmbm_desktop.gui.state.rate_finder import RateFinder
from mmbm_desktop.gui.state.training_draft import Obstacle
from mmbm_desktop.gui.state.tunings import Tunings

if TYPE_CHECKING:
    from mmbm_desktop.gui.context import AppContext
    from mmbm_desktop.gui.pages.train.form_panel import FormPanel
    from mmbm_desktop.gui.state.library_calls import LibraryCalls
    from mmbm_desktop.gui.state.training_runs import TrainingRuns
    from mmbm_desktop.protocol.training import RunSettings


class TuningPart(QObject):
    """Puts its fields into the form, starts a run or a search from it, and owns the panel, which the page places."""

    asked = Signal(str)
    """The id of a search to look at."""
    left = Signal()
    """The search that was looked at is gone."""

    def __init__(
        self, context: AppContext, form: FormPanel, runs: TrainingRuns, calls: LibraryCalls, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._form, self._runs = form, runs
        self.state = Tunings(context.engine.runs.tuning, context.bridge, calls, self)
        self.panel = TuningPanel(self.state, runs)
        self.finder = RateFinder(context.engine, context.bridge, self)
        self.finder_panel = RateFinderPanel(self.finder, context.theme)
        self.field = SearchField()
        form.add_to_drawer(self.finder_panel, self.field)
        form.edited.connect(self._offer)
        form.start_asked.connect(self._start)
        self.finder_panel.taken.connect(form.take_rate)
        self.field.changed.connect(self._offer)
        self.state.started.connect(self.asked)
        self.state.removed.connect(self._removed)
        self._offer()

    @Slot()
    def _offer(self) -> None:
        obstacle, settings = self._form.obstacle, self._form.settings
        self.finder_panel.offer(settings, None if obstacle is Obstacle.NAME else obstacle)
        self.field.offer(settings)
        self._form.name_start(self.tr("Start the search") if self.field.wanted else "")

    @Slot(object)
    def _start(self, settings: RunSettings) -> None:
        if self.field.wanted:
            self.state.start(settings, self.field.trials)
        else:
            self._runs.start(settings)

    @Slot(str)
    def _removed(self, tuning_id: str) -> None:
        if self.panel.isVisible() and self.panel.search is not None and self.panel.search.id == tuning_id:
            self.left.emit()

    def show_search(self, tuning_id: str) -> bool:
        """Show a search in the panel; False where there is none of that name."""
        search = self.state.search(tuning_id)
        if search is not None:
            self.panel.show_search(search)
        return search is not None

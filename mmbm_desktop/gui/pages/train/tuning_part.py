"""Finding good settings on the Train page: the parts of it in the form, and what becomes of what they ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from mmbm_desktop.gui.pages.train.rate_finder_panel import RateFinderPanel
from mmbm_desktop.gui.state.rate_finder import RateFinder
from mmbm_desktop.gui.state.training_draft import Obstacle

if TYPE_CHECKING:
    from mmbm_desktop.gui.context import AppContext
    from mmbm_desktop.gui.pages.train.form_panel import FormPanel


class TuningPart(QObject):
    """Puts its panels into the form."""

    def __init__(self, context: AppContext, form: FormPanel, parent: QObject) -> None:
        super().__init__(parent)
        self._form = form
        self.finder = RateFinder(context.engine, context.bridge, self)
        self.finder_panel = RateFinderPanel(self.finder, context.theme)
        form.add_to_drawer(self.finder_panel)
        form.edited.connect(self._offer)
        self.finder_panel.taken.connect(form.take_rate)
        self._offer()

    @Slot()
    def _offer(self) -> None:
        obstacle = self._form.obstacle
        self.finder_panel.offer(self._form.settings, None if obstacle is Obstacle.NAME else obstacle)

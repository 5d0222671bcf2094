"""The learning-rate finder in the form of a new run: a button, its progress, the curve and what it proposes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.pages.train.rate_curve import RateCurve
from mmbm_desktop.gui.training_words import TrainingWords
from mmbm_desktop.gui.widgets.basics import Button, Label, set_kind
from mmbm_desktop.protocol.tried_settings import NO_RANGE_TEST

if TYPE_CHECKING:
    from mmbm_desktop.gui.state.rate_finder import RateFinder
    from mmbm_desktop.gui.state.training_draft import Obstacle
    from mmbm_desktop.gui.theme.theme import Theme
    from mmbm_desktop.protocol.training import RunSettings

_PARTS = 1000


class RateFinderPanel(QWidget):
    """Shows a `RateFinder`; `taken` carries the proposal that a person wants in the form."""

    taken = Signal(float)

    def __init__(self, finder: RateFinder, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._finder = finder
        self._errors, self._words = ErrorTexts(self), TrainingWords(self)
        self._settings: RunSettings | None = None
        self._obstacle: Obstacle | None = None
        self.begin, self.cancel, self.take = Button(), Button(kind="quiet"), Button()
        self.why, self.said = Label(kind="small", wrap=True), Label(wrap=True)
        self.bar, self.curve = QProgressBar(), RateCurve(theme)
        self.bar.setTextVisible(False)
        self._lay_out()
        self.begin.clicked.connect(self._find)
        self.cancel.clicked.connect(finder.cancel)
        self.take.clicked.connect(self._take)
        finder.changed.connect(self.show_finder)
        self.retranslate()

    def _lay_out(self) -> None:
        top, bottom = QHBoxLayout(), QHBoxLayout()
        for row in (top, bottom):
            row.setSpacing(12)
        top.addWidget(self.begin)
        top.addWidget(self.why, 1)
        top.addWidget(self.bar, 1)
        top.addWidget(self.cancel)
        bottom.addWidget(self.said, 1)
        bottom.addWidget(self.take)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addWidget(self.curve)
        layout.addLayout(bottom)

    def offer(self, settings: RunSettings, obstacle: Obstacle | None) -> None:
        """Offer to find a rate for the form's settings; `obstacle` is what keeps a run from starting.

        A missing name keeps nobody from trying rates, so it is not given here.
        """
        self._settings, self._obstacle = settings, obstacle
        self._finder.keep_for(settings)
        self.show_finder()

    @Slot()
    def show_finder(self) -> None:
        """Show how far it is, or what came of it."""
        finder, why = self._finder, self._why_not()
        running, found = finder.running, finder.found
        self.begin.setEnabled(not running and not why)
        self.begin.setVisible(not running)
        for widget in (self.bar, self.cancel):
            widget.setVisible(running)
        job = finder.job
        total = job.total if job is not None and running else None
        self.bar.setMaximum(_PARTS if total else 0)
        self.bar.setValue(round(_PARTS * job.done / total) if job is not None and total else 0)
        self.why.setVisible(not running)
        set_kind(self.why, "danger" if finder.failure is not None and not why else "small")
        self.why.setText(why or self._outcome())
        tried = finder.tried
        self.curve.setVisible(found is not None or tried is not None)
        self.said.setVisible(found is not None)
        self.take.setVisible(found is not None and found.proposal is not None)
        if found is not None:
            self.curve.show_found(found)
            self.said.setText(self._proposal())
        elif tried is not None:
            self.curve.show_found(tried, finder.until)

    def _why_not(self) -> str:
        """Return why no rate can be found now; "" where one can."""
        recipe = self._settings.recipe if self._settings is not None else ""
        if recipe in NO_RANGE_TEST:
            return {
                "acts": self.tr("There is no finder for what is learned by playing: its loss needs moves first."),
                "reward": self.tr("There is no finder for this goal: its loss need not fall when it learns."),
            }[NO_RANGE_TEST[recipe]]
        return self._words.obstacle(self._obstacle) if self._obstacle is not None else ""

    def _outcome(self) -> str:
        if self._finder.failure is not None:
            return self._errors.sentence(self._finder.failure)
        return self.tr("Tries a hundred steps with growing rates; no run is begun.")

    def _proposal(self) -> str:
        found = self._finder.found
        if found is None or found.proposal is None or found.lowest_at is None:
            return self.tr("The loss never fell, so no rate can be proposed. Keep the usual one.")
        text = self.tr("Proposed: {rate}, a tenth of {lowest}, where the loss was lowest.")
        return text.format(rate=f"{found.proposal:g}", lowest=f"{found.lowest_at:.2g}")

    @Slot()
    def _find(self) -> None:
        if self._settings is not None:
            self._finder.find(self._settings)

    @Slot()
    def _take(self) -> None:
        found = self._finder.found
        if found is not None and found.proposal is not None:
            self.taken.emit(found.proposal)

    def retranslate(self) -> None:
        """Set every text again."""
        self.begin.setText(self.tr("Find a rate"))
        self.cancel.setText(self.tr("Cancel"))
        self.take.setText(self.tr("Use this rate"))
        self.bar.setAccessibleName(self.tr("Trying learning rates"))
        self.show_finder()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

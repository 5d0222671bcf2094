"""Several runs side by side: their curves over each other, their numbers and the settings in which they differ."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from mmbm_desktop.gui.pages.train.chart_panel import ChartPanel
from mmbm_desktop.gui.pages.train.curve_shown import shown_together
from mmbm_desktop.gui.pages.train.numbers_grid import NumbersGrid
from mmbm_desktop.gui.state.training_compare import differing, numbers_of, rows_of
from mmbm_desktop.gui.training_words import number
from mmbm_desktop.gui.widgets.basics import Label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from mmbm_desktop.gui.state.training_runs import TrainingRuns
    from mmbm_desktop.gui.state.training_watch import WatchedRun
    from mmbm_desktop.gui.theme.theme import Theme


class ComparePanel(ChartPanel):
    """Shows two or more `WatchedRun`s."""

    def __init__(self, runs: TrainingRuns, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._runs = runs
        self._watched: tuple[WatchedRun, ...] = ()
        self.numbers, self.settings = NumbersGrid(), NumbersGrid()
        self._numbers_title, self._settings_title = Label(kind="heading"), Label(kind="heading")
        for title, grid in ((self._numbers_title, self.numbers), (self._settings_title, self.settings)):
            self.content.addSpacing(8)
            self.content.addWidget(title)
            self.content.addWidget(grid)
        self.retranslate()

    def compare(self, watched: Sequence[WatchedRun]) -> None:
        """Show other runs."""
        self._watched = tuple(watched)
        for one in self._watched:
            one.curve_changed.connect(self._curve_changed)
            one.report_changed.connect(self.fill)
            one.settings_changed.connect(self.fill)
        self._show_curves()
        self.fill()

    def _name(self, watched: WatchedRun) -> str:
        run = self._runs.run(watched.run_id)
        return run.name if run is not None else watched.run_id

    def _show_curves(self) -> None:
        self.set_curves(shown_together((self._name(one), one.curve) for one in self._watched))

    @Slot()
    def _curve_changed(self) -> None:
        if [one.curve for one in self._shown] != [one.curve for one in self._watched]:
            self._show_curves()
        else:
            self.refresh()

    @Slot()
    def fill(self) -> None:
        """Fill the tables."""
        names = [self._name(one) for one in self._watched]
        runs = [self._runs.run(one.run_id) for one in self._watched]
        numbers = [
            numbers_of(one.report, run.metrics if run is not None else {})
            for one, run in zip(self._watched, runs, strict=True)
        ]
        self.numbers.fill(
            names,
            [
                (self._words.metric(row.name), [number(value) for value in row.values], row.best)
                for row in rows_of(numbers)
            ],
        )
        settings = differing([one.settings for one in self._watched])
        self.settings.fill(
            names,
            [
                (self._words.setting(name), [self._setting(name, value) for value in values], frozenset())
                for name, values in settings.items()
            ],
        )
        self._numbers_title.setVisible(bool(self.numbers.texts))
        self._settings_title.setVisible(bool(self.settings.texts))
        self.settings.setVisible(bool(self.settings.texts))

    def _setting(self, name: str, value: object) -> str:
        if value is None:
            return self.tr("usual")
        words = {"recipe": self._words.recipe, "preset": self._words.preset, "device": self._words.device}
        if name in words:
            return words[name](str(value))
        return Path(str(value)).name if name == "data" else f"{value}"

    def _say_why_empty(self) -> None:
        self.empty.setText(self.tr("Mark two or more runs at the left."))

    def retranslate(self) -> None:
        super().retranslate()
        self.heading.setText(self.tr("Side by side"))
        self._numbers_title.setText(self.tr("Numbers"))
        self._settings_title.setText(self.tr("Where they differ"))
        if self._watched:
            self.fill()

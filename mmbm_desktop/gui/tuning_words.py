"""The words for searches over settings: what is tried, how a trial stands, how far a search is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmbm_desktop.gui.training_words import TrainingWords
from mmbm_desktop.protocol.tuning import TrialState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.protocol.training import SettingValue
    from mmbm_desktop.protocol.tuning import TrialInfo, TuningInfo


class TuningWords(TrainingWords):
    """All that a page says of searches."""

    def trial(self, trial: TrialInfo, rungs: Sequence[int]) -> str:
        """Return how a trial stands."""
        match trial.state:
            case TrialState.RUNNING:
                to = rungs[min(len(trial.scores), len(rungs) - 1)]
                return self.tr("training, to epoch {epoch}").format(epoch=to)
            case TrialState.OUT if trial.scores:
                return self.tr("out at epoch {epoch}").format(epoch=rungs[len(trial.scores) - 1])
            case _:
                return {
                    TrialState.WAITING: self.tr("waiting"),
                    TrialState.RACING: self.tr("in the race"),
                    TrialState.OUT: self.tr("out"),
                    TrialState.FAILED: self.tr("failed"),
                    TrialState.GONE: self.tr("removed"),
                    TrialState.BEST: self.tr("best"),
                }[trial.state]

    def value(self, value: SettingValue | None) -> str:
        """Return a tried value; None is the preset's own."""
        if value is None:
            return self.tr("usual")
        if isinstance(value, str):
            return self.choice(value)
        return f"{value:g}"

    def race(self, rungs: Sequence[int], trials: int) -> str:
        """Return in a sentence how a search goes."""
        if len(rungs) < 2:
            return self.tr("%n trial(s), each trained to its end; the best one is published.", "", trials)
        looks = ", ".join(map(str, rungs[:-1]))
        text = self.tr("%n trial(s); the better half goes on at epoch {epochs}, the best one is published.", "", trials)
        return text.format(epochs=looks)

    def cost(self, epochs: int, rungs: Sequence[int]) -> str:
        """Return how much longer than one run a search takes."""
        return self.tr("About {count} times the work of one run.").format(count=f"{epochs / rungs[-1]:.1f}")

    def names(self, names: Sequence[str], recipe: str) -> str:
        """Return what is tried, as a list of words."""
        return ", ".join(self.setting(name, recipe) for name in names)

    def done(self, search: TuningInfo) -> str:
        """Return how many of its epochs are done; "" before the first."""
        if not search.epochs_done:
            return ""
        return self.tr("{done} of {total} epochs").format(done=search.epochs_done, total=search.epochs)

    def far(self, search: TuningInfo) -> str:
        """Return where a search is and how far."""
        return " · ".join(filter(None, (self.state(search.state), self.done(search))))

"""The words for corrections and for an old model beside an improved one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from mmbm_desktop.gui.metric_words import MetricWords
from mmbm_desktop.gui.reason_texts import ReasonTexts
from mmbm_desktop.protocol.corrections import CorrectionKind
from mmbm_desktop.protocol.tasks import Task

if TYPE_CHECKING:
    from mmbm_desktop.protocol.corrections import Correction, TaskCorrections
    from mmbm_desktop.protocol.training import Comparison


class ImprovingWords(QObject):
    """Makes sentences of records, in the language of the moment."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers = MetricWords(self)

    def task(self, task: Task) -> str:
        """Return what corrections of a task are called."""
        return {
            Task.CAPTION: self.tr("Captions"),
            Task.CLASSIFY: self.tr("Classes of pictures"),
            Task.TRANSCRIBE: self.tr("Transcripts"),
        }.get(task, str(task))

    def counts(self, status: TaskCorrections) -> str:
        """Return how many there are, and what is still missing before a model can learn from them."""
        parts = [
            self.tr("%n to learn from", "", status.learned),
            self.tr("%n held out for the comparison", "", status.held_out),
        ]
        if status.missing:
            parts.append(self.tr("%n whose file is gone", "", status.missing))
        if status.unfit:
            parts.append(self.tr("%n with letters that the model does not know", "", status.unfit))
        return " · ".join(parts)

    def obstacle(self, status: TaskCorrections) -> str:
        """Return why a model cannot learn, or not yet; "" where it can."""
        if status.reason:
            kept = self.tr("They are collected, and can be written as a data folder for training.")
            return self.tr("{reason}. {kept}").format(reason=ReasonTexts(self).reason(status.reason), kept=kept)
        return self.tr("%n more correction(s) to learn from are needed.", "", status.needed) if status.needed else ""

    def before(self, correction: Correction) -> str:
        """Return what the model had said."""
        return correction.said or self.tr("nothing yet")

    def after(self, correction: Correction) -> str:
        """Return what the person says."""
        if correction.kind is not CorrectionKind.THUMB:
            return correction.text
        return self.tr("good") if correction.rating > 0 else self.tr("bad")

    # --- old and new -------------------------------------------------------------------------------------------------

    def number(self, name: str, *, general: bool) -> str:
        """Return the name of a compared number and what it was measured on."""
        known = self._numbers.metric(name)
        known = known if known[:2].isupper() else known[:1].lower() + known[1:]
        template = self.tr("general: {number}") if general else self.tr("yours: {number}")
        return template.format(number=known)

    def verdict(self, found: Comparison) -> str:
        """Return the comparison in one line."""
        return self.tr("{mine}; {general}.").format(mine=self._mine(found), general=self._general(found))

    def _mine(self, found: Comparison) -> str:
        one = found.decisive(general=False)
        if one is None:
            return self.tr("None of your corrections is held out yet, so yours were not measured")
        if one.new > one.old:
            template = self.tr("Better on yours: {old} → {new}")
        else:
            template = (
                self.tr("Worse on yours: {old} → {new}") if one.new < one.old else self.tr("The same on yours: {old}")
            )
        return template.format(old=f"{one.old:.2f}", new=f"{one.new:.2f}")

    def _general(self, found: Comparison) -> str:
        one = found.decisive(general=True)
        if one is None:
            return self.tr("there were no general items to see what was forgotten")
        return self.tr("general: {old} → {new}").format(old=f"{one.old:.2f}", new=f"{one.new:.2f}")

    def measured_on(self, found: Comparison) -> str:
        """Return on how many items both were measured."""
        mine = self.tr("%n held-out correction(s)", "", found.held_out)
        return f"{mine} · " + self.tr("%n general item(s)", "", found.general)

"""The words for who answered what of an item, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from mmbm_desktop.gui.fact_words import date_text
from mmbm_desktop.protocol.tasks import Task

if TYPE_CHECKING:
    from mmbm_desktop.protocol.results import Answered, Item


class AnswerWords(QObject):
    """Makes the texts in the language of the moment."""

    def provenance(self, item: Item) -> str:
        """Return who answered, the newest for each task, one a line."""
        newest: dict[str, Answered] = {one.task: one for one in item.answers}
        return "\n".join(
            self.tr("{task}: {model}, {when}").format(
                task=self._task(one.task), model=one.model, when=date_text(one.when_s)
            )
            for one in newest.values()
        )

    def _task(self, task: str) -> str:
        names: dict[str, str] = {
            Task.EMBED_IMAGE: self.tr("Search"),
            Task.CAPTION: self.tr("Captions"),
            Task.TRANSCRIBE: self.tr("Transcript"),
            Task.SOUNDS: self.tr("Sounds"),
            Task.CLASSIFY: self.tr("Class"),
        }
        return names.get(task, task)

"""The words for what was heard in a recording, and for who answered what of an item, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from mmbm_desktop.gui.hit_words import percent
from mmbm_desktop.gui.pages.library.words import date_text, duration_text
from mmbm_desktop.protocol.tasks import Task

if TYPE_CHECKING:
    from mmbm_desktop.protocol.results import Answered, Item

_MOST_SOUNDS = 12


class AnswerWords(QObject):
    """Makes the texts in the language of the moment."""

    def sounds(self, item: Item, language: str) -> str:
        """Return the sounds of a recording, one a line, with their times and probabilities."""
        lines = [
            f"{duration_text(one.start_s)}-{duration_text(one.end_s)}  {one.name(language)}  {percent(one.score)}"
            for one in item.sounds
        ]
        return "\n".join([*lines[:_MOST_SOUNDS], *(["…"] if len(lines) > _MOST_SOUNDS else [])])

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
        }
        return names.get(task, task)

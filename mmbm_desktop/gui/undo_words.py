"""The words for steps in the library that are undone or done again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from mmbm_desktop.protocol.journal import Action

if TYPE_CHECKING:
    from mmbm_desktop.protocol.journal import Step


class UndoWords(QObject):
    """Makes a short sentence of a step, in the language of the moment."""

    def undone(self, step: Step | None) -> str:
        """Say what was taken back."""
        if step is None:
            return self.tr("There is nothing to undo.")
        return self.tr("Undone: {step}. Ctrl+Shift+Z does it again.").format(step=self._step(step))

    def redone(self, step: Step | None) -> str:
        """Say what was done again."""
        if step is None:
            return self.tr("There is nothing to do again.")
        return self.tr("Done again: {step}.").format(step=self._step(step))

    def _step(self, step: Step) -> str:
        words = {
            Action.CAPTION: self.tr("caption of {name}"),
            Action.TRANSCRIPT: self.tr("transcript of {name}"),
            Action.IMPORT: self.tr("words read from {name}"),
            Action.LABEL: self.tr("class of {name}"),
            Action.THUMB: self.tr("rating of {name}"),
            Action.REMOVE_FOLDER: self.tr("folder {name} taken out"),
            Action.REMOVE_ITEMS: self.tr("{name} taken out"),
            Action.TAGS: self.tr("tags of {name}"),
            Action.CAPTION_AGAIN: self.tr("new caption of {name}"),
            Action.TRANSLATE: self.tr("translated caption of {name}"),
        }
        return words[step.action].format(name=self._name(step))

    def _name(self, step: Step) -> str:
        name = Path(step.path).name or step.path
        if len(step.items) < 2 or step.action is Action.IMPORT:
            return name
        return self.tr("{name} and %n more", "", len(step.items) - 1).format(name=name)

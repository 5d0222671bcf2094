"""The button that asks for a translation; where no model translates it is disabled and says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Slot

from mmbm_desktop.gui.widgets.basics import Button
from mmbm_desktop.protocol.tasks import Task

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from mmbm_desktop.gui.state.abilities import Abilities


class TranslateButton(Button):
    """Follows what the installed models can do; `keys` are named in its tooltip."""

    def __init__(self, abilities: Abilities, keys: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._abilities, self._keys = abilities, keys
        self._has_text = True
        abilities.changed.connect(self.retranslate)
        self.retranslate()

    def set_has_text(self, has_text: bool) -> None:
        """Say whether there is anything to translate."""
        self._has_text = has_text
        self.retranslate()

    @Slot()
    def retranslate(self) -> None:
        """Set text, state and tooltip again."""
        able = self._abilities.can(Task.TRANSLATE)
        self.setEnabled(able and self._has_text)
        self.setText(self.tr("Translate"))
        tip = self.tr("Chinese into English, everything else into Chinese")
        if not able:
            tip = self.tr("No model that translates is installed. The Models page shows what is.")
        elif self._keys:
            tip = f"{tip}\n{self._keys}"
        self.setToolTip(tip)
        self.setAccessibleDescription(tip)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

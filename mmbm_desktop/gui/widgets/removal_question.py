"""The question whether something is really to be removed. It is opened, never waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMessageBox

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class RemovalQuestion(QMessageBox):
    """Asks `text`; `stays` says what goes with it and what does not. `agreed`: it is to be removed."""

    agreed = Signal()

    def __init__(self, text: str, stays: str, parent: QWidget) -> None:
        super().__init__(QMessageBox.Icon.Question, "MMBM Desktop", text, parent=parent)
        self.setInformativeText(stays)
        remove = self.addButton(self.tr("Remove"), QMessageBox.ButtonRole.DestructiveRole)
        self.addButton(self.tr("Keep"), QMessageBox.ButtonRole.RejectRole)
        remove.clicked.connect(self.agreed)

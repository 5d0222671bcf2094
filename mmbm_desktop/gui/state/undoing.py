"""Undoing and redoing a person's steps in the library, outside the GUI thread. No words are made here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.gui.state.library_calls import LibraryCalls
    from mmbm_desktop.protocol.failure import Failure
    from mmbm_desktop.protocol.journal import Step


class Undoing(QObject):
    """Asks the engine for one step back or forth at a time and tells what came of it."""

    undone = Signal(object)
    """The `Step` that was taken back, or None: there was none."""
    redone = Signal(object)
    """The `Step` that was done again, or None."""
    failed = Signal(object)

    def __init__(self, engine: Engine, calls: LibraryCalls, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine, self._calls = engine, calls

    @Slot()
    def undo(self) -> None:
        """Take the latest step back."""
        self._calls.run(self._engine.undo, success=self._undone, failure=self._failed)

    @Slot()
    def redo(self) -> None:
        """Do the step again that was taken back last."""
        self._calls.run(self._engine.redo, success=self._redone, failure=self._failed)

    def _undone(self, step: Step | None) -> None:
        self.undone.emit(step)

    def _redone(self, step: Step | None) -> None:
        self.redone.emit(step)

    def _failed(self, failure: Failure) -> None:
        self.failed.emit(failure)

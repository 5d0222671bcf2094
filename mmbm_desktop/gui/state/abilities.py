"""What the installed models can do, so that a page asks only for what can be answered. QtCore only."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mmbm_desktop.base.errors import MmbmError

if TYPE_CHECKING:
    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.protocol.tasks import Task

log = logging.getLogger(__name__)


class Abilities(QObject):
    """The tasks of the models that are whole, as they were at the last `refresh`."""

    changed = Signal()
    """A task was gained or lost."""

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._tasks: frozenset[str] = frozenset()
        self.refresh()

    def can(self, task: Task) -> bool:
        """Whether an installed model does this."""
        return task in self._tasks

    @Slot()
    def refresh(self) -> None:
        """Read the list of models again: some may have come or gone."""
        try:
            models = self._engine.models()
        except MmbmError:
            log.warning("the models cannot be listed", exc_info=True)
            models = ()
        tasks = frozenset(task for model in models if not model.problem for task in model.tasks)
        if tasks != self._tasks:
            self._tasks = tasks
            self.changed.emit()

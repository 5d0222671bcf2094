"""What the library's filters can be given, asked for when somebody types one and something changed since."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mmbm_desktop.protocol.filter_values import FilterValues

if TYPE_CHECKING:
    from collections.abc import Callable

    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.gui.state.engine_bridge import EngineBridge
    from mmbm_desktop.gui.state.library_calls import LibraryCalls
    from mmbm_desktop.protocol.failure import Failure

_FRESH_S = 5.0
"""How long values are good enough while the library changes all the time, as when a folder is indexed."""


class KnownFilters(QObject):
    """Keeps the library's values; counting them takes a moment, so it is done outside the window's thread."""

    changed = Signal()

    def __init__(
        self,
        engine: Engine,
        bridge: EngineBridge,
        calls: LibraryCalls,
        parent: QObject | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self.values = FilterValues()
        self._engine, self._calls, self._clock = engine, calls, clock
        self._asking, self._stale = False, True
        self._asked_s = float("-inf")
        bridge.library_changed.connect(self._forget)

    @Slot()
    def ask(self) -> None:
        """Have the values read unless they are fresh; `changed` tells when they are there."""
        if self._stale and not self._asking and self._clock() - self._asked_s >= _FRESH_S:
            self._asking, self._stale, self._asked_s = True, False, self._clock()
            self._calls.run(self._engine.filter_values, success=self._take, failure=self._give_up)

    def _take(self, values: FilterValues) -> None:
        self._asking = False
        if values != self.values:
            self.values = values
            self.changed.emit()

    def _give_up(self, failure: Failure) -> None:
        """Offer nothing new; what is wrong with the library is told elsewhere."""
        del failure
        self._asking, self._stale = False, True

    @Slot()
    def _forget(self) -> None:
        self._stale = True

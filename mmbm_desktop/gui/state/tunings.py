"""The searches over settings as an observable list, newest first, and what can be done with them. QtCore only.

The disk is read and written in the thread of a `LibraryCalls`, never in the GUI thread.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from collections.abc import Callable

    from mmbm_desktop.engine.tuning.interface import Tuning
    from mmbm_desktop.gui.state.engine_bridge import EngineBridge
    from mmbm_desktop.gui.state.library_calls import LibraryCalls
    from mmbm_desktop.protocol.training import RunSettings
    from mmbm_desktop.protocol.tuning import TuningInfo


class Tunings(QObject):
    """Keeps the newest `TuningInfo` of each search."""

    changed = Signal()
    """There are other searches than before."""
    advanced = Signal(object)
    """A newer `TuningInfo` of a search that was there."""
    started = Signal(str)
    """The id of a search that was started here."""
    removed = Signal(str)
    """The id of a search that is gone."""
    failed = Signal(object)
    """The `Failure` of something that was asked for here."""

    def __init__(
        self, tuning: Tuning, bridge: EngineBridge, calls: LibraryCalls, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._tuning, self._calls = tuning, calls
        self._known: dict[str, TuningInfo] = {}
        self._told: set[str] = set()
        bridge.tuning_changed.connect(self._take)
        bridge.tuning_removed.connect(self._forget)

    @property
    def all(self) -> tuple[TuningInfo, ...]:
        """Every search, newest first."""
        return tuple(sorted(self._known.values(), key=lambda one: (one.created_s, one.id), reverse=True))

    @property
    def names(self) -> set[str]:
        """Names of the bundles that they make."""
        return {one.name for one in self._known.values()}

    def search(self, tuning_id: str) -> TuningInfo | None:
        """Return a search as it is now."""
        return self._known.get(tuning_id)

    def of_run(self, run_id: str) -> TuningInfo | None:
        """Return the search that a run is a trial of."""
        return next((one for one in self._known.values() if run_id in one.runs), None)

    def reload(self) -> None:
        """Read the searches again: another program may have worked on them."""
        self._told.clear()
        self._calls.run(self._tuning.all, success=self._take_all, failure=self.failed.emit)

    # --- asking --------------------------------------------------------------------------------------------------

    def start(self, settings: RunSettings, trials: int) -> None:
        """Begin a search; `started` or `failed` follows."""
        self._calls.run(
            partial(self._tuning.start, settings, trials), success=self._take_started, failure=self.failed.emit
        )

    def pause(self, tuning_id: str) -> None:
        """Stop at the next step with everything kept."""
        self._do(partial(self._tuning.pause, tuning_id))

    def resume(self, tuning_id: str) -> None:
        """Go on where the search stopped."""
        self._do(partial(self._tuning.resume, tuning_id))

    def remove_losers(self, tuning_id: str) -> None:
        """Delete the runs of the trials that are out."""
        self._do(partial(self._tuning.remove_losers, tuning_id))

    def remove(self, tuning_id: str) -> None:
        """Delete the search and its trials but the best."""
        self._do(partial(self._tuning.remove, tuning_id))

    def _do(self, call: Callable[[], None]) -> None:
        self._calls.run(call, success=_nothing, failure=self.failed.emit)

    # --- hearing -------------------------------------------------------------------------------------------------

    def _take_all(self, searches: tuple[TuningInfo, ...]) -> None:
        """Take what was read, except where an event has meanwhile told of something newer."""
        read = {one.id: one for one in searches}
        told = {one: self._known[one] for one in self._told if one in self._known}
        self._known = {**read, **told}
        self.changed.emit()

    def _take_started(self, search: TuningInfo) -> None:
        if search.id not in self._known:
            self._take(search)
        self.started.emit(search.id)

    @Slot(object)
    def _take(self, search: TuningInfo) -> None:
        known = search.id in self._known
        self._known[search.id] = search
        self._told.add(search.id)
        if known:
            self.advanced.emit(search)
        else:
            self.changed.emit()

    @Slot(str)
    def _forget(self, tuning_id: str) -> None:
        self._told.discard(tuning_id)
        if self._known.pop(tuning_id, None) is not None:
            self.changed.emit()
            self.removed.emit(tuning_id)


def _nothing(value: object) -> None:
    """Take an answer that says nothing new."""

"""The training runs as an observable list, newest first, and what can be done with them. QtCore only.

The disk is read and written in the thread of a `LibraryCalls`, never in the GUI thread.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from collections.abc import Callable

    from mmbm_desktop.engine.runs.interface import Runs
    from mmbm_desktop.gui.state.engine_bridge import EngineBridge
    from mmbm_desktop.gui.state.library_calls import LibraryCalls
    from mmbm_desktop.protocol.failure import Failure
    from mmbm_desktop.protocol.training import RunInfo, RunSettings


class TrainingRuns(QObject):
    """Keeps the newest `RunInfo` of each run."""

    changed = Signal()
    """There are other runs than before."""
    advanced = Signal(object)
    """A newer `RunInfo` of a run that was there."""
    started = Signal(str)
    """The id of a run that was started here."""
    failed = Signal(object)
    """The `Failure` of something that was asked for here."""

    def __init__(self, runs: Runs, bridge: EngineBridge, calls: LibraryCalls, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs, self._calls = runs, calls
        self._known: dict[str, RunInfo] = {}
        self._removed: set[str] = set()
        self._told: set[str] = set()
        self._loaded = False
        bridge.run_changed.connect(self._run_changed)
        bridge.run_removed.connect(self._run_removed)

    @property
    def all(self) -> tuple[RunInfo, ...]:
        """Every run, newest first."""
        return tuple(sorted(self._known.values(), key=lambda run: (run.created_s, run.id), reverse=True))

    @property
    def active(self) -> tuple[RunInfo, ...]:
        """The runs that are worked on or wait for it."""
        return tuple(run for run in self.all if run.state.active)

    @property
    def loaded(self) -> bool:
        """Whether the runs were read once; before that an empty list says nothing."""
        return self._loaded

    def run(self, run_id: str) -> RunInfo | None:
        """Return a run as it is now."""
        return self._known.get(run_id)

    def reload(self) -> None:
        """Read the runs again: another program may have worked on them."""
        self._told.clear()
        self._calls.run(self._runs.all, success=self._take_all, failure=self._fail)

    # --- asking --------------------------------------------------------------------------------------------------

    def start(self, settings: RunSettings) -> None:
        """Make a run and queue it; `started` or `failed` follows."""
        self._calls.run(partial(self._runs.start, settings), success=self._take_started, failure=self._fail)

    def pause(self, run_id: str) -> None:
        """Stop at the next step with everything kept."""
        self._do(partial(self._runs.pause, run_id))

    def resume(self, run_id: str) -> None:
        """Go on where the run stopped."""
        self._do(partial(self._runs.resume, run_id))

    def extend(self, run_id: str, epochs: int) -> None:
        """Add epochs."""
        self._do(partial(self._runs.extend, run_id, epochs))

    def finish(self, run_id: str) -> None:
        """Stop now and publish the best weights."""
        self._do(partial(self._runs.finish, run_id))

    def remove(self, run_id: str) -> None:
        """Delete the run's folder."""
        self._do(partial(self._runs.remove, run_id))

    def settings_of(self, run_id: str, then: Callable[[RunSettings], None]) -> None:
        """Read what a run was told and call `then` with it."""
        self._calls.run(partial(self._runs.settings, run_id), success=then, failure=self._fail)

    def _do(self, call: Callable[[], None]) -> None:
        self._calls.run(call, success=_nothing, failure=self._fail)

    # --- hearing -------------------------------------------------------------------------------------------------

    def _take_all(self, runs: tuple[RunInfo, ...]) -> None:
        """Take what was read, except where an event has meanwhile told of something newer."""
        self._loaded = True
        read = {run.id: run for run in runs if run.id not in self._removed}
        told = {run_id: self._known[run_id] for run_id in self._told if run_id in self._known}
        self._known = {**read, **told}
        self.changed.emit()

    def _take_started(self, run: RunInfo) -> None:
        if run.id not in self._known:
            self._known[run.id] = run
            self._told.add(run.id)
            self.changed.emit()
        self.started.emit(run.id)

    def _fail(self, failure: Failure) -> None:
        self.failed.emit(failure)

    @Slot(object)
    def _run_changed(self, run: RunInfo) -> None:
        if run.id in self._removed:
            return
        new = run.id not in self._known
        self._known[run.id] = run
        self._told.add(run.id)
        if new:
            self.changed.emit()
        else:
            self.advanced.emit(run)

    @Slot(str)
    def _run_removed(self, run_id: str) -> None:
        self._removed.add(run_id)
        if self._known.pop(run_id, None) is not None:
            self.changed.emit()


def _nothing(value: object) -> None:
    """Take an answer that says nothing new."""

"""Corrections and what was learned from them, as the window sees them. QtCore only; the disk is another thread's."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mmbm_desktop.protocol.training import RunState

if TYPE_CHECKING:
    from mmbm_desktop.engine.improving.interface import Improving
    from mmbm_desktop.gui.state.engine_bridge import EngineBridge
    from mmbm_desktop.gui.state.library_calls import LibraryCalls
    from mmbm_desktop.protocol.corrections import Correction, Improvement, TaskCorrections
    from mmbm_desktop.protocol.failure import Failure
    from mmbm_desktop.protocol.tasks import Task
    from mmbm_desktop.protocol.training import RunInfo


class ImprovingState(QObject):
    """Reads anew whenever something was corrected, learned, kept or reverted."""

    changed = Signal()
    started = Signal(str)
    """The id of a run that learns from corrections."""
    switched = Signal(object)
    """The `Improvement` that was kept or reverted."""
    exported = Signal(object)
    """The `ExportedCorrections` that were written."""
    failed = Signal(object)
    """The `Failure` of something that was asked for here."""

    def __init__(
        self, improving: Improving, bridge: EngineBridge, calls: LibraryCalls, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._improving, self._calls = improving, calls
        self.corrections: tuple[Correction, ...] = ()
        self.status: tuple[TaskCorrections, ...] = ()
        self.improvements: tuple[Improvement, ...] = ()
        bridge.corrections_changed.connect(self.reload)
        bridge.run_changed.connect(self._run_changed)
        bridge.run_removed.connect(self._run_removed)

    @Slot()
    def reload(self) -> None:
        """Read everything; `changed` follows."""
        self._calls.run(self._read, success=self._take, failure=self._fail)

    def _read(self) -> tuple[object, ...]:
        return self._improving.corrections(), self._improving.status(), self._improving.improvements()

    def _take(self, read: tuple[object, ...]) -> None:
        found = (self.corrections, self.status, self.improvements)
        self.corrections, self.status, self.improvements = read  # pyright: ignore[reportAttributeAccessIssue]
        if read != found:
            self.changed.emit()

    def of_run(self, run_id: str) -> Improvement | None:
        """Return what a run improves; None for one that improves nothing."""
        return next((one for one in self.improvements if one.run.id == run_id), None)

    def of_model(self, name: str) -> Improvement | None:
        """Return the finished improvement that made a model."""
        return next((one for one in self.improvements if one.new == name and one.run.bundle), None)

    # --- asking ------------------------------------------------------------------------------------------------------

    def improve(self, task: Task) -> None:
        """Start a run; `started` or `failed` follows."""
        self._calls.run(partial(self._improving.improve, task), success=self._take_started, failure=self._fail)

    def keep(self, run_id: str) -> None:
        """Let a run's model answer; `switched` or `failed` follows."""
        self._calls.run(partial(self._improving.keep, run_id), success=self._take_switched, failure=self._fail)

    def revert(self, run_id: str) -> None:
        """Let the model before it answer again; `switched` or `failed` follows."""
        self._calls.run(partial(self._improving.revert, run_id), success=self._take_switched, failure=self._fail)

    def export(self, folder: str) -> None:
        """Write the corrections as data folders; `exported` or `failed` follows."""
        self._calls.run(partial(self._improving.export, Path(folder)), success=self.exported.emit, failure=self._fail)

    # --- hearing -----------------------------------------------------------------------------------------------------

    def _take_started(self, run: RunInfo) -> None:
        self.started.emit(run.id)

    def _take_switched(self, found: Improvement) -> None:
        self.switched.emit(found)
        self.reload()

    def _fail(self, failure: Failure) -> None:
        self.failed.emit(failure)

    @Slot(object)
    def _run_changed(self, run: RunInfo) -> None:
        known = self.of_run(run.id)
        if run.state is RunState.FINISHED and (known is None or known.comparison is None):
            self.reload()

    @Slot(str)
    def _run_removed(self, run_id: str) -> None:
        if self.of_run(run_id) is not None:
            self.reload()

"""Which library is open and how, and the jobs that copy, move and restore it. No words are made here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mmbm_desktop.gui.state.library_calls import LibraryCalls
from mmbm_desktop.protocol.keeping import Access, BackUpRequest, CopyLibraryRequest, MoveLibraryRequest, RestoreRequest

if TYPE_CHECKING:
    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.gui.state.engine_bridge import EngineBridge
    from mmbm_desktop.protocol.failure import Failure
    from mmbm_desktop.protocol.jobs import JobId, JobSnapshot
    from mmbm_desktop.protocol.keeping import KeepingRequest, LibraryInfo, LibraryState


class LibraryKeeping(QObject):
    """Follows the engine's `Keeping` and one job of its own at a time."""

    state_changed = Signal()
    advanced = Signal(object)
    """The job under way, or just ended, as a `JobSnapshot`."""
    connected = Signal(object)
    """The end of `connect_to`: None, or the `Failure`."""
    info_arrived = Signal(object)
    """A `LibraryInfo`, or None: the library cannot be read."""

    def __init__(self, engine: Engine, bridge: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._calls = LibraryCalls(self)
        self._job: JobId | None = None
        bridge.library_state_changed.connect(self._state_changed)
        bridge.job_changed.connect(self._job_changed)

    @property
    def state(self) -> LibraryState:
        """The library's state now."""
        return self._engine.keeping.state()

    @property
    def writable(self) -> bool:
        """Whether this window may change the library."""
        return self.state.access is Access.WRITING

    def ask_info(self) -> None:
        """Ask what the library holds."""
        self._calls.run(self._engine.keeping.info, success=self._informed, failure=self._not_informed)

    def open(self, path: str | None = None) -> None:
        """Open another library, or the same one again; the state tells what came of it."""
        self._calls.run(lambda: self._engine.keeping.open(path), success=_ignored, failure=_ignored)

    def connect_to(self, address: str) -> None:
        """Open a library on a server, with "" the one in a file again; `connected` tells what came of it."""
        self._calls.run(
            lambda: self._engine.keeping.connect(address), success=self._is_connected, failure=self.connected.emit
        )

    def back_up(self, target: str) -> None:
        """Copy the library to a file, which the person has agreed to replace if it is there."""
        self._start(BackUpRequest(target, overwrite=True))

    def move(self, folder: str) -> None:
        """Move the library to another folder."""
        self._start(MoveLibraryRequest(folder))

    def restore(self, source: str) -> None:
        """Put a copy in the library's place."""
        self._start(RestoreRequest(source))

    def take_over(self, source: str) -> None:
        """Copy the library in a file into the open one, which is empty."""
        self._start(CopyLibraryRequest(source=source))

    def copy_to(self, target: str) -> None:
        """Copy all that the open library holds to a file that holds nothing yet."""
        self._start(CopyLibraryRequest(target))

    def cancel(self) -> None:
        """Stop the job under way; nothing is changed by it then."""
        if self._job is not None:
            self._engine.cancel(self._job)

    def close(self) -> None:
        """Wait for the call in hand."""
        self._calls.close()

    def _start(self, request: KeepingRequest) -> None:
        self._job = None
        self._job = self._engine.submit(request)
        for job in self._engine.jobs():
            if job.id == self._job:
                self.advanced.emit(job)

    def _is_connected(self, state: LibraryState) -> None:
        self.connected.emit(state.failure)

    def _informed(self, info: LibraryInfo) -> None:
        self.info_arrived.emit(info)

    def _not_informed(self, failure: Failure) -> None:
        del failure
        self.info_arrived.emit(None)

    @Slot(object)
    def _state_changed(self, state: LibraryState) -> None:
        del state
        self.state_changed.emit()

    @Slot(object)
    def _job_changed(self, job: JobSnapshot) -> None:
        if job.id == self._job:
            self.advanced.emit(job)


def _ignored(_: object) -> None:
    """Take an answer that the state tells as well."""

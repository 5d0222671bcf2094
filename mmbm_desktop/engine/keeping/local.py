"""Keeps the real library: opens it, holds the window's lock, looks for others' writes, does the keeping jobs.

One window writes; a second one on the same library only reads, because a person who undoes in one would take back what
was done in the other. Programs without a window write beside it: each of their transactions is whole, SQLite orders
them, and the window looks once a second whether somebody else has written. A library on a server is for any number of
windows: everybody undoes their own steps there, and backing up, moving and restoring are the server's affair.
"""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, cast

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault, MmbmError
from mmbm_desktop.base.files import os_errors_sorted
from mmbm_desktop.engine.keeping.copying import copy_everything, file_with_something
from mmbm_desktop.engine.keeping.daily import drop_old, due_copy, kept_copies
from mmbm_desktop.engine.keeping.interface import Keeping
from mmbm_desktop.engine.keeping.open_library import OpenLibrary
from mmbm_desktop.library import copies
from mmbm_desktop.library.address import is_server, without_password
from mmbm_desktop.library.window_lock import WindowLock, is_free
from mmbm_desktop.protocol.events import LibraryChanged, LibraryStateChanged
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.keeping import (
    Access,
    BackUpRequest,
    CopyLibraryRequest,
    KeepingRequest,
    KeepingResult,
    LibraryInfo,
    LibraryState,
    MoveLibraryRequest,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from mmbm_desktop.base.settings import Settings
    from mmbm_desktop.engine.job_queue import RunningJob
    from mmbm_desktop.engine.one_thread import OneThread
    from mmbm_desktop.library.interface import Library
    from mmbm_desktop.library.postgres.postgres_library import PostgresLibrary
    from mmbm_desktop.protocol.events import Event

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
_FIRST_DAILY_S = 60.0
_DAILY_EVERY_S = 3600.0


class LocalKeeping(Keeping):
    """See `Keeping`.

    Args:
        place: the library: a file, or the address of a server.
        settings: remembers another place (`library.file`, `library.server`).
        announce: takes events.
        writer: the one thread that writes.
        window: hold the window's lock and keep looking; errors of opening become a state instead of being raised.

    Raises:
        MmbmError: without `window`: the library cannot be opened.
    """

    def __init__(
        self, place: str, settings: Settings, announce: Callable[[Event], None], writer: OneThread, *, window: bool
    ) -> None:
        self._settings, self._announce, self._writer, self._window = settings, announce, writer, window
        self._library = OpenLibrary()
        self._lock: WindowLock | None = None
        self._busy = threading.RLock()
        self._ended = threading.Event()
        self._place = place
        self._state = LibraryState(place)
        self.stop_writers: Callable[[], None] = _nothing
        self.submit: Callable[[KeepingRequest], object] = _nothing
        self._next_daily_s = time.monotonic() + _FIRST_DAILY_S
        self._open(place)
        if not window and self._state.failure is not None:
            raise self._state.failure.as_error()

    @property
    def library(self) -> Library:
        """Whatever library is open at the moment of a call."""
        return self._library.as_library()

    def state(self) -> LibraryState:
        """See `Keeping.state`."""
        return self._state

    def info(self) -> LibraryInfo:
        """See `Keeping.info`."""
        if self._state.server:
            facts = cast("PostgresLibrary", self.library).facts()
            could_hold = "" if facts.items or facts.folders else file_with_something(self._usual_file())
            return LibraryInfo(
                self._state.path, facts.bytes, facts.items, facts.folders, facts.version, could_hold=could_hold
            )
        file = Path(self._state.path)
        facts = copies.facts_of_library(file)
        backups = tuple(map(str, kept_copies(file)))
        return LibraryInfo(str(file), facts.bytes, facts.items, facts.folders, facts.version, backups)

    def open(self, path: str | None = None) -> LibraryState:
        """See `Keeping.open`."""
        with self._busy:
            self.stop_writers()
            self._writer.run(lambda: self._open(path or self._place))
        self._tell()
        if path is not None and self._state.failure is None:
            self._remember(path)
        return self._state

    def connect(self, address: str) -> LibraryState:
        """See `Keeping.connect`."""
        if not address:
            return self.open(self._usual_file())
        if not is_server(address):
            raise InputFault(ErrorCode.ADDRESS_INVALID, "no scheme postgresql://", path=without_password(address))
        library = _on_server(address)
        with self._busy:
            self.stop_writers()
            self._writer.run(lambda: self._take(library, address))
        self._tell()
        self._remember(address)
        return self._state

    def _remember(self, place: str) -> None:
        self._settings.set("library.server", place if is_server(place) else "")
        if not is_server(place) and place != self._usual_file():
            self._settings.set("library.file", place)

    def _usual_file(self) -> str:
        return self._settings.text("library.file") or str(paths.default_library_file())

    def run(self, job: RunningJob) -> KeepingResult:
        """Do a keeping job; moving and restoring are for the window that has the library.

        Raises:
            Cancelled: nothing was changed.
            MmbmError: nothing was lost. LIBRARY_READ_ONLY: another window has the library; LIBRARY_ON_SERVER.
        """
        request = cast("KeepingRequest", job.request)
        with self._busy:
            if isinstance(request, CopyLibraryRequest):
                return self._copy(request, job)
            if self._state.server:
                raise InputFault(ErrorCode.LIBRARY_ON_SERVER, path=self._state.path)
            if isinstance(request, BackUpRequest):
                return self._back_up(request, job)
            if self._lock is None:
                raise EnvironmentFault(ErrorCode.LIBRARY_READ_ONLY, path=self._state.path)
            self.stop_writers()
            if isinstance(request, MoveLibraryRequest):
                return self._move(Path(request.folder), job)
            return self._restore(Path(request.source), job)

    def begin_looking(self) -> None:
        """Start looking, in a thread, for what other programs do to the library."""
        if self._window:
            threading.Thread(target=self._look_on, name="library-watch", daemon=True).start()

    def close(self) -> None:
        """Stop looking, close the library and free the lock; safe to call twice."""
        self._ended.set()
        self._library.close()
        self._free()

    # --- opening -------------------------------------------------------------------------------------------------

    def _open(self, place: str) -> None:
        """Open a library as well as it goes and note how; the former one is closed."""
        self._library.put(None)
        self._free()
        self._place = place
        shown = without_password(place)
        try:
            if is_server(place):
                self._take(_on_server(place), place)
            else:
                self._open_file(Path(place))
        except MmbmError as error:
            log.warning("the library cannot be opened: %s", error)
            failure = Failure.of(error)
            self._library.put(None, failure)
            self._state = LibraryState(shown, Access.CLOSED, failure, server=is_server(place))

    def _take(self, library: Library, address: str) -> None:
        """Go on with a library on a server, which is open already."""
        self._library.put(library)
        self._free()
        self._place = address
        self._state = LibraryState(without_password(address), server=True)

    def _open_file(self, file: Path) -> None:
        from mmbm_desktop.library.sqlite_library import SqliteLibrary

        if self._window:
            with os_errors_sorted(file):
                file.parent.mkdir(parents=True, exist_ok=True)
            self._lock = WindowLock.taken(file)
        reading = self._window and self._lock is None
        self._library.put(SqliteLibrary(file, read_only=reading))
        self._state = LibraryState(str(file), Access.READING if reading else Access.WRITING)

    def _free(self) -> None:
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.release()

    def _tell(self) -> None:
        self._announce(LibraryStateChanged(self._state))
        self._announce(LibraryChanged(folders_changed=True))

    # --- looking -------------------------------------------------------------------------------------------------

    def _look_on(self) -> None:
        said = ""
        while not self._ended.wait(LOOK_EVERY_S):
            if not self._busy.acquire(blocking=False):
                continue
            try:
                self.look()
                if time.monotonic() > self._next_daily_s:
                    self.copy_if_due()
            except MmbmError as error:
                if str(error) != said:  # once, not every second that a server is away
                    said = str(error)
                    log.info("the library could not be looked at: %s", said)
            finally:
                self._busy.release()

    def look(self) -> None:
        """Tell of what other programs wrote, and of another window's coming and going."""
        if self._state.access is Access.CLOSED:
            return
        if self._library.as_library().others_wrote():
            self._announce(LibraryChanged(folders_changed=True))
        if self._state.access is Access.WRITING:
            return
        access = Access.FREE if is_free(Path(self._state.path)) else Access.READING
        if access is not self._state.access:
            self._state = LibraryState(self._state.path, access)
            self._announce(LibraryStateChanged(self._state))

    def copy_if_due(self, now_s: float | None = None) -> None:
        """Queue today's automatic copy if it is due, and drop the oldest ones."""
        self._next_daily_s = time.monotonic() + _DAILY_EVERY_S
        kept = self._settings.integer("library.backups_kept")
        if self._state.access is not Access.WRITING or self._state.server:
            return
        drop_old(Path(self._state.path), kept)
        with os_errors_sorted(Path(self._state.path)):
            target = due_copy(self.info(), kept, time.time() if now_s is None else now_s)
        if target is not None:
            self.submit(BackUpRequest(str(target)))

    # --- jobs ----------------------------------------------------------------------------------------------------

    def _back_up(self, request: BackUpRequest, job: RunningJob) -> KeepingResult:
        file, target = Path(self._state.path), Path(request.target)
        if target.resolve() == file.resolve():
            raise InputFault(ErrorCode.SAME_PLACE, path=str(target))
        if target.exists() and not request.overwrite:
            raise InputFault(ErrorCode.FILE_EXISTS, path=str(target))
        copies.copy_library(file, target, job.progress, job.token)
        return _result(target)

    def _copy(self, request: CopyLibraryRequest, job: RunningJob) -> KeepingResult:
        if not request.target and self._state.access is not Access.WRITING:
            raise EnvironmentFault(ErrorCode.LIBRARY_READ_ONLY, path=self._state.path)
        source, target = request.source or self._place, request.target or self._place
        result = copy_everything(source, target, job.progress, job.token)
        if not request.target:
            self._tell()
        return result

    def _move(self, folder: Path, job: RunningJob) -> KeepingResult:
        file, target = Path(self._state.path), folder / Path(self._state.path).name
        if not folder.is_dir():
            raise InputFault(ErrorCode.FOLDER_NOT_FOUND, path=str(folder))
        if folder.resolve() == file.resolve().parent:
            raise InputFault(ErrorCode.SAME_PLACE, path=str(folder))
        if target.exists():
            raise InputFault(ErrorCode.FILE_EXISTS, path=str(target))

        usual = str(file) == self._usual_file()

        def move() -> None:
            try:
                with copies.writers_waiting(file):
                    copies.copy_library(file, target, job.progress, job.token)
                    self._open(str(target))
                    if self._state.failure is not None:
                        raise self._state.failure.as_error()
                    if usual:
                        self._settings.set("library.file", str(target))
            except BaseException:
                if self._state.path != str(file):
                    self._open(str(file))
                    copies.remove_library(target)
                raise

        self._writer.run(move)
        copies.remove_library(file)
        self._tell()
        return _result(target)

    def _restore(self, source: Path, job: RunningJob) -> KeepingResult:
        file = Path(self._state.path)
        if source.resolve() == file.resolve():
            raise InputFault(ErrorCode.SAME_PLACE, path=str(source))
        prepared = copies.prepared_from(source, file, job.progress, job.token)
        aside, there = copies.dated(file, "before-restore"), file.exists()

        def restore() -> None:
            self._library.put(None)
            try:
                copies.put_in_place(prepared, file, aside)
            finally:
                self._open(str(file))

        try:
            self._writer.run(restore)
        finally:
            copies.remove_library(prepared)
        self._tell()
        if self._state.failure is not None:
            raise self._state.failure.as_error()
        return _result(file, aside if there else None)


def _on_server(address: str) -> Library:
    from mmbm_desktop.library.postgres.postgres_library import PostgresLibrary

    return PostgresLibrary(address)


def _result(file: Path, aside: Path | None = None) -> KeepingResult:
    facts = copies.facts_of_library(file)
    return KeepingResult(str(file), facts.bytes, facts.items, str(aside or ""))


def _nothing(*_: object) -> None:
    """Stand in until the engine says how indexing is stopped and jobs are queued."""

"""SQLite connections: as many as there are readers at once, one for the writer, all closed together."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.base.files import os_errors_sorted
from mmbm_desktop.library.failures import sqlite_errors_sorted
from mmbm_desktop.library.migrations import MIGRATIONS, acknowledged_version, migrate
from mmbm_desktop.library.sqlite_dialect import SqliteConnection

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

_BUSY_S = 10.0
_IDLE = 4
_CACHE_KB = 16_384


class Connections:
    """Opens the database file (making and migrating it) and lends connections out.

    A connection is lent to one thread at a time and kept for the next, so that threads which come and go leave none
    behind. A killed process loses nothing that was committed: the log is in the system's hands by then. For a power cut
    it must be on the disk, so `synchronous = FULL` waits for that, once a transaction: milliseconds for what a person
    saves, a few for each batch of indexing; with NORMAL the last edits would be gone, though the file stayed sound.
    What the disk itself promises and does not keep is beyond this.

    With `read_only` nothing is made, migrated or written.

    Raises:
        EnvironmentFault: DISK_FULL, PERMISSION_DENIED, LIBRARY_LOCKED, LIBRARY_DAMAGED, LIBRARY_FOREIGN,
            LIBRARY_TOO_NEW; LIBRARY_LOCKED also where only reading is asked of a library that is not there yet.
    """

    def __init__(self, file: Path, *, read_only: bool = False) -> None:
        self.file = file
        self._read_only = read_only
        self._writer: SqliteConnection | None = None
        self._seen: int | None = None
        self._idle: list[SqliteConnection] = []
        self._guard = threading.Lock()
        self._writing = threading.Lock()
        self._closed = False
        if not read_only:
            with os_errors_sorted(file):
                file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with self._lent() as connection:
                self._bring_up_to_date(connection)
        except BaseException:
            self.close()
            raise

    def _bring_up_to_date(self, connection: SqliteConnection) -> None:
        if not self._read_only:
            migrate(connection, self.file)
        elif acknowledged_version(connection, self.file) != len(MIGRATIONS):
            raise EnvironmentFault(ErrorCode.LIBRARY_LOCKED, "its version is another program's", path=str(self.file))

    @contextlib.contextmanager
    def reading(self) -> Generator[SqliteConnection]:
        """Lend a connection all of whose reads see one moment; its errors come out sorted."""
        with self._lent() as connection:
            connection.execute("BEGIN")
            yield connection
            connection.execute("COMMIT")

    @contextlib.contextmanager
    def writing(self) -> Generator[SqliteConnection]:
        """Lend a connection in a transaction that is committed whole at the end, or not at all.

        Raises:
            EnvironmentFault: LIBRARY_READ_ONLY.
        """
        if self._read_only:
            raise EnvironmentFault(ErrorCode.LIBRARY_READ_ONLY, path=str(self.file))
        with self._writing, sqlite_errors_sorted(self.file):
            connection = self._writers_own()
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.rollback()

    def others_wrote(self) -> bool:
        """Whether another process has committed since this was last asked; False while a write is in hand here.

        All of this process's writes go through one connection, whose `data_version` tells of those that do not.
        """
        if not self._writing.acquire(blocking=False):
            return False
        try:
            with sqlite_errors_sorted(self.file):
                (version,) = self._writers_own().execute("PRAGMA data_version").fetchone()
        finally:
            self._writing.release()
        before, self._seen = self._seen, version
        return before not in (None, version)

    def _writers_own(self) -> SqliteConnection:
        with self._guard:
            if self._closed:
                raise self._is_closed()
            if self._writer is None:
                self._writer = self._connect()
            return self._writer

    def _is_closed(self) -> EnvironmentFault:
        return EnvironmentFault(ErrorCode.LIBRARY_LOCKED, "the library was closed", path=str(self.file))

    def close(self) -> None:
        """Wait for the write in hand and close every connection, one in a reader's hand when it comes back.

        Later use raises LIBRARY_LOCKED.
        """
        with self._writing, self._guard:
            self._closed = True
            for connection in (*self._idle, *filter(None, [self._writer])):
                connection.close()
            self._idle.clear()
            self._writer = None

    @contextlib.contextmanager
    def _lent(self) -> Generator[SqliteConnection]:
        with sqlite_errors_sorted(self.file):
            connection = self._take()
            try:
                yield connection
            finally:
                self._give_back(connection)

    def _take(self) -> SqliteConnection:
        with self._guard:
            if self._closed:
                raise self._is_closed()
            if self._idle:
                return self._idle.pop()
        return self._connect()

    def _connect(self) -> SqliteConnection:
        if self._read_only and not self.file.exists():
            raise EnvironmentFault(ErrorCode.LIBRARY_LOCKED, "it is being made", path=str(self.file))
        connection = sqlite3.connect(
            self.file,
            timeout=_BUSY_S,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
            factory=SqliteConnection,
        )
        try:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
            connection.execute(f"PRAGMA query_only = {int(self._read_only)}")
        except BaseException:
            connection.close()
            raise
        return connection

    def _give_back(self, connection: SqliteConnection) -> None:
        """Keep a connection for the next, or close it; a transaction left open by an error is taken back."""
        with self._guard:
            keep = not self._closed and len(self._idle) < _IDLE and not connection.in_transaction
            if keep:
                self._idle.append(connection)
        if not keep:
            connection.close()

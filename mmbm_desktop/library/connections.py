"""SQLite connections: as many as there are readers at once, one writer at a time, all closed together."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.base.files import os_errors_sorted
from mmbm_desktop.library.failures import sqlite_errors_sorted
from mmbm_desktop.library.migrations import migrate

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

_BUSY_S = 10.0
_IDLE = 4
_CACHE_KB = 16_384


class Connections:
    """Opens the database file (making and migrating it) and lends connections out.

    A connection is lent to one thread at a time and kept for the next, so that threads which come and go leave none
    behind. WAL with `synchronous = FULL`: a committed transaction survives a killed process and a power cut.

    Raises:
        EnvironmentFault: DISK_FULL, PERMISSION_DENIED, LIBRARY_LOCKED, LIBRARY_DAMAGED, LIBRARY_TOO_NEW.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._idle: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        self._writing = threading.Lock()
        self._closed = False
        with os_errors_sorted(file):
            file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with self._lent() as connection:
                migrate(connection, file)
        except BaseException:
            self.close()
            raise

    @contextlib.contextmanager
    def reading(self) -> Generator[sqlite3.Connection]:
        """Lend a connection all of whose reads see one moment; its errors come out sorted."""
        with self._lent() as connection:
            connection.execute("BEGIN")
            yield connection
            connection.execute("COMMIT")

    @contextlib.contextmanager
    def writing(self) -> Generator[sqlite3.Connection]:
        """Lend a connection in a transaction that is committed whole at the end, or not at all."""
        with self._writing, self._lent() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")

    def close(self) -> None:
        """Wait for the write in hand and close every connection, one in a reader's hand when it comes back.

        Later use raises LIBRARY_LOCKED.
        """
        with self._writing, self._guard:
            self._closed = True
            for connection in self._idle:
                connection.close()
            self._idle.clear()

    @contextlib.contextmanager
    def _lent(self) -> Generator[sqlite3.Connection]:
        with sqlite_errors_sorted(self.file):
            connection = self._take()
            try:
                yield connection
            finally:
                self._give_back(connection)

    def _take(self) -> sqlite3.Connection:
        with self._guard:
            if self._closed:
                raise EnvironmentFault(ErrorCode.LIBRARY_LOCKED, "the library was closed", path=str(self.file))
            if self._idle:
                return self._idle.pop()
        return self._connect()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.file, timeout=_BUSY_S, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        try:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
        except BaseException:
            connection.close()
            raise
        return connection

    def _give_back(self, connection: sqlite3.Connection) -> None:
        """Keep a connection for the next, or close it; a transaction left open by an error is taken back."""
        with self._guard:
            keep = not self._closed and len(self._idle) < _IDLE and not connection.in_transaction
            if keep:
                self._idle.append(connection)
        if not keep:
            connection.close()

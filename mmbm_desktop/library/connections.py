"""SQLite connections: one a thread for reading, one writer at a time, all closed together."""

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


class Connections:
    """Opens the database file (making and migrating it) and hands out connections.

    WAL with `synchronous = FULL`: a transaction that was committed survives a killed process and a power cut.

    Raises:
        EnvironmentFault: DISK_FULL, PERMISSION_DENIED, LIBRARY_LOCKED, LIBRARY_DAMAGED, LIBRARY_TOO_NEW.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._local = threading.local()
        self._open: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        self._writing = threading.RLock()
        self._closed = False
        with os_errors_sorted(file):
            file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with sqlite_errors_sorted(file):
                migrate(self.mine(), file)
        except BaseException:
            self.close()
            raise

    def mine(self) -> sqlite3.Connection:
        """Return the calling thread's connection."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            with sqlite_errors_sorted(self.file):
                connection = self._connect()
            self._local.connection = connection
        return connection

    def _connect(self) -> sqlite3.Connection:
        with self._guard:
            if self._closed:
                raise EnvironmentFault(ErrorCode.LIBRARY_LOCKED, "the library was closed", path=str(self.file))
            connection = sqlite3.connect(
                self.file, timeout=_BUSY_S, isolation_level=None, check_same_thread=False, cached_statements=256
            )
            self._open.append(connection)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    @contextlib.contextmanager
    def reading(self) -> Generator[sqlite3.Connection]:
        """Give the thread's connection, all of whose reads see one moment; its errors come out sorted."""
        with sqlite_errors_sorted(self.file):
            connection = self.mine()
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                if connection.in_transaction:
                    connection.execute("COMMIT")

    @contextlib.contextmanager
    def writing(self) -> Generator[sqlite3.Connection]:
        """Give a transaction that is committed whole at the end, or not at all."""
        with self._writing, sqlite_errors_sorted(self.file):
            connection = self.mine()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close every thread's connection; later use raises LIBRARY_LOCKED."""
        with self._writing, self._guard:
            self._closed = True
            for connection in self._open:
                connection.close()
            self._open.clear()
        self._local = threading.local()

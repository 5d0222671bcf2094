"""Connections to one database of a server: as many as there are readers at once, one writer, all closed together."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.library.address import without_password
from mmbm_desktop.library.postgres.connection import PostgresConnection, numbers_for_yes_and_no
from mmbm_desktop.library.postgres.failures import invalid_address, postgres_errors_sorted
from mmbm_desktop.library.postgres.schema import WRITERS, begin_session, migrate

if TYPE_CHECKING:
    from collections.abc import Generator

    Raw = psycopg.Connection[tuple[Any, ...]]

_PATIENCE_S = 10.0
_CONNECTING_S = 5
_IDLE = 4
_PREPARED_AFTER, _NEVER = 5, 1 << 30
"""Of a write and of a read; what is prepared however often it is asked says so itself."""
_READING = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
# Counts the write up for others, unless it changed nothing, and says which.
_SETTLE = "SELECT settle()"


class PostgresConnections:
    """Connects (making and migrating the tables) and lends connections out; see `Connections`.

    Writers of all computers wait for each other with an advisory lock, as SQLite's do with their file: a write sees all
    that was written before it, so two people who index the same folder at once make one item of each file, whatever
    they began with. Writes are milliseconds; what takes long, the models, runs outside of them. Reads wait for nobody.

    Args:
        address: postgresql://user:password@host:port/database, as libpq reads it.
        place: the name of this person at this computer.

    Raises:
        EnvironmentFault: SERVER_UNREACHABLE, SERVER_REFUSED, SERVER_LACKS_VECTORS, LIBRARY_TOO_NEW and others.
        InputFault: ADDRESS_INVALID.
    """

    def __init__(self, address: str, place: str) -> None:
        self.address = address
        self._place = place
        self._options = _options(address)
        self._idle: list[Raw] = []
        self._guard = threading.Lock()
        self._writing = threading.Lock()
        self._own, self._seen = 0, None
        self._closed = False
        with self.alone() as raw:
            migrate(raw, address)

    @contextlib.contextmanager
    def reading(self) -> Generator[PostgresConnection]:
        """Lend a connection all of whose reads see one moment; its errors come out sorted."""
        with self._transaction(_READING) as connection:
            connection.raw.prepare_threshold = _NEVER
            yield connection
            if connection.begun:
                connection.raw.execute("COMMIT")

    @contextlib.contextmanager
    def writing(self) -> Generator[PostgresConnection]:
        """Lend a connection in a transaction that is committed whole at the end, or not at all.

        Raises:
            EnvironmentFault: LIBRARY_LOCKED, others wrote for ten seconds.
        """
        with self._writing, self._transaction(b"BEGIN") as connection:
            connection.execute("SELECT pg_advisory_xact_lock(?)", (WRITERS,))
            # Storing is the same few statements again and again; plans of reads depend on their values.
            connection.raw.prepare_threshold = _PREPARED_AFTER
            yield connection
            with connection.raw.pipeline():
                told = connection.raw.execute(_SETTLE)
                connection.raw.execute("COMMIT")
            self._own += (told.fetchone() or (0,))[0]

    def others_wrote(self) -> bool:
        """See `Connections.others_wrote`: every write counts one up, and ours are known."""
        if not self._writing.acquire(blocking=False):
            return False
        try:
            with self.reading() as connection:
                (value,) = connection.execute("SELECT value FROM counters WHERE name = 'writes'").fetchone() or (0,)
            theirs = value - self._own
        finally:
            self._writing.release()
        before, self._seen = self._seen, theirs
        return before not in (None, theirs)

    @contextlib.contextmanager
    def alone(self) -> Generator[Raw]:
        """Lend a connection of its own, without a transaction; closed at the end."""
        with postgres_errors_sorted(self.address), contextlib.closing(self._connect()) as raw:
            yield raw

    def close(self) -> None:
        """Wait for the write in hand and close every connection, one in a reader's hand when it comes back."""
        with self._writing, self._guard:
            self._closed = True
            for raw in self._idle:
                raw.close()
            self._idle.clear()

    @contextlib.contextmanager
    def _transaction(self, begin: bytes) -> Generator[PostgresConnection]:
        """Lend a connection whose transaction begins with the first statement."""
        with postgres_errors_sorted(self.address):
            kept = self._kept()
            connection = PostgresConnection(kept or self._connect(), begin, self._connect if kept else None)
            try:
                yield connection
            finally:
                self._give_back(connection.raw)

    def _kept(self) -> Raw | None:
        """Return a connection that was kept, None where there is none; the server may have let go of it meanwhile."""
        with self._guard:
            if self._closed:
                raise EnvironmentFault(
                    ErrorCode.LIBRARY_LOCKED, "the library was closed", path=without_password(self.address)
                )
            return self._idle.pop() if self._idle else None

    def _give_back(self, raw: Raw) -> None:
        """Keep a connection for the next, or close it, which takes back a transaction that an error left open."""
        idle = raw.info.transaction_status is TransactionStatus.IDLE
        with self._guard:
            keep = idle and not self._closed and len(self._idle) < _IDLE
            if keep:
                self._idle.append(raw)
        if not keep:
            raw.close()

    def _connect(self) -> Raw:
        raw = psycopg.connect(self.address, autocommit=True, **self._options)
        try:
            numbers_for_yes_and_no(raw)
            begin_session(raw, self._place, _PATIENCE_S)
        except BaseException:
            raw.close()
            raise
        return raw


def _options(address: str) -> dict[str, Any]:
    """Return what the address does not say itself.

    Raises:
        InputFault: ADDRESS_INVALID.
    """
    try:
        said = conninfo_to_dict(address)
    except psycopg.Error as error:
        raise invalid_address(error, address) from None
    usual: dict[str, Any] = {"connect_timeout": _CONNECTING_S, "application_name": "mmbm", "client_encoding": "utf8"}
    return {name: value for name, value in usual.items() if name not in said}

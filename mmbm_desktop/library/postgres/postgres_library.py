"""The library on PostgreSQL with pgvector, for several people at once and for more than one computer holds."""

from __future__ import annotations

import getpass
import platform
import time
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.library.finding import count_shown
from mmbm_desktop.library.interface import LibraryFacts
from mmbm_desktop.library.postgres.connections import PostgresConnections
from mmbm_desktop.library.postgres.schema import STEPS
from mmbm_desktop.library.postgres.vector_search import LIMITS, PostgresVectors
from mmbm_desktop.library.postgres.word_search import PostgresWords
from mmbm_desktop.library.sql_library import SqlLibrary
from mmbm_desktop.protocol.filters import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Callable

    from mmbm_desktop.library.index_builder import IndexLimits

_FOR_READERS = (ErrorCode.LIBRARY_LOCKED, ErrorCode.LIBRARY_READ_ONLY, ErrorCode.PERMISSION_DENIED)
"""Why nothing old can be forgotten now: others write, the server is a copy, the user may only read. It can be read."""
_CHECKS = {
    "item without words": "SELECT id FROM items EXCEPT SELECT rowid FROM words",
    "words without item": "SELECT rowid FROM words EXCEPT SELECT id FROM items",
    "items miscounted": "SELECT kind, SUM(shown) FROM item_counts GROUP BY kind HAVING SUM(shown) <> 0"
    " EXCEPT SELECT kind, COUNT(*) FROM items WHERE missing = 0 GROUP BY kind",
    "vectors miscounted": "SELECT model, dimensions, SUM(stored) FROM embedding_counts"
    " GROUP BY model, dimensions HAVING SUM(stored) <> 0"
    " EXCEPT SELECT model, dimensions, COUNT(*) FROM embeddings GROUP BY model, dimensions",
}


class PostgresLibrary(SqlLibrary):
    """See `Library`. Opening makes or migrates the tables.

    What several people share is the items, words and folders. Each has steps of their own to undo, and each item
    remembers whose computer stored it: only there a file that cannot be found is gone, and only a file from there can
    have moved. Paths are compared as text, so a shared drive must have the same path on every computer.

    Args:
        address: postgresql://user:password@host:port/database.
        limits: when vectors are indexed; None for what was found best.
        place: who and where this is; None for the person logged in at this computer.

    Raises:
        MmbmError: see `PostgresConnections`.
    """

    def __init__(
        self,
        address: str,
        limits: IndexLimits | None = None,
        *,
        place: str | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        connections = PostgresConnections(address, place or this_place())
        super().__init__(connections, PostgresWords(), PostgresVectors(connections, limits or LIMITS), clock)
        try:
            self.forget_old()
        except EnvironmentFault as error:
            if error.code not in _FOR_READERS:
                self.close()
                raise

    def check(self) -> tuple[str, ...]:
        """See `Library.check`: that words and counts agree with the items. The server looks after its own files."""
        with self._connections.reading() as connection:
            return tuple(
                f"{complaint}: {row}"
                for complaint, statement in _CHECKS.items()
                for row in connection.execute(statement).fetchall()
            )

    def facts(self) -> LibraryFacts:
        """Return how much there is of it on the server."""
        with self._connections.reading() as connection:
            (size,) = connection.execute(
                "SELECT COALESCE(SUM(pg_total_relation_size(c.oid)), 0) FROM pg_class c"
                " WHERE c.relnamespace = 'mmbm'::regnamespace AND c.relkind = 'r'"
            ).fetchone()
            (folders,) = connection.execute("SELECT COUNT(*) FROM folders").fetchone()
            return LibraryFacts(int(size), count_shown(connection, EVERYTHING), folders, len(STEPS))

    def index_bytes(self) -> int:
        """Return how large the indexes of vectors are."""
        with self._connections.reading() as connection:
            (size,) = connection.execute(
                "SELECT COALESCE(SUM(pg_relation_size(c.oid)), 0) FROM pg_class c"
                " WHERE c.relnamespace = 'mmbm'::regnamespace AND c.relkind = 'i' AND starts_with(c.relname, 'near_')"
            ).fetchone()
            return int(size)


def this_place() -> str:
    """Return the name of the person and the computer."""
    try:
        person = getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in some containers
        person = ""
    return f"{person}@{platform.node()}"

"""The library in one SQLite file; vectors are kept in memory, or in an index beside it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from mmbm_desktop.library.connections import Connections
from mmbm_desktop.library.index_builder import IndexLimits
from mmbm_desktop.library.sql_library import SqlLibrary
from mmbm_desktop.library.vector_search import VectorSearch
from mmbm_desktop.library.word_search import WordSearch

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_DIFFERENCE = "SELECT rowid FROM {} EXCEPT SELECT rowid FROM {}"


class SqliteLibrary(SqlLibrary):
    """See `Library`. Opening makes or migrates the file.

    Args:
        file: the database; indexes of its vectors are kept in a folder beside it.
        limits: when vectors are indexed; None for what was found best.
        read_only: nothing is written, no index either.

    Raises:
        EnvironmentFault: the file cannot be opened, is damaged, locked, or of a newer program.
    """

    def __init__(
        self,
        file: Path,
        limits: IndexLimits | None = None,
        *,
        read_only: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        connections = Connections(file, read_only=read_only)
        vectors = VectorSearch(connections, limits or IndexLimits(), read_only=read_only)
        super().__init__(connections, WordSearch(), vectors, clock)
        if not read_only:
            self.forget_old()

    def check(self) -> tuple[str, ...]:
        """See `Library.check`; also that the full text covers exactly the items."""
        with self._connections.reading() as connection:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            found += [f"foreign key: {row}" for row in connection.execute("PRAGMA foreign_key_check")]
            found += [
                f"words without item: {row[0]}" for row in connection.execute(_DIFFERENCE.format("words", "items"))
            ]
            found += [
                f"item without words: {row[0]}" for row in connection.execute(_DIFFERENCE.format("items", "words"))
            ]
        return tuple(complaint for complaint in found if complaint != "ok")

"""Where a measured library lies: in a folder, or on a server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.library.address import without_password

if TYPE_CHECKING:
    from pathlib import Path

    from mmbm_desktop.library.postgres.postgres_library import PostgresLibrary
    from mmbm_desktop.library.sql_library import SqlLibrary


class Store(Protocol):
    """One place that holds one library."""

    def open(self, *, exact: bool = False) -> SqlLibrary:
        """Open it; with `exact` vectors are compared one by one, however many there are."""
        ...

    def check_empty(self, library: SqlLibrary) -> None:
        """Make sure that what is there may be added to.

        Raises:
            InputFault: LIBRARY_FOREIGN.
        """
        ...

    def sizes(self, library: SqlLibrary) -> tuple[int, int]:
        """Return the bytes of the tables and of the index of vectors."""
        ...


@dataclass(frozen=True)
class InFolder:
    """See `Store`."""

    folder: Path

    def open(self, *, exact: bool = False) -> SqlLibrary:
        """See `Store.open`."""
        from mmbm_desktop.library.index_builder import IndexLimits
        from mmbm_desktop.library.sqlite_library import SqliteLibrary

        return SqliteLibrary(self.folder / "library.sqlite", IndexLimits(exact_up_to=1 << 60) if exact else None)

    def check_empty(self, library: SqlLibrary) -> None:
        """The folder is for measuring alone; one that was broken off is gone on with."""

    def sizes(self, library: SqlLibrary) -> tuple[int, int]:
        """See `Store.sizes`."""
        size = sum(file.stat().st_size for file in self.folder.rglob("*") if file.is_file())
        index = sum(file.stat().st_size for file in self.folder.glob("*.vectors/*"))
        return size - index, index


@dataclass(frozen=True)
class OnServer:
    """See `Store`."""

    address: str

    def open(self, *, exact: bool = False) -> SqlLibrary:
        """See `Store.open`."""
        from mmbm_desktop.library.index_builder import IndexLimits
        from mmbm_desktop.library.postgres.postgres_library import PostgresLibrary

        return PostgresLibrary(self.address, IndexLimits(exact_up_to=1 << 60) if exact else None)

    def check_empty(self, library: SqlLibrary) -> None:
        """See `Store.check_empty`: people's libraries are not to be filled with made-up pictures."""
        if library.browse(0, 1)[1] or library.folders():
            raise InputFault(ErrorCode.LIBRARY_FOREIGN, "not empty", path=without_password(self.address))

    def sizes(self, library: SqlLibrary) -> tuple[int, int]:
        """See `Store.sizes`."""
        there = cast("PostgresLibrary", library)
        index = there.index_bytes()
        return there.facts().bytes - index, index

"""The library's keeping as the window and the command line see it. `LocalKeeping` is real, `FakeKeeping` scripted."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mmbm_desktop.protocol.keeping import LibraryInfo, LibraryState


class Keeping(ABC):
    """Says which library is open and how, and changes that. Every method may be called from any thread.

    Backing up, moving and restoring are jobs (`BackUpRequest`, `MoveLibraryRequest`, `RestoreRequest`). Changes of the
    state are told by `LibraryStateChanged`.
    """

    @abstractmethod
    def state(self) -> LibraryState:
        """Return which library is open and how; waits for nothing."""

    @abstractmethod
    def info(self) -> LibraryInfo:
        """Return what the library holds (reads the library).

        Raises:
            MmbmError: it cannot be read.
        """

    @abstractmethod
    def open(self, path: str | None = None) -> LibraryState:
        """Open another library, or the same one again, for writing where no other window does; waits for SQLite.

        A library at `path` is remembered in the settings. What cannot be opened is told by the state, not raised.
        """

    @abstractmethod
    def connect(self, address: str) -> LibraryState:
        """Open a library on a server, and remember that; with "" the one in a file again.

        Raises:
            MmbmError: it cannot be opened; the library that was open still is.
        """

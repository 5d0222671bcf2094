"""A scripted keeping for tests of the window: it says what it is told to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmbm_desktop.engine.keeping.interface import Keeping
from mmbm_desktop.library.address import without_password
from mmbm_desktop.protocol.events import LibraryStateChanged
from mmbm_desktop.protocol.keeping import Access, LibraryInfo, LibraryState

if TYPE_CHECKING:
    from collections.abc import Callable

    from mmbm_desktop.base.errors import MmbmError
    from mmbm_desktop.protocol.events import Event


class FakeKeeping(Keeping):
    """Holds a state that the test puts.

    Attributes:
        opened: what `open` was called with.
        opening: the state that `open` leads to.
        raising: what `info` and `connect` raise.
        could_hold: the file whose library could be copied to an empty one on a server.
    """

    def __init__(self, emit: Callable[[Event], None]) -> None:
        self._emit = emit
        self._state = LibraryState("/data/library.db")
        self.opened: list[str | None] = []
        self.opening = self._state
        self.raising: MmbmError | None = None
        self.could_hold = ""

    def put(self, state: LibraryState) -> None:
        """Change the state and tell."""
        self._state = state
        self._emit(LibraryStateChanged(state))

    def state(self) -> LibraryState:
        """Return the state."""
        return self._state

    def info(self) -> LibraryInfo:
        """Return canned figures."""
        if self.raising is not None:
            raise self.raising
        if self._state.server and self.could_hold:
            return LibraryInfo(self._state.path, 345_678, 0, 0, 4, could_hold=self.could_hold)
        return LibraryInfo(self._state.path, 12_345_678, 1234, 3, 4)

    def open(self, path: str | None = None) -> LibraryState:
        """Note the wish and take the state `opening`."""
        self.opened.append(path)
        self.put(self.opening if path is None else LibraryState(path, Access.WRITING))
        return self._state

    def connect(self, address: str) -> LibraryState:
        """Note the wish and take the state of a library on a server, or of the first file."""
        self.opened.append(address)
        if self.raising is not None:
            raise self.raising
        server = bool(address)
        self.put(LibraryState(without_password(address) if server else "/data/library.db", server=server))
        return self._state

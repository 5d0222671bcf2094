"""The library that is open now, behind one object that stays: what is handed a `Library` never sees it change.

A call that was under way on a library which is then closed ends with LIBRARY_LOCKED. Where none could be opened every
call raises the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode

if TYPE_CHECKING:
    from mmbm_desktop.base.errors import MmbmError
    from mmbm_desktop.library.interface import Library
    from mmbm_desktop.protocol.failure import Failure


class OpenLibrary:
    """Passes every call on to the library that is open at that moment."""

    def __init__(self) -> None:
        self._current: Library | None = None
        self._failure: Failure | None = None

    def as_library(self) -> Library:
        """Return this object as what it stands for."""
        return cast("Library", self)

    def put(self, library: Library | None, failure: Failure | None = None) -> None:
        """Pass calls on to `library` from now on, or raise `failure`; the former one is closed."""
        former, self._current, self._failure = self._current, library, failure
        if former is not None:
            former.close()

    def close(self) -> None:
        """Close the library; safe to call twice."""
        self.put(None)

    def __getattr__(self, name: str) -> object:
        current = self._current
        if current is None:
            raise self._closed()
        return getattr(current, name)

    def _closed(self) -> MmbmError:
        if self._failure is not None:
            return self._failure.as_error()
        return EnvironmentFault(ErrorCode.LIBRARY_LOCKED, "the library was closed")

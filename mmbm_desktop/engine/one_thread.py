"""A thread of its own for calls that must come one after the other, or must not come from ever new threads.

The library is written by one such thread and, for the window, read by another: each thread that touches SQLite keeps a
connection open.
"""

from __future__ import annotations

from concurrent.futures import CancelledError, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class OneThread:
    """Makes calls in the order they were handed over; whoever hands one over waits for its answer."""

    def __init__(self, name: str) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    def run(self, call: Callable[[], T]) -> T:
        """Make a call in the thread and return what it returns.

        Raises:
            EnvironmentFault: LIBRARY_LOCKED, `close` was called before.
            MmbmError: whatever the call raises.
        """
        try:
            future = self._executor.submit(call)
        except RuntimeError as error:
            raise _closed() from error
        try:
            return future.result()
        except CancelledError as error:
            raise _closed() from error

    def close(self) -> None:
        """Finish the call in hand, refuse the others; safe to call twice."""
        self._executor.shutdown(wait=True, cancel_futures=True)


def _closed() -> EnvironmentFault:
    return EnvironmentFault(ErrorCode.LIBRARY_LOCKED, "the engine was closed")

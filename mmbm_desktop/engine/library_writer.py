"""The one thread that writes to the library. Others hand it a write and wait; reading needs no such thread."""

from __future__ import annotations

from concurrent.futures import CancelledError, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from mmbm_desktop.base.errors import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class LibraryWriter:
    """Makes writes one after the other, in the order they were handed over."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="library-writer")

    def write(self, write: Callable[[], T]) -> T:
        """Make a write and return what it returns.

        Raises:
            Cancelled: `close` was called before.
            MmbmError: whatever the write raises.
        """
        try:
            future = self._executor.submit(write)
        except RuntimeError as error:
            raise Cancelled from error
        try:
            return future.result()
        except CancelledError as error:
            raise Cancelled from error

    def close(self) -> None:
        """Finish the write in hand, refuse the others; safe to call twice."""
        self._executor.shutdown(wait=True, cancel_futures=True)

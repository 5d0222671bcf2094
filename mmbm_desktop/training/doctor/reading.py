"""Opens many files in a few threads, in order, a bounded number of them at once. Nothing here knows what is in them."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from mmbm_desktop.base.errors import ErrorCode, MmbmError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mmbm_desktop.base.progress import CancelToken

In = TypeVar("In")
Out = TypeVar("Out")

AHEAD = 32
"""Files opened before they are asked for."""


def read_each(
    things: Iterable[In], read: Callable[[In], Out], token: CancelToken
) -> Iterator[tuple[In, Out | ErrorCode]]:
    """Yield every thing with what `read` made of it, or with the code of the error it raised.

    Raises:
        Cancelled: `token` was cancelled; `read` is asked to look at it as well.
    """
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1), "doctor") as pool:
        waiting: deque[tuple[In, Future[Out]]] = deque()
        try:
            for thing in things:
                token.check()
                waiting.append((thing, pool.submit(read, thing)))
                if len(waiting) > AHEAD:
                    yield _answer(waiting.popleft(), token)
            while waiting:
                yield _answer(waiting.popleft(), token)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _answer(waiting: tuple[In, Future[Out]], token: CancelToken) -> tuple[In, Out | ErrorCode]:
    thing, future = waiting
    while True:
        token.check()
        try:
            return thing, future.result(timeout=0.2)
        except TimeoutError:
            if future.done():  # the file's own time-out, not ours
                return thing, ErrorCode.FILE_UNREADABLE
        except MmbmError as error:
            return thing, error.code
        except OSError:
            return thing, ErrorCode.FILE_UNREADABLE
        except MemoryError:
            return thing, ErrorCode.OUT_OF_MEMORY

"""Work done ahead of its use, in order and never too far."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor, Future

T = TypeVar("T")
U = TypeVar("U")


def ahead(pool: Executor, function: Callable[[T], U], inputs: Iterable[T], depth: int) -> Iterator[U]:
    """Yield `function` of each input in their order, computed by `pool` at most `depth` before it is asked for."""
    waiting: deque[Future[U]] = deque()
    for one in inputs:
        waiting.append(pool.submit(function, one))
        if len(waiting) > depth:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def batches(inputs: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield lists of `size` inputs, the last one shorter."""
    batch: list[T] = []
    for one in inputs:
        batch.append(one)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch

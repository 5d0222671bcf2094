"""Makes the next batches in a thread while the network works on the last one."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Batch = TypeVar("Batch")
_AHEAD = 3


class Prefetched(Generic[Batch]):
    """Yields `make(first)`, `make(first + 1)`, … up to `make(end - 1)`, in order. Use it in a `with` block."""

    def __init__(self, make: Callable[[int], Batch], first: int, end: int) -> None:
        self._make, self._first, self._end = make, first, end
        self._ready: queue.Queue[tuple[Batch | None, BaseException | None]] = queue.Queue(_AHEAD)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="batches", daemon=True)

    def __enter__(self) -> Iterator[Batch]:
        self._thread.start()
        return self._batches()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        while self._thread.is_alive():
            self._drain()
            self._thread.join(0.05)

    def _drain(self) -> None:
        try:
            while True:
                self._ready.get_nowait()
        except queue.Empty:
            return

    def _work(self) -> None:
        for index in range(self._first, self._end):
            if self._stop.is_set():
                return
            try:
                self._ready.put((self._make(index), None))
            except BaseException as error:  # noqa: BLE001 - raised again where the batch is awaited
                self._ready.put((None, error))
                return

    def _batches(self) -> Iterator[Batch]:
        for _ in range(self._first, self._end):
            batch, error = self._ready.get()
            if error is not None:
                raise error
            assert batch is not None  # noqa: S101 - the pair always holds one of the two
            yield batch

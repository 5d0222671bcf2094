"""Calls that read or write the library, made one by one outside the GUI thread; their answers arrive inside it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QThreadPool, Signal, Slot

from mmbm_desktop.protocol.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class _Answer:
    token: int
    value: object
    failure: Failure | None


class LibraryCalls(QObject):
    """Runs one call at a time in a thread of its own, so that a locked or slow disk never stops the window."""

    _answered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._tokens = count()
        self._waiting: dict[int, tuple[Callable[[Any], None], Callable[[Failure], None]]] = {}
        self._answered.connect(self._deliver)

    def run(
        self, call: Callable[[], object], *, success: Callable[[Any], None], failure: Callable[[Failure], None]
    ) -> None:
        """Make `call` in the other thread, then call `success(value)` or `failure(why)` in the GUI thread."""
        token = next(self._tokens)
        self._waiting[token] = (success, failure)

        def work() -> None:
            self._answered.emit(_made(token, call))

        self._pool.start(work)

    def close(self) -> None:
        """Wait for the call in hand, drop the others, and deliver nothing more."""
        self._pool.clear()
        self._waiting.clear()
        self._pool.waitForDone()

    @Slot(object)
    def _deliver(self, answer: _Answer) -> None:
        success, failure = self._waiting.pop(answer.token, (None, None))
        if answer.failure is not None and failure:
            failure(answer.failure)
        elif success:
            success(answer.value)


def _made(token: int, call: Callable[[], object]) -> _Answer:
    try:
        return _Answer(token, call(), None)
    except Exception as error:  # noqa: BLE001 - every failure travels to whoever asked
        return _Answer(token, None, Failure.of(error))

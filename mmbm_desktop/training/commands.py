"""What the training process is told while it trains: a line `finish`, and the end of its standard input."""

from __future__ import annotations

import _thread
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Generator

from mmbm_desktop.base.errors import Cancelled
from mmbm_desktop.base.progress import CancelToken

FINISH = b"finish"
_PATIENCE_S = 3.0
"""How long the loop may take to stop by itself, between two steps; whatever else is going on is then interrupted."""


class Commands:
    """Hears commands in a thread of its own.

    Attributes:
        token: cancelled when the run is to stop with everything kept.
    """

    def __init__(self) -> None:
        self.token = CancelToken()
        self._finish = threading.Event()

    @property
    def finishing(self) -> bool:
        """Whether the run is to stop and publish the best weights so far."""
        return self._finish.is_set()

    def finish(self) -> None:
        """Ask for that."""
        self._finish.set()

    def listen(self, descriptor: int | None = None) -> None:
        """Read commands from now on; the end of the input means: whoever started this process wants it to stop."""
        number = sys.stdin.fileno() if descriptor is None else descriptor
        threading.Thread(target=self._read, args=(number,), name="commands", daemon=True).start()

    def _read(self, descriptor: int) -> None:
        heard = b""
        while chunk := os.read(descriptor, 4096):
            *lines, heard = (heard + chunk).split(b"\n")
            if FINISH in (line.strip() for line in lines):
                self.finish()
        self.token.cancel()
        threading.Event().wait(_PATIENCE_S)
        _thread.interrupt_main(signal.SIGTERM)


class _Signals:
    """Turns a request to end the process into `Cancelled`, but not while something must be whole."""

    def __init__(self) -> None:
        self.held = 0
        self.waiting = False

    def stop(self, number: int, frame: object) -> None:
        del number, frame
        if self.held:
            self.waiting = True
            return
        raise Cancelled


_SIGNALS = _Signals()


def stop_at_signals() -> None:
    """Turn a request to end the process into `Cancelled`, wherever it is; what is half written is tidied up."""
    signal.signal(signal.SIGTERM, _SIGNALS.stop)
    signal.signal(signal.SIGINT, _SIGNALS.stop)


@contextlib.contextmanager
def unbroken() -> Generator[None]:
    """Let such a request wait until the block has ended: a checkpoint is worth a moment."""
    _SIGNALS.held += 1
    try:
        yield
    finally:
        _SIGNALS.held -= 1
    if _SIGNALS.waiting and not _SIGNALS.held:
        _SIGNALS.waiting = False
        raise Cancelled

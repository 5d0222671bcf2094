"""What sessions have in common: a thread that holds the device, what it is told to take, and what it tells."""

from __future__ import annotations

import logging
import threading
from abc import abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.engine.capturing.interface import CaptureSession
from mmbm_desktop.protocol.capture import CapturePhase, CaptureState, Shot
from mmbm_desktop.protocol.events import CaptureChanged
from mmbm_desktop.protocol.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import numpy.typing as npt

    from mmbm_desktop.protocol.capture import CaptureKind, Taking
    from mmbm_desktop.protocol.events import Event

log = logging.getLogger(__name__)


class DeviceSession(CaptureSession):
    """Runs `_work` in a thread of its own; what it raises ends the session and is told.

    Args:
        number: the session's id.
        kind: what it captures.
        announce: takes the events; must return at once.
        taken: hears of every shot before it is told.
    """

    def __init__(
        self, number: int, kind: CaptureKind, announce: Callable[[Event], None], taken: Callable[[Shot], None]
    ) -> None:
        self.id = number
        self.kind = kind
        self._announce, self._on_taken = announce, taken
        self._state = CaptureState(number, kind)
        self._guard = threading.Lock()
        self._taking: Taking | None = None
        self._resting = False
        self._done = 0
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"capture-{number}", daemon=True)

    def start(self) -> None:
        """Open the device."""
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether the device may still be in use."""
        return self._thread.is_alive()

    def join(self, timeout_s: float) -> None:
        """Wait after `close` until the device is free."""
        self._thread.join(timeout_s)

    def frame(self) -> npt.NDArray[np.uint8] | None:
        """See `CaptureSession.frame`."""
        return None

    def take(self, taking: Taking) -> None:
        """See `CaptureSession.take`."""
        with self._guard:
            self._taking, self._resting, self._done = taking, False, 0

    def rest(self) -> None:
        """See `CaptureSession.rest`."""
        with self._guard:
            self._resting = True

    def close(self) -> None:
        """See `CaptureSession.close`."""
        self._ending.set()
        self._let_go()

    @abstractmethod
    def _work(self) -> None:
        """Open the device and use it until `_ending`."""

    @abstractmethod
    def _let_go(self) -> None:
        """Make `_work` end soon."""

    def _wanted(self) -> Taking | None:
        """Return what is to be taken next, None for nothing: enough was taken, or nobody wants more."""
        with self._guard:
            wanted = self._taking
            enough = wanted is not None and wanted.count is not None and self._done >= wanted.count
            if wanted is not None and (enough or (self._resting and self._done)):
                self._taking = wanted = None
            return wanted

    def _save(self, taking: Taking, write: Callable[[], str], *, silent: bool = False) -> None:
        """Write a shot and tell it; when that fails nothing more is taken, and the session goes on."""
        try:
            shot = Shot(taking.folder, taking.label, write(), silent)
        except MmbmError as error:
            log.warning("a shot was not saved: %s", error)
            with self._guard:
                self._taking = None
            self._tell(Failure.of(error), phase=CapturePhase.READY)
            return
        with self._guard:
            self._done += 1
        self._on_taken(shot)
        self._announce(CaptureChanged(self._state, shot))

    def _tell(self, failure: Failure | None = None, **changes: object) -> None:
        self._state = replace(self._state, **changes)  # pyright: ignore[reportArgumentType]
        self._announce(CaptureChanged(replace(self._state, failure=failure)))

    def _run(self) -> None:
        failure = None
        try:
            self._work()
        except MmbmError as error:
            log.warning("capturing ended: %s", error)
            failure = Failure.of(error)
        except Exception as error:
            log.exception("capturing ended by a bug")
            failure = Failure.of(error)
        self._tell(None if self._ending.is_set() else failure, phase=CapturePhase.ENDED)

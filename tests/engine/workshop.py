"""An engine with its events written down, and ways to wait for them."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from mmbm_desktop.engine.conversation import Timings
from mmbm_desktop.engine.local import LocalEngine
from mmbm_desktop.library.sqlite_library import SqliteLibrary
from mmbm_desktop.protocol.events import Event, JobChanged, WorkerChanged, WorkerState
from mmbm_desktop.protocol.jobs import JobId, JobSnapshot
from mmbm_desktop.protocol.requests import Request

LONG_S = 60.0
TIMINGS = Timings(cancel_s=1.0, terminate_s=0.5, poll_s=0.01, tick_s=0.05)


def write_picture(path: Path, seed: int, size: tuple[int, int] = (64, 48)) -> Path:
    """Write a picture of coloured squares that depends on `seed`."""
    squares = np.random.default_rng(seed).integers(0, 255, (6, 8, 3), dtype=np.uint8)
    Image.fromarray(squares).resize(size, Image.Resampling.NEAREST).save(path)
    return path


class Workshop:
    def __init__(self, engine: LocalEngine) -> None:
        self.engine = engine
        self.events: list[Event] = []
        self.hooks: list[Callable[[Event], None]] = []
        self._changed = threading.Condition()
        engine.subscribe(self._note)

    def _note(self, event: Event) -> None:
        for hook in tuple(self.hooks):
            hook(event)
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def run(self, request: Request, **options: int) -> JobSnapshot:
        """Run a request to its end."""
        return self.engine.wait(self.engine.submit(request, **options), LONG_S)

    def end(self, job_id: JobId) -> JobSnapshot:
        return self.engine.wait(job_id, LONG_S)

    def wait_for(self, wanted: Callable[[Event], bool], timeout_s: float = LONG_S) -> Event:
        """Wait until an event of that kind has been announced and return the first one."""
        with self._changed:
            assert self._changed.wait_for(lambda: any(map(wanted, self.events)), timeout_s), "it was never announced"
            return next(filter(wanted, self.events))

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]

    def worker_pid(self) -> int:
        """Return the process id of the newest worker."""
        started = [e.pid for e in self.events if isinstance(e, WorkerChanged) and e.state is WorkerState.STARTING]
        assert started[-1] is not None
        return started[-1]

    def starts(self) -> int:
        return sum(isinstance(e, WorkerChanged) and e.state is WorkerState.STARTING for e in self.events)

    def freeze_worker(self) -> int:
        """Stop the newest worker where it is, so that its next work is never done; return its process id."""
        os.kill(pid := self.worker_pid(), signal.SIGSTOP)
        return pid

    def freeze_when_advanced(self, done: int) -> Callable[[], int]:
        """Stop the worker as soon as some job has done so much; the returned function waits for it to be stopped."""
        frozen = threading.Event()

        def hook(event: Event) -> None:
            if isinstance(event, JobChanged) and event.job.done >= done and not frozen.is_set():
                self.freeze_worker()
                frozen.set()

        def wait() -> int:
            assert frozen.wait(LONG_S)
            return self.worker_pid()

        self.hooks.append(hook)
        return wait

    def kill_workers_that_start(self) -> None:
        def hook(event: Event) -> None:
            if isinstance(event, WorkerChanged) and event.state is WorkerState.STARTING and event.pid:
                os.kill(event.pid, signal.SIGKILL)

        self.hooks.append(hook)


def complaints(library_file: Path) -> tuple[str, ...]:
    """Return what is wrong with a library's file."""
    library = SqliteLibrary(library_file)
    try:
        return library.check()
    finally:
        library.close()

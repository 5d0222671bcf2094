"""Tells listeners what happens, in order, from one thread of its own; a job's progress at most 20 times a second."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from typing import TYPE_CHECKING

from mmbm_desktop.protocol.events import JobChanged
from mmbm_desktop.protocol.jobs import JobState

if TYPE_CHECKING:
    from mmbm_desktop.engine.interface import Listener, Unsubscribe
    from mmbm_desktop.protocol.events import Event
    from mmbm_desktop.protocol.jobs import JobId

log = logging.getLogger(__name__)

PROGRESS_INTERVAL_S = 0.05


class Announcer:
    """A queue of events and the thread that delivers them.

    Every change of a job's state is delivered. Of the progress between two of them the newest is kept, and the last
    one always arrives: by itself, or inside the change of state that follows it.
    """

    def __init__(self, interval_s: float = PROGRESS_INTERVAL_S) -> None:
        self._interval_s = interval_s
        self._wake = threading.Condition()
        self._events: deque[Event] = deque()
        self._held: dict[JobId, JobChanged] = {}
        self._told_s: dict[JobId, float] = {}
        self._listeners: list[Listener] = []
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="announcer", daemon=True)
        self._thread.start()

    def subscribe(self, listener: Listener) -> Unsubscribe:
        """Call `listener(event)` for every later event until the returned function is called."""
        with self._wake:
            self._listeners.append(listener)

        def unsubscribe() -> None:
            with self._wake:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return unsubscribe

    def announce(self, event: Event) -> None:
        """Queue an event; returns at once."""
        with self._wake:
            if self._closed:
                return
            if isinstance(event, JobChanged) and self._is_progress(event):
                self._held[event.job.id] = event
            else:
                self._events.append(event)
            self._wake.notify()

    def close(self) -> None:
        """Deliver what is left, then end; safe to call twice, and from a listener."""
        with self._wake:
            self._closed = True
            self._events.extend(self._held.values())
            self._held.clear()
            self._wake.notify()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _is_progress(self, event: JobChanged) -> bool:
        """Whether `event` only advances a job that runs; keeps the book of the jobs that do."""
        job = event.job
        if job.state is JobState.RUNNING and job.id in self._told_s:
            return True
        self._held.pop(job.id, None)
        if job.state is JobState.RUNNING:
            self._told_s[job.id] = time.monotonic()
        else:
            self._told_s.pop(job.id, None)
        return False

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._events or self._closed or self._due(), self._until_due_s())
                batch = [*self._events, *self._take_due()]
                self._events.clear()
                listeners = tuple(self._listeners)
                if self._closed and not batch:
                    return
            for event in batch:
                _tell(listeners, event)

    def _due(self) -> list[JobId]:
        now = time.monotonic()
        return [job_id for job_id in self._held if self._told_s[job_id] + self._interval_s <= now]

    def _take_due(self) -> list[Event]:
        due = self._due()
        for job_id in due:
            self._told_s[job_id] = time.monotonic()
        return [self._held.pop(job_id) for job_id in due]

    def _until_due_s(self) -> float | None:
        if not self._held:
            return None
        first = min(self._told_s[job_id] for job_id in self._held) + self._interval_s
        return max(0.0, first - time.monotonic())


def _tell(listeners: tuple[Listener, ...], event: Event) -> None:
    for listener in listeners:
        try:
            listener(event)
        except Exception:
            log.exception("a listener failed on %s", type(event).__name__)

"""Tells listeners what happens, in order, from one thread of its own; what flickers at most 20 times a second."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from typing import TYPE_CHECKING

from mmbm_desktop.protocol.events import JobChanged, RunChanged, WorkerChanged, WorkerState
from mmbm_desktop.protocol.jobs import JobState
from mmbm_desktop.protocol.training import RunState

if TYPE_CHECKING:
    from mmbm_desktop.engine.interface import Listener, Unsubscribe
    from mmbm_desktop.protocol.events import Event

log = logging.getLogger(__name__)

THINNED_TO_S = 0.05


class Announcer:
    """A queue of events and the thread that delivers them.

    Every change of a job's state is delivered. Of the progress between two of them the newest is kept, and the last
    one always arrives: by itself, or inside the change of state that follows it. The same goes for a worker that turns
    from busy to ready and back between its start and its end.
    """

    def __init__(self, interval_s: float = THINNED_TO_S) -> None:
        self._interval_s = interval_s
        self._wake = threading.Condition()
        self._events: deque[Event] = deque()
        self._held: dict[str, Event] = {}
        self._told_s: dict[str, float] = {}
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
            self._take(event)
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

    def _take(self, event: Event) -> None:
        """Queue an event, or hold it back if it only goes on what was told of the same thing before."""
        subject, flickers = _subject(event)
        if flickers and subject in self._told_s:
            self._held[subject] = event
            return
        self._held.pop(subject, None)
        if flickers:
            self._told_s[subject] = time.monotonic()
        else:
            self._told_s.pop(subject, None)
        self._events.append(event)

    def _run(self) -> None:
        while True:
            with self._wake:
                while not (self._events or self._closed or self._due()):
                    self._wake.wait(self._until_due_s())
                batch = [*self._events, *self._take_due()]
                self._events.clear()
                listeners = tuple(self._listeners)
                if self._closed and not batch:
                    return
            for event in batch:
                _tell(listeners, event)

    def _due(self) -> list[str]:
        now = time.monotonic()
        return [subject for subject in self._held if self._told_s[subject] + self._interval_s <= now]

    def _take_due(self) -> list[Event]:
        due = self._due()
        for subject in due:
            self._told_s[subject] = time.monotonic()
        return [self._held.pop(subject) for subject in due]

    def _until_due_s(self) -> float | None:
        if not self._held:
            return None
        first = min(self._told_s[subject] for subject in self._held) + self._interval_s
        return max(0.0, first - time.monotonic())


def _subject(event: Event) -> tuple[str, bool]:
    """Return what an event is about ("" for nothing that lasts), and whether more such events may follow quickly."""
    if isinstance(event, JobChanged):
        return f"job {event.job.id}", event.job.state is JobState.RUNNING
    if isinstance(event, RunChanged):
        return f"run {event.run.id}", event.run.state is RunState.RUNNING
    if isinstance(event, WorkerChanged):
        return f"worker {event.lane}", event.state in (WorkerState.READY, WorkerState.BUSY)
    return "", False


def _tell(listeners: tuple[Listener, ...], event: Event) -> None:
    for listener in listeners:
        try:
            listener(event)
        except Exception:
            log.exception("a listener failed on %s", type(event).__name__)

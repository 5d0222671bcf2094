"""Events arrive in order; progress is thinned, and its last word always arrives."""

from __future__ import annotations

import threading

import pytest

from mmbm_desktop.engine.announcer import Announcer
from mmbm_desktop.protocol.events import Event, JobChanged, LibraryChanged, WorkerChanged, WorkerState
from mmbm_desktop.protocol.jobs import JobId, JobSnapshot, JobState
from mmbm_desktop.protocol.requests import BrowseRequest


class Listener:
    def __init__(self) -> None:
        self.events: list[Event] = []
        self.threads: set[str] = set()
        self._heard = threading.Condition()

    def __call__(self, event: Event) -> None:
        with self._heard:
            self.events.append(event)
            self.threads.add(threading.current_thread().name)
            self._heard.notify_all()

    def wait_for(self, event: Event) -> None:
        with self._heard:
            assert self._heard.wait_for(lambda: event in self.events, 20)


def changed(state: JobState, done: int = 0, job_id: int = 1) -> JobChanged:
    return JobChanged(JobSnapshot(JobId(job_id), BrowseRequest(), state, 0.0, done=done))


def test_events_arrive_in_order_in_one_other_thread() -> None:
    announcer, listener = Announcer(), Listener()
    announcer.subscribe(listener)
    events = [LibraryChanged((number,)) for number in range(100)]

    for event in events:
        announcer.announce(event)
    announcer.close()

    assert listener.events == events
    assert listener.threads == {"announcer"}


def test_of_much_progress_the_first_and_the_last_arrive() -> None:
    announcer, listener = Announcer(interval_s=3600), Listener()
    announcer.subscribe(listener)

    for done in range(1000):
        announcer.announce(changed(JobState.RUNNING, done))
    announcer.announce(changed(JobState.DONE, 1000))
    announcer.close()

    assert listener.events == [changed(JobState.RUNNING, 0), changed(JobState.DONE, 1000)]


def test_held_progress_arrives_although_nothing_follows_it() -> None:
    announcer, listener = Announcer(interval_s=0.01), Listener()
    announcer.subscribe(listener)

    for done in range(50):
        announcer.announce(changed(JobState.RUNNING, done))

    listener.wait_for(changed(JobState.RUNNING, 49))
    announcer.close()


def test_held_progress_arrives_although_the_thread_was_already_asleep() -> None:
    announcer, listener = Announcer(interval_s=0.2), Listener()
    announcer.subscribe(listener)
    announcer.announce(changed(JobState.RUNNING, 0))
    listener.wait_for(changed(JobState.RUNNING, 0))

    announcer.announce(changed(JobState.RUNNING, 1))

    listener.wait_for(changed(JobState.RUNNING, 1))
    announcer.close()


def test_closing_delivers_what_is_held() -> None:
    announcer, listener = Announcer(interval_s=3600), Listener()
    announcer.subscribe(listener)
    announcer.announce(changed(JobState.RUNNING, 0))
    announcer.announce(changed(JobState.RUNNING, 7))

    announcer.close()
    announcer.announce(LibraryChanged())

    assert listener.events[-1] == changed(JobState.RUNNING, 7)


def test_jobs_are_thinned_each_by_itself() -> None:
    announcer, listener = Announcer(interval_s=3600), Listener()
    announcer.subscribe(listener)

    for job_id in (1, 2):
        announcer.announce(changed(JobState.RUNNING, 0, job_id))
    announcer.close()

    assert len(listener.events) == 2


def test_a_worker_that_flickers_is_told_by_its_first_and_last_state() -> None:
    announcer, listener = Announcer(interval_s=3600), Listener()
    announcer.subscribe(listener)
    flicker = [WorkerState.BUSY, WorkerState.READY] * 50

    for state in (WorkerState.STARTING, WorkerState.READY, *flicker, WorkerState.CRASHED, WorkerState.STARTING):
        announcer.announce(WorkerChanged(state))
    announcer.announce(WorkerChanged(WorkerState.READY, lane="live"))
    announcer.close()

    assert [event.state for event in listener.events if isinstance(event, WorkerChanged)] == [
        WorkerState.STARTING,
        WorkerState.READY,
        WorkerState.CRASHED,
        WorkerState.STARTING,
        WorkerState.READY,
    ]


def test_a_failing_listener_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    announcer, listener = Announcer(), Listener()

    def failing(event: Event) -> None:
        raise RuntimeError(str(event))

    announcer.subscribe(failing)
    announcer.subscribe(listener)

    announcer.announce(LibraryChanged())
    announcer.close()

    assert listener.events == [LibraryChanged()]
    assert "a listener failed" in caplog.text


def test_an_unsubscribed_listener_hears_nothing_and_a_listener_may_close() -> None:
    announcer, listener = Announcer(), Listener()
    announcer.subscribe(listener)()
    ended = threading.Event()

    def closing(event: Event) -> None:
        announcer.close()
        ended.set()

    announcer.subscribe(closing)
    announcer.announce(LibraryChanged())

    assert ended.wait(20)
    announcer.close()
    assert listener.events == []

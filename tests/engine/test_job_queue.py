"""The laws of the job queue: order, cancel, retry, history."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, Fault, InputFault
from mmbm_desktop.engine.job_queue import JobQueue, PartlyDone, RunningJob
from mmbm_desktop.protocol.events import Event, JobChanged
from mmbm_desktop.protocol.jobs import JobId, JobSnapshot, JobState
from mmbm_desktop.protocol.requests import BrowseRequest, CheckModelRequest, Request
from mmbm_desktop.protocol.results import BrowseResult, Result

RESULT = BrowseResult((), 0)


class Shop:
    """A queue whose jobs run what the test put down under their request's name."""

    def __init__(self, **limits: int) -> None:
        self.events: list[JobSnapshot] = []
        self.ran: list[str] = []
        self.deeds: dict[str, Callable[[RunningJob], Result]] = {}
        self.gate = threading.Event()
        self.queue = JobQueue(self.run, lambda request: "one", self.announce, **limits)

    def run(self, job: RunningJob) -> Result:
        assert isinstance(job.request, CheckModelRequest)
        self.ran.append(job.request.name)
        return self.deeds.get(job.request.name, lambda job: RESULT)(job)

    def announce(self, event: Event) -> None:
        assert isinstance(event, JobChanged)
        self.events.append(event.job)

    def submit(self, name: str, priority: int = 10, deed: Callable[[RunningJob], Result] | None = None) -> JobId:
        if deed is not None:
            self.deeds[name] = deed
        return self.queue.submit(CheckModelRequest(name), priority)

    def hold(self) -> JobId:
        """Occupy the lane until `gate` is set or the job is cancelled."""

        def deed(job: RunningJob) -> Result:
            while not self.gate.wait(0.005):
                job.token.check()
            return RESULT

        job_id = self.submit("hold", 0, deed)
        while self.state(job_id) is JobState.WAITING:
            self.gate.wait(0.001)
        return job_id

    def state(self, job_id: JobId) -> JobState:
        job = self.queue.job(job_id)
        assert job is not None
        return job.state

    def end(self, job_id: JobId) -> JobSnapshot:
        return self.queue.wait(job_id, 20)

    def states_of(self, job_id: JobId) -> list[JobState]:
        return [job.state for job in self.events if job.id == job_id]


@pytest.fixture
def shop() -> Iterator[Shop]:
    shop = Shop()
    yield shop
    shop.queue.close()
    assert shop.queue.join(20)


def test_a_job_waits_runs_and_is_done(shop: Shop) -> None:
    job_id = shop.submit("a")

    job = shop.end(job_id)

    assert (job.state, job.result, job.attempts, job.priority) == (JobState.DONE, RESULT, 1, 10)
    assert job.started_s is not None
    assert job.finished_s is not None
    assert job.created_s <= job.started_s <= job.finished_s
    assert shop.states_of(job_id) == [JobState.WAITING, JobState.RUNNING, JobState.DONE]


def test_urgent_jobs_go_first_and_equals_in_the_order_of_asking(shop: Shop) -> None:
    shop.hold()
    jobs = [shop.submit(*job) for job in (("b1", 20), ("n1", 10), ("b2", 20), ("i1", 0), ("n2", 10))]

    shop.gate.set()
    for job_id in jobs:
        shop.end(job_id)

    assert shop.ran == ["hold", "i1", "n1", "n2", "b1", "b2"]


def test_lanes_run_side_by_side() -> None:
    meeting = threading.Barrier(2, timeout=20)

    def run(job: RunningJob) -> Result:
        meeting.wait()
        return RESULT

    queue = JobQueue(run, lambda request: type(request).__name__, lambda event: None)
    jobs = [queue.submit(request, 0) for request in (BrowseRequest(), CheckModelRequest("a"))]

    assert [queue.wait(job_id, 20).state for job_id in jobs] == [JobState.DONE] * 2
    queue.close()
    assert queue.join(20)


def test_a_waiting_job_is_cancelled_at_once_and_never_runs(shop: Shop) -> None:
    shop.hold()
    job_id = shop.submit("never")

    shop.queue.cancel(job_id)
    assert shop.state(job_id) is JobState.CANCELLED

    shop.gate.set()
    shop.end(shop.submit("after"))
    assert shop.ran == ["hold", "after"]
    assert shop.states_of(job_id) == [JobState.WAITING, JobState.CANCELLED]


def test_a_running_job_is_asked_to_stop(shop: Shop) -> None:
    job_id = shop.hold()

    shop.queue.cancel(job_id)
    shop.queue.cancel(job_id)

    assert shop.end(job_id).state is JobState.CANCELLED
    assert shop.states_of(job_id)[-2:] == [JobState.CANCELLING, JobState.CANCELLED]


def test_cancelling_an_ended_or_unknown_job_does_nothing(shop: Shop) -> None:
    job_id = shop.submit("a")
    shop.end(job_id)

    shop.queue.cancel(job_id)
    shop.queue.cancel(JobId(999))

    assert shop.state(job_id) is JobState.DONE


def test_a_failure_is_kept_with_its_code_and_an_unknown_error_is_our_bug(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    def full(job: RunningJob) -> Result:
        raise EnvironmentFault(ErrorCode.DISK_FULL, path="/x")

    def wrong(job: RunningJob) -> Result:
        raise ZeroDivisionError

    known, unknown = shop.end(shop.submit("full", deed=full)), shop.end(shop.submit("wrong", deed=wrong))

    assert known.state is unknown.state is JobState.FAILED
    assert known.failure is not None
    assert known.failure.params == {"path": "/x"}
    assert unknown.failure is not None
    assert unknown.failure.fault is Fault.BUG
    assert "ZeroDivisionError" in unknown.failure.detail
    assert "failed by a bug" in caplog.text


def test_a_job_may_fail_and_still_have_a_result(shop: Shop) -> None:
    def unplugged(job: RunningJob) -> Result:
        raise PartlyDone(EnvironmentFault(ErrorCode.MICROPHONE_FAILED), RESULT)

    job = shop.end(shop.submit("half", deed=unplugged))

    assert (job.state, job.result) == (JobState.FAILED, RESULT)
    assert job.failure is not None
    assert job.failure.code is ErrorCode.MICROPHONE_FAILED


def test_an_ended_job_can_be_retried(shop: Shop) -> None:
    first = shop.submit("a", 20)
    shop.end(first)

    again = shop.end(shop.queue.retry(first))

    assert (again.retry_of, again.priority, again.request) == (first, 20, CheckModelRequest("a"))
    assert shop.ran == ["a", "a"]


def test_a_running_or_unknown_job_cannot_be_retried(shop: Shop) -> None:
    running = shop.hold()

    for job_id in (running, JobId(999)):
        with pytest.raises(InputFault):
            shop.queue.retry(job_id)


def test_progress_and_further_attempts_are_seen(shop: Shop) -> None:
    def deed(job: RunningJob) -> Result:
        job.progress(3, 8)
        job.tried_again()
        return RESULT

    job = shop.end(shop.submit("a", deed=deed))

    assert (job.done, job.total, job.attempts) == (3, 8, 2)


def test_the_history_keeps_what_ended_last_and_all_that_has_not_ended() -> None:
    shop = Shop(history_limit=3)
    held = shop.hold()
    jobs = [shop.submit(f"j{number}") for number in range(5)]

    shop.gate.set()
    shop.end(jobs[-1])

    assert [job.id for job in shop.queue.jobs()] == [jobs[4], jobs[3], jobs[2]]
    assert shop.queue.job(held) is None
    shop.queue.close()
    assert shop.queue.join(20)


def test_look_ups_do_not_push_other_jobs_out_of_the_history() -> None:
    queue = JobQueue(lambda job: RESULT, lambda request: "one", lambda event: None, history_limit=5, lookup_limit=2)
    requests: list[Request] = [CheckModelRequest("kept"), *[BrowseRequest(offset) for offset in range(9)]]

    ids = [queue.submit(request, 0) for request in requests]
    queue.wait(ids[-1], 20)

    assert [job.id for job in queue.jobs()] == [ids[9], ids[8], ids[0]]
    queue.close()
    assert queue.join(20)


def test_ended_jobs_can_be_forgotten(shop: Shop) -> None:
    ended = shop.submit("a")
    shop.end(ended)
    running = shop.hold()

    shop.queue.forget_ended()

    assert [job.id for job in shop.queue.jobs()] == [running]
    with pytest.raises(InputFault):
        shop.queue.wait(ended)


def test_waiting_gives_up_in_time(shop: Shop) -> None:
    with pytest.raises(TimeoutError):
        shop.queue.wait(shop.hold(), 0.01)


def test_closing_cancels_everything_now_and_later() -> None:
    shop = Shop()
    running, waiting = shop.hold(), shop.submit("waiting")

    shop.queue.close()
    late = shop.submit("late")

    assert shop.queue.join(20)
    assert [shop.state(job_id) for job_id in (running, waiting, late)] == [JobState.CANCELLED] * 3
    assert shop.ran == ["hold"]

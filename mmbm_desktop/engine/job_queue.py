"""Jobs: who waits, who runs, what became of them. Knows nothing of models, files or the library.

A lane is a thread with a line of jobs before it; jobs of different lanes run side by side, jobs of one lane one after
the other: smallest priority number first, then in the order of asking.
"""

from __future__ import annotations

import heapq
import logging
import threading
import time
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import Cancelled, ErrorCode, InputFault, MmbmError
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.engine.pace import Pace
from mmbm_desktop.protocol.events import JobChanged
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.jobs import JobId, JobSnapshot, JobState
from mmbm_desktop.protocol.preview import PreviewRequest
from mmbm_desktop.protocol.requests import BrowseRequest, ExportRequest, ImportRequest, SearchRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from mmbm_desktop.protocol.events import Event
    from mmbm_desktop.protocol.requests import Request
    from mmbm_desktop.protocol.results import Result

log = logging.getLogger(__name__)

HISTORY_LIMIT = 500
LOOKUP_LIMIT = 50
"""How many ended look-ups (searches, pages of the library, previews) are kept; they are many and hold much."""
_LOOKUPS = (BrowseRequest, SearchRequest, PreviewRequest)


class PartlyDone(Exception):
    """A job failed, and yet has a result worth keeping: it ends as FAILED with both."""

    def __init__(self, error: MmbmError, result: Result) -> None:
        super().__init__(error)
        self.error = error
        self.result = result


class RunningJob:
    """What the code that runs a job holds of it."""

    def __init__(self, queue: JobQueue, snapshot: JobSnapshot) -> None:
        self._queue = queue
        self.id = snapshot.id
        self.request = snapshot.request
        self.priority = snapshot.priority
        self.token = CancelToken()
        self._pace = Pace()

    def begin(self, done: int, total: int) -> None:
        """Say that `done` of `total` units were finished before; the time left goes by the others."""
        self._pace.note(done)
        self._queue.note(self.id, done=done, done_before=done, total=total, updated_s=time.time())

    def progress(self, done: int, total: int | None) -> None:
        """Say that `done` of `total` units are finished."""
        self._queue.note(self.id, done=done, total=total, updated_s=time.time(), pace_s=self._pace.note(done))

    def pause(self) -> None:
        """Say that the work waits from now on."""
        self._pace.rest()
        self._queue.note(self.id, paused=True)

    def go_on(self) -> None:
        """Say that the work goes on."""
        self._pace.go_on()
        self._queue.note(self.id, paused=False)

    def tried_again(self) -> None:
        """Note that the job's work was begun once more after the worker died."""
        self._queue.note_attempt(self.id)


class _Lane:
    def __init__(self) -> None:
        self.line: list[tuple[int, int, RunningJob]] = []
        self.thread: threading.Thread | None = None


class JobQueue:
    """Runs submitted requests and remembers what became of them.

    Args:
        run: does a job's work in its lane's thread; may raise `MmbmError`, `Cancelled` or `PartlyDone`.
        lane_of: names the lane of a request.
        announce: takes a `JobChanged` for every change; must return at once.
    """

    def __init__(
        self,
        run: Callable[[RunningJob], Result],
        lane_of: Callable[[Request], str],
        announce: Callable[[Event], None],
        *,
        history_limit: int = HISTORY_LIMIT,
        lookup_limit: int = LOOKUP_LIMIT,
    ) -> None:
        self._run = run
        self._lane_of = lane_of
        self._announce = announce
        self._history_limit = history_limit
        self._lookup_limit = lookup_limit
        self._changed = threading.Condition(threading.RLock())
        self._ids = count(1)
        self._jobs: dict[JobId, JobSnapshot] = {}
        self._live: dict[JobId, RunningJob] = {}
        self._lanes: dict[str, _Lane] = {}
        self._closing = False

    def submit(self, request: Request, priority: int, retry_of: JobId | None = None) -> JobId:
        """Put a request in its lane's line; after `close` the job ends as cancelled at once."""
        with self._changed:
            job_id = JobId(next(self._ids))
            snapshot = JobSnapshot(job_id, request, JobState.WAITING, time.time(), priority=priority, retry_of=retry_of)
            self._jobs[job_id] = snapshot
            self._announce(JobChanged(snapshot))
            job = self._live[job_id] = RunningJob(self, snapshot)
            if self._closing:
                self._end(job_id, JobState.CANCELLED)
                return job_id
            lane = self._lane(self._lane_of(request))
            heapq.heappush(lane.line, (priority, job_id, job))
            self._changed.notify_all()
        return job_id

    def cancel(self, job_id: JobId) -> None:
        """End a waiting job, ask a running one to stop; ignored for others."""
        with self._changed:
            job, snapshot = self._live.get(job_id), self._jobs.get(job_id)
            if job is None or snapshot is None:
                return
            job.token.cancel()
            if snapshot.state is JobState.WAITING:
                self._end(job_id, JobState.CANCELLED)
            elif snapshot.state is JobState.RUNNING:
                self.note(job_id, state=JobState.CANCELLING)

    def retry(self, job_id: JobId) -> JobId:
        """Queue an ended job's request again.

        Raises:
            InputFault: ARGUMENT_INVALID, the job is unknown, forgotten or has not ended.
        """
        with self._changed:
            old = self._jobs.get(job_id)
            if old is None or not old.state.final:
                raise InputFault(ErrorCode.ARGUMENT_INVALID, "no such ended job", name="job", value=job_id)
            return self.submit(old.request, old.priority, retry_of=job_id)

    def job(self, job_id: JobId) -> JobSnapshot | None:
        """Return a job as it is now; None when it is unknown or forgotten."""
        with self._changed:
            return self._jobs.get(job_id)

    def jobs(self) -> tuple[JobSnapshot, ...]:
        """Return every job, newest first."""
        with self._changed:
            return tuple(reversed(self._jobs.values()))

    def forget_ended(self) -> None:
        """Drop the ended jobs."""
        with self._changed:
            self._jobs = {key: job for key, job in self._jobs.items() if not job.state.final}

    def wait(self, job_id: JobId, timeout_s: float | None = None) -> JobSnapshot:
        """Block until a job has ended.

        Raises:
            InputFault: ARGUMENT_INVALID, the job is unknown or forgotten.
            TimeoutError: it had not ended after `timeout_s` seconds.
        """
        with self._changed:
            last = self._jobs.get(job_id)

            def ended() -> bool:
                nonlocal last
                last = self._jobs.get(job_id)
                return last is None or last.state.final

            if not self._changed.wait_for(ended, timeout_s):
                raise TimeoutError(f"job {job_id} has not ended after {timeout_s} s")
        if last is None:
            raise InputFault(ErrorCode.ARGUMENT_INVALID, "no such job", name="job", value=job_id)
        return last

    def close(self) -> None:
        """Cancel everything, now and from now on; returns at once, see `join`."""
        with self._changed:
            self._closing = True
            for job_id in tuple(self._live):
                self.cancel(job_id)
            self._changed.notify_all()

    def join(self, timeout_s: float) -> bool:
        """Wait after `close` until no job runs; return whether that is so."""
        deadline = time.monotonic() + timeout_s
        threads = [lane.thread for lane in self._lanes.values() if lane.thread is not None]
        for thread in threads:
            if thread is not threading.current_thread():
                thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in threads)

    # --- for RunningJob ------------------------------------------------------------------------------------------

    def note(self, job_id: JobId, **changes: object) -> None:
        """Change fields of a job that has not ended."""
        with self._changed:
            old = self._jobs.get(job_id)
            if old is None or old.state.final:
                return
            new = self._jobs[job_id] = replace(old, **changes)  # pyright: ignore[reportArgumentType]
            self._announce(JobChanged(new))
            self._changed.notify_all()

    def note_attempt(self, job_id: JobId) -> None:
        """Count one more attempt."""
        with self._changed:
            if (old := self._jobs.get(job_id)) is not None:
                self.note(job_id, attempts=old.attempts + 1)

    # --- inside --------------------------------------------------------------------------------------------------

    def _lane(self, name: str) -> _Lane:
        lane = self._lanes.setdefault(name, _Lane())
        if lane.thread is None:
            lane.thread = threading.Thread(target=self._work_off, args=(lane,), name=f"jobs-{name}", daemon=True)
            lane.thread.start()
        return lane

    def _work_off(self, lane: _Lane) -> None:
        while (job := self._next(lane)) is not None:
            self._run_to_its_end(job)
            del job  # or its request and result would stay in memory until the next one

    def _next(self, lane: _Lane) -> RunningJob | None:
        """Wait for the lane's next job and mark it as running; None when the queue is closing."""
        with self._changed:
            while True:
                self._changed.wait_for(lambda: lane.line or self._closing)
                if not lane.line:
                    return None
                job = heapq.heappop(lane.line)[2]
                if job.id in self._live:
                    now = time.time()
                    self.note(job.id, state=JobState.RUNNING, started_s=now, updated_s=now, attempts=1)
                    return job

    def _run_to_its_end(self, job: RunningJob) -> None:
        try:
            result = self._run(job)
        except Cancelled:
            self._end(job.id, JobState.CANCELLED)
        except PartlyDone as partly:
            self._end(job.id, JobState.FAILED, failure=Failure.of(partly.error), result=partly.result)
        except MmbmError as error:
            log.info("job %d failed: %s", job.id, error)
            self._end(job.id, JobState.FAILED, failure=Failure.of(error))
        except BaseException as error:
            log.exception("job %d failed by a bug", job.id)
            self._end(job.id, JobState.FAILED, failure=Failure.of(error))
        else:
            self._end(job.id, JobState.DONE, result=result)

    def _end(self, job_id: JobId, state: JobState, **changes: object) -> None:
        with self._changed:
            self.note(job_id, state=state, finished_s=time.time(), **changes)
            self._live.pop(job_id, None)
            self._prune()

    def _prune(self) -> None:
        ended = sorted((job for job in self._jobs.values() if job.state.final), key=lambda job: job.finished_s or 0.0)
        lookups = [job.id for job in ended if _is_lookup(job.request)]
        others = [job.id for job in ended if not _is_lookup(job.request)]
        for line, limit in ((lookups, self._lookup_limit), (others, self._history_limit)):
            for job_id in line[: max(0, len(line) - limit)]:
                del self._jobs[job_id]


def _is_lookup(request: Request) -> bool:
    """Whether a request only reads the library; a dry run does."""
    return isinstance(request, _LOOKUPS) or (isinstance(request, ExportRequest | ImportRequest) and request.dry_run)

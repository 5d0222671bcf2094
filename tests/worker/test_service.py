"""How a job that goes wrong ends, and how its sound is read; in this process."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, NoReturn

import pytest

from mmbm_desktop.base.errors import Cancelled, ErrorCode
from mmbm_desktop.inference.image_text import ImageTextBundle
from mmbm_desktop.protocol.jobs import JobId
from mmbm_desktop.protocol.messages import Broken, Finished, FromWorker, Stopped, Work
from mmbm_desktop.protocol.requests import CaptionRequest, EmbedTextRequest
from mmbm_desktop.protocol.wire import PipeClosedError, Receiver, Sender
from mmbm_desktop.worker import dispatch
from mmbm_desktop.worker.inbox import Inbox, Job
from mmbm_desktop.worker.loaded import Loaded
from mmbm_desktop.worker.service import serve


class FullInbox(Inbox):
    """An inbox that holds some jobs and closes behind the last one."""

    def __init__(self, *jobs: Job) -> None:
        super().__init__(Receiver(io.BytesIO()))
        self._left = list(jobs)

    def next(self) -> Job:
        if not self._left:
            raise PipeClosedError
        return self._left.pop(0)


def job(number: int, request: Any, bundle: Path | None = None) -> Job:
    return Job(Work(JobId(number), request, str(bundle) if bundle else None, 10**9))


def answers(loaded: Loaded, *jobs: Job) -> list[FromWorker]:
    said = io.BytesIO()
    with pytest.raises(PipeClosedError):
        serve(FullInbox(*jobs), Sender(said), loaded)
    receiver, messages = Receiver(io.BytesIO(said.getvalue())), []
    while True:
        try:
            messages.append(receiver.receive())
        except PipeClosedError:
            return messages  # type: ignore[return-value]


def test_when_memory_runs_out_models_are_forgotten_and_the_next_job_is_done(
    tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def greedy(request: CaptionRequest, desk: dispatch.Desk) -> NoReturn:
        raise MemoryError

    monkeypatch.setitem(dispatch.TASKS, CaptionRequest, greedy)  # type: ignore[arg-type]
    loaded = Loaded(threads=1)
    before = loaded.bundle(str(tiny_bundle), ImageTextBundle)
    failed, done = answers(loaded, job(1, CaptionRequest("p")), job(2, EmbedTextRequest(("dog",)), tiny_bundle))
    assert isinstance(failed, Broken)
    assert failed.failure.code is ErrorCode.OUT_OF_MEMORY
    assert isinstance(done, Finished)
    assert loaded.bundle(str(tiny_bundle), ImageTextBundle) is not before


def test_an_error_nobody_thought_of_is_our_bug_with_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(request: CaptionRequest, desk: dispatch.Desk) -> NoReturn:
        raise ZeroDivisionError("by nought")

    monkeypatch.setitem(dispatch.TASKS, CaptionRequest, careless)  # type: ignore[arg-type]
    (failed,) = answers(Loaded(threads=1), job(7, CaptionRequest("p")))
    assert isinstance(failed, Broken)
    assert failed.job_id == 7
    assert failed.failure.code is ErrorCode.BUG
    assert "careless" in failed.failure.detail


def test_a_job_cancelled_while_it_waited_is_stopped() -> None:
    cancelled = job(1, CaptionRequest("p"))
    cancelled.token.cancel()
    assert answers(Loaded(threads=1), cancelled) == [Stopped(JobId(1))]


def test_waiting_sound_is_read_in_one_piece_up_to_its_end() -> None:
    recording = job(1, CaptionRequest("p"))
    for piece in (b"ab", b"cd", None):
        recording.sound.put(piece)
    assert list(recording.heard()) == [b"abcd"]


def test_reading_sound_stops_when_cancelled() -> None:
    recording = job(1, CaptionRequest("p"))
    recording.sound.put(b"ab")
    heard = recording.heard()
    assert next(heard) == b"ab"
    recording.token.cancel()
    with pytest.raises(Cancelled):
        next(heard)

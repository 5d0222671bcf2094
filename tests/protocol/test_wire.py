"""Messages cross a pipe whole; a pipe cut in the middle says so."""

from __future__ import annotations

import io
import os
import threading

import numpy as np
import pytest

from mmbm_desktop.base.errors import ErrorCode
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.jobs import JobId
from mmbm_desktop.protocol.messages import Broken, Finished, Work
from mmbm_desktop.protocol.requests import CaptionRequest
from mmbm_desktop.protocol.results import EmbedResult, Made
from mmbm_desktop.protocol.wire import PipeClosedError, Receiver, Sender


def test_messages_from_many_threads_arrive_whole() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as source, os.fdopen(writing, "wb") as sink:
        sender, receiver = Sender(sink), Receiver(source)
        messages = [Work(JobId(i), CaptionRequest("照" * i), None, 1) for i in range(200)]
        threads = [
            threading.Thread(target=lambda m=m: [sender.send(x) for x in m]) for m in (messages[::2], messages[1::2])
        ]
        for thread in threads:
            thread.start()
        received = [receiver.receive() for _ in messages]
        for thread in threads:
            thread.join()

    assert sorted(received, key=lambda m: m.job_id) == messages


def test_vectors_and_failures_keep_their_values() -> None:
    buffer = io.BytesIO()
    vectors = np.arange(6, dtype=np.float32).reshape(2, 3)
    failure = Failure.of(OSError("bad"))
    sender = Sender(buffer)
    sender.send(Finished(JobId(1), EmbedResult(vectors, ("a", "b"), (), Made("m", "CPU", 1.0))))
    sender.send(Broken(JobId(2), failure))
    buffer.seek(0)
    receiver = Receiver(buffer)

    finished = receiver.receive()
    assert isinstance(finished, Finished)
    assert isinstance(finished.result, EmbedResult)
    assert np.array_equal(finished.result.vectors, vectors)
    assert receiver.receive() == Broken(JobId(2), failure)


@pytest.mark.parametrize("kept", [0, 3, 10])
def test_a_cut_pipe_is_noticed(kept: int) -> None:
    buffer = io.BytesIO()
    Sender(buffer).send("a message that does not arrive")

    with pytest.raises(PipeClosedError):
        Receiver(io.BytesIO(buffer.getvalue()[:kept])).receive()


def test_sending_to_nobody_is_noticed() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    sink = os.fdopen(writing, "wb", buffering=0)

    with pytest.raises(PipeClosedError):
        Sender(sink).send("anyone?")

    sink.close()


def test_an_unknown_exception_is_a_bug_and_memory_is_the_computers() -> None:
    assert Failure.of(ValueError("x")).code is ErrorCode.BUG
    assert "ValueError" in Failure.of(ValueError("x")).detail
    assert Failure.of(MemoryError()).code is ErrorCode.OUT_OF_MEMORY

"""A real worker process with a small client."""

from __future__ import annotations

import contextlib
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from mmbm_desktop.protocol.jobs import JobId
from mmbm_desktop.protocol.messages import (
    Advanced,
    Broken,
    FromWorker,
    Heard,
    Heartbeat,
    Quit,
    Ready,
    Stopped,
    ToWorker,
    Work,
)
from mmbm_desktop.protocol.messages import Finished as FinishedMessage
from mmbm_desktop.protocol.wire import PipeClosedError, Receiver, Sender

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0


class RunningWorker:
    """Starts `python -m mmbm_desktop.worker`, speaks its protocol and keeps every message."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mmbm_desktop.worker", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
        )
        assert self.process.stdin
        assert self.process.stdout
        self._sender = Sender(self.process.stdin)  # type: ignore[arg-type]
        self._messages: queue.SimpleQueue[FromWorker | None] = queue.SimpleQueue()
        self._next_id = 0
        self.heartbeats: list[Heartbeat] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        receiver = Receiver(self.process.stdout)  # type: ignore[arg-type]
        try:
            while True:
                self._messages.put(receiver.receive())  # type: ignore[arg-type]
        except PipeClosedError:
            self._messages.put(None)

    def send(self, message: ToWorker) -> None:
        self._sender.send(message)

    def receive(self) -> FromWorker:
        """Return the next message that is no heartbeat."""
        while True:
            message = self._messages.get(timeout=PATIENCE_S)
            if message is None:
                raise EOFError
            if isinstance(message, Heartbeat):
                self.heartbeats.append(message)
            else:
                return message

    def begin(self, request: Any, bundle: Path | None = None, pixel_limit: int = 10**9) -> JobId:
        self._next_id += 1
        job_id = JobId(self._next_id)
        self.send(Work(job_id, request, str(bundle) if bundle else None, pixel_limit))
        return job_id

    def until_end(self, job_id: JobId) -> tuple[Any, list[FromWorker]]:
        """Return the job's last message and all before it."""
        seen: list[FromWorker] = []
        while True:
            message = self.receive()
            if isinstance(message, (FinishedMessage, Broken, Stopped)):
                assert message.job_id == job_id
                return message, seen
            assert isinstance(message, (Advanced, Heard))
            assert message.job_id == job_id
            seen.append(message)

    def ask(self, request: Any, bundle: Path | None = None, pixel_limit: int = 10**9) -> Any:
        """Return the result, or the failure, of a request."""
        message, _ = self.until_end(self.begin(request, bundle, pixel_limit))
        return message.result if isinstance(message, FinishedMessage) else message.failure

    def quit(self) -> int:
        """End the worker and return its exit status."""
        with contextlib.suppress(PipeClosedError):
            self.send(Quit())
        return self.ended()

    def ended(self) -> int:
        try:
            return self.process.wait(PATIENCE_S)
        finally:
            self.process.kill()
            self._reader.join(PATIENCE_S)
            for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
                assert pipe
                pipe.close()


@pytest.fixture
def worker() -> Iterator[RunningWorker]:
    """Return a fresh worker that is ready."""
    running = RunningWorker("--threads", "1")
    assert isinstance(running.receive(), Ready)
    yield running
    if running.process.poll() is None:
        assert running.quit() == 0


@pytest.fixture(scope="module")
def shared_worker() -> Iterator[RunningWorker]:
    """Return a worker that a module's tests share: each leaves it working."""
    running = RunningWorker("--threads", "1")
    assert isinstance(running.receive(), Ready)
    yield running
    assert running.quit() == 0


@pytest.fixture
def pictures(tmp_path: Path) -> tuple[str, ...]:
    """Return the paths of three pictures."""
    paths = []
    for number in range(3):
        pixels = np.random.default_rng(number).integers(0, 256, (5, 7, 3), dtype=np.uint8)
        paths.append(tmp_path / f"{number}.png")
        Image.fromarray(pixels).resize((120, 90)).save(paths[-1])
    return tuple(str(path) for path in paths)

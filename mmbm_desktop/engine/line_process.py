"""A child process that reports in lines of JSON and is told lines: training and the examination of data."""

from __future__ import annotations

import contextlib
import json
import logging
import queue
import subprocess
import threading
import time
from typing import TYPE_CHECKING, Any, cast

from mmbm_desktop.engine.worker_process import opened_log, started_child

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import BinaryIO

log = logging.getLogger(__name__)

_LAST_LINES = 20
_KILL_S = 10.0

Line = dict[str, Any]


class ProcessEndedError(Exception):
    """The process has ended and everything it said was received."""


class LineProcess:
    """A started child. One thread receives; any thread may tell it something or end it.

    Args:
        command: program and arguments.
        log_file: takes the child's stderr, and what it prints that is no JSON.

    Raises:
        MmbmError: the program cannot be started.
    """

    def __init__(self, command: Sequence[str], log_file: Path) -> None:
        self._lines: queue.SimpleQueue[Line | None] = queue.SimpleQueue()
        self._log_file = log_file
        self._heard_s = time.monotonic()
        self._telling = threading.Lock()
        with opened_log(log_file) as stderr:
            self._log_start = stderr.tell()
            self._popen = started_child(command, stderr)
        self._reader = threading.Thread(target=self._read, name=f"lines-{self.pid}", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._popen.pid

    @property
    def exit_status(self) -> int | None:
        """What the process ended with, negative for a signal; None while it runs."""
        return self._popen.poll()

    def silent_s(self) -> float:
        """Return how long ago the child was last heard, in seconds."""
        return time.monotonic() - self._heard_s

    def receive(self, timeout_s: float) -> Mapping[str, Any] | None:
        """Return the next line; None when none came in time.

        Raises:
            ProcessEndedError: there will be no more.
        """
        try:
            line = self._lines.get(timeout=timeout_s)
        except queue.Empty:
            return None
        if line is None:
            self._lines.put(None)
            raise ProcessEndedError
        return line

    def tell(self, line: str) -> None:
        """Send a line; nothing happens to a child that has ended."""
        with self._telling, contextlib.suppress(OSError, ValueError):
            stdin = cast("BinaryIO", self._popen.stdin)
            stdin.write(f"{line}\n".encode())
            stdin.flush()

    def close_input(self) -> None:
        """End the child's standard input, which asks it to stop; safe to call twice."""
        with self._telling, contextlib.suppress(OSError, ValueError):
            cast("BinaryIO", self._popen.stdin).close()

    def terminate(self) -> None:
        """Ask the system to end the process."""
        self._popen.terminate()

    def kill(self) -> None:
        """Kill the process and wait until it has ended."""
        self._popen.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(_KILL_S)

    def last_lines(self) -> str:
        """Return the last lines this child wrote to stderr."""
        with contextlib.suppress(OSError), self._log_file.open("rb") as file:
            file.seek(self._log_start)
            return "\n".join(file.read().decode(errors="replace").splitlines()[-_LAST_LINES:])
        return ""

    def _read(self) -> None:
        stdout = cast("BinaryIO", self._popen.stdout)
        try:
            for raw in stdout:
                self._heard_s = time.monotonic()
                self._take(raw)
        except (OSError, ValueError):
            log.exception("the lines of process %d cannot be read", self.pid)
        finally:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._popen.wait(_KILL_S)
            stdout.close()
            self.close_input()
            self._lines.put(None)

    def _take(self, raw: bytes) -> None:
        try:
            line = json.loads(raw)
        except ValueError:
            log.info("process %d says %r", self.pid, raw[:500])
            return
        if isinstance(line, dict):
            self._lines.put(line)

"""One inference worker as a child process: its pipes, its last words on stderr, and how it is ended."""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, cast

from mmbm_desktop.base.files import os_errors_sorted
from mmbm_desktop.protocol.messages import Heartbeat, Quit, Ready
from mmbm_desktop.protocol.wire import PipeClosedError, Receiver, Sender

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import BinaryIO

    from mmbm_desktop.protocol.messages import FromWorker, ToWorker

log = logging.getLogger(__name__)

_LOG_BYTES = 1 << 20
_LAST_LINES = 20
_REAP_S = 2.0
_KILL_S = 10.0


class WorkerGoneError(Exception):
    """The worker has ended or closed its pipe."""

    def __init__(self, process: WorkerProcess) -> None:
        super().__init__(f"worker {process.pid}")
        self.process = process


class WorkerProcess:
    """A started worker. One thread at a time sends and receives; any thread may end it.

    Args:
        command: program and arguments.
        log_file: takes the worker's stderr, behind what is there already.
        on_ready: called in the reader's thread when the worker says that it is ready.
        on_end: called in the reader's thread when the process has ended, for whatever reason.

    Raises:
        MmbmError: the program cannot be started.
    """

    def __init__(
        self,
        command: Sequence[str],
        log_file: Path,
        on_ready: Callable[[WorkerProcess], None],
        on_end: Callable[[WorkerProcess], None],
    ) -> None:
        self.ready = threading.Event()
        self.ended = threading.Event()
        self.expected_to_end = False
        self.unresponsive = False
        self.rss_bytes = 0
        self._on_ready = on_ready
        self._on_end = on_end
        self._inbox: queue.SimpleQueue[FromWorker | None] = queue.SimpleQueue()
        self._heard_s = time.monotonic()
        self._log_file = log_file
        with opened_log(log_file) as stderr:
            self._log_start = stderr.tell()
            self._popen = started_child(command, stderr)
        self._sender = Sender(cast("BinaryIO", self._popen.stdin))
        self._reader = threading.Thread(target=self._read, name=f"worker-{self.pid}", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._popen.pid

    @property
    def exit_status(self) -> int | None:
        """What the process ended with, negative for a signal; None while it runs."""
        return self._popen.poll()

    @property
    def killed(self) -> bool:
        """Whether a signal ended the process."""
        return (self.exit_status or 0) < 0

    def send(self, message: ToWorker) -> None:
        """Send one message.

        Raises:
            WorkerGoneError: the worker has ended.
        """
        try:
            self._sender.send(message)
        except PipeClosedError as error:
            raise WorkerGoneError(self) from error

    def receive(self, timeout_s: float) -> FromWorker | None:
        """Return the next message that is neither `Ready` nor a heartbeat; None when none came in time.

        Raises:
            WorkerGoneError: the worker has ended, and every message it sent was received.
        """
        try:
            message = self._inbox.get(timeout=timeout_s)
        except queue.Empty:
            return None
        if message is None:
            self._inbox.put(None)
            raise WorkerGoneError(self)
        return message

    def silent_s(self) -> float:
        """Return how long ago the worker was last heard, in seconds."""
        return time.monotonic() - self._heard_s

    def excuse_silence(self) -> None:
        """Count the silence from now on; for when this process itself was asleep."""
        self._heard_s = time.monotonic()

    def last_lines(self) -> str:
        """Return the last lines this worker wrote to stderr."""
        with contextlib.suppress(OSError), self._log_file.open("rb") as file:
            file.seek(self._log_start)
            return "\n".join(file.read().decode(errors="replace").splitlines()[-_LAST_LINES:])
        return ""

    def quit(self, patience_s: float, terminate_s: float) -> None:
        """Ask the process to end, and see to it that it does; for one that has nothing to do."""
        self.expected_to_end = True
        with contextlib.suppress(WorkerGoneError):
            self.send(Quit())
        if not self.ended.wait(patience_s):
            self.kill(terminate_s)
        self._reader.join(_KILL_S)

    def kill(self, terminate_s: float = 0.0) -> None:
        """Terminate the process; kill it if it still runs after `terminate_s` seconds; wait until it has ended."""
        self._popen.terminate() if terminate_s else self._popen.kill()
        if terminate_s and not self.ended.wait(terminate_s):
            log.warning("worker %d does not terminate and is killed", self.pid)
            self._popen.kill()
        if threading.current_thread() is not self._reader:
            self.ended.wait(_KILL_S)

    def _read(self) -> None:
        stdout = cast("BinaryIO", self._popen.stdout)
        receiver = Receiver(stdout)
        try:
            while True:
                self._take(cast("FromWorker", receiver.receive()))
        except PipeClosedError:
            pass
        except Exception:
            log.exception("worker %d sent something unreadable and is killed", self.pid)
            self._popen.kill()
        finally:
            self._reap()
            for pipe in (stdout, self._popen.stdin):
                with contextlib.suppress(OSError, ValueError):
                    cast("BinaryIO", pipe).close()
            self.ended.set()
            self._inbox.put(None)
            self._on_end(self)

    def _reap(self) -> None:
        """Wait for the process, which may live on although its pipe is closed."""
        try:
            self._popen.wait(_REAP_S)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()

    def _take(self, message: FromWorker) -> None:
        self._heard_s = time.monotonic()
        if isinstance(message, Heartbeat):
            self.rss_bytes = message.rss_bytes
        elif isinstance(message, Ready):
            self.ready.set()
            self._on_ready(self)
        else:
            self._inbox.put(message)


def opened_log(file: Path) -> BinaryIO:
    """Open the log for appending, anew when it has grown; the null device where that is impossible."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        grown = file.exists() and file.stat().st_size > _LOG_BYTES
        if grown:
            file.replace(file.with_name(f"{file.name}.1"))
        return file.open("ab")
    except OSError as error:
        log.warning("the worker's log %s cannot be written: %s", file, error)
        return Path(os.devnull).open("ab")


def started_child(command: Sequence[str], stderr: BinaryIO) -> subprocess.Popen[bytes]:
    """Start the program in a session of its own, so that Ctrl+C in a terminal reaches only us."""
    root = str(Path(__file__).resolve().parents[2])
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH", "")))),
        "PYTHONFAULTHANDLER": "1",
    }
    with os_errors_sorted(Path(command[0])):
        return subprocess.Popen(  # noqa: S603 - our own module, by our own interpreter
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=environment,
            start_new_session=sys.platform != "win32",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0)
            | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )


def worker_command(threads: int, *, quiet: bool = False) -> tuple[str, ...]:
    """Return the command of the inference worker with `threads` CPU threads for models; `quiet`: lowest priority."""
    command = (sys.executable, "-P", "-m", "mmbm_desktop.worker", "--threads", str(threads))
    return (*command, "--quiet") if quiet else command

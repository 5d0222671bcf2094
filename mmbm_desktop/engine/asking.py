"""Asks a child one thing: it reports in lines of JSON until its answer comes. Nothing of it outlives the job."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, TypeVar

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.engine.line_process import LineProcess, ProcessEndedError
from mmbm_desktop.protocol.plain import failure_told

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from mmbm_desktop.engine.job_queue import RunningJob

Answer = TypeVar("Answer")

_POLL_S = 0.05


def ask(
    command: Sequence[str],
    log_file: Path,
    job: RunningJob,
    take: Callable[[Mapping[str, Any]], Answer | None],
    *,
    tidy_s: float = 0.0,
) -> Answer:
    """Start a child and return what `take` makes of one of its lines; None of it: not yet.

    Lines `progress` (`done`, `total`) and `error` are understood here.

    Args:
        command: program and arguments.
        log_file: takes its stderr.
        job: whose progress it is, and which may be cancelled.
        take: turns a line into the answer.
        tidy_s: how long a cancelled child may tidy up what it has written before it is killed.

    Raises:
        Cancelled: the job was cancelled.
        MmbmError: what the child says, or that it ended without an answer.
    """
    process = LineProcess(command, log_file)
    try:
        while True:
            job.token.check()
            line = process.receive(_POLL_S)
            answer = None if line is None else _taken(line, job, take)
            if answer is not None:
                return answer
    except ProcessEndedError as error:
        detail = f"exit status {process.exit_status}\n{process.last_lines()}"
        raise EnvironmentFault(ErrorCode.WORKER_CRASHED, detail) from error
    finally:
        _end(process, tidy_s)


def _taken(line: Mapping[str, Any], job: RunningJob, take: Callable[[Mapping[str, Any]], Answer | None]) -> Any:
    event = line.get("event")
    if event == "progress":
        done, total = line.get("done"), line.get("total")
        job.progress(int(done or 0), total if isinstance(total, int) else None)
    elif event == "error":
        raise failure_told(line).as_error()
    return take(line)


def _end(process: LineProcess, tidy_s: float) -> None:
    until = time.monotonic() + tidy_s
    if tidy_s and process.exit_status is None:
        process.terminate()
    while process.exit_status is None and time.monotonic() < until:
        time.sleep(_POLL_S)
    process.kill()

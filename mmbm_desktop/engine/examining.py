"""Lets a child look a data folder over: reading thousands of files is not the window's process's work."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, cast

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import BugFault, EnvironmentFault, ErrorCode
from mmbm_desktop.engine.line_process import LineProcess, ProcessEndedError
from mmbm_desktop.protocol.dataset import DataReport
from mmbm_desktop.protocol.plain import failure_told, record_of
from mmbm_desktop.protocol.results import ExamineDataResult

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from mmbm_desktop.engine.job_queue import RunningJob
    from mmbm_desktop.protocol.requests import ExamineDataRequest

_POLL_S = 0.05


def examine_command(path: str) -> tuple[str, ...]:
    """Return the command that examines a folder."""
    return (sys.executable, "-P", "-m", "mmbm_desktop.training.examine", path)


class Examining:
    """Answers `ExamineDataRequest`s."""

    def __init__(self, command: Callable[[str], Sequence[str]] = examine_command) -> None:
        self._command = command

    def run(self, job: RunningJob) -> ExamineDataResult:
        """Return what the child finds; it holds nothing that could be lost, so a cancelled one is killed at once.

        Raises:
            Cancelled: the job was cancelled.
            MmbmError: what the child says, or that it ended without a word.
        """
        request = cast("ExamineDataRequest", job.request)
        process = LineProcess(self._command(request.path), paths.log_dir() / "examine.stderr.log")
        try:
            while True:
                job.token.check()
                line = process.receive(_POLL_S)
                found = None if line is None else _taken(line, job)
                if found is not None:
                    return found
        except ProcessEndedError as error:
            detail = f"exit status {process.exit_status}\n{process.last_lines()}"
            raise EnvironmentFault(ErrorCode.WORKER_CRASHED, detail) from error
        finally:
            process.kill()


def _taken(line: Mapping[str, Any], job: RunningJob) -> ExamineDataResult | None:
    event = line.get("event")
    if event == "progress":
        done, total = line.get("done"), line.get("total")
        job.progress(int(done or 0), total if isinstance(total, int) else None)
    elif event == "error":
        raise failure_told(line).as_error()
    elif event == "report":
        try:
            return ExamineDataResult(record_of(DataReport, line.get("report", line)))
        except ValueError as error:
            raise BugFault(ErrorCode.BUG, str(error)) from error
    return None

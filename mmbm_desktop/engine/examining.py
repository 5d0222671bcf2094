"""Lets a child look a data folder over: reading thousands of files is not the window's process's work."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, cast

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import BugFault, ErrorCode
from mmbm_desktop.engine.asking import ask
from mmbm_desktop.protocol.dataset import DataReport
from mmbm_desktop.protocol.plain import record_of
from mmbm_desktop.protocol.results import ExamineDataResult

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from mmbm_desktop.engine.job_queue import RunningJob
    from mmbm_desktop.protocol.requests import ExamineDataRequest


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
        return ask(self._command(request.path), paths.log_dir() / "examine.stderr.log", job, _found)


def _found(line: Mapping[str, Any]) -> ExamineDataResult | None:
    if line.get("event") != "report":
        return None
    try:
        return ExamineDataResult(record_of(DataReport, line.get("report", line)))
    except ValueError as error:
        raise BugFault(ErrorCode.BUG, str(error)) from error

"""Lets a child find a learning rate for a run that is not begun: a hundred steps of it, thrown away afterwards."""

from __future__ import annotations

import dataclasses
import json
import sys
from typing import TYPE_CHECKING, Any, cast

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import BugFault, ErrorCode
from mmbm_desktop.engine.asking import ask
from mmbm_desktop.engine.runs.checking import check_settings
from mmbm_desktop.protocol.events import RateTried
from mmbm_desktop.protocol.plain import plain, record_of
from mmbm_desktop.protocol.recipe_catalogue import RECIPES
from mmbm_desktop.protocol.results import FindRateResult

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mmbm_desktop.engine.job_queue import RunningJob
    from mmbm_desktop.protocol.events import Event
    from mmbm_desktop.protocol.jobs import JobId
    from mmbm_desktop.protocol.requests import FindRateRequest
    from mmbm_desktop.protocol.training import RunSettings

_ANY_NAME = "rate"
_TIDY_S = 1.0


def find_rate_command(settings: RunSettings) -> tuple[str, ...]:
    """Return the command that finds a rate; such a run is never named, so any name will do."""
    told = json.dumps(plain(dataclasses.replace(settings, name=_ANY_NAME)))
    module = (sys.executable, "-P", "-m", "mmbm_desktop.training")
    return (*module, "--find-rate", "--settings", told, "--parent-pipe")


class FindingRate:
    """Answers `FindRateRequest`s.

    Args:
        devices: returns where a run can go.
        announce: takes a `RateTried` for every step; must return at once.
        command: gives the child's program and arguments.
    """

    def __init__(
        self,
        devices: Callable[[], Sequence[str]],
        announce: Callable[[Event], None],
        command: Callable[[RunSettings], Sequence[str]] = find_rate_command,
    ) -> None:
        self._devices, self._announce, self._command = devices, announce, command

    def run(self, job: RunningJob) -> FindRateResult:
        """Return the curve and the proposal. Preparing data is progress without an end, steps are one with.

        Raises:
            Cancelled: the job was cancelled.
            MmbmError: a setting makes no sense, or what the child says.
        """
        settings = cast("FindRateRequest", job.request).settings
        check_settings(dataclasses.replace(settings, name=_ANY_NAME), RECIPES, self._devices())

        def take(line: Mapping[str, Any]) -> FindRateResult | None:
            if line.get("event") == "range-test":
                job.progress(int(line["done"]), int(line["total"]))
                self._announce(_tried(job.id, line))
            elif line.get("event") == "preparing":
                job.progress(int(line["done"]), None)
            return _found(line)

        log_file = paths.log_dir() / "find-rate.stderr.log"
        return ask(self._command(settings), log_file, job, take, tidy_s=_TIDY_S)


def _tried(job_id: JobId, line: Mapping[str, Any]) -> RateTried:
    return RateTried(job_id, float(line["rate"]), float(line["smoothed"]), float(line["until"]))


def _found(line: Mapping[str, Any]) -> FindRateResult | None:
    if line.get("event") != "rate-found":
        return None
    try:
        return record_of(FindRateResult, line)
    except ValueError as error:
        raise BugFault(ErrorCode.BUG, str(error)) from error

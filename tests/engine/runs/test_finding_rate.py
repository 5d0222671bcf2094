"""Finding a learning rate by a child: its command, its curve, its progress, its refusal."""

from __future__ import annotations

import json
import sys

import pytest

from mmbm_desktop.base.errors import BugFault, EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.engine.runs.finding_rate import FindingRate, find_rate_command
from mmbm_desktop.protocol.events import RateTried
from mmbm_desktop.protocol.jobs import JobId
from mmbm_desktop.protocol.plain import record_of
from mmbm_desktop.protocol.requests import FindRateRequest
from mmbm_desktop.protocol.results import FindRateResult
from mmbm_desktop.protocol.training import RunSettings


class Job:
    """A job of the queue, as far as this knows it."""

    def __init__(self, settings: RunSettings) -> None:
        self.request, self.token = FindRateRequest(settings), CancelToken()
        self.id = JobId(7)
        self.told: list[tuple[int, int | None]] = []
        self.tried: list[RateTried] = []

    def progress(self, done: int, total: int | None) -> None:
        self.told.append((done, total))


FOUND = {"event": "rate-found", "proposal": None, "lowest_at": None, "rates": [1e-6], "losses": [2], "diverged": True}


def found(tmp_path, *lines: object) -> tuple[FindRateResult, Job]:
    script = "".join(f"print({json.dumps(line)!r}, flush=True)\n" for line in lines)
    job = Job(RunSettings("sounds", str(tmp_path), ""))
    finding = FindingRate(lambda: ("auto", "cpu"), job.tried.append, lambda settings: (sys.executable, "-c", script))
    return finding.run(job), job  # pyright: ignore[reportArgumentType]


def test_the_curve_comes_back_and_there_may_be_no_proposal(tmp_path, mmbm_home):
    step = {"event": "range-test", "done": 1, "total": 100, "rate": 1e-6, "until": 1, "loss": 2.0, "smoothed": 1.5}
    result, job = found(tmp_path, {"event": "preparing", "done": 5, "total": 9}, step, FOUND)
    assert result == FindRateResult((1e-6,), (2.0,), diverged=True, proposal=None, lowest_at=None)
    assert job.told == [(5, None), (1, 100)]
    assert job.tried == [RateTried(JobId(7), 1e-6, 1.5, 1.0)]


def test_what_is_wrong_is_told(tmp_path, mmbm_home):
    with pytest.raises(EnvironmentFault) as caught:
        found(tmp_path, {"event": "error", "error": "out-of-memory", "fault": "environment", "detail": ""})
    assert caught.value.code is ErrorCode.OUT_OF_MEMORY
    with pytest.raises(BugFault):
        found(tmp_path, {**FOUND, "rates": "none"})
    with pytest.raises(InputFault):
        found(tmp_path / "gone", FOUND)


def test_the_child_is_told_every_setting(tmp_path):
    settings = RunSettings("sounds", str(tmp_path), "", "quick", batch=4, options={"mixed": 0.1})
    command = find_rate_command(settings)
    told = record_of(RunSettings, json.loads(command[command.index("--settings") + 1]))
    assert (told.preset, told.batch, told.options, told.name) == ("quick", 4, {"mixed": 0.1}, "rate")

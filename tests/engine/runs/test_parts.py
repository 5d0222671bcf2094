"""Devices, the tracker of lines, and the examination of a data folder by a child."""

from __future__ import annotations

import json
import sys
import threading

import psutil
import pytest

from mmbm_desktop.base.errors import BugFault, Cancelled, EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.engine.examining import Examining
from mmbm_desktop.engine.runs.devices import Devices
from mmbm_desktop.engine.runs.run_store import RunStore
from mmbm_desktop.engine.runs.tracker import Tracker
from mmbm_desktop.protocol.dataset import DataKind, DataReport, Finding, Severity
from mmbm_desktop.protocol.events import RunAdvanced
from mmbm_desktop.protocol.plain import plain, record_of
from mmbm_desktop.protocol.requests import ExamineDataRequest
from mmbm_desktop.protocol.training import EarlyStop, RunInfo, RunSettings, RunState

INFO = RunInfo("r", "/r", "n", "sounds", "/d", RunState.PAUSED, 1.0, epochs=4)


def test_without_a_driver_nobody_is_asked(tmp_path):
    devices = Devices(tmp_path / "devices.json", present=lambda: False, count=lambda: pytest.fail("asked"))
    assert devices.all() == ("auto", "cpu")


def test_gpus_are_counted_once_and_known_at_once_the_next_time(tmp_path):
    counted = threading.Event()

    def count() -> int:
        counted.set()
        return 2

    devices = Devices(tmp_path / "devices.json", present=lambda: True, count=count)
    assert devices.all() == ("auto", "cpu")
    assert counted.wait(30)
    for thread in threading.enumerate():
        if thread.name == "devices":
            thread.join()
    assert devices.all() == ("auto", "cpu", "gpu:0", "gpu:1", "all")
    later = Devices(tmp_path / "devices.json", present=lambda: True, count=lambda: 2)
    assert later.all() == ("auto", "cpu", "gpu:0", "gpu:1", "all")


def test_a_tracker_knows_the_time_left_and_the_best_of_a_phase():
    now = [0.0]
    tracker = Tracker(INFO, clock=lambda: now[0])

    def point(epoch: float, score: float | None = None, phase: str = "a") -> list:
        values = {"loss": 1.0} if score is None else {"score": score}
        line = {"epoch": epoch, "values": values, "validation": score is not None, "phase": phase}
        return tracker.take({"event": "points", "points": [line], "step": 2, "steps": 8, "step_ms": 10})

    point(0.25)
    now[0] = 3.0
    (advanced, changed) = point(1.0, score=7.0)
    assert isinstance(advanced, RunAdvanced)
    assert changed.run.seconds_left == pytest.approx(12.0)
    assert (changed.run.best, changed.run.state) == (7.0, RunState.RUNNING)
    point(2.0, score=6.0)
    assert tracker.info.best == 7.0
    point(3.0, score=0.2, phase="b")
    assert tracker.info.best == 0.2
    assert tracker.steps == (3 * 8 + 2, 4 * 8)
    line = {"epoch": 3.5, "values": {"loss": 1.0}, "phase": "b"}
    tracker.take({"event": "points", "points": [line], "step": 4, "steps": 8, "epochs": 24})
    assert tracker.info.epochs == 24


@pytest.mark.parametrize(
    "line",
    [{}, {"event": "points"}, {"event": "points", "points": [{"epoch": "x"}]}, {"event": "samples", "samples": 3},
     {"event": "device"}, {"event": "published", "bundle": 1}, {"event": "new thing"}],
)  # fmt: skip
def test_a_line_that_makes_no_sense_means_nothing(line):
    tracker = Tracker(INFO)
    before = tracker.info
    assert tracker.take(line) == []
    assert tracker.info == before


class Job:
    def __init__(self, path: str) -> None:
        self.request = ExamineDataRequest(path)
        self.token = CancelToken()
        self.told: list[tuple[int, int | None]] = []

    def progress(self, done: int, total: int | None) -> None:
        self.told.append((done, total))


REPORT = DataReport(
    "/d", DataKind.PICTURE_CLASSES, ("picture-classes",), 3, findings=(
        Finding("class-small", Severity.WARNING, {"label": "鸟", "items": 2}, (("/d/a.png",),)),
    )
)  # fmt: skip


def examined(*lines: object, then: str = "") -> tuple[object, Job]:
    script = "import time\n" + "".join(f"print({json.dumps(line)!r}, flush=True)\n" for line in lines) + then
    job = Job("/d")
    return Examining(lambda path: (sys.executable, "-c", script)).run(job).report, job  # pyright: ignore[reportArgumentType]


def test_a_folder_is_examined_by_a_child():
    report, job = examined(
        {"event": "progress", "done": 1, "total": 3}, {"event": "odd"}, {"event": "report", "report": plain(REPORT)}
    )
    assert report == REPORT
    assert job.told == [(1, 3)]
    assert record_of(DataReport, json.loads(json.dumps(plain(REPORT)))) == REPORT


def test_what_goes_wrong_in_the_child_is_told():
    with pytest.raises(InputFault) as caught:
        examined({"event": "error", "error": "folder-not-found", "path": "/d", "detail": "gone"})
    assert (caught.value.code, caught.value.params["path"]) == (ErrorCode.FOLDER_NOT_FOUND, "/d")
    with pytest.raises(EnvironmentFault) as crashed:
        examined(then="raise SystemExit('no luck')")
    assert "no luck" in crashed.value.detail
    with pytest.raises(BugFault):
        examined({"event": "report", "report": {"path": "/d", "kind": "odd"}})


def test_a_cancelled_examination_ends_its_child():
    job = Job("/d")
    lines = 'print(\'{"event": "progress", "done": 1}\', flush=True)\nimport time\ntime.sleep(600)'
    job.progress = lambda done, total: job.token.cancel()
    with pytest.raises(Cancelled):
        Examining(lambda path: (sys.executable, "-c", lines)).run(job)  # pyright: ignore[reportArgumentType]
    assert psutil.Process().children() == []


def test_a_tracker_and_a_store_know_why_a_run_stopped_early(tmp_path):
    tracker = Tracker(INFO)
    (changed,) = tracker.take({"event": "stopped-early", "validations": 3, "best_epoch": 7})
    assert changed.run.stopped_early == EarlyStop(3, 7)
    assert Tracker(changed.run).info.stopped_early is None
    store = RunStore(tmp_path)
    run_id = store.make(RunSettings("sounds", "/d", "birds", patience=2))
    state = store.path(run_id) / "state.json"
    state.write_text(json.dumps({"state": "finished", "stopped_early": plain(EarlyStop(3, 7))}), "utf-8")
    assert store.info(run_id).stopped_early == EarlyStop(3, 7)
    state.write_text('{"state": "finished", "stopped_early": 5}', "utf-8")
    assert store.info(run_id).stopped_early is None
    assert store.settings(run_id).patience == 2

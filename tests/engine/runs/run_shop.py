"""Local runs over a scripted training process and the real queue, without workers or a library."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path

from mmbm_desktop.engine.announcer import Announcer
from mmbm_desktop.engine.job_queue import JobQueue
from mmbm_desktop.engine.lanes import lane_of
from mmbm_desktop.engine.runs.devices import Devices
from mmbm_desktop.engine.runs.local import LocalRuns
from mmbm_desktop.engine.runs.run_store import RunStore
from mmbm_desktop.engine.runs.working import Patience
from mmbm_desktop.protocol.events import Event, RunAdvanced, RunChanged
from mmbm_desktop.protocol.jobs import JobId, JobSnapshot
from mmbm_desktop.protocol.requests import Request
from mmbm_desktop.protocol.training import CurvePoint, RunInfo, RunSettings, RunState

LONG_S = 60.0
PATIENCE = Patience(stop_s=2.0, terminate_s=0.5, poll_s=0.01, silent_s=60.0)
SCRIPT = Path(__file__).with_name("scripted_trainer.py")


def scripted_command(run: Path, *, finish: bool) -> tuple[str, ...]:
    command = (sys.executable, str(SCRIPT), "--resume", str(run))
    return (*command, "--finish") if finish else command


class RunShop:
    """Real runs, queue and announcer; events written down."""

    def __init__(self, home: Path, patience: Patience = PATIENCE) -> None:
        self.home = home
        self.events: list[Event] = []
        self._changed = threading.Condition()
        self.announcer = Announcer()
        self.store = RunStore(home / "runs")
        devices = Devices(home / "devices.json", present=lambda: False)
        self.runs = LocalRuns(self.store, devices, self, self.announcer.announce, patience, scripted_command)
        self.announcer.subscribe(self.runs.on_event)
        self.announcer.subscribe(self._note)
        runners = self.runs.runners
        self.queue = JobQueue(lambda job: runners[type(job.request)](job), lane_of, self.announcer.announce)

    def submit(self, request: Request) -> JobId:
        return self.queue.submit(request, 0)

    def cancel(self, job_id: JobId) -> None:
        self.queue.cancel(job_id)

    def jobs(self) -> tuple[JobSnapshot, ...]:
        return self.queue.jobs()

    def wait(self, job_id: JobId, timeout_s: float | None = None) -> JobSnapshot:
        return self.queue.wait(job_id, timeout_s)

    def _note(self, event: Event) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def settings(self, mood: str, **changes: object) -> RunSettings:
        return RunSettings("sounds", str(self.home), f"{mood}.x", **changes)  # pyright: ignore[reportArgumentType]

    def begin(self, mood: str, **changes: object) -> str:
        return self.runs.start(self.settings(mood, **changes)).id

    def wait_for(self, wanted: Callable[[Event], bool]) -> Event:
        with self._changed:
            assert self._changed.wait_for(lambda: any(map(wanted, self.events)), LONG_S), "it was never announced"
            return next(filter(wanted, self.events))

    def wait_state(self, run_id: str, *states: RunState) -> RunInfo:
        """Wait until the newest announcement of a run is one of some states."""

        def there() -> bool:
            told = [e.run for e in self.events if isinstance(e, RunChanged) and e.run.id == run_id]
            return bool(told) and told[-1].state in states

        with self._changed:
            assert self._changed.wait_for(there, LONG_S), f"it never became {states}: {self.info(run_id)}"
        return self.info(run_id)

    def wait_steps(self, run_id: str, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.points(run_id)) >= count, LONG_S)

    def points(self, run_id: str) -> list[CurvePoint]:
        told = [e for e in self.events if isinstance(e, RunAdvanced) and e.run_id == run_id]
        return [point for event in told for point in event.points]

    def info(self, run_id: str) -> RunInfo:
        return next(info for info in self.runs.all() if info.id == run_id)

    def close(self, timeout_s: float = 5.0) -> bool:
        self.runs.begin_close(timeout_s)
        self.queue.close()
        ended = self.queue.join(timeout_s + 5)
        self.announcer.close()
        return ended

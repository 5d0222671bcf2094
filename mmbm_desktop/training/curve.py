"""The curve as it grows: often to whoever watches, more rarely into the log. Decides nothing about training."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mmbm_desktop.protocol.plain import plain
from mmbm_desktop.protocol.training import CurvePoint

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mmbm_desktop.training.run_folder import Position, RunFolder
    from mmbm_desktop.training.spec import TrainSpec

_POINTS_EVERY_S = 0.05
_PROGRESS_EVERY_S = 2.0
_LOG_EVERY_S = 0.5
_LOG_LINES = 4000
"""A long run logs more rarely: about so many lines until now, and at least one in `_LOG_EVERY_S`."""


@dataclass
class _Means:
    """Losses since they were last taken."""

    sums: dict[str, float] = field(default_factory=dict)
    steps: int = 0
    since: float = field(default_factory=time.monotonic)

    def add(self, losses: Mapping[str, float]) -> None:
        self.steps += 1
        for name, value in losses.items():
            self.sums[name] = self.sums.get(name, 0.0) + value

    def take(self) -> dict[str, float]:
        means = {name: value / self.steps for name, value in self.sums.items()}
        self.sums, self.steps, self.since = {}, 0, time.monotonic()
        return means


@dataclass
class Curve:
    """Tells and logs where a run is.

    Attributes:
        spec: the run's.
        folder: takes the log.
        tell: is given mappings that turn into lines of JSON.
    """

    spec: TrainSpec
    folder: RunFolder
    tell: Callable[[Mapping[str, Any]], None]
    _shown: _Means = field(default_factory=_Means, init=False)
    _logged: _Means = field(default_factory=_Means, init=False)
    _epoch: _Means = field(default_factory=_Means, init=False)
    _began: float = field(default_factory=time.monotonic, init=False)
    _progressed: float = field(default=0.0, init=False)
    _resumed: bool = field(default=False, init=False)

    def resumed(self, here: Position) -> None:
        """Mark the place where the run goes on."""
        self._resumed = True
        self.folder.append_log(here, {"resumed": True})

    def begin_epoch(self) -> None:
        """Forget the losses of the last one."""
        self._epoch, self._shown, self._logged = _Means(), _Means(), _Means()

    def step(self, here: Position, steps: int, losses: Mapping[str, Any]) -> None:
        """Take the losses of one step, the one that ended at `here`."""
        values = {name: float(value) for name, value in losses.items()}
        for means in (self._epoch, self._shown, self._logged):
            means.add(values)
        now, last = time.monotonic(), here.step == steps
        if last or now - self._shown.since >= _POINTS_EVERY_S:
            pace = 1000 * (now - self._shown.since) / self._shown.steps
            point = self._point(here, steps, self._shown.take())
            self._tell_points(point, here, steps, step_ms=round(pace, 3))
        if last or now - self._logged.since >= max(_LOG_EVERY_S, (now - self._began) / _LOG_LINES):
            self.folder.append_log(here, {"at": self._at(here, steps), "step_losses": self._logged.take()})
        if last or now - self._progressed >= _PROGRESS_EVERY_S:
            self._progressed = now
            self._progress(here, steps, {"loss": values["loss"], "seconds": round(now - self._epoch.since, 1)})

    def end_epoch(self, end: Position) -> None:
        """Log an epoch's mean losses."""
        seconds = round(time.monotonic() - self._epoch.since, 2)
        if self._epoch.steps:
            at = self._at(end, end.step)
            self.folder.append_log(end, {"at": at, "train": self._epoch.take(), "seconds": seconds})

    def validated(self, here: Position, steps: int, metrics: Mapping[str, float]) -> None:
        """Take the numbers of the val split at the end of an epoch, or wherever the run is to end."""
        self.folder.append_log(here, {"at": self._at(here, steps), "val": dict(metrics)})
        point = self._point(here, steps, dict(metrics), validation=True)
        self._tell_points(point, here, steps)
        self._progress(here, steps, {"metrics": dict(metrics)})

    def _tell_points(self, point: CurvePoint, here: Position, steps: int, **more: Any) -> None:
        """Tell a point, where in its epoch it is, and the epochs of all phases: `at` counts those, too."""
        epochs = sum(phase.epochs for phase in self.spec.phases)
        where = {"step": here.step, "steps": steps, "epochs": epochs}
        self.tell({"event": "points", "points": [plain(point)], **where, **more})

    def _at(self, here: Position, steps: int) -> float:
        """Return the epochs passed, over all phases, with a fraction."""
        passed = sum(earlier.epochs for earlier in self.spec.phases[: here.phase]) + here.epoch
        return round(passed + here.step / max(1, steps), 6)

    def _point(self, here: Position, steps: int, values: dict[str, float], *, validation: bool = False) -> CurvePoint:
        goal = self.spec.phases[here.phase].goal
        resumed, self._resumed = self._resumed, False
        return CurvePoint(self._at(here, steps), values, validation, goal, resumed)

    def _progress(self, here: Position, steps: int, more: Mapping[str, Any]) -> None:
        phase = self.spec.phases[here.phase]
        where = {"phase": phase.goal, "epoch": here.epoch + 1, "epochs": phase.epochs}
        self.tell({"event": "progress", **where, "step": here.step, "steps": steps, **more})

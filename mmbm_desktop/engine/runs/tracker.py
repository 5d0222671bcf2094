"""What a training process tells, as a run's state and events. No process, no files: lines in, events out."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mmbm_desktop.protocol.events import ModelsChanged, RunAdvanced, RunChanged, RunSampled
from mmbm_desktop.protocol.plain import failure_told, record_of
from mmbm_desktop.protocol.training import CurvePoint, EarlyStop, RunState, Sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from mmbm_desktop.protocol.events import Event
    from mmbm_desktop.protocol.failure import Failure
    from mmbm_desktop.protocol.training import RunInfo, RunUse

_STEADY = 0.8
"""How much of a step's time is that of the steps before."""


class Tracker:
    """Follows one process from its start to its end.

    Attributes:
        info: the run as it was last heard of.
        published: whether its bundle is there.
        stopped: whether it said that it stopped with everything kept.
        reached: whether it stopped so because it had come to the epoch that it was told.
        failure: what it said went wrong.
        gpus: numbers of those that it computes on.
    """

    def __init__(self, info: RunInfo, clock: Callable[[], float] = time.monotonic) -> None:
        self.info = replace(info, state=RunState.PREPARING, failure=None, stopped_early=None)
        self.published = False
        self.stopped = self.reached = False
        self.failure: Failure | None = None
        self.gpus: tuple[int, ...] = ()
        self._clock = clock
        self._began: tuple[float, float] | None = None
        self._phase = ""

    def stopping(self) -> RunChanged:
        """Note that the process was asked to stop."""
        return self._changed(state=RunState.STOPPING)

    def silent(self, seconds: float | None) -> RunChanged:
        """Note that nothing was heard for so long; None: it was heard again."""
        return self._changed(silent_s=seconds)

    def using(self, use: RunUse) -> RunChanged:
        """Note what the process uses of the computer."""
        return self._changed(use=use)

    def take(self, line: Mapping[str, Any]) -> list[Event]:
        """Return what a line means for listeners; one that makes no sense means nothing."""
        told = self._takers().get(str(line.get("event")))
        try:
            return told(line) if told else []
        except (ValueError, TypeError, KeyError):
            return []

    @property
    def steps(self) -> tuple[int, int | None]:
        """Steps done and planned, as if every epoch had as many as this one."""
        each = self.info.steps
        return self.info.epochs_done * each + self.info.step % max(1, each), self.info.epochs * each or None

    def _takers(self) -> dict[str, Callable[[Mapping[str, Any]], list[Event]]]:
        return {
            "device": self._device,
            "batch-halved": lambda line: [self._changed(batch_halved_to=int(line["batch"]))],
            "stopped-early": lambda line: [self._changed(stopped_early=record_of(EarlyStop, line))],
            "points": self._points,
            "samples": lambda line: [RunSampled(self.info.id, tuple(record_of(Sample, s) for s in line["samples"]))],
            "published": self._published,
            "stopped": self._stopped,
            "reached": self._reached,
            "error": self._error,
        }

    def _device(self, line: Mapping[str, Any]) -> list[Event]:
        self.gpus = tuple(int(number) for number in line.get("gpus", ()))
        return [self._changed(device=str(line["name"]))]

    def _points(self, line: Mapping[str, Any]) -> list[Event]:
        points = tuple(record_of(CurvePoint, one) for one in line["points"])
        if not points:
            return []
        for point in points:
            if point.validation:
                self._check(point)
        last = points[-1]
        moving = self.info.state is not RunState.STOPPING
        changed = self._changed(
            state=RunState.RUNNING if moving else RunState.STOPPING,
            epochs_done=int(last.epoch + 1e-6),
            epochs=int(line.get("epochs", self.info.epochs)),
            step=int(line.get("step", self.info.step)),
            steps=int(line.get("steps", self.info.steps)),
            step_ms=self._pace(line.get("step_ms")),
            seconds_left=self._left(last.epoch),
        )
        return [RunAdvanced(self.info.id, points), changed]

    def _check(self, point: CurvePoint) -> None:
        """Take the numbers of the val split; a phase's best counts for that phase alone."""
        score, best = point.values.get("score"), self.info.best
        if score is not None:
            new_phase = self._phase not in ("", point.phase)
            best = score if best is None or new_phase else max(best, score)
        self._phase = point.phase
        self.info = replace(self.info, metrics=_finite(point.values.items()), best=best)

    def _pace(self, step_ms: Any) -> float | None:
        if not isinstance(step_ms, int | float):
            return self.info.step_ms
        before = self.info.step_ms
        return float(step_ms) if before is None else _STEADY * before + (1 - _STEADY) * step_ms

    def _left(self, epoch: float) -> float | None:
        """Return the seconds to the planned end at the pace since the first point, checking the val split included."""
        now = self._clock()
        if self._began is None:
            self._began = (now, epoch)
        began, first = self._began
        if epoch <= first or now <= began:
            return self.info.seconds_left
        return max(0.0, (self.info.epochs - epoch) * (now - began) / (epoch - first))

    def _published(self, line: Mapping[str, Any]) -> list[Event]:
        self.published = True
        metrics = _finite((str(name), float(value)) for name, value in line["metrics"].items())
        return [self._changed(bundle=str(line["bundle"]), metrics=metrics, seconds_left=0.0), ModelsChanged()]

    def _stopped(self, line: Mapping[str, Any]) -> list[Event]:
        del line
        self.stopped = True
        return []

    def _reached(self, line: Mapping[str, Any]) -> list[Event]:
        del line
        self.reached = True
        return []

    def _error(self, line: Mapping[str, Any]) -> list[Event]:
        self.failure = failure_told(line)
        return []

    def _changed(self, **changes: Any) -> RunChanged:
        self.info = replace(self.info, **changes)
        return RunChanged(self.info)


def _finite(values: Iterable[tuple[str, float]]) -> dict[str, float]:
    return {name: value for name, value in values if math.isfinite(value)}

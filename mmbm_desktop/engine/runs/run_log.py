"""A run's `log.jsonl` as a curve and the numbers of the val split; a line that a kill cut short is passed over."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mmbm_desktop.protocol.training import CurvePoint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class RunLog:
    """What a log says.

    Attributes:
        points: the whole curve.
        epochs_done: whole epochs, over all phases.
        metrics: latest numbers of the val split.
        best: highest score of the last phase that was checked; None before.
    """

    points: tuple[CurvePoint, ...] = ()
    epochs_done: int = 0
    metrics: dict[str, float] = field(default_factory=dict)
    best: float | None = None


def read_log(file: Path, phases: Sequence[Mapping[str, Any]], *, checked_only: bool = False) -> RunLog:
    """Read a log.

    Args:
        file: one JSON object a line.
        phases: of the run's spec, for their names and lengths.
        checked_only: only the numbers of the val split, which are few among thousands of lines.
    """
    points: list[CurvePoint] = []
    metrics: dict[str, float] = {}
    best, best_phase, resumed = None, -1, False
    for entry in _entries(file, '"val"' if checked_only else ""):
        values, validation = _values(entry)
        phase = int(entry["phase"])
        resumed = resumed or entry.get("resumed") is True
        if values is None:
            continue
        if validation:
            metrics = values
            score = values.get("score")
            if score is not None:
                best = score if phase != best_phase or best is None else max(best, score)
                best_phase = phase
        points.append(CurvePoint(_at(entry, phases), values, validation, _goal(phases, phase), resumed))
        resumed = False
    done = max((point.epoch for point in points if point.validation), default=0.0)
    return RunLog(tuple(points), int(done + 1e-6), metrics, best)


def _entries(file: Path, mark: str) -> Iterator[Mapping[str, Any]]:
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return
    for line in lines:
        if mark not in line:
            continue
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict) and all(type(entry.get(key)) is int for key in ("phase", "epoch", "step")):
            yield entry


def _values(entry: Mapping[str, Any]) -> tuple[dict[str, float] | None, bool]:
    """Return the numbers of a line and whether they are the val split's; None for one that is no point."""
    for key, validation in (("val", True), ("step_losses", False)):
        found = entry.get(key)
        if isinstance(found, dict):
            return {str(k): float(v) for k, v in found.items() if _finite(v)}, validation
    return None, False


def _finite(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _at(entry: Mapping[str, Any], phases: Sequence[Mapping[str, Any]]) -> float:
    if _finite(entry.get("at")):
        return float(entry["at"])
    lengths = [phase.get("epochs") for phase in phases[: entry["phase"]]]
    passed = sum(length for length in lengths if isinstance(length, int))
    return float(passed + entry["epoch"] + ("val" in entry))


def _goal(phases: Sequence[Mapping[str, Any]], number: int) -> str:
    return str(phases[number].get("goal", "")) if 0 <= number < len(phases) else ""

"""Made-up runs, curves and reports of data folders."""

from __future__ import annotations

import math
from pathlib import Path

from mmbm_desktop.protocol.dataset import ClassCount, DataKind, DataReport, Finding, Severity
from mmbm_desktop.protocol.training import CurvePoint, RunInfo, RunState


def report_of(folder: Path, *findings: Finding, classes: int = 3) -> DataReport:
    counts = tuple(ClassCount(f"class {number}", 40 - number) for number in range(classes))
    return DataReport(
        str(folder),
        DataKind.CAPTIONED_PICTURES,
        ("image-text",),
        120,
        counts,
        (ClassCount("train", 100), ClassCount("test", 20)),
        findings,
    )


def copies(folder: Path) -> Finding:
    groups = ((f"{folder}/a.jpg", f"{folder}/b.jpg"), (f"{folder}/c.jpg", f"{folder}/metadata.csv:7"))
    return Finding("same-across-splits", Severity.WARNING, {"count": 2, "files": 4}, groups)


def blocker() -> Finding:
    return Finding("too-few", Severity.BLOCKER, {"items": 2, "needed": 10})


def curve(epochs: int, *, resumed_at: int | None = None) -> tuple[CurvePoint, ...]:
    points = []
    for epoch in range(epochs):
        for step in range(10):
            x = epoch + (step + 1) / 10
            points.append(CurvePoint(x, {"loss": 2 * math.exp(-x)}, resumed=resumed_at == epoch and step == 0))
        points.append(CurvePoint(epoch + 1, {"loss": 0.5, "accuracy": 0.1 * (epoch + 1)}, validation=True))
    return tuple(points)


def run_info(name: str, state: RunState = RunState.FINISHED, created_s: float = 1.0, **more: object) -> RunInfo:
    bundle = f"/models/{name}" if state is RunState.FINISHED else ""
    values = {"epochs_done": 3, "epochs": 6, "best": 0.3, "metrics": {"accuracy": 0.3}, "bundle": bundle, **more}
    return RunInfo(name, f"/runs/{name}", name, "image-text", "/data", state, created_s, **values)

"""What is measured, by name. Each function does the real thing once or a few times and yields numbers."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.settings import Settings
from mmbm_desktop.cli.bench.measurement import Measurement
from mmbm_desktop.cli.bench.pictures import draw
from mmbm_desktop.protocol.requests import CaptionRequest, IndexRequest
from mmbm_desktop.protocol.results import CaptionResult, IndexResult

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_STARTS = 3
_CAPTIONS = 20
_PICTURES = 200
_MB = 1e6


def window() -> Iterator[Measurement]:
    """Start the window a few times; the first start warms the disk cache and is not counted."""
    runs = [_self_test() for _ in range(_STARTS + 1)][1:]
    yield Measurement("time to window", _median(runs, "window_ms"), "ms", 1000)
    yield Measurement("cold start to first caption", _median(runs, "first_caption_ms"), "ms", 3000)
    window_mb = _median(runs, "window_rss_bytes") / _MB
    worker_mb = _median(runs, "worker_rss_bytes") / _MB
    yield Measurement("memory of the idle window", window_mb, "MB")
    yield Measurement("memory of the idle worker", worker_mb, "MB")
    yield Measurement("memory of window and worker", window_mb + worker_mb, "MB", 400)


def _self_test() -> dict[str, float]:
    """Run `mmbm --self-test` without a screen, in a home of its own."""
    with tempfile.TemporaryDirectory(prefix="mmbm-bench-") as home:
        environment = {**os.environ, "MMBM_HOME": home}
        if not environment.get("DISPLAY"):
            environment["QT_QPA_PLATFORM"] = "offscreen"
        command = [sys.executable, "-m", "mmbm_desktop", "--self-test"]
        output = subprocess.check_output(command, env=environment, text=True, stderr=subprocess.DEVNULL)  # noqa: S603
    return json.loads(output.splitlines()[-1])


def _median(runs: list[dict[str, float]], name: str) -> float:
    return statistics.median(run[name] for run in runs)


def caption() -> Iterator[Measurement]:
    """Caption pictures one by one, beam 3, in both languages; the model is warm."""
    from mmbm_desktop.engine.local import LocalEngine

    with tempfile.TemporaryDirectory(prefix="mmbm-bench-") as name:
        folder = Path(name)
        engine = LocalEngine(Settings(folder / "settings.json"), library_file=folder / "library.db")
        try:
            jobs = [engine.wait(engine.submit(CaptionRequest(str(file)))) for file in draw(folder / "p", _CAPTIONS)]
        finally:
            engine.close()
    times = [job.result.made.ms for job in jobs[2:] if isinstance(job.result, CaptionResult)]
    if times:
        yield Measurement("caption, English and Chinese, beam 3", statistics.median(times), "ms", 150)


def index() -> Iterator[Measurement]:
    """Index a folder end to end: decode, thumbnail, embed, store; with and without captions."""
    with tempfile.TemporaryDirectory(prefix="mmbm-bench-") as name:
        draw(Path(name), _PICTURES)
        for captions, what in ((False, "index, searchable"), (True, "index, searchable and captioned")):
            seconds = indexing_seconds(Path(name), captions=captions)
            if seconds:
                yield Measurement(what, _PICTURES / seconds, "pictures/s")


def indexing_seconds(pictures: Path, *, captions: bool) -> float:
    """Index a folder into a new library, the worker's start included, and return the seconds; 0 where it failed."""
    from mmbm_desktop.engine.local import LocalEngine

    with tempfile.TemporaryDirectory(prefix="mmbm-bench-") as name:
        folder = Path(name)
        previous = os.environ.get("MMBM_HOME")
        os.environ["MMBM_HOME"] = name
        engine = LocalEngine(Settings(folder / "settings.json"), library_file=folder / "library.db")
        try:
            job = engine.wait(engine.submit(IndexRequest((str(pictures),), captions=captions)))
        finally:
            engine.close()
            _restore("MMBM_HOME", previous)
    return job.result.seconds if isinstance(job.result, IndexResult) else 0.0


def _restore(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value


def train() -> Iterator[Measurement]:
    """Train the same batches by our loop and by Keras's own `fit`, in a process of their own."""
    command = [sys.executable, "-m", "mmbm_desktop.training.bench"]
    for line in subprocess.check_output(command, text=True, stderr=subprocess.DEVNULL).splitlines():  # noqa: S603
        found = json.loads(line)
        name = found["network"]
        yield Measurement(f"{name}: steps a second", found["loop"], "1/s")
        yield Measurement(
            f"{name}: our loop over Keras's fit", found["loop"] / found["fit"], "x", 0.95, more_is_better=True
        )
        yield Measurement(f"{name}: making a batch over a step", found["batch_share"], "x", 1)


LIBRARY, RCLIP = "library", "rclip"
"""Measured by `library_measurements` and `rclip_measurement`, which take more to say."""
MEASUREMENTS: dict[str, Callable[[], Iterator[Measurement]]] = {
    "window": window,
    "caption": caption,
    "index": index,
    "train": train,
}

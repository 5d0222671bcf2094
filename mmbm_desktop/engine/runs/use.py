"""What a training process uses of the computer: memory, processor, graphics cards. It is looked at, never asked.

Nothing here goes through the process's own lines, so looking can never make a silent process seem to be heard.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import subprocess
import threading
import time
from typing import TYPE_CHECKING

import psutil

from mmbm_desktop.protocol.training import GpuUse, RunUse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

log = logging.getLogger(__name__)

EVERY_S = 2.0
_PATIENCE_S, _CLOSE_S = 5.0, 0.5
_MOST_FAILURES = 3
_MEBIBYTE = 1 << 20
_ASKED = "index,uuid,memory.used,memory.total,utilization.gpu"


class UseMeter:
    """Reads the use of a process and its children; processor use is that since the reading before."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._computed: dict[int, float] = {}
        self._at = time.monotonic()
        self._failures = 0
        self.read()

    def read(self, gpus: Sequence[int] = ()) -> RunUse | None:
        """Return the use now, also of the GPUs of these numbers; None once the process is gone."""
        memory, computed = 0, dict[int, float]()
        for process in _family(self._pid):
            with contextlib.suppress(psutil.Error):
                if process.status() == psutil.STATUS_ZOMBIE:
                    continue
                times = process.cpu_times()
                memory += process.memory_info().rss
                computed[process.pid] = times.user + times.system
        if self._pid not in computed:
            return None
        now = time.monotonic()
        spent = sum(seconds - self._computed.get(pid, 0.0) for pid, seconds in computed.items())
        cores = max(0.0, spent) / max(1e-3, now - self._at)
        self._computed, self._at = computed, now
        of_cores = os.cpu_count() or 1
        return RunUse(memory, min(round(cores, 2), float(of_cores)), of_cores, self._gpus(gpus))

    def _gpus(self, numbers: Sequence[int]) -> tuple[GpuUse, ...]:
        if not numbers or self._failures >= _MOST_FAILURES:
            return ()
        try:
            return gpu_use(numbers)
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            self._failures += 1
            log.info("nvidia-smi: %s", error)
            return ()


def _family(pid: int) -> Iterator[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        parent = psutil.Process(pid)
        yield parent
        yield from parent.children(recursive=True)


def gpu_use(numbers: Sequence[int]) -> tuple[GpuUse, ...]:
    """Return the use of the GPUs that TensorFlow calls by these numbers; none where NVIDIA's tool is not installed.

    Raises:
        OSError: the tool cannot be started.
        subprocess.SubprocessError: it fails or does not answer in time.
        ValueError: it says something else than asked.
    """
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return ()
    command = (tool, f"--query-gpu={_ASKED}", "--format=csv,noheader,nounits")
    done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S, check=True)  # noqa: S603
    rows = [[cell.strip() for cell in line.split(",")] for line in done.stdout.splitlines() if line.strip()]
    seen = _seen(rows)
    return tuple(_use(number, seen[number]) for number in numbers if number < len(seen) and seen[number][3].isdigit())


def _seen(rows: list[list[str]]) -> list[list[str]]:
    """Return the cards that a program sees, in its order: `CUDA_VISIBLE_DEVICES` names some, by number or by name."""
    if any(len(row) != len(_ASKED.split(",")) for row in rows):
        raise ValueError(str(rows))
    named = os.environ.get("CUDA_VISIBLE_DEVICES")
    if named is None:
        return rows
    wanted = [one.strip() for one in named.split(",") if one.strip()]
    return [row for one in wanted for row in rows if row[0] == one or row[1].startswith(one)]


def _use(number: int, row: list[str]) -> GpuUse:
    _, _, used, total, busy = row
    share = int(busy) / 100 if busy.isdigit() else None
    return GpuUse(number, int(used) * _MEBIBYTE if used.isdigit() else 0, int(total) * _MEBIBYTE, share)


class UseWatch:
    """Looks at a process every two seconds, in a thread of its own: NVIDIA's tool takes its time.

    Attributes:
        latest: the use at the last look; None before the first.
    """

    def __init__(self, pid: int, gpus: Callable[[], Sequence[int]], every_s: float = EVERY_S) -> None:
        self.latest: RunUse | None = None
        self._pid, self._gpus, self._every_s = pid, gpus, every_s
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name=f"use-{pid}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Look no more; a look that takes long ends by itself."""
        self._over.set()
        self._thread.join(_CLOSE_S)

    def _watch(self) -> None:
        meter = UseMeter(self._pid)
        while not self._over.wait(self._every_s):
            self.latest = meter.read(self._gpus())


def use_now(pid: int, gpus: Sequence[int], over_s: float = 0.5) -> RunUse | None:
    """Return the use of a process, measured over a moment; None where it is gone."""
    meter = UseMeter(pid)
    time.sleep(over_s)
    return meter.read(gpus)

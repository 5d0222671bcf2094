"""How long the window stands still: a timer of the event loop that notes how late it rings."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Slot

TICK_MS = 5
TOO_LONG_MS = 50.0


@dataclass(frozen=True)
class Gap:
    """The time between two rings, in milliseconds.

    Attributes:
        began_s: when it began, `time.perf_counter`.
        length: of all of it.
        computed: what of it the GUI thread computed.
        queued: how long of it the GUI thread could have gone on, but other threads and programs had the processors; 0
            where the system does not tell. The rest was waiting for Python's lock, a disk or the display.
    """

    began_s: float
    length: float
    computed: float
    queued: float

    @property
    def own(self) -> float:
        """The length without what other programs took."""
        return self.length - self.queued


class StallMeter(QObject):
    """Notes the gaps between the rings of a timer that should ring every 5 ms. Made and used in the GUI thread."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[Gap] = []
        self._schedule = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        self._file = os.open(self._schedule, os.O_RDONLY) if self._schedule.exists() else None
        self._last = self._now()
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer, interval=TICK_MS)
        self._timer.timeout.connect(self._ring)

    @Slot()
    def start(self) -> None:
        """Begin anew."""
        self.gaps = []
        self._last = self._now()
        self._timer.start()

    def stop(self) -> str:
        """Say what was found."""
        self._timer.stop()
        gaps = sorted(self.gaps, key=lambda gap: gap.length) or [Gap(0.0, 0.0, 0.0, 0.0)]
        longest, usual = gaps[-1], gaps[int(len(gaps) * 0.99)]
        return (
            f"longest {longest.length:.0f} ms ({longest.computed:.0f} computing, {longest.queued:.0f} in the"
            f" processors' queue), without queues {max(gap.own for gap in gaps):.0f} ms, 99th percentile"
            f" {usual.length:.0f} ms, {sum(gap.length > TOO_LONG_MS for gap in gaps)} of {len(gaps)} over 50 ms"
        )

    @Slot()
    def _ring(self) -> None:
        now = self._now()
        wall, own, queue = ((after - before) * 1000 for after, before in zip(now, self._last, strict=True))
        self.gaps.append(Gap(self._last[0], wall, own, queue))
        self._last = now

    def _now(self) -> tuple[float, float, float]:
        """Return the clock, the thread's computing and its waiting for a processor, in seconds."""
        queued_ns = 0 if self._file is None else int(os.pread(self._file, 100, 0).split()[1])
        return time.perf_counter(), time.thread_time(), queued_ns / 1e9

"""How long the window stands still while a large library is scrolled: `python -m tests.end2end.stalls [COUNT]`.

Needs a screen (Xvfb will do). A timer that should ring every 5 ms notes how late it is; the longest gap between two
rings is the longest stall. What the GUI thread computed in the meantime is noted too: on a busy computer the rest of
the gap is other programs'.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

TICK_MS = 5
STEPS = 200


class StallMeter:
    """Notes the gaps between the rings of a timer of the event loop, in milliseconds."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self._gaps: list[tuple[float, float]] = []
        self._last = (0.0, 0.0)
        self._timer = QTimer(timerType=Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._ring)

    def start(self) -> None:
        """Begin anew."""
        self._gaps = []
        self._last = (time.perf_counter(), time.thread_time())
        self._timer.start()

    def stop(self) -> str:
        """Return the longest gap, the 99th percentile, and the longest computing of the GUI thread in one gap."""
        self._timer.stop()
        gaps = sorted(gap for gap, _ in self._gaps) or [0.0]
        computed = max((own for _, own in self._gaps), default=0.0)
        usual = gaps[int(len(gaps) * 0.99)]
        return f"longest {gaps[-1]:.0f} ms, longest computing {computed:.0f} ms, 99th percentile {usual:.0f} ms"

    def _ring(self) -> None:
        now = (time.perf_counter(), time.thread_time())
        self._gaps.append(((now[0] - self._last[0]) * 1000, (now[1] - self._last[1]) * 1000))
        self._last = now


def measure(count: int) -> None:
    """Fill a library, scroll grid and list from end to end, and print the stalls."""
    from mmbm_desktop.app import SWITCH_S
    from mmbm_desktop.gui.main_thread_gc import MainThreadCollector
    from tests.end2end.driver import Driver
    from tests.end2end.large_library import fill

    began = time.perf_counter()
    fill(count)
    print(f"library of {count:,} items made in {time.perf_counter() - began:.0f} s", flush=True)
    driver = Driver()
    sys.setswitchinterval(SWITCH_S)
    collector = MainThreadCollector()
    page = driver.library
    driver.until(lambda: page.model.rowCount() and not page.search.answer.busy, "items are shown")
    driver.rest(1500)
    meter = StallMeter()
    for name, view in (("grid", page.views.grid), ("list", page.views.list)):
        if page.views.view is not view:
            page.views.toggle()
            driver.rest(500)
        bar = view.verticalScrollBar()
        bar.setValue(0)
        for pace, pixels in (("slow", 60), ("fast", 1500)):
            meter.start()
            for _ in range(STEPS):
                bar.setValue(min(bar.maximum(), bar.value() + pixels))
                driver.rest(16)
            print(f"{name}, {pace}: {meter.stop()}, {page.model.rowCount():,} rows", flush=True)
        meter.start()
        reached = _to_the_end(driver, page, bar)
        print(f"{name}, to the end: {meter.stop()}, {reached:,} rows", flush=True)
    collector.close()
    driver.quit()


def _to_the_end(driver: object, page: object, bar: object) -> int:
    """Jump to the end of what is loaded until everything is."""
    while page.model.rowCount() < page.model.total:
        bar.setValue(bar.maximum())
        driver.rest(10)
    return page.model.rowCount()


def main() -> None:
    """Measure in a process and a home of its own."""
    if os.environ.get("MMBM_STALLS"):
        measure(int(os.environ["MMBM_STALLS"]))
        return
    count = sys.argv[1] if len(sys.argv) > 1 else "100000"
    with tempfile.TemporaryDirectory(prefix="mmbm-") as home:
        environment = {**os.environ, "MMBM_HOME": f"{home}/mmbm", "HOME": home, "MMBM_STALLS": count}
        subprocess.run([sys.executable, "-m", "tests.end2end.stalls"], env=environment, check=True)


if __name__ == "__main__":
    main()

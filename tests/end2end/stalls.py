"""How long the window stands still while it works: `python -m tests.end2end.stalls [SITUATION…] [--items N]`.

Needs a screen (Xvfb will do). Each situation is a window in a process of its own and prints lines of what `StallMeter`
found. `--home DIR` keeps the library that was made for the next time; `--times N` does everything N times.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STEPS = 200
OPENING_S, CAPTURING_S, TRAINING_S = 6.0, 15.0, 40.0
NEW_PICTURES = 800
CLASSES, PICTURES_A_CLASS = 4, 60
CAMERA = "lavfi:testsrc2=size=640x480:rate=30,realtime"
PICTURES_A_SECOND = 15.0
_PAGES = ("explore", "train", "models", "activity")
_PATIENCE_S = 300.0


class Watched:
    """A window, driven, and the meter that looks at its event loop."""

    def __init__(self, first_page: str) -> None:
        from mmbm_desktop.app import SWITCH_S
        from mmbm_desktop.base import paths
        from mmbm_desktop.base.settings import Settings
        from mmbm_desktop.gui.main_thread_gc import MainThreadCollector
        from tests.end2end.driver import Driver
        from tests.end2end.stall_meter import StallMeter

        Settings(paths.config_dir() / "settings.json").set("window.page", first_page)
        sys.setswitchinterval(SWITCH_S)
        self.driver = Driver()
        self.meter = StallMeter()
        self._collector = MainThreadCollector()
        self._collector.set_aside()

    def close(self) -> None:
        """Close the window."""
        self._collector.close()
        self.driver.quit()

    def tell(self, name: str, more: str = "") -> None:
        """Print what the meter has found."""
        print(f"{name}: {self.meter.stop()}{more}", flush=True)

    def still(self) -> None:
        """Wait until nothing goes on any more."""
        engine = self.driver.engine
        self.driver.rest(1500)
        self.driver.until(lambda: all(job.state.final for job in engine.jobs()), "all is done", _PATIENCE_S)
        self.driver.rest(500)


# --- the situations ----------------------------------------------------------------------------------------------


def opening() -> None:
    """Scroll at once in the first seconds, while the library's folders are looked through; then see every page."""
    from PySide6.QtCore import QEvent, QObject

    window = Watched("library")

    class FirstPaint(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's own name
            if event.type() is QEvent.Type.Paint and not window.meter.gaps:
                window.meter.start()
            return super().eventFilter(watched, event)

    first = FirstPaint()
    window.driver.window.installEventFilter(first)
    page, bar = window.driver.library, window.driver.library.views.view.verticalScrollBar()
    window.driver.until(page.model.rowCount, "items are shown")
    began = time.perf_counter()
    for _ in _paced(lambda: time.perf_counter() - began < OPENING_S, window):
        bar.setValue(bar.value() + 60)
    window.tell("opening, scrolled at once")
    window.still()
    for name in _PAGES:
        window.meter.start()
        window.driver.window.show_page(name)
        window.driver.rest(1500)
        window.tell(f"{name}, first seen")
    window.close()


def scrolling() -> None:
    """Scroll grid and list, when nothing else goes on."""
    window = Watched("library")
    window.driver.until(window.driver.library.model.rowCount, "items are shown")
    window.still()
    page = window.driver.library
    for name, view in (("grid", page.views.grid), ("list", page.views.list)):
        _turn_to(window, view)
        for pace, pixels in (("slow", 60), ("fast", 1500)):
            _scroll(window, f"{name}, {pace}", view.verticalScrollBar(), pixels)
        window.meter.start()
        _to_the_end(window, view.verticalScrollBar())
        window.tell(f"{name}, to the end", f", {page.model.rowCount():,} rows")
    window.close()


def indexing() -> None:
    """Scroll grid and list while new pictures are being indexed."""
    from tests.end2end.large_library import new_pictures

    folder = new_pictures(Path.home() / "Pictures" / f"New {time.time_ns()}", NEW_PICTURES)
    window = Watched("library")
    page = window.driver.library
    window.driver.until(page.model.rowCount, "items are shown")
    window.still()
    page.folders.add([str(folder)])
    window.driver.rest(100)
    engine = window.driver.engine
    for name, view in (("grid", page.views.grid), ("list", page.views.list)):
        _turn_to(window, view)
        for pace, pixels in (("slow", 60), ("fast", 1500)):
            assert not all(job.state.final for job in engine.jobs()), "all is indexed already"
            _scroll(window, f"indexing and {name}, {pace}", view.verticalScrollBar(), pixels)
    window.meter.start()
    window.still()
    window.tell("indexing, to its end")
    page.folders.remove(str(folder))
    window.still()
    window.close()


def training() -> None:
    """Watch a run's live curve and samples, from the dropped folder on."""
    from tests.end2end.large_library import class_folders

    folder = class_folders(Path.home() / f"classes {time.time_ns()}", CLASSES, PICTURES_A_CLASS)
    window = Watched("train")
    driver, page = window.driver, window.driver.train
    window.still()
    window.meter.start()
    driver.drop(page.data_panel, folder)
    driver.until(lambda: page.data.report is not None, "the folder was looked over", _PATIENCE_S)
    driver.rest(500)
    window.tell("training, the folder dropped")
    for field, value in ((page.form.recipe, "picture-classes"), (page.form.preset, "tiny-cnn")):
        field.control.setCurrentIndex(field.control.findData(value))
    page.form.name.control.setText("stalls")
    page.form.epochs.control.setValue(500)
    driver.rest(500)
    assert page.form.start.isEnabled(), page.form.why.text()
    window.meter.start()
    page.form.start.click()
    driver.until(lambda: page.runs.active and page.runs.active[0].epochs_done > 0, "it trains", _PATIENCE_S)
    window.tell("training, until the first epoch")
    bar = page._run_view.verticalScrollBar()
    began = time.perf_counter()
    window.meter.start()
    for turn in _paced(lambda: time.perf_counter() - began < TRAINING_S, window):
        bar.setValue(abs(turn % 200 - 100) * bar.maximum() // 100)
    run, redraws = page.runs.active[0], page.run_panel.chart.redraws
    window.tell("training, live", f", {run.epochs_done} epochs, curve drawn {redraws} times")
    window.close()


def capturing() -> None:
    """Look through FFmpeg's test camera and take fifteen pictures a second."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from mmbm_desktop.engine.capturing.local import LocalCapturing
    from mmbm_desktop.protocol.capture import CameraInfo

    window = Watched("train")
    driver, page = window.driver, window.driver.train
    window.still()
    camera = CameraInfo(CAMERA, "Test pictures")
    real = LocalCapturing(driver.engine.capturing._announce, cameras=lambda: (camera,))
    page.parts.capture.desk._capturing = real
    window.meter.start()
    page.data_panel.capture_asked.emit()
    driver.until(lambda: page.dialog.camera.picture is not None, "the camera gives pictures")
    driver.rest(500)
    window.tell("capturing, the camera opened")
    dialog = page.dialog
    dialog.classes.name.setText("thing")
    dialog.classes.name.returnPressed.emit()
    dialog.pace.setValue(PICTURES_A_SECOND)
    driver.until(dialog.hold.isEnabled, "something can be taken")
    window.meter.start()
    QTest.mousePress(dialog.hold, Qt.MouseButton.LeftButton)
    driver.rest(round(CAPTURING_S * 1000))
    QTest.mouseRelease(dialog.hold, Qt.MouseButton.LeftButton)
    window.tell("capturing", f", {len(dialog.desk.shots)} pictures in {CAPTURING_S:.0f} s")
    dialog.close()
    real.close()
    window.close()


SITUATIONS: dict[str, Callable[[], None]] = {
    "opening": opening,
    "scrolling": scrolling,
    "indexing": indexing,
    "training": training,
    "capturing": capturing,
}


# --- scrolling ---------------------------------------------------------------------------------------------------


def _paced(goes_on: Callable[[], bool], window: Watched) -> Iterator[int]:
    """Count up, sixty times a second."""
    turn = 0
    while goes_on():
        yield turn
        window.driver.rest(16)
        turn += 1


def _turn_to(window: Watched, view: Any) -> None:
    """Show a view, at the start of rows that are loaded anew."""
    from mmbm_desktop.protocol.order import Order, SortKey

    page = window.driver.library
    if page.views.view is not view:
        page.views.toggle()
    page.search.set_order(Order(SortKey.NAME, descending=view is page.views.list))
    window.driver.until(lambda: not page.search.answer.busy, "the rows are loaded anew")
    view.verticalScrollBar().setValue(0)
    window.driver.rest(1000)


def _scroll(window: Watched, name: str, bar: Any, pixels: int) -> None:
    window.meter.start()
    for _ in range(STEPS):
        bar.setValue(min(bar.maximum(), bar.value() + pixels))
        window.driver.rest(16)
    window.tell(name, f", {window.driver.library.model.rowCount():,} rows")


def _to_the_end(window: Watched, bar: Any) -> None:
    """Jump to the end of what is loaded until everything is."""
    model = window.driver.library.model
    while model.rowCount() < model.total:
        bar.setValue(bar.maximum())
        window.driver.rest(10)


# --- the command -------------------------------------------------------------------------------------------------


def main() -> None:
    """Make the library where it is missing, and watch each situation in a process of its own."""
    if os.environ.get("MMBM_STALLS"):
        SITUATIONS[os.environ["MMBM_STALLS"]]()
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("situations", nargs="*", metavar="SITUATION", help=f"of {', '.join(SITUATIONS)}; usually all")
    parser.add_argument("--items", type=int, default=100_000, help="in the library")
    parser.add_argument("--home", type=Path, help="where everything lies; kept")
    parser.add_argument("--times", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mmbm-") as folder:
        home = (arguments.home or Path(folder)).absolute()
        environment = {**os.environ, "MMBM_HOME": str(home / "mmbm"), "HOME": str(home)}
        if not (home / "made").exists():
            _run(["-c", f"from tests.end2end.large_library import fill; fill({arguments.items})"], environment)
            (home / "made").touch()
        for name in (arguments.situations or list(SITUATIONS)) * arguments.times:
            _run(["-m", "tests.end2end.stalls"], {**environment, "MMBM_STALLS": name})


def _run(arguments: list[str], environment: dict[str, str]) -> None:
    subprocess.run([sys.executable, *arguments], env=environment, check=True)


if __name__ == "__main__":
    main()

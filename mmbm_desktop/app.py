"""The window's start and end.

In this order: the log; Qt's application; settings, theme and language; the engine (it starts no process yet and opens
the library); the window, shown at once; and only then, from the event loop, the worker is warmed up. No tensor library
is imported in this process. At the end the engine is closed off the main thread, then the window, then the loop.
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from mmbm_desktop import __version__
from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.base.logs import start_logging
from mmbm_desktop.base.settings import Settings
from mmbm_desktop.engine.local import LocalEngine
from mmbm_desktop.gui.context import AppContext, Navigator
from mmbm_desktop.gui.excepthook import UncaughtErrors
from mmbm_desktop.gui.main_thread_gc import MainThreadCollector
from mmbm_desktop.gui.main_window import MainWindow
from mmbm_desktop.gui.self_test import SelfTest
from mmbm_desktop.gui.shutdown import Shutdown
from mmbm_desktop.gui.startup_error import show_startup_error
from mmbm_desktop.gui.state.engine_bridge import EngineBridge
from mmbm_desktop.gui.theme.theme import Theme
from mmbm_desktop.gui.translation import Translation

if TYPE_CHECKING:
    from collections.abc import Callable

    from mmbm_desktop.base.settings import SettingValue
    from mmbm_desktop.engine.interface import Engine

log = logging.getLogger(__name__)
_WAKE_PYTHON_MS = 250
_WATCH_AFTER_MS = 1000
SWITCH_S = 0.0005
"""How long another thread may hold Python's lock while the window wants it: each of some fifty calls that paint what
moves gives it away, and beside a busy thread Python's usual 5 ms is far too long. With 0.05 ms the window stood still
for longer than with 0.5: the others took the lock from it just as quickly. See also `base.giving_way`."""


class Desktop:
    """Everything that lives as long as the window; `engine_factory` makes the engine from the settings."""

    def __init__(self, app: QApplication, engine_factory: Callable[[Settings], Engine]) -> None:
        self.settings = Settings(paths.config_dir() / "settings.json")
        self._app = app
        self.theme = Theme(self.settings)
        self.theme.apply_to(app)
        self.translation = Translation(self.settings)
        self.translation.apply()
        engine = engine_factory(self.settings)
        self.context = AppContext(engine, EngineBridge(engine), self.settings, self.theme, Navigator())
        self.window = MainWindow(self.context)
        self.shutdown = Shutdown(self.window, self.context)
        self.shutdown.finished.connect(app.quit)
        self._leave = self.settings.subscribe(self._setting_changed)

    def show(self) -> None:
        """Show the window, then warm the worker up from the event loop, and later begin to keep folders up to date."""
        self.window.show()
        QTimer.singleShot(0, self.context.engine.warm_up)
        QTimer.singleShot(_WATCH_AFTER_MS, self._begin_watching)

    def _begin_watching(self) -> None:
        """Keep folders up to date, at the latest when this window takes the library over from another."""
        self.context.engine.watch_folders()
        self.context.bridge.library_state_changed.connect(self.context.engine.watch_folders)

    def _setting_changed(self, name: str, value: SettingValue) -> None:
        del value
        if name == "appearance.theme":
            self.theme.refresh()
        elif name == "appearance.language":
            self.translation.apply()


def main(argv: list[str] | None = None) -> int:
    """Open the window and return the exit status once it has closed."""
    started_s = time.perf_counter()
    sys.setswitchinterval(SWITCH_S)
    arguments = _parser().parse_args(argv or [])
    start_logging(paths.log_dir() / "window.log")
    app = QApplication([sys.argv[0]])
    app.setApplicationName("MMBM Desktop")
    app.setApplicationVersion(__version__)
    app.setWindowIcon(QIcon(str(paths.resources_dir() / "icons" / "mmbm.svg")))
    errors = UncaughtErrors(paths.log_dir() / "crash.log")
    collector = MainThreadCollector()
    try:
        desktop = Desktop(app, partial(LocalEngine, window=True))
    except MmbmError as error:
        log.exception("the window could not be opened")
        show_startup_error(error)
        return app.exec()
    errors.caught.connect(desktop.window.show_uncaught)
    _end_on_signals(desktop)
    desktop.show()
    collector.set_aside()
    test = SelfTest(desktop.window, desktop.context, started_s) if arguments.self_test else None
    status = app.exec()
    collector.close()
    errors.close()
    if test is not None:
        print(test.report())
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mmbm")
    parser.add_argument(
        "--self-test", action="store_true", help="open the window, caption one picture, print timings as JSON, close"
    )
    return parser


def _end_on_signals(desktop: Desktop) -> None:
    """End in order on Ctrl+C and SIGTERM; a timer lets Python see signals while Qt's loop runs."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: desktop.shutdown.begin())
    timer = QTimer(desktop.window, interval=_WAKE_PYTHON_MS)
    timer.timeout.connect(desktop.window.isVisible)
    timer.start()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

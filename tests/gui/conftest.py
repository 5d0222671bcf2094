"""A window's surroundings with a scripted engine, and guards against what a test leaves behind."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from mmbm_desktop.base.settings import Settings
from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.gui.context import AppContext, Navigator
from mmbm_desktop.gui.state.engine_bridge import EngineBridge
from mmbm_desktop.gui.theme.theme import Theme


@pytest.fixture
def engine() -> FakeEngine:
    """Return an engine that answers at once."""
    return FakeEngine()


@pytest.fixture
def context(qapp: QApplication, tmp_path: Path, engine: FakeEngine) -> Iterator[AppContext]:
    """Return what a page is given; the light theme is on."""
    settings = Settings(tmp_path / "settings.json")
    settings.set("appearance.theme", "light")
    theme = Theme(settings)
    bridge = EngineBridge(engine)
    yield AppContext(engine, bridge, settings, theme, Navigator())
    bridge.close()


@pytest.fixture(autouse=True)
def nothing_is_left(qapp: QApplication) -> Iterator[None]:
    """Fail a test that leaves a window or a thread behind."""
    threads = set(threading.enumerate())
    yield
    QApplication.clipboard().clear()  # offscreen, it would outlive Python, and the process end with a crash
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
    windows = [window for window in QApplication.topLevelWidgets() if window.isVisible()]
    assert windows == [], "a test left a window open"
    left = [thread for thread in set(threading.enumerate()) - threads if thread.is_alive() and not thread.daemon]
    assert left == [], "a test left a thread running"

"""The Library page, shown and filled."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from mmbm_desktop.gui.context import AppContext
from mmbm_desktop.gui.pages.library import LibraryPage


@pytest.fixture
def page(qtbot: QtBot, context: AppContext) -> Iterator[LibraryPage]:
    """Return the page, shown and filled."""
    made = LibraryPage(context)
    made.resize(1200, 740)
    made.show()
    made.on_shown()
    qtbot.waitUntil(lambda: made.folders.loaded)
    yield made
    made.close_workers()
    made.close()
    made.deleteLater()

"""The Explore page, shown, with a scripted engine behind it, and recordings to drop on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mmbm_desktop.gui.context import AppContext
from mmbm_desktop.gui.pages.explore import ExplorePage
from mmbm_desktop.gui.translation import Translation


@pytest.fixture
def page(qtbot: QtBot, context: AppContext) -> Iterator[ExplorePage]:
    """Return the page, shown."""
    made = ExplorePage(context)
    made.resize(1200, 800)
    made.show()
    yield made
    made.close_workers()
    made.close()
    made.deleteLater()


@pytest.fixture
def recording(tmp_path: Path) -> str:
    """Return the path of a file that begins like a WAV."""
    file = tmp_path / "garden.wav"
    file.write_bytes(b"RIFF\x24\0\0\0WAVEfmt ")
    return str(file)


@pytest.fixture
def translation(context: AppContext) -> Iterator[Translation]:
    """Return the window's language, English, to be switched by the setting and `apply`."""
    context.settings.set("appearance.language", "en")
    made = Translation(context.settings)
    made.apply()
    yield made
    made.remove()

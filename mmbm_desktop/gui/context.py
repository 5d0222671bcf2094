"""What every page is given: the engine, its signals, the settings, the theme and the way to other pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from mmbm_desktop.base.settings import Settings
    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.gui.state.engine_bridge import EngineBridge
    from mmbm_desktop.gui.theme.theme import Theme


class Navigator(QObject):
    """Requests from one page to another; the main window listens."""

    page_requested = Signal(str)
    search_requested = Signal(object)
    """A `SearchRequest` to show on the Library page."""
    index_requested = Signal(object)
    """A tuple of folder paths to take into the library."""
    notice = Signal(str)
    """A short sentence to show for a few seconds."""


@dataclass(frozen=True)
class AppContext:
    """Handed to every page."""

    engine: Engine
    bridge: EngineBridge
    settings: Settings
    theme: Theme
    navigator: Navigator

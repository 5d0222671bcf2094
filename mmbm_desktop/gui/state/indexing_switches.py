"""The three switches of indexing: notice changes, pause, low priority. They are settings; the engine follows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from mmbm_desktop.base.settings import Settings

WATCH = "indexing.watch"
PAUSED = "indexing.paused"
LOW_PRIORITY = "indexing.low_priority"
NAMES = (WATCH, PAUSED, LOW_PRIORITY)


class IndexingSwitches(QObject):
    """Reads and turns the switches; `changed` says that one was turned, here or elsewhere."""

    changed = Signal()

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._leave = settings.subscribe(self._setting_changed)

    def on(self, name: str) -> bool:
        """Whether a switch is on."""
        return self._settings.flag(name)

    def turn(self, name: str, *, on: bool) -> None:
        """Turn a switch."""
        self._settings.set(name, on)

    @Slot()
    def toggle_pause(self) -> None:
        """Pause indexing, or let it go on."""
        self.turn(PAUSED, on=not self.on(PAUSED))

    def close(self) -> None:
        """Hear no more of the settings; safe to call twice."""
        leave, self._leave = self._leave, _nothing
        leave()

    def _setting_changed(self, name: str, value: object) -> None:
        del value
        if name in NAMES:
            self.changed.emit()


def _nothing() -> None:
    """Stand in for the function that leaves the settings once it was called."""

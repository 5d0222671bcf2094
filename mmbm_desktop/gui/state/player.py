"""Plays one recording at a time and says where it is, 30 times a second. QtCore only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mmbm_desktop.media.playback import Playback, SystemSpeaker
from mmbm_desktop.protocol.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Callable

    from mmbm_desktop.media.playback import Speaker

TICK_MS = 33


class Player(QObject):
    """Wraps a `Playback`; its signals come in the GUI thread."""

    moved = Signal(float)
    """Seconds from the start of the recording."""
    state_changed = Signal()
    failed = Signal(object)
    _over = Signal(object, object)

    def __init__(
        self, parent: QObject | None = None, *, open_speaker: Callable[[int, int], Speaker] = SystemSpeaker
    ) -> None:
        super().__init__(parent)
        self._open_speaker = open_speaker
        self._playback: Playback | None = None
        self._path = ""
        self._turn = 0
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._over.connect(self._ended)

    @property
    def path(self) -> str:
        """The recording that plays; empty in silence."""
        return self._path

    def play(self, path: str, start_s: float = 0.0) -> None:
        """Play from a place on; whatever played before stops."""
        self._silence()
        turn = self._turn

        def over(error: Exception | None) -> None:
            self._over.emit(turn, error)

        self._path = path
        self._playback = Playback(path, start_s, over, self._open_speaker, self._playback)
        self._timer.start()
        self.state_changed.emit()
        self.moved.emit(start_s)

    @Slot()
    def stop(self) -> None:
        """Fall silent."""
        if self._path:
            self._silence()
            self.state_changed.emit()

    def close(self) -> None:
        """Fall silent and wait until the device is free."""
        self._silence()
        playback, self._playback = self._playback, None
        if playback is not None:
            playback.join()

    def _silence(self) -> None:
        self._timer.stop()
        self._path = ""
        self._turn += 1
        if self._playback is not None:
            self._playback.stop()

    @Slot()
    def _tick(self) -> None:
        if self._playback is not None:
            self.moved.emit(self._playback.position_s)

    @Slot(object, object)
    def _ended(self, turn: int, error: Exception | None) -> None:
        if turn != self._turn:
            return
        self._silence()
        self.state_changed.emit()
        if error is not None:
            self.failed.emit(Failure.of(error))

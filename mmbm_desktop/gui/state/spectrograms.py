"""Makes the spectrogram of the recording that is shown, in a thread, once the choice has rested. QtCore only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal, Slot

from mmbm_desktop.base.errors import Cancelled, MmbmError
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.media.spectrogram import spectrogram

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

COLUMNS = 512
REST_MS = 200


class Spectrograms(QObject):
    """One at a time; `made` carries the path and the picture, uint8 (64, 512)."""

    made = Signal(str, object)
    _done = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._path = ""
        self._token = CancelToken()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._start)
        self._done.connect(self._take)

    def look_at(self, path: str) -> None:
        """Make the picture of a recording in a moment; "" makes none."""
        self._token.cancel()
        self._rest.stop()
        self._path = path
        if path:
            self._rest.start()

    def close(self) -> None:
        """Drop the work in hand and wait for its thread."""
        self.look_at("")
        self._pool.waitForDone()

    @Slot()
    def _start(self) -> None:
        path, token = self._path, CancelToken()
        self._token = token

        def work() -> None:
            self._done.emit(path, _made(path, token))

        self._pool.start(work)

    @Slot(str, object)
    def _take(self, path: str, picture: object) -> None:
        if path == self._path and picture is not None:
            self.made.emit(path, picture)


def _made(path: str, token: CancelToken) -> npt.NDArray[np.uint8] | None:
    """Return the picture; a recording that cannot be read has none."""
    try:
        return spectrogram(Path(path), COLUMNS, token)
    except (Cancelled, MmbmError):
        return None

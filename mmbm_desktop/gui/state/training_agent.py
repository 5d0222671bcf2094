"""What a run's agent expects of its world and how it played last, read from the run's folder as the run goes on.

QtCore only. The files are replaced as wholes; one that is missing or of another shape says nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QElapsedTimer, QObject, Signal, Slot

from mmbm_desktop.protocol.agents import Episode, ValueGrid
from mmbm_desktop.protocol.plain import record_of

if TYPE_CHECKING:
    from mmbm_desktop.gui.state.library_calls import LibraryCalls
    from mmbm_desktop.protocol.failure import Failure
    from mmbm_desktop.protocol.training import RunInfo

_VALUES_FILE, _EPISODE_FILE = "values.json", "episode.json"
_READ_EVERY_MS = 1000
_LARGEST_BYTES = 20_000_000


@dataclass(frozen=True)
class Shown:
    """What the folder holds; `picture` is the episode's animated picture."""

    values: ValueGrid | None = None
    episode: Episode | None = None
    picture: bytes = b""


class AgentFiles(QObject):
    """Reads a run's files at most once a second, in the thread of a `LibraryCalls`."""

    changed = Signal(object)
    """The `Shown` of the run that is followed; an empty one for a run without an agent."""

    def __init__(self, calls: LibraryCalls, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._calls = calls
        self._path = ""
        self._shown = Shown()
        self._since = QElapsedTimer()
        self._reading = False

    def follow(self, run: RunInfo) -> None:
        """Read what another run has to show."""
        self._path, self._shown = run.path, Shown()
        self.changed.emit(self._shown)
        self._read()

    @Slot(object)
    def look(self, run: RunInfo) -> None:
        """Read again where the run has gone on, unless that was done just now."""
        due = not self._since.isValid() or self._since.elapsed() >= _READ_EVERY_MS or not run.state.active
        if run.path == self._path and due and not self._reading:
            self._read()

    def _read(self) -> None:
        self._reading = True
        self._since.start()
        path = self._path
        self._calls.run(partial(_shown, Path(path)), success=partial(self._take, path), failure=self._unread)

    def _take(self, path: str, shown: Shown) -> None:
        self._reading = False
        if path == self._path and shown != self._shown:
            self._shown = shown
            self.changed.emit(shown)

    def _unread(self, failure: Failure) -> None:
        del failure
        self._reading = False


def _shown(folder: Path) -> Shown:
    episode = _record(Episode, folder / _EPISODE_FILE)
    picture = b""
    if episode is not None and Path(episode.picture).name == episode.picture:
        picture = _bytes(folder / episode.picture)
    return Shown(_record(ValueGrid, folder / _VALUES_FILE), episode, picture)


def _record(kind: type[Any], file: Path) -> Any:
    try:
        return record_of(kind, json.loads(_bytes(file)))
    except ValueError:
        return None


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes() if file.stat().st_size <= _LARGEST_BYTES else b""
    except OSError:
        return b""

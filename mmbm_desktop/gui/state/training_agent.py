"""A run's agent: what it expects of its world, how it played last, and a game of the trained one. QtCore only.

The run's files are read as the run goes on; one that is missing or of another shape says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, Signal, Slot

from mmbm_desktop.engine.runs.agents import latest_episode, value_grid
from mmbm_desktop.protocol.requests import PlayRequest
from mmbm_desktop.protocol.results import PlayResult

if TYPE_CHECKING:
    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.gui.state.engine_bridge import EngineBridge
    from mmbm_desktop.gui.state.library_calls import LibraryCalls
    from mmbm_desktop.protocol.agents import Episode, ValueGrid
    from mmbm_desktop.protocol.failure import Failure
    from mmbm_desktop.protocol.jobs import JobSnapshot
    from mmbm_desktop.protocol.training import RunInfo

_READ_EVERY_MS = 1000


@dataclass(frozen=True)
class Shown:
    """What there is to see; `picture` is the episode's animated picture, `seed` that of a game that was asked for."""

    values: ValueGrid | None = None
    episode: Episode | None = None
    picture: bytes = b""
    seed: int | None = None


class TrainingAgent(QObject):
    """Follows the agent of one run. Its files are read at most once a second, in the thread of a `LibraryCalls`.

    Attributes:
        shown: what there is to see; an empty one for a run without an agent.
        bundle: folder of the trained agent; "" while there is none.
        failure: why the last game that was asked for could not be played.
    """

    changed = Signal()

    def __init__(
        self, engine: Engine, bridge: EngineBridge, calls: LibraryCalls, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engine, self._calls = engine, calls
        self.shown = Shown()
        self.bundle = ""
        self.failure: Failure | None = None
        self._path = ""
        self._seed = 0
        self._asked: PlayRequest | None = None
        self._stored: tuple[ValueGrid | None, tuple[Episode, bytes] | None] = (None, None)
        self._since = QElapsedTimer()
        self._reading = False
        bridge.job_changed.connect(self._job_changed)

    @property
    def playing(self) -> bool:
        """Whether the trained agent is playing a game that was asked for."""
        return self._asked is not None

    def follow(self, run: RunInfo) -> None:
        """Read what another run has to show."""
        self._path, self.bundle, self.shown = run.path, run.bundle, Shown()
        self._stored, self._asked, self.failure, self._seed = (None, None), None, None, 0
        self.changed.emit()
        self._read()

    def look(self, run: RunInfo) -> None:
        """Read again where the run has gone on, unless that was done just now."""
        if run.path != self._path:
            return
        if run.bundle != self.bundle:
            self.bundle = run.bundle
            self.changed.emit()
        due = not self._since.isValid() or self._since.elapsed() >= _READ_EVERY_MS or not run.state.active
        if due and not self._reading:
            self._read()

    @Slot()
    def play(self) -> None:
        """Let the trained agent play an episode, another one each time."""
        if self.playing or not self.bundle:
            return
        self._seed += 1
        self.failure = None
        self._asked = PlayRequest(self.bundle, self._seed)
        self._engine.submit(self._asked)
        self.changed.emit()

    def _read(self) -> None:
        self._reading = True
        self._since.start()
        path = self._path
        self._calls.run(partial(_stored, path), success=partial(self._take, path), failure=self._unread)

    def _take(self, path: str, stored: tuple[ValueGrid | None, tuple[Episode, bytes] | None]) -> None:
        self._reading = False
        if path != self._path or stored == self._stored:
            return
        played_on, self._stored = stored[1] != self._stored[1], stored
        self.shown = replace(self.shown, values=stored[0])
        if played_on:
            episode, picture = stored[1] or (None, b"")
            self.shown = Shown(stored[0], episode, picture)
        self.changed.emit()

    def _unread(self, failure: Failure) -> None:
        del failure
        self._reading = False

    @Slot(object)
    def _job_changed(self, job: JobSnapshot) -> None:
        if self._asked is None or job.request is not self._asked or not job.state.final:
            return
        if isinstance(job.result, PlayResult):
            self.shown = Shown(self.shown.values, job.result.episode, job.result.picture, self._asked.seed)
        self.failure, self._asked = job.failure, None
        self.changed.emit()


def _stored(path: str) -> tuple[ValueGrid | None, tuple[Episode, bytes] | None]:
    return value_grid(path), latest_episode(path)

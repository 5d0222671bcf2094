"""What goes on by itself while the window is open: folders are watched, old answers redone, the long gone forgotten."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.protocol.events import LibraryChanged, LibraryStateChanged, ModelsChanged
from mmbm_desktop.protocol.keeping import Access
from mmbm_desktop.protocol.requests import RedoRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from mmbm_desktop.base.settings import Settings
    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.engine.one_thread import OneThread
    from mmbm_desktop.engine.redoing import Redoing
    from mmbm_desktop.engine.watching import Watching
    from mmbm_desktop.library.interface import Library
    from mmbm_desktop.protocol.events import Event

log = logging.getLogger(__name__)

DAY_S = 24 * 3600.0


class KeepingUp:
    """Does nothing before `begin`: commands that only ask something start no work of their own.

    Args:
        watching: notices changes.
        redoing: knows whether models were replaced.
        engine: takes the jobs.
        writer: the one thread that writes the library.
    """

    def __init__(
        self,
        watching: Watching,
        redoing: Redoing,
        engine: Engine,
        writer: OneThread,
        library: Library,
        settings: Settings,
    ) -> None:
        self._watching = watching
        self._redoing = redoing
        self._engine = engine
        self._writer = writer
        self._library = library
        self._settings = settings
        self._wake = threading.Condition()
        self._models_changed = True
        self._closing = False
        self._thread: threading.Thread | None = None
        self._leave_settings: Callable[[], None] | None = None

    def begin(self) -> None:
        """Start; safe to call twice."""
        with self._wake:
            if self._thread is not None or self._closing:
                return
            self._leave_settings = self._settings.subscribe(self._setting_changed)
            self._thread = threading.Thread(target=self._run, name="keeping-up", daemon=True)
            self._thread.start()
        self._watching.begin()

    def on_event(self, event: Event) -> None:
        """Hear what happened; called in the announcer's thread."""
        if isinstance(event, ModelsChanged):
            self._note_models()
        elif isinstance(event, LibraryChanged) and event.folders_changed and self._watching.begun:
            self._watching.folders_changed()
        elif isinstance(event, LibraryStateChanged) and event.state.access is Access.WRITING and self._watching.begun:
            self._watching.library_changed()  # moved, restored or another one: whatever was being indexed was stopped

    def close(self) -> None:
        """End, and wait for what is in hand; safe to call twice."""
        with self._wake:
            self._closing = True
            self._wake.notify()
            leave, self._leave_settings = self._leave_settings, None
        if leave is not None:
            leave()
        self._watching.close()
        if self._thread is not None:
            self._thread.join()

    def _setting_changed(self, name: str, value: object) -> None:
        del value
        if name.startswith("models.") or name == "captions.languages":
            self._note_models()

    def _note_models(self) -> None:
        with self._wake:
            self._models_changed = True
            self._wake.notify()

    def _run(self) -> None:
        while True:
            with self._wake:
                due = self._models_changed or self._closing or not self._wake.wait(DAY_S)
                if self._closing:
                    return
                forget, changed = due and not self._models_changed, self._models_changed
                self._models_changed = False
            try:
                if changed:
                    self._redo_if_behind()
                if forget:
                    self._writer.run(self._library.forget_old)
            except MmbmError as error:
                log.warning("keeping up: %s", error)

    def _redo_if_behind(self) -> None:
        """Redo what other models answered than those chosen now; a run that began with others ends."""
        for job in self._engine.jobs():
            if isinstance(job.request, RedoRequest) and not job.state.final:
                self._engine.cancel(job.id)
        if self._redoing.is_behind():
            self._engine.submit(RedoRequest())

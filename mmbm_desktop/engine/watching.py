"""Keeps the library's folders up to date: at the start, while changes are noticed, and where they cannot be.

One thread. What changed is gathered until it has settled and is then looked at as one job for each folder; while that
job runs, the next is gathered. Folders whose changes are not told by the system are looked through every few minutes.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.engine.settling import QUIET_S, Settling
from mmbm_desktop.media.mounts import place_of
from mmbm_desktop.protocol.events import LibraryChanged, WatchFellBack
from mmbm_desktop.protocol.requests import IndexRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from mmbm_desktop.base.settings import Settings
    from mmbm_desktop.media.mounts import Place
    from mmbm_desktop.media.watching import FolderWatcher
    from mmbm_desktop.protocol.catalogue import FolderInfo
    from mmbm_desktop.protocol.events import Event
    from mmbm_desktop.protocol.jobs import JobId

log = logging.getLogger(__name__)

EVENTS = "events"
_EVENTS_LOST = "events-lost"
_UNWATCHABLE = "unwatchable"
_AWAY = "away"
_TICK_S = 0.25
_GONE_WAITS_S = 5.0
_PLACES_EVERY_S = 2.0
"""How often it is looked whether a folder is still the one that is watched: a drive that goes tells nothing."""


class Watching:
    """Begins with `begin` and ends with `close`.

    Args:
        folders: gives the library's folders; may raise `MmbmError`.
        submit: queues an index request.
        is_over: whether such a job has ended.
        announce: takes `WatchFellBack` and `LibraryChanged`.
        settings: `indexing.watch`, `indexing.paused` and `indexing.rescan_minutes`.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        folders: Callable[[], Sequence[FolderInfo]],
        submit: Callable[[IndexRequest], JobId],
        is_over: Callable[[JobId], bool],
        announce: Callable[[Event], None],
        settings: Settings,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folders = folders
        self._submit = submit
        self._is_over = is_over
        self._announce = announce
        self._settings = settings
        self._clock = clock
        self._wake = threading.Condition()
        self._changed: list[str] = []
        self._silent: list[tuple[str, str]] = []
        self._look_again = self._anew = True
        self._closing = False
        self._thread: threading.Thread | None = None
        self._leave_settings: Callable[[], None] | None = None
        # What follows is the thread's own; `_how` is read by others and replaced as a whole.
        self._watcher: FolderWatcher | None = None
        self._known: dict[str, FolderInfo] = {}
        self._how: dict[str, str] = {}
        self._places: dict[str, Place | None] = {}
        self._places_seen_s = clock()
        self._told: set[tuple[str, str]] = set()
        self._settling = Settling(QUIET_S)
        self._settled: dict[str, float] = {}
        self._due: dict[str, None] = {}
        self._at_work: dict[str, JobId] = {}
        self._updates: list[JobId] = []
        self._rescanned_s = clock()

    def begin(self) -> None:
        """Start; safe to call twice."""
        with self._wake:
            if self._thread is not None or self._closing:
                return
            self._thread = threading.Thread(target=self._run, name="watching", daemon=True)
            self._leave_settings = self._settings.subscribe(self._setting_changed)
            self._thread.start()

    @property
    def begun(self) -> bool:
        """Whether `begin` was called."""
        return self._thread is not None

    def folders_changed(self) -> None:
        """Hear that there may be other folders; returns at once."""
        with self._wake:
            self._look_again = True
            self._wake.notify()

    def library_changed(self) -> None:
        """Hear that another library may be open: everything begins anew; returns at once."""
        with self._wake:
            self._anew = self._look_again = True
            self._wake.notify()

    def how(self, folder: str) -> str:
        """Return how changes in a folder are noticed: "events", why not (see `WatchFellBack`), "" for not at all."""
        return self._how.get(folder, "")

    def close(self) -> None:
        """End, and wait for the thread; safe to call twice."""
        with self._wake:
            self._closing = True
            self._wake.notify()
            thread, leave = self._thread, self._leave_settings
            self._leave_settings = None
        if leave is not None:
            leave()
        if thread is not None:
            thread.join()

    # --- what others say, in their threads -------------------------------------------------------------------------

    def _setting_changed(self, name: str, value: object) -> None:
        del value
        if name in ("indexing.watch", "indexing.paused"):
            self.folders_changed()

    def _note_changed(self, path: str) -> None:
        with self._wake:
            self._changed.append(path)
            self._wake.notify()

    def _note_silent(self, reason: str, path: str) -> None:
        with self._wake:
            self._silent.append((reason, path))
            self._wake.notify()

    # --- the thread ------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while self._turn():
                pass
        except Exception:
            log.exception("folders are watched no longer")
        finally:
            self._stop_watcher()

    def _turn(self) -> bool:
        """Wait for something to do and do it; return whether there will be more."""
        with self._wake:
            if not (self._changed or self._silent or self._look_again or self._closing):
                self._wake.wait(self._until_next_s())
            changed, self._changed = self._changed, []
            silent, self._silent = self._silent, []
            look, self._look_again = self._look_again, False
            anew, self._anew = self._anew, self._anew and not look
            if self._closing:
                return False
        now = self._clock()
        for path in dict.fromkeys(changed):
            self._settling.touch(path, now)
        if look:
            self._look_at_folders(anew=anew)
        for reason, path in silent:
            self._note_misses(reason, path)
        self._settled.update(dict.fromkeys(self._settling.ready(now), now))
        self._look_at_places(now)
        self._plan_rescans(now)
        if not self._paused:
            self._submit_updates(now)
            self._submit_due()
        return True

    def _until_next_s(self) -> float | None:
        waiting = bool(self._settled or self._due) and not self._paused
        if waiting or len(self._settling):
            return _TICK_S
        due_s = [self._next_rescan_s] if self._unnoticed() else []
        due_s += [self._places_seen_s + _PLACES_EVERY_S] if self._places else []
        return max(_TICK_S, min(due_s) - self._clock()) if due_s else None

    @property
    def _paused(self) -> bool:
        return self._settings.flag("indexing.paused")

    @property
    def _next_rescan_s(self) -> float:
        return self._rescanned_s + self._settings.integer("indexing.rescan_minutes") * 60.0

    def _unnoticed(self) -> list[str]:
        return [path for path, how in self._how.items() if how not in (EVENTS, _AWAY)]

    # --- folders ---------------------------------------------------------------------------------------------------

    def _look_at_folders(self, *, anew: bool) -> None:
        """Watch the folders that there are now, or none; what may have changed unnoticed is due for a look.

        At the start, and whenever another library may be open, that is all of them.
        """
        earlier = set(self._known)
        try:
            self._known = {folder.path: folder for folder in self._folders()}
        except MmbmError as error:
            log.warning("the folders cannot be read: %s", error)
            self._anew = self._anew or anew
            return
        before = self._how
        watched = self._known if self._settings.flag("indexing.watch") else {}
        for path in before.keys() - watched.keys():
            if self._watcher is not None:
                self._watcher.leave(path)
        how = {path: before.get(path) or self._watch(path) for path in watched}
        local = [path for path in how if how[path] in (EVENTS, _UNWATCHABLE, _AWAY)]
        self._places = {path: self._places[path] if path in self._places else place_of(path) for path in local}
        if not how:
            self._stop_watcher()
        new = [path for path in how if path not in before]
        if anew:  # unfinished ones go on, whether watched or not
            unfinished = [path for path, folder in self._known.items() if not folder.done]
            self._due.update(dict.fromkeys((*unfinished, *how)))
        else:  # one that was not there before is being indexed now
            self._due.update(dict.fromkeys(path for path in new if path in earlier))
        self._set_how(how)
        for path in new:
            if how[path] != EVENTS:
                self._tell_once(path, how[path])

    def _look_at_places(self, now_s: float) -> None:
        """Watch anew, and look through, the folders that are others than those that were watched: a drive is back.

        An empty one is most often where a drive was: nothing was deleted.
        """
        if now_s < self._places_seen_s + _PLACES_EVERY_S:
            return
        self._places_seen_s = now_s
        for path, before in self._places.items():
            self._places[path] = place = place_of(path)
            if place is None:
                self._set_how({**self._how, path: _AWAY})
            if place is None or place.is_that_of(before):
                continue
            log.info("%s is another folder than before", path)
            if self._watcher is not None:
                self._watcher.leave(path)
            self._set_how({**self._how, path: self._watch(path)})
            if not place.empty:
                self._due[path] = None

    def _watch(self, folder: str) -> str:
        from mmbm_desktop.media.watching import FolderWatcher

        if place_of(folder) is None:
            return _AWAY
        try:
            if self._watcher is None:
                self._watcher = FolderWatcher(self._note_changed, self._note_silent)
            return self._watcher.watch(folder) or EVENTS
        except OSError as error:  # no inotify instance left, for example
            log.warning("%s cannot be watched: %s", folder, error)
            return _UNWATCHABLE

    def _stop_watcher(self) -> None:
        if self._watcher is not None:
            self._watcher.close()
            self._watcher = None

    def _note_misses(self, reason: str, path: str) -> None:
        """Look through the folders in which changes were, or will be, missed; the latter every few minutes from now."""
        folder = self._folder_of(path)
        missed = list(self._how) if reason == _EVENTS_LOST else [folder] if folder in self._how else []
        self._due.update(dict.fromkeys(one for one in missed if one is not None))
        if reason != _EVENTS_LOST:
            self._set_how({**self._how, **{one: reason for one in missed if one is not None}})
        for one in missed:
            self._tell_once(str(one), reason)

    def _tell_once(self, folder: str, reason: str) -> None:
        if (folder, reason) not in self._told:
            self._told.add((folder, reason))
            log.warning("%s is looked through every few minutes: %s", folder, reason)
            self._announce(WatchFellBack(folder, reason))

    def _set_how(self, how: dict[str, str]) -> None:
        changed = how != self._how
        self._how = how
        if changed:
            self._announce(LibraryChanged(folders_changed=True))

    def _folder_of(self, path: str) -> str | None:
        """Return the innermost folder of the library that holds a path."""
        holding = [folder for folder in self._known if PurePath(path).is_relative_to(folder)]
        return max(holding, key=len, default=None)

    # --- jobs ------------------------------------------------------------------------------------------------------

    def _plan_rescans(self, now_s: float) -> None:
        if now_s >= self._next_rescan_s:
            self._rescanned_s = now_s
            self._due.update(dict.fromkeys(self._unnoticed()))

    def _submit_due(self) -> None:
        """Have the folders looked through that are due and not being looked through."""
        for path in list(self._due):
            job = self._at_work.get(path)
            if path not in self._known:
                del self._due[path]
            elif job is None or self._is_over(job):
                del self._due[path]
                self._at_work[path] = self._submit(request_for(self._known[path]))

    def _submit_updates(self, now_s: float) -> None:
        """Have the settled paths looked at, unless some still are.

        What is gone waits a little while other files are still settling: most often it was moved, and is among them.
        """
        if not self._settled or not all(map(self._is_over, self._updates)):
            return
        self._updates = []
        waiting: dict[str, float] = {}
        if len(self._settling):
            recent = ((path, since_s) for path, since_s in self._settled.items() if now_s - since_s < _GONE_WAITS_S)
            waiting = {path: since_s for path, since_s in recent if not os.path.lexists(path)}
        for folder, paths in self._by_folder(self._settled.keys() - waiting.keys()).items():
            if Path(folder).is_dir():  # else a drive was unplugged, and nothing was deleted
                self._updates.append(self._submit(request_for(self._known[folder], tuple(sorted(paths)))))
        self._settled = waiting

    def _by_folder(self, paths: Iterable[str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in paths:
            folder = self._folder_of(path)
            if folder is not None:
                found.setdefault(folder, []).append(path)
        return found


def request_for(folder: FolderInfo, only: tuple[str, ...] = ()) -> IndexRequest:
    """Return the request that looks through a folder, or at some paths in it, for what it was asked for before."""
    captions, transcripts, sounds = (name in folder.wanted for name in ("captions", "transcripts", "sounds"))
    return IndexRequest((folder.path,), captions=captions, transcripts=transcripts, sounds=sounds, only=only)

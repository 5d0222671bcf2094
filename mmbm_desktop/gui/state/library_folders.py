"""The library's folders, what indexing them is doing now, and what its last run could not use."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mmbm_desktop.protocol.jobs import JobState
from mmbm_desktop.protocol.requests import IndexRequest
from mmbm_desktop.protocol.results import IndexResult

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.gui.state.engine_bridge import EngineBridge
    from mmbm_desktop.gui.state.library_calls import LibraryCalls
    from mmbm_desktop.protocol.catalogue import FolderInfo
    from mmbm_desktop.protocol.events import LibraryChanged
    from mmbm_desktop.protocol.failure import Failure, ItemFailure
    from mmbm_desktop.protocol.jobs import JobSnapshot


@dataclass(frozen=True)
class FolderRow:
    """One folder as it is shown.

    Attributes:
        items: how many of its items are in the library.
        done: whether its last indexing run finished.
        job: the indexing, or the look at what changed, under way; None when there is none.
        failed: what the last run of this session could not use.
        failure: why the last run of this session stopped.
        watch: how changes are noticed, see `FolderInfo`.
    """

    path: str
    items: int = 0
    done: bool = False
    job: JobSnapshot | None = None
    failed: tuple[ItemFailure, ...] = ()
    failure: Failure | None = None
    watch: str = ""

    @property
    def name(self) -> str:
        """The folder's own name; the whole path for a root."""
        return Path(self.path).name or self.path


class LibraryFolders(QObject):
    """Keeps `rows` up to date. `rows_changed` says that there are others, `row_advanced` that one has new figures."""

    rows_changed = Signal()
    row_advanced = Signal(object)
    failed = Signal(object)

    def __init__(
        self, engine: Engine, bridge: EngineBridge, calls: LibraryCalls, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._calls = calls
        self._known: tuple[FolderInfo, ...] = ()
        self._jobs: dict[str, JobSnapshot] = {}
        self._updates: dict[str, JobSnapshot] = {}
        self._rows: tuple[FolderRow, ...] = ()
        self._loaded = False
        self._connect(bridge)
        for job in reversed(engine.jobs()):
            self._note(job)
        self.reload()

    @property
    def rows(self) -> tuple[FolderRow, ...]:
        """The folders in the order they were added, those being added last."""
        return self._rows

    @property
    def loaded(self) -> bool:
        """Whether the library has answered once; before that no folders does not mean that there are none."""
        return self._loaded

    def row(self, path: str) -> FolderRow | None:
        """Return the row of a folder."""
        return next((row for row in self._rows if row.path == path), None)

    def add(self, paths: Iterable[str]) -> None:
        """Take folders into the library, or look through them again; those being indexed are left alone."""
        for path in dict.fromkeys(str(Path(path).absolute()) for path in paths):
            job = self._jobs.get(path)
            if job is None or job.state.final:
                self._engine.submit(IndexRequest((path,)))

    def cancel(self, path: str) -> None:
        """Stop indexing a folder; what is done stays."""
        job = self._jobs.get(path)
        if job is not None and not job.state.final:
            self._engine.cancel(job.id)

    def remove(self, path: str) -> None:
        """Take a folder out of the library; its files stay where they are."""
        self.cancel(path)
        self._jobs.pop(path, None)
        self._calls.run(lambda: self._engine.remove_folder(path), success=self._removed, failure=self.failed.emit)

    def reload(self) -> None:
        """Ask the library for its folders again."""
        self._calls.run(self._engine.folders, success=self._take_folders, failure=self.failed.emit)

    def _connect(self, bridge: EngineBridge) -> None:
        bridge.job_changed.connect(self._job_changed)
        bridge.library_changed.connect(self._library_changed)

    def _removed(self, _: object) -> None:
        self.reload()

    def _take_folders(self, folders: tuple[FolderInfo, ...]) -> None:
        first = not self._loaded
        self._loaded = True
        self._known = folders
        self._rebuild(tell_always=first)

    @Slot(object)
    def _library_changed(self, event: LibraryChanged) -> None:
        if event.folders_changed or not event.item_ids:
            self.reload()

    @Slot(object)
    def _job_changed(self, job: JobSnapshot) -> None:
        if not isinstance(job.request, IndexRequest):
            return
        self._note(job)
        self._rebuild()
        if job.state.final:
            self.reload()

    def _note(self, job: JobSnapshot) -> None:
        """Remember a job as the newest of its folders; looks at what changed apart from runs through the whole."""
        if not isinstance(job.request, IndexRequest):
            return
        jobs = self._updates if job.request.only else self._jobs
        for path in job.request.folders:
            known = jobs.get(path)
            if known is None or known.id <= job.id:
                jobs[path] = job

    def _rebuild(self, *, tell_always: bool = False) -> None:
        old, self._rows = self._rows, tuple(self._made_rows())
        if tell_always or [row.path for row in old] != [row.path for row in self._rows]:
            self.rows_changed.emit()
            return
        for before, row in zip(old, self._rows, strict=True):
            if before != row:
                self.row_advanced.emit(row)

    def _made_rows(self) -> Iterable[FolderRow]:
        known = {folder.path for folder in self._known}
        for folder in self._known:
            row = _row(folder.path, folder.items, folder.done, self._jobs.get(folder.path))
            update = self._updates.get(folder.path)
            if row.job is None and update is not None and not update.state.final:
                row = replace(row, job=update)
            yield replace(row, watch=folder.watch)
        for path, job in self._jobs.items():
            if path not in known and (not job.state.final or job.state is JobState.FAILED):
                yield _row(path, 0, done=False, job=job)


def _row(path: str, items: int, done: bool, job: JobSnapshot | None) -> FolderRow:
    if job is None:
        return FolderRow(path, items, done)
    if not job.state.final:
        return FolderRow(path, items, done, job)
    failed = job.result.failed if isinstance(job.result, IndexResult) else ()
    return FolderRow(path, items, done, None, tuple(one for one in failed if _below(one.path, path)), job.failure)


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)

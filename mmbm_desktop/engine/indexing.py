"""Indexing: every picture and recording of some folders into the library. What is there already is passed over.

A run can stop anywhere: what was stored stays, and the next run does only what is missing.
"""

from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from mmbm_desktop.base.errors import Cancelled, EnvironmentFault, ErrorCode, InputFault, MmbmError
from mmbm_desktop.base.giving_way import give_way
from mmbm_desktop.engine.ahead import ahead, batches
from mmbm_desktop.engine.answering import Answering, Lacks, Prepared, answerers, caption_languages
from mmbm_desktop.engine.facts import facts_of, facts_of_item, files_at, note_of
from mmbm_desktop.engine.model_store import label
from mmbm_desktop.library.interface import IndexedItem
from mmbm_desktop.protocol.events import LibraryChanged
from mmbm_desktop.protocol.failure import Failure, ItemFailure
from mmbm_desktop.protocol.results import IndexResult
from mmbm_desktop.protocol.tasks import MediaKind, Task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mmbm_desktop.engine.brake import Brake
    from mmbm_desktop.engine.job_queue import RunningJob
    from mmbm_desktop.engine.model_store import ModelStore
    from mmbm_desktop.engine.one_thread import OneThread
    from mmbm_desktop.engine.worker_lanes import WorkerLanes
    from mmbm_desktop.library.interface import FileFacts, Known, Library
    from mmbm_desktop.media.scan import ScannedFile
    from mmbm_desktop.protocol.events import Event
    from mmbm_desktop.protocol.requests import IndexRequest, Language

log = logging.getLogger(__name__)

EMBEDDED_AT_ONCE = 16
CAPTIONED_AT_ONCE = 8
"""How many pictures are stored in one transaction; each is a work of its own for the worker."""
QUIET_AT_ONCE = 2
"""How many files are done between two rests at low priority."""
THUMBNAIL_EDGE = 256
_PREPARING_THREADS = 2
_SCANNED_BETWEEN_NEWS = 64
_RECOGNISED_AT_ONCE = 1000


@dataclass(frozen=True)
class _Wanted:
    """A file and what the library lacks of it; `known` is None for one that it does not know as it is now."""

    file: ScannedFile
    lacks: Lacks
    known: Known | None = None


class Indexing:
    """Answers `IndexRequest`s.

    Args:
        library: where to; read here, written by `writer` only.
        writer: the one thread that writes.
        lanes: the workers.
        models: says which model embeds and captions.
        brake: holds the work back; its settings have `captions.languages`, too.
        announce: takes `LibraryChanged` events.
        prepare_thumbnail: makes the thumbnail of a picture; may raise `MmbmError`.
    """

    def __init__(
        self,
        library: Library,
        writer: OneThread,
        lanes: WorkerLanes,
        models: ModelStore,
        brake: Brake,
        announce: Callable[[Event], None],
        prepare_thumbnail: Callable[[str, int], object],
    ) -> None:
        self.library = library
        self.writer = writer
        self.lanes = lanes
        self.models = models
        self.brake = brake
        self.settings = brake.settings
        self.announce = announce
        self.prepare_thumbnail = prepare_thumbnail

    def run(self, job: RunningJob) -> IndexResult:
        """Index the folders of a job's request.

        Raises:
            Cancelled: the job was cancelled; what was stored stays.
            InputFault: FOLDER_NOT_FOUND or FOLDER_UNREADABLE, when the only folder cannot be read.
            EnvironmentFault: DISK_FULL, MODEL_MISSING, WORKER_START_FAILED and others that the next file would meet
                as well; what was stored stays.
        """
        return _Run(self, job, cast("IndexRequest", job.request)).result()


class _Run:
    """One indexing run: what it found, did and could not do."""

    def __init__(self, parts: Indexing, job: RunningJob, request: IndexRequest) -> None:
        self._parts = parts
        self._library = parts.library
        self._job = job
        self._request = request
        self._who = answerers(
            parts.models,
            request.model,
            captions=request.captions,
            transcripts=request.transcripts,
            sounds=request.sounds,
        )
        self._answering = Answering(parts.lanes, job, self._who, lambda: self._quiet)
        self._languages = caption_languages(self._who, parts.settings)
        self._pixel_limit = parts.lanes.pixel_limit
        self._found: dict[str, ScannedFile] = {}
        self._failed: list[ItemFailure] = []
        self._indexed = 0
        self._done = 0

    @property
    def _quiet(self) -> bool:
        return self._parts.brake.low_priority

    def result(self) -> IndexResult:
        began = time.monotonic()
        self._parts.brake.hold(self._job)
        whole = self._look_through()
        wanted = sorted(self._wanted(), key=lambda one: one.file.kind is MediaKind.RECORDING)
        skipped = self._done = len(self._found) - len(wanted)
        self._job.begin(self._done, len(self._found))
        size = CAPTIONED_AT_ONCE if self._languages else EMBEDDED_AT_ONCE
        size = min(size, QUIET_AT_ONCE) if self._quiet else size
        with ThreadPoolExecutor(_PREPARING_THREADS, "prepare-files") as pool:
            try:
                for batch in batches(ahead(pool, self._prepared, wanted, 2 * size), size):
                    self._do(batch)
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
        self._close_folders(whole)
        return IndexResult(
            folders=self._request.folders,
            found=len(self._found),
            indexed=self._indexed,
            skipped=skipped,
            failed=tuple(self._failed),
            seconds=time.monotonic() - began,
        )

    # --- folders -------------------------------------------------------------------------------------------------

    def _look_through(self) -> list[str]:
        """Find the files; return the folders that were looked through as a whole."""
        if not self._request.only:
            return [folder for folder in self._request.folders if self._scanned_whole(folder)]
        for path in self._request.only:
            self._take_scanned(files_at(path, self._request.folders))
        return []

    def _scanned_whole(self, folder: str) -> bool:
        """Look through a folder and note it in the library; return whether all of it could be read.

        Raises:
            InputFault: it cannot be read, and there is no other.
        """
        from mmbm_desktop.media.scan import scan

        failed_before = len(self._failed)
        try:
            files = scan(Path(folder), notes=True)
            first = next(files, None)
            self._parts.writer.run(lambda: self._opened_folder(folder))
            self._parts.announce(LibraryChanged(folders_changed=True))
            self._take_scanned(([first] if first else []), files)
        except MmbmError as error:
            if len(self._request.folders) == 1:
                raise
            self._failed.append(ItemFailure(folder, Failure.of(error)))
        return len(self._failed) == failed_before

    def _opened_folder(self, folder: str) -> None:
        self._library.add_folder(folder, self._request.wanted)
        self._library.set_folder_done(folder, done=False)

    def _take_scanned(self, *parts: Iterable[ScannedFile | ItemFailure]) -> None:
        for part in parts:
            for one in part:
                self._job.token.check()
                if isinstance(one, ItemFailure):
                    self._failed.append(one)
                    continue
                self._found[one.path] = one
                if len(self._found) % _SCANNED_BETWEEN_NEWS == 0:
                    self._job.progress(len(self._found), None)

    def _close_folders(self, whole: list[str]) -> None:
        """Flag what has gone, and note that the folders are done; one with unreadable parts is not."""
        seen = tuple(self._found)

        def close() -> int:
            gone = sum(self._library.mark_missing(folder, seen) for folder in whole)
            for folder in whole:
                self._library.set_folder_done(folder, done=True)
            return gone + (self._library.mark_gone(self._request.only) if self._request.only else 0)

        gone = self._parts.writer.run(close)
        log.info("indexed %s: %d new, %d failed, %d gone", whole, self._indexed, len(self._failed), gone)
        self._parts.announce(LibraryChanged(folders_changed=True))

    # --- files ---------------------------------------------------------------------------------------------------

    def _wanted(self) -> Iterator[_Wanted]:
        for part in batches(self._found.values(), _RECOGNISED_AT_ONCE):
            self._job.token.check()
            known = self._parts.writer.run(lambda part=part: self._library.recognise(part))
            for file in part:
                give_way()
                held = known.get(file.path)
                if held is not None and held.left_out:
                    continue
                lacks = self._lacks(file.kind, held)
                if lacks or held is None:
                    yield _Wanted(file, lacks, held)

    def _lacks(self, kind: MediaKind, known: Known | None) -> Lacks:
        """Return what is wanted of a file and was not answered yet, by whichever model."""
        model = label(self._who.pictures) if self._request.model else None

        def open_(task: Task, language: str = "", model: str | None = None) -> bool:
            return known is None or not known.answered(task, language, model)

        if kind is MediaKind.TEXT:
            return Lacks()
        if kind is MediaKind.PHOTO:
            languages: tuple[Language, ...] = tuple(one for one in self._languages if open_(Task.CAPTION, one))
            sorter = self._who.classes
            classes = sorter is not None and open_(Task.CLASSIFY, model=label(sorter))
            return Lacks(open_(Task.EMBED_IMAGE, model=model), languages, classes=classes)
        return Lacks(
            transcript=self._who.speech is not None and open_(Task.TRANSCRIBE),
            sounds=self._who.sounds is not None and open_(Task.SOUNDS),
        )

    def _prepared(self, wanted: _Wanted) -> Prepared | ItemFailure:
        """Make a file's thumbnail, which tells whether it can be decoded, and hash it; runs in the pool's threads."""
        path = wanted.file.path
        try:
            self._job.token.check()
            if wanted.known is not None:
                return Prepared(self._stored_facts(wanted.file, wanted.known), wanted.lacks)
            if wanted.file.kind is MediaKind.PHOTO:
                self._make_thumbnail(path)
            note = note_of(wanted.file)
            facts = facts_of(wanted.file, self._pixel_limit)
            held = self._library.known_content(path, facts.content_hash, facts.inode)
        except MmbmError as error:
            return ItemFailure(path, Failure.of(error))
        except Cancelled:
            raise
        except Exception as error:
            log.exception("%s could not be prepared", path)
            return ItemFailure(path, Failure.of(error))
        return Prepared(facts, self._lacks(wanted.file.kind, held), note)

    def _stored_facts(self, file: ScannedFile, known: Known) -> FileFacts:
        """Return what is stored of a file that is as it was: nothing is read or hashed again.

        Raises:
            InputFault: FILE_NOT_FOUND, its item was removed meanwhile.
        """
        items = self._library.items([known.item_id])
        if not items:
            raise InputFault(ErrorCode.FILE_NOT_FOUND, "its item was removed meanwhile", path=file.path)
        return facts_of_item(items[0], file.inode)

    def _make_thumbnail(self, path: str) -> None:
        """Make a thumbnail; that there is no room for it spoils nothing.

        Raises:
            InputFault: the picture itself cannot be used.
        """
        try:
            self._parts.prepare_thumbnail(path, THUMBNAIL_EDGE)
        except (EnvironmentFault, MemoryError) as error:
            log.info("no thumbnail of %s: %s", path, error)

    def _do(self, batch: list[Prepared | ItemFailure]) -> None:
        """Ask about the files of a batch and store what comes back, also what came before the run was stopped."""
        answered: list[IndexedItem] = []
        began = time.monotonic()
        try:
            for one in batch:
                if isinstance(one, ItemFailure):
                    self._note(one)
            for answer in self._answering.answers([one for one in batch if isinstance(one, Prepared)]):
                if isinstance(answer, IndexedItem):
                    answered.append(answer)
                self._note(answer)
                if self._parts.brake.paused:
                    self._store(answered)
                    answered = []
                    self._parts.brake.hold(self._job)
        finally:
            self._store(answered)
        if self._quiet:
            self._parts.brake.rest(self._job, time.monotonic() - began)

    def _note(self, answer: IndexedItem | ItemFailure) -> None:
        if isinstance(answer, ItemFailure):
            self._failed.append(answer)
        self._done += 1
        self._job.progress(self._done, len(self._found))

    def _store(self, items: list[IndexedItem]) -> None:
        if not items:
            return
        ids = self._parts.writer.run(lambda: self._library.store(items))
        self._indexed += len(ids)
        self._parts.announce(LibraryChanged(ids))

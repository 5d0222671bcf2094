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

from mmbm_desktop.base.errors import Cancelled, EnvironmentFault, MmbmError
from mmbm_desktop.engine.ahead import ahead, batches
from mmbm_desktop.engine.answering import Answering, Prepared
from mmbm_desktop.engine.facts import facts_of
from mmbm_desktop.engine.model_store import label, languages_of
from mmbm_desktop.library.interface import IndexedItem
from mmbm_desktop.protocol.events import LibraryChanged
from mmbm_desktop.protocol.failure import Failure, ItemFailure
from mmbm_desktop.protocol.results import IndexResult
from mmbm_desktop.protocol.tasks import MediaKind, Task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mmbm_desktop.base.settings import Settings
    from mmbm_desktop.engine.job_queue import RunningJob
    from mmbm_desktop.engine.model_store import ModelStore
    from mmbm_desktop.engine.one_thread import OneThread
    from mmbm_desktop.engine.worker_lanes import WorkerLanes
    from mmbm_desktop.library.interface import Library
    from mmbm_desktop.media.scan import ScannedFile
    from mmbm_desktop.protocol.catalogue import ModelInfo
    from mmbm_desktop.protocol.events import Event
    from mmbm_desktop.protocol.requests import IndexRequest, Language

log = logging.getLogger(__name__)

EMBEDDED_AT_ONCE = 16
CAPTIONED_AT_ONCE = 8
"""How many pictures are stored in one transaction; each is a work of its own for the worker."""
THUMBNAIL_EDGE = 256
_PREPARING_THREADS = 2
_SCANNED_BETWEEN_NEWS = 64


@dataclass(frozen=True)
class _Wanted:
    """A file and what the library lacks of it."""

    file: ScannedFile
    languages: tuple[Language, ...]
    transcript: bool


class Indexing:
    """Answers `IndexRequest`s.

    Args:
        library: where to; read here, written by `writer` only.
        writer: the one thread that writes.
        lanes: the workers.
        models: says which model embeds and captions.
        settings: `captions.languages`.
        announce: takes `LibraryChanged` events.
        prepare_thumbnail: makes the thumbnail of a picture; may raise `MmbmError`.
    """

    def __init__(
        self,
        library: Library,
        writer: OneThread,
        lanes: WorkerLanes,
        models: ModelStore,
        settings: Settings,
        announce: Callable[[Event], None],
        prepare_thumbnail: Callable[[str, int], object],
    ) -> None:
        self.library = library
        self.writer = writer
        self.lanes = lanes
        self.models = models
        self.settings = settings
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
        self._pictures: ModelInfo = parts.models.choose(Task.EMBED_IMAGE, request.model)
        speech = parts.models.choose(Task.TRANSCRIBE) if request.transcripts else None
        captions = _captioning(parts.models, self._pictures, request)
        self._answering = Answering(parts.lanes, job, self._pictures, speech, captions)
        self._languages: tuple[Language, ...] = ()
        if captions is not None:
            self._languages = languages_of(captions, parts.settings.text("captions.languages"))
        self._pixel_limit = parts.lanes.pixel_limit
        self._found: dict[str, ScannedFile] = {}
        self._failed: list[ItemFailure] = []
        self._indexed = 0
        self._done = 0

    def result(self) -> IndexResult:
        began = time.monotonic()
        whole = [folder for folder in self._request.folders if self._scanned_whole(folder)]
        wanted = list(self._wanted())
        skipped = self._done = len(self._found) - len(wanted)
        self._job.progress(self._done, len(self._found))
        size = CAPTIONED_AT_ONCE if self._languages else EMBEDDED_AT_ONCE
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

    def _scanned_whole(self, folder: str) -> bool:
        """Look through a folder and note it in the library; return whether all of it could be read.

        Raises:
            InputFault: it cannot be read, and there is no other.
        """
        from mmbm_desktop.media.scan import scan

        failed_before = len(self._failed)
        try:
            files = scan(Path(folder))
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
        self._library.add_folder(folder)
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
            return gone

        gone = self._parts.writer.run(close)
        log.info("indexed %s: %d new, %d failed, %d gone", whole, self._indexed, len(self._failed), gone)
        self._parts.announce(LibraryChanged(folders_changed=True))

    # --- files ---------------------------------------------------------------------------------------------------

    def _wanted(self) -> Iterator[_Wanted]:
        for file in self._found.values():
            self._job.token.check()
            wanted = self._lacking(file)
            if wanted is not None:
                yield wanted

    def _lacking(self, file: ScannedFile) -> _Wanted | None:
        """Return what the library lacks of a file; None for nothing."""
        photo = file.kind is MediaKind.PHOTO
        languages = self._languages if photo else ()
        transcript = self._request.transcripts and not photo
        if not self._library.unchanged(file.path, file.size_bytes, file.modified_s, label(self._pictures)):
            return _Wanted(file, languages, transcript)
        item = self._library.item_at(file.path) if languages or transcript else None
        if item is None or item.missing:
            return None
        has: dict[Language, str] = {"en": item.caption_en, "zh": item.caption_zh}
        missing: tuple[Language, ...] = tuple(one for one in languages if not has[one])
        transcript = transcript and not item.transcript
        return _Wanted(file, missing, transcript) if missing or transcript else None

    def _prepared(self, wanted: _Wanted) -> Prepared | ItemFailure:
        """Make a file's thumbnail, which tells whether it can be decoded, and hash it; runs in the pool's threads."""
        path = wanted.file.path
        try:
            self._job.token.check()
            if wanted.file.kind is MediaKind.PHOTO:
                self._make_thumbnail(path)
            facts = facts_of(wanted.file, self._pixel_limit)
        except MmbmError as error:
            return ItemFailure(path, Failure.of(error))
        except Cancelled:
            raise
        except Exception as error:
            log.exception("%s could not be prepared", path)
            return ItemFailure(path, Failure.of(error))
        return Prepared(facts, wanted.languages, wanted.transcript)

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
        try:
            for one in batch:
                if isinstance(one, ItemFailure):
                    self._note(one)
            for answer in self._answering.answers([one for one in batch if isinstance(one, Prepared)]):
                if isinstance(answer, IndexedItem):
                    answered.append(answer)
                self._note(answer)
        finally:
            if answered:
                self._store(answered)

    def _note(self, answer: IndexedItem | ItemFailure) -> None:
        if isinstance(answer, ItemFailure):
            self._failed.append(answer)
        self._done += 1
        self._job.progress(self._done, len(self._found))

    def _store(self, items: list[IndexedItem]) -> None:
        ids = self._parts.writer.run(lambda: self._library.store(items))
        self._indexed += len(ids)
        self._parts.announce(LibraryChanged(ids))


def _captioning(models: ModelStore, pictures: ModelInfo, request: IndexRequest) -> ModelInfo | None:
    """Return who writes the captions; where the request names a model, or none but `pictures` can, that one."""
    if not request.captions:
        return None
    if request.model is None:
        try:
            return models.choose(Task.CAPTION)
        except EnvironmentFault as error:
            log.warning("captions are written by %s: %s", pictures.name, error)
    return pictures if Task.CAPTION in pictures.tasks else None

"""The real engine: queue, workers, library and files put together. What they do is in their own modules."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast, get_args

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.engine.announcer import Announcer
from mmbm_desktop.engine.batching import Batching
from mmbm_desktop.engine.brake import BUSY_CORES, Brake, OthersLoad
from mmbm_desktop.engine.capturing.local import LocalCapturing
from mmbm_desktop.engine.examining import Examining
from mmbm_desktop.engine.exporting import Exporting
from mmbm_desktop.engine.importing import Importing
from mmbm_desktop.engine.improving.local import LocalImproving
from mmbm_desktop.engine.indexing import Indexing
from mmbm_desktop.engine.interface import Engine
from mmbm_desktop.engine.job_queue import JobQueue
from mmbm_desktop.engine.keeping.local import LocalKeeping
from mmbm_desktop.engine.keeping_up import KeepingUp
from mmbm_desktop.engine.lanes import lane_of, priority_of
from mmbm_desktop.engine.model_store import POCKETSPHINX, ModelStore
from mmbm_desktop.engine.one_thread import OneThread
from mmbm_desktop.engine.playing import Playing
from mmbm_desktop.engine.previewing import run_preview
from mmbm_desktop.engine.recogniser_check import check_recogniser
from mmbm_desktop.engine.recording import Recording, system_microphone
from mmbm_desktop.engine.redoing import Redoing
from mmbm_desktop.engine.runs.devices import Devices
from mmbm_desktop.engine.runs.local import LocalRuns
from mmbm_desktop.engine.runs.run_store import RunStore
from mmbm_desktop.engine.searching import Searching
from mmbm_desktop.engine.sidecar_export import SidecarExport
from mmbm_desktop.engine.sidecar_import import SidecarImport
from mmbm_desktop.engine.stopping import stop_indexing
from mmbm_desktop.engine.watching import Watching
from mmbm_desktop.engine.worker_lanes import WorkerLanes
from mmbm_desktop.protocol.events import CorrectionsChanged, LibraryChanged, PartialTranscript
from mmbm_desktop.protocol.journal import Action
from mmbm_desktop.protocol.keeping import Access, KeepingRequest
from mmbm_desktop.protocol.preview import PreviewRequest
from mmbm_desktop.protocol.requests import (
    BatchRequest,
    BrowseRequest,
    CheckModelRequest,
    ExamineDataRequest,
    ExportModelRequest,
    ExportRequest,
    ImportRequest,
    IndexRequest,
    PlayRequest,
    RecordRequest,
    RedoRequest,
    SearchRequest,
)
from mmbm_desktop.protocol.results import BrowseResult, CaptionResult, TranscriptResult
from mmbm_desktop.protocol.tasks import BACKGROUND

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mmbm_desktop.base.settings import Settings
    from mmbm_desktop.engine.conversation import Timings
    from mmbm_desktop.engine.improving.interface import Improving
    from mmbm_desktop.engine.interface import Listener, Unsubscribe
    from mmbm_desktop.engine.job_queue import RunningJob
    from mmbm_desktop.engine.recording import Ears
    from mmbm_desktop.engine.runs.interface import Runs
    from mmbm_desktop.protocol.catalogue import FolderInfo, MicrophoneInfo, ModelInfo
    from mmbm_desktop.protocol.filter_values import FilterValues
    from mmbm_desktop.protocol.filters import Filters
    from mmbm_desktop.protocol.history import ItemHistory, TagCount
    from mmbm_desktop.protocol.jobs import JobId, JobSnapshot
    from mmbm_desktop.protocol.journal import Step
    from mmbm_desktop.protocol.requests import Request, WorkerRequest
    from mmbm_desktop.protocol.results import Item, Result

log = logging.getLogger(__name__)


class LocalEngine(Engine):
    """Runs everything on this computer.

    Args:
        settings: the person's settings; changes count from the next job or worker start on.
        library_file: a file or a server's address; None for the one in the settings, or the usual place.
        model_dirs: folders of bundles; None for the person's and the shipped ones.
        timings: how patient the supervisors are.
        open_microphone: opens an input device by name.
        window: this engine belongs to a window. One window writes to a library, others only read it; a library that
            cannot be opened is told by `keeping.state()`, not raised.

    Raises:
        MmbmError: the library cannot be opened.
    """

    def __init__(
        self,
        settings: Settings,
        library_file: Path | str | None = None,
        model_dirs: Sequence[Path] | None = None,
        *,
        timings: Timings | None = None,
        open_microphone: Callable[[str | None], Ears] = system_microphone,
        window: bool = False,
    ) -> None:
        named = settings.text("library.server") or settings.text("library.file")
        place = str(library_file or named or paths.default_library_file())
        self._announcer = Announcer()
        announce = self._announcer.announce
        self._writer, self._reader = OneThread("library-writer"), OneThread("library-reader")
        self._keeping = self._opened(place, settings, window=window)
        self._library = self._keeping.library
        self._models = ModelStore(settings, model_dirs)
        self._lanes = WorkerLanes(settings, self._models, announce, timings)
        self._importing = Importing(self._library, self._writer, announce, lambda: self._lanes.pixel_limit)
        self._recording = Recording(self._lanes, announce, open_microphone)
        self._capturing = LocalCapturing(announce, open_microphone)
        self._load = OthersLoad()
        brake = Brake(settings, self._is_needed)
        self._indexing = Indexing(
            self._library, self._writer, self._lanes, self._models, brake, announce, self._make_thumbnail
        )
        batching = Batching(self._library, self._writer, self._lanes, self._models, settings, announce)
        self._redoing = Redoing(self._indexing)
        devices = Devices(paths.cache_dir() / "devices.json")
        self._runs = LocalRuns(RunStore(paths.data_dir() / "runs"), devices, self, announce)
        self._announcer.subscribe(self._runs.on_event)
        self._improving = LocalImproving(
            self._library, self._writer, self._reader, self._models, self._runs, settings, announce
        )
        self._queue = JobQueue(self._run, lane_of, announce)
        self._runners: dict[type[Request], Callable[[RunningJob], Result]] = {
            SearchRequest: Searching(self._library, self._lanes, self._models).run,
            IndexRequest: self._indexing.run,
            RedoRequest: self._redoing.run,
            BatchRequest: batching.run,
            ExportRequest: SidecarExport(self._library).run,
            ImportRequest: SidecarImport(self._library, self._writer, announce).run,
            RecordRequest: self._recording.run,
            **self._runs.runners,
            PlayRequest: Playing().run,
            ExamineDataRequest: Examining().run,
            PreviewRequest: run_preview,
            ExportModelRequest: Exporting(self._models.models).run,
            **dict.fromkeys(get_args(KeepingRequest), self._keeping.run),
        }
        self._watching = Watching(self._stored_folders, self.submit, self._is_over, announce, settings)
        self._keeping_up = KeepingUp(self._watching, self._redoing, self, self._writer, self._library, settings)
        self._announcer.subscribe(self._keeping_up.on_event)
        self._keeping.stop_writers, self._keeping.submit = partial(stop_indexing, self._queue), self.submit
        self._keeping.begin_looking()
        self._closing, self._closed = threading.Lock(), False

    # --- jobs ----------------------------------------------------------------------------------------------------

    def submit(self, request: Request, *, priority: int | None = None) -> JobId:
        """See `Engine.submit`."""
        return self._queue.submit(request, priority_of(request) if priority is None else priority)

    def cancel(self, job_id: JobId) -> None:
        """See `Engine.cancel`."""
        self._queue.cancel(job_id)

    def retry(self, job_id: JobId) -> JobId:
        """See `Engine.retry`."""
        return self._queue.retry(job_id)

    def finish_recording(self, job_id: JobId) -> None:
        """See `Engine.finish_recording`."""
        job = self._queue.job(job_id)
        if job is not None and isinstance(job.request, RecordRequest) and not job.state.final:
            self._recording.finish(job_id)

    def jobs(self) -> tuple[JobSnapshot, ...]:
        """See `Engine.jobs`."""
        return self._queue.jobs()

    def forget_ended_jobs(self) -> None:
        """See `Engine.forget_ended_jobs`."""
        self._queue.forget_ended()

    def wait(self, job_id: JobId, timeout_s: float | None = None) -> JobSnapshot:
        """See `Engine.wait`."""
        return self._queue.wait(job_id, timeout_s)

    def subscribe(self, listener: Listener) -> Unsubscribe:
        """See `Engine.subscribe`."""
        return self._announcer.subscribe(listener)

    # --- catalogue -----------------------------------------------------------------------------------------------

    def models(self) -> tuple[ModelInfo, ...]:
        """See `Engine.models`."""
        return self._models.models()

    def microphones(self) -> tuple[MicrophoneInfo, ...]:
        """See `Engine.microphones`."""
        return self._capturing.microphones()

    # --- library -------------------------------------------------------------------------------------------------

    def folders(self) -> tuple[FolderInfo, ...]:
        """See `Engine.folders`."""
        return tuple(replace(folder, watch=self._watching.how(folder.path)) for folder in self._stored_folders())

    def watch_folders(self) -> None:
        """See `Engine.watch_folders`; a window that only reads leaves it to the one that writes."""
        if self._keeping.state().access is Access.WRITING:
            self._keeping_up.begin()

    def remove_folder(self, path: str) -> None:
        """See `Engine.remove_folder`; a run that is indexing the folder is stopped first."""
        stop_indexing(self._queue, path)
        self._writer.run(lambda: self._library.remove_folder(path))
        self._announcer.announce(LibraryChanged(folders_changed=True))

    def undo(self) -> Step | None:
        """See `Engine.undo`."""
        return self._turned(self._library.undo)

    def redo(self) -> Step | None:
        """See `Engine.redo`."""
        return self._turned(self._library.redo)

    def _turned(self, turn: Callable[[], Step | None]) -> Step | None:
        step = self._writer.run(turn)
        if step is not None:
            self._announcer.announce(CorrectionsChanged())
        if step is not None and step.action not in (Action.LABEL, Action.THUMB):
            items = () if step.changes_items else step.items
            self._announcer.announce(LibraryChanged(items, folders_changed=not items))
        return step

    def items(self, ids: Sequence[int]) -> tuple[Item, ...]:
        """See `Engine.items`."""
        return self._reader.run(lambda: self._library.items(ids))

    def item_ids(self, filters: Filters) -> tuple[int, ...]:
        """See `Engine.item_ids`."""
        return self._reader.run(lambda: self._library.ids(filters))

    def history(self, item_id: int) -> ItemHistory:
        """See `Engine.history`."""
        return self._reader.run(lambda: self._library.history(item_id))

    def tags(self) -> tuple[TagCount, ...]:
        """See `Engine.tags`."""
        return self._reader.run(self._library.tags)

    def filter_values(self) -> FilterValues:
        """See `Engine.filter_values`."""
        return self._reader.run(self._library.filter_values)

    def change_tags(self, items: Sequence[int], add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
        """See `Engine.change_tags`."""
        self._writer.run(lambda: self._library.change_tags(items, add, remove))
        self._announcer.announce(LibraryChanged(tuple(items)))

    def save_caption(self, path: str, text: str, language: str) -> Item:
        """See `Engine.save_caption`."""
        known = next((one for one in self._results(path) if isinstance(one, CaptionResult)), None)
        return self._importing.save_caption(path, text, language, known)

    def save_transcript(self, path: str, text: str, language: str) -> Item:
        """See `Engine.save_transcript`."""
        known = next((one for one in self._results(path) if isinstance(one, TranscriptResult)), None)
        return self._importing.save_transcript(path, text, language, known)

    def thumbnail(self, path: str, edge: int) -> Path | None:
        """See `Engine.thumbnail`."""
        try:
            return self._make_thumbnail(path, edge)
        except (MmbmError, MemoryError) as error:
            log.info("no thumbnail of %s: %s", path, error)
            return None

    @property
    def keeping(self) -> LocalKeeping:
        """See `Engine.keeping`."""
        return self._keeping

    # --- training ------------------------------------------------------------------------------------------------

    @property
    def runs(self) -> Runs:
        """See `Engine.runs`."""
        return self._runs

    @property
    def improving(self) -> Improving:
        """See `Engine.improving`."""
        return self._improving

    @property
    def capturing(self) -> LocalCapturing:
        """See `Engine.capturing`."""
        return self._capturing

    # --- life ----------------------------------------------------------------------------------------------------

    def warm_up(self) -> None:
        """See `Engine.warm_up`."""
        self._lanes.warm_up()

    def close(self, timeout_s: float = 5.0) -> None:
        """See `Engine.close`."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            deadline = time.monotonic() + timeout_s
            self._keeping_up.close()
            self._recording.begin_close()
            self._capturing.close()
            self._runs.begin_close(timeout_s * 0.8)
            self._queue.close()
            self._lanes.close(timeout_s * 0.8)
            if not self._queue.join(max(0.5, deadline - time.monotonic())):
                log.warning("a job has not ended in time")
            self._writer.close()
            self._reader.close()
            self._keeping.close()
            self._announcer.close()

    # --- inside --------------------------------------------------------------------------------------------------

    def _run(self, job: RunningJob) -> Result:
        request = job.request
        run = self._runners.get(type(request))
        if run is not None:
            return run(job)
        if isinstance(request, BrowseRequest):
            found = self._library.browse(request.offset, request.limit, request.filters, request.order)
            return BrowseResult(*found)
        if isinstance(request, CheckModelRequest) and request.name == POCKETSPHINX:
            return check_recogniser(job.token)
        result = self._lanes.call(
            cast("WorkerRequest", request),
            job,
            progress=job.progress,
            heard=lambda text: self._announcer.announce(PartialTranscript(job.id, text)),
        )
        self._remember(result)
        return result

    def _stored_folders(self) -> tuple[FolderInfo, ...]:
        return self._reader.run(self._library.folders)

    def _is_over(self, job_id: JobId) -> bool:
        job = self._queue.job(job_id)
        return job is None or job.state.final

    def _is_needed(self) -> bool:
        """Whether the computer is needed: by somebody who waits for an answer, or by other programs."""
        asked = any(not job.state.final and job.priority < BACKGROUND for job in self._queue.jobs())
        return self._load.cores() > BUSY_CORES or asked

    def _remember(self, result: Result) -> None:
        """Store an answer where it belongs to an item of the library; that it cannot be stored spoils no answer."""
        if not isinstance(result, CaptionResult | TranscriptResult):
            return
        try:
            self._importing.remember(result)
        except MmbmError as error:
            log.warning("an answer about %s was not stored: %s", result.path, error)

    def _results(self, path: str) -> list[Result]:
        """Return the answers about a file that are still remembered, newest first."""
        results = [job.result for job in self._queue.jobs()]
        kinds = (CaptionResult, TranscriptResult)
        return [one for one in results if isinstance(one, kinds) and one.path == path]

    def _opened(self, place: str, settings: Settings, *, window: bool) -> LocalKeeping:
        try:
            return LocalKeeping(place, settings, self._announcer.announce, self._writer, window=window)
        except BaseException:
            for part in (self._writer, self._reader, self._announcer):
                part.close()
            raise

    def _make_thumbnail(self, path: str, edge: int) -> Path:
        from mmbm_desktop.media.thumbnails import thumbnail

        return thumbnail(Path(path), edge, paths.thumbnails_dir(), pixel_limit=self._lanes.pixel_limit)

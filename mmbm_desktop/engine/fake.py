"""A scripted engine for tests of the window and for demonstrations: no worker, no library, no threads unless paced.

Without `pace_s` every event is delivered in the caller's thread, inside the call that causes it.
"""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.engine import fake_answers, fake_batches, fake_pictures
from mmbm_desktop.engine.capturing.fake import FakeCapturing
from mmbm_desktop.engine.fake_pace import play
from mmbm_desktop.engine.improving.fake import FakeImproving
from mmbm_desktop.engine.interface import Engine
from mmbm_desktop.engine.keeping.fake import FakeKeeping
from mmbm_desktop.engine.runs.fake import FakeRuns
from mmbm_desktop.protocol.catalogue import FolderInfo
from mmbm_desktop.protocol.events import JobChanged, LibraryChanged, WorkerChanged, WorkerState
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.jobs import JobId, JobSnapshot, JobState
from mmbm_desktop.protocol.requests import BatchRequest, RecordRequest, TrainRequest
from mmbm_desktop.protocol.results import IndexResult, Item
from mmbm_desktop.protocol.tasks import MediaKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from mmbm_desktop.base.errors import MmbmError
    from mmbm_desktop.engine.interface import Listener, Unsubscribe
    from mmbm_desktop.protocol.catalogue import MicrophoneInfo, ModelInfo
    from mmbm_desktop.protocol.events import Event
    from mmbm_desktop.protocol.filter_values import FilterValues
    from mmbm_desktop.protocol.filters import Filters
    from mmbm_desktop.protocol.history import ItemHistory, TagCount
    from mmbm_desktop.protocol.journal import Step
    from mmbm_desktop.protocol.requests import Request
    from mmbm_desktop.protocol.results import Result

    Outcome = Result | Failure | Callable[[Request], Result | Failure]


class FakeEngine(Engine):
    """Answers by script, or with the canned answers of `fake_answers`.

    With `auto` (the default) a job starts and ends inside `submit`, but for recordings, which wait for
    `finish_recording`, and for requests scripted with `hold`. Without it a job waits until the test calls `start`,
    `progress`, `finish`, `fail` or `stop`. With `pace_s` a thread per job does that, one step every `pace_s` seconds.

    Attributes:
        requests: every request that was submitted, in order.
        saved: (path, text, language) of every `save_caption` and `save_transcript`.
        removed_folders: what `remove_folder` was called with.
        steps, undone: what `undo` and `redo` return, the latest last.
        raising: errors that the named methods raise, for example `{"folders": EnvironmentFault(...)}`.
        slow_to_cancel: leave cancelled running jobs in `CANCELLING` until the test calls `stop`.
        warmed_up, watching, closed: whether `warm_up`, `watch_folders` and `close` were called.
    """

    def __init__(
        self,
        *,
        auto: bool = True,
        pace_s: float | None = None,
        items: Sequence[Item] | None = None,
        folders: Sequence[FolderInfo] | None = None,
    ) -> None:
        self.requests: list[Request] = []
        self.saved: list[tuple[str, str, str]] = []
        self.removed_folders: list[str] = []
        self.steps: list[Step] = []
        self.undone: list[Step] = []
        self.raising: dict[str, MmbmError] = {}
        self.slow_to_cancel = False
        self.warmed_up = False
        self.watching = False
        self.closed = False
        self.library: dict[int, Item] = {item.id: item for item in (fake_answers.items() if items is None else items)}
        self.known_models: tuple[ModelInfo, ...] = fake_answers.models()
        self.known_microphones: tuple[MicrophoneInfo, ...] = fake_answers.microphones()
        self._folders = list(fake_answers.folders(len(self.library)) if folders is None else folders)
        self._auto = auto
        self._pace_s = pace_s
        self._ids = count(1)
        self._jobs: dict[JobId, JobSnapshot] = {}
        self._scripts: dict[type, list[Outcome]] = {}
        self._held: set[type] = set()
        self._listeners: list[Listener] = []
        self._changed = threading.Condition(threading.RLock())
        self._finishing: set[JobId] = set()
        self._runs = FakeRuns(self, pace_s)
        self._keeping = FakeKeeping(self.emit)
        self._improving = FakeImproving(self)
        self._capturing = FakeCapturing(self.emit)

    # --- the script ----------------------------------------------------------------------------------------------

    def script(self, kind: type[Request], *outcomes: Outcome) -> None:
        """Answer requests of `kind` with these in turn, the last one again and again; none: the canned answer."""
        self._scripts[kind] = list(outcomes)

    def hold(self, *kinds: type[Request]) -> None:
        """Leave jobs of these kinds waiting until the test advances them, even with `auto`."""
        self._held.update(kinds)

    def emit(self, event: Event) -> None:
        """Tell the listeners, in this thread."""
        for listener in tuple(self._listeners):
            listener(event)

    def start(self, job_id: JobId) -> None:
        """Let a waiting job run."""
        now = time.time()
        self._change(job_id, state=JobState.RUNNING, started_s=now, updated_s=now, attempts=1)

    def progress(self, job_id: JobId, done: int, total: int | None = None) -> None:
        """Advance a job, starting it if it waits."""
        if self.job(job_id).state is JobState.WAITING:
            self.start(job_id)
        self._change(job_id, done=done, total=total, updated_s=time.time())

    def finish(self, job_id: JobId, result: Result | None = None) -> None:
        """End a job with `result`, or with what its script says."""
        outcome = self._outcome(self.job(job_id).request) if result is None else result
        if isinstance(outcome, Failure):
            self.fail(job_id, outcome)
            return
        if self.job(job_id).state is JobState.WAITING:
            self.start(job_id)
        self._change(job_id, state=JobState.DONE, result=outcome, finished_s=time.time())
        if isinstance(outcome, IndexResult):
            self._note_folders(outcome)
        request = self.job(job_id).request
        if isinstance(request, BatchRequest):
            self.library = fake_batches.applied(request, self.library)
            self.emit(LibraryChanged())

    def fail(self, job_id: JobId, failure: Failure | MmbmError, result: Result | None = None) -> None:
        """End a job with a failure, and with what there is of a result."""
        why = failure if isinstance(failure, Failure) else Failure.of(failure)
        self._change(job_id, state=JobState.FAILED, failure=why, result=result, finished_s=time.time())

    def stop(self, job_id: JobId) -> None:
        """End a job as cancelled."""
        self._change(job_id, state=JobState.CANCELLED, finished_s=time.time())
        self._runs.job_stopped(job_id)

    def job(self, job_id: JobId) -> JobSnapshot:
        """Return a job as it is now."""
        return self._jobs[job_id]

    def finishing(self, job_id: JobId) -> bool:
        """Whether `finish_recording` was called for a job."""
        return job_id in self._finishing

    # --- jobs ----------------------------------------------------------------------------------------------------

    def submit(self, request: Request, *, priority: int | None = None) -> JobId:
        """Record the request and, with `auto`, answer it at once."""
        return self._submit(request, priority or 0, None)

    def cancel(self, job_id: JobId) -> None:
        """End a job as cancelled; see `slow_to_cancel`."""
        with self._changed:
            job = self._jobs.get(job_id)
            if job is None or job.state.final:
                return
            if self.slow_to_cancel and job.state is not JobState.WAITING:
                self._change(job_id, state=JobState.CANCELLING)
            else:
                self.stop(job_id)

    def retry(self, job_id: JobId) -> JobId:
        """Queue an ended job's request again."""
        job = self._jobs.get(job_id)
        if job is None or not job.state.final:
            raise InputFault(ErrorCode.ARGUMENT_INVALID, name="job", value=job_id)
        return self._submit(job.request, job.priority, job_id)

    def finish_recording(self, job_id: JobId) -> None:
        """Note the wish; with `auto`, end the job with its transcript."""
        self._finishing.add(job_id)
        if self._pace_s is None and self._auto and not self.job(job_id).state.final:
            self.finish(job_id)

    def jobs(self) -> tuple[JobSnapshot, ...]:
        """Return every job, newest first."""
        return tuple(reversed(self._jobs.values()))

    def forget_ended_jobs(self) -> None:
        """Drop ended jobs."""
        self._jobs = {key: job for key, job in self._jobs.items() if not job.state.final}

    def wait(self, job_id: JobId, timeout_s: float | None = None) -> JobSnapshot:
        """Block until a paced job has ended."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._jobs[job_id].state.final, timeout_s):
                raise TimeoutError
            return self._jobs[job_id]

    def subscribe(self, listener: Listener) -> Unsubscribe:
        """Call `listener` for every event until the returned function is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    # --- catalogue and library -----------------------------------------------------------------------------------

    def models(self) -> tuple[ModelInfo, ...]:
        """Return `known_models`."""
        self._raise_if_told("models")
        return self.known_models

    def microphones(self) -> tuple[MicrophoneInfo, ...]:
        """Return `known_microphones`."""
        self._raise_if_told("microphones")
        return self.known_microphones

    def folders(self) -> tuple[FolderInfo, ...]:
        """Return the folders."""
        self._raise_if_told("folders")
        return tuple(self._folders)

    def watch_folders(self) -> None:
        """Note the wish."""
        self.watching = True

    def remove_folder(self, path: str) -> None:
        """Drop a folder and its items."""
        self._raise_if_told("remove_folder")
        self.removed_folders.append(path)
        self._folders = [folder for folder in self._folders if folder.path != path]
        self.library = {key: item for key, item in self.library.items() if not item.path.startswith(f"{path}/")}
        self.emit(LibraryChanged(folders_changed=True))

    def undo(self) -> Step | None:
        """Return the next scripted step of `steps`."""
        self._raise_if_told("undo")
        if not self.steps:
            return None
        self.undone.append(self.steps.pop())
        return self.undone[-1]

    def redo(self) -> Step | None:
        """Return the step undone last."""
        self._raise_if_told("redo")
        if not self.undone:
            return None
        self.steps.append(self.undone.pop())
        return self.steps[-1]

    def items(self, ids: Sequence[int]) -> tuple[Item, ...]:
        """Return items of `library`."""
        self._raise_if_told("items")
        return tuple(self.library[one] for one in ids if one in self.library)

    def item_ids(self, filters: Filters) -> tuple[int, ...]:
        """Return the ids of what `filters` let through."""
        self._raise_if_told("item_ids")
        return tuple(item.id for item in fake_answers.let_through(tuple(self.library.values()), filters))

    def history(self, item_id: int) -> ItemHistory:
        """Return a past of two or three captions, or a transcript with its words."""
        self._raise_if_told("history")
        return fake_batches.history(self.library.get(item_id))

    def tags(self) -> tuple[TagCount, ...]:
        """Return the tags of `library`."""
        self._raise_if_told("tags")
        return fake_batches.counted(self.library.values())

    def filter_values(self) -> FilterValues:
        """Return what is in `library`."""
        self._raise_if_told("filter_values")
        return fake_batches.values_in(self.library.values())

    def change_tags(self, items: Sequence[int], add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
        """Change the tags in `library`."""
        self._raise_if_told("change_tags")
        self.library = fake_batches.tagged(self.library, items, add, remove)
        self.emit(LibraryChanged(tuple(items)))

    def save_caption(self, path: str, text: str, language: str) -> Item:
        """Note the caption and put it into `library`."""
        self._raise_if_told("save_caption")
        words = {"caption_zh": text} if language == "zh" else {"caption_en": text}
        return self._save(path, text, language, MediaKind.PHOTO, words)

    def save_transcript(self, path: str, text: str, language: str) -> Item:
        """Note the transcript and put it into `library`."""
        self._raise_if_told("save_transcript")
        return self._save(path, text, language, MediaKind.RECORDING, {"transcript": text})

    def thumbnail(self, path: str, edge: int) -> Path | None:
        """Return a small copy of the file, a painted one for a photo of `library` that has no file."""
        stored = any(item.path == path and item.kind is MediaKind.PHOTO for item in self.library.values())
        return fake_pictures.thumbnail(path, edge, paths.thumbnails_dir(), paint=stored)

    @property
    def keeping(self) -> FakeKeeping:
        """A scripted state of the library."""
        return self._keeping

    @property
    def runs(self) -> FakeRuns:
        """Scripted runs; their jobs wait until a run is advanced."""
        return self._runs

    @property
    def improving(self) -> FakeImproving:
        """Corrections in memory."""
        return self._improving

    @property
    def capturing(self) -> FakeCapturing:
        """Devices that see and hear what a test says; the folders are real."""
        return self._capturing

    # --- life ----------------------------------------------------------------------------------------------------

    def warm_up(self) -> None:
        """Say that the worker is ready."""
        self.warmed_up = True
        self.emit(WorkerChanged(WorkerState.READY, 4711))

    def close(self, timeout_s: float = 5.0) -> None:
        """Cancel every job and say that the worker has stopped."""
        if self.closed:
            return
        self.closed = True
        for job in self.jobs():
            if not job.state.final:
                self.stop(job.id)
        self.emit(WorkerChanged(WorkerState.STOPPED))

    # --- inside --------------------------------------------------------------------------------------------------

    def _submit(self, request: Request, priority: int, retry_of: JobId | None) -> JobId:
        job_id = JobId(next(self._ids))
        self.requests.append(request)
        self._jobs[job_id] = JobSnapshot(
            job_id, request, JobState.WAITING, time.time(), priority=priority, retry_of=retry_of
        )
        self.emit(JobChanged(self._jobs[job_id]))
        if (
            isinstance(request, TrainRequest)
            or type(request) in self._held
            or not (self._auto or self._pace_s is not None)
        ):
            return job_id
        if self._pace_s is not None:
            threading.Thread(target=play, args=(self, job_id, self._pace_s), daemon=True).start()
        elif isinstance(request, RecordRequest):
            self.start(job_id)
        else:
            self.finish(job_id)
        return job_id

    def _outcome(self, request: Request) -> Result | Failure:
        scripted = self._scripts.get(type(request))
        if not scripted:
            return fake_answers.answer(request, tuple(self.library.values()))
        outcome = scripted.pop(0) if len(scripted) > 1 else scripted[0]
        return outcome(request) if callable(outcome) else outcome

    def _change(self, job_id: JobId, **changes: object) -> None:
        with self._changed:
            job = self._jobs[job_id]
            if job.state.final:
                return
            self._jobs[job_id] = replace(job, **changes)  # pyright: ignore[reportArgumentType]
            self._changed.notify_all()
        self.emit(JobChanged(self._jobs[job_id]))

    def _note_folders(self, result: IndexResult) -> None:
        known = {folder.path for folder in self._folders}
        self._folders += [FolderInfo(path, result.indexed, done=True) for path in result.folders if path not in known]
        self.emit(LibraryChanged(folders_changed=True))

    def _save(self, path: str, text: str, language: str, kind: MediaKind, words: dict[str, str]) -> Item:
        self.saved.append((path, text, language))
        item = next((one for one in self.library.values() if one.path == path), None)
        if item is None:
            new_id = max(self.library, default=0) + 1
            item = Item(new_id, path, kind, f"{new_id:064x}", 1000, time.time())
        self.library[item.id] = replace(item, **words)  # pyright: ignore[reportArgumentType]
        self.emit(LibraryChanged((item.id,)))
        return self.library[item.id]

    def _raise_if_told(self, method: str) -> None:
        if method in self.raising:
            raise self.raising[method]

"""Batches: one thing done to many items of the library, as one step that can be undone.

A batch can stop anywhere: what was stored stays, and is a step. Words by models never take the place of a person's.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, cast

from mmbm_desktop.base.errors import ErrorCode, MmbmError
from mmbm_desktop.engine.answering import STOPS_ALL, new_captions
from mmbm_desktop.engine.model_store import languages_of
from mmbm_desktop.library.interface import NewCaption
from mmbm_desktop.protocol.batches import BatchAction, BatchRequest, BatchResult
from mmbm_desktop.protocol.events import LibraryChanged
from mmbm_desktop.protocol.failure import Failure, ItemFailure
from mmbm_desktop.protocol.journal import Action
from mmbm_desktop.protocol.languages import other_language
from mmbm_desktop.protocol.requests import CaptionRequest, TranslateRequest
from mmbm_desktop.protocol.tasks import MediaKind, Task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from mmbm_desktop.base.settings import Settings
    from mmbm_desktop.engine.job_queue import RunningJob
    from mmbm_desktop.engine.model_store import ModelStore
    from mmbm_desktop.engine.one_thread import OneThread
    from mmbm_desktop.engine.worker_lanes import WorkerLanes
    from mmbm_desktop.library.interface import Library
    from mmbm_desktop.protocol.events import Event
    from mmbm_desktop.protocol.results import CaptionResult, Item, TranslateResult

log = logging.getLogger(__name__)

STORED_AT_ONCE = 8
"""How many items' captions are stored in one transaction."""
TAGGED_AT_ONCE = 200
_DEATHS = (ErrorCode.WORKER_CRASHED, ErrorCode.WORKER_UNRESPONSIVE)


class Batching:
    """Answers `BatchRequest`s.

    Args:
        library: what is changed; written by `writer` only.
        writer: the one thread that writes.
        lanes: the workers.
        models: says which model captions and translates.
        settings: `captions.languages`.
        announce: takes `LibraryChanged` events.
    """

    def __init__(
        self,
        library: Library,
        writer: OneThread,
        lanes: WorkerLanes,
        models: ModelStore,
        settings: Settings,
        announce: Callable[[Event], None],
    ) -> None:
        self.library, self.writer, self.lanes = library, writer, lanes
        self.models, self.settings, self.announce = models, settings, announce

    def run(self, job: RunningJob) -> BatchResult:
        """Do what a job's request says.

        Raises:
            Cancelled: the job was cancelled; what was stored stays.
            InputFault: ARGUMENT_INVALID, a tag that cannot be one.
            EnvironmentFault: DISK_FULL, MODEL_MISSING and others that the next item would meet as well.
        """
        request = cast("BatchRequest", job.request)
        if request.action is BatchAction.REMOVE:
            return self._remove(request.items)
        if request.action is BatchAction.TAG:
            return self._tag(job, request)
        return _Answers(self, job, request).result()

    def _remove(self, items: Sequence[int]) -> BatchResult:
        done = self.writer.run(lambda: self.library.remove_items(items))
        self.announce(LibraryChanged(folders_changed=True))
        return BatchResult(done, len(items) - done, ())

    def _tag(self, job: RunningJob, request: BatchRequest) -> BatchResult:
        step: int | None = None
        job.progress(0, len(request.items))
        for start in range(0, len(request.items), TAGGED_AT_ONCE):
            job.token.check()
            part = request.items[start : start + TAGGED_AT_ONCE]

            def change(part: Sequence[int] = part, step: int | None = step) -> int | None:
                return self.library.change_tags(part, request.add, request.remove, step)

            step = self.writer.run(change)
            self.announce(LibraryChanged(part))
            job.progress(start + len(part), len(request.items))
        return BatchResult(len(request.items), 0, ())


class _Answers:
    """One batch of captions or translations: what it wrote and could not do."""

    def __init__(self, parts: Batching, job: RunningJob, request: BatchRequest) -> None:
        self._parts, self._job, self._request = parts, job, request
        self._translates = request.action is BatchAction.TRANSLATE
        self._action = Action.TRANSLATE if self._translates else Action.CAPTION_AGAIN
        self._model = parts.models.choose(Task.TRANSLATE if self._translates else Task.CAPTION, request.model)
        self._languages = languages_of(self._model, parts.settings.text("captions.languages"))
        self._step: int | None = None
        self._waiting: dict[int, tuple[NewCaption, ...]] = {}
        self._failed: list[ItemFailure] = []
        self._done = 0
        self._deaths = 0

    def result(self) -> BatchResult:
        total = len(self._request.items)
        self._job.progress(0, total)
        try:
            for number, item in enumerate(self._items(), 1):
                self._job.token.check()
                self._answer(item)
                self._job.progress(number, total)
        finally:
            self._store()
        return BatchResult(self._done, total - self._done - len(self._failed), tuple(self._failed))

    def _items(self) -> Iterator[Item]:
        """Yield the items one after the other as they are by then; those that were taken out meanwhile are left out."""
        for item_id in self._request.items:
            yield from self._parts.library.items([item_id])

    def _answer(self, item: Item) -> None:
        if item.kind is not MediaKind.PHOTO:
            return
        try:
            captions = self._translation(item) if self._translates else self._captions(item)
            self._deaths = 0
        except MmbmError as error:
            self._deaths = self._deaths + 1 if error.code in _DEATHS else 0
            if error.code in STOPS_ALL or self._deaths > 2:
                raise
            self._failed.append(ItemFailure(item.path, Failure.of(error)))
            return
        if captions:
            self._waiting[item.id] = captions
        if len(self._waiting) >= STORED_AT_ONCE:
            self._store()

    def _captions(self, item: Item) -> tuple[NewCaption, ...]:
        request = CaptionRequest(item.path, self._languages, model=self._model.name)
        return new_captions(cast("CaptionResult", self._parts.lanes.call(request, self._job, model=self._model)))

    def _translation(self, item: Item) -> tuple[NewCaption, ...]:
        to = self._request.to
        source = item.caption_en if to == "zh" else item.caption_zh
        if not source or self._is_a_persons(item, to):
            return ()
        request = TranslateRequest(source, to, other_language(to), model=self._model.name)
        result = cast("TranslateResult", self._parts.lanes.call(request, self._job, model=self._model))
        return (NewCaption(result.translation, to, result.score, result.made.model),)

    def _is_a_persons(self, item: Item, language: str) -> bool:
        history = self._parts.library.caption_history(item.id)
        return any(entry.author == "person" and entry.language == language for entry in history)

    def _store(self) -> None:
        if not self._waiting:
            return
        captions, self._waiting = self._waiting, {}
        self._step = self._parts.writer.run(
            lambda: self._parts.library.caption_batch(self._action, captions, self._step)
        )
        self._done += len(captions)
        self._parts.announce(LibraryChanged(tuple(captions)))

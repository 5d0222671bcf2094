"""Redoing: the models that are chosen now answer for what others answered. Old answers work until the new are there.

A run does what is behind when it begins, in the order of items, and can stop anywhere: what is stored is not behind any
more. What a model cannot answer for is noted and not asked again.
"""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.engine.ahead import batches
from mmbm_desktop.engine.answering import Answerers, Answering, Lacks, Prepared, answerers, caption_languages
from mmbm_desktop.engine.facts import facts_of_item
from mmbm_desktop.engine.model_store import label
from mmbm_desktop.library.interface import IndexedItem
from mmbm_desktop.protocol.events import LibraryChanged
from mmbm_desktop.protocol.failure import ItemFailure
from mmbm_desktop.protocol.results import IndexResult
from mmbm_desktop.protocol.tasks import MediaKind, Task

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mmbm_desktop.engine.indexing import Indexing
    from mmbm_desktop.engine.job_queue import RunningJob
    from mmbm_desktop.protocol.catalogue import ModelInfo
    from mmbm_desktop.protocol.results import Item

log = logging.getLogger(__name__)

REDONE_AT_ONCE = 4
"""How many items are stored in one transaction, and done between two rests."""
_READ_AT_ONCE = 10_000


class Redoing:
    """Answers `RedoRequest`s, with the parts of `Indexing`."""

    def __init__(self, parts: Indexing) -> None:
        self._parts = parts

    def is_behind(self) -> bool:
        """Whether there is anything to redo."""
        return bool(self._behind(1))

    def run(self, job: RunningJob) -> IndexResult:
        """Redo what is behind.

        Raises:
            Cancelled: the job was cancelled; what was stored stays.
            EnvironmentFault: as for indexing.
        """
        began = time.monotonic()
        behind = sorted(self._behind(None).items())
        who = answerers(self._parts.models)
        answering = Answering(self._parts.lanes, job, who, lambda: True)
        failed: list[ItemFailure] = []
        done = 0
        job.begin(0, len(behind))
        for part in batches(behind, REDONE_AT_ONCE):
            self._parts.brake.hold(job)
            began_part = time.monotonic()
            failed += self._redo(dict(part), answering, who)
            done += len(part)
            job.progress(done, len(behind))
            self._parts.brake.rest(job, time.monotonic() - began_part)
        log.info("%d items redone, %d failed", done - len(failed), len(failed))
        return IndexResult((), len(behind), done - len(failed), 0, tuple(failed), time.monotonic() - began)

    def _behind(self, most: int | None) -> dict[int, Lacks]:
        """Return what is to be asked of which items; `most` items at least, if there are so many, where it is given."""
        who = answerers(self._parts.models)
        found: dict[int, Lacks] = {}
        for number in self._ids(Task.EMBED_IMAGE, "", who.pictures, most):
            found[number] = Lacks(vector=True)
        for language in caption_languages(who, self._parts.settings):
            for number in self._ids(Task.CAPTION, language, who.captions, most):
                lacks = found.get(number, Lacks())
                found[number] = replace(lacks, languages=(*lacks.languages, language))
        for number in self._ids(Task.TRANSCRIBE, "", who.speech, most):
            found[number] = replace(found.get(number, Lacks()), transcript=True)
        for number in self._ids(Task.SOUNDS, "", who.sounds, most):
            found[number] = replace(found.get(number, Lacks()), sounds=True)
        for number in self._ids(Task.CLASSIFY, "", who.classes, most):
            found[number] = replace(found.get(number, Lacks()), classes=True)
        return found

    def _ids(self, task: Task, language: str, model: ModelInfo | None, most: int | None) -> Iterator[int]:
        if model is None:
            return
        library, after, count = self._parts.library, 0, 0
        while most is None or count < most:
            if task is Task.CLASSIFY:  # whoever chooses a classifier wants it for the pictures that are there, too
                ids = library.not_asked(MediaKind.PHOTO, task, label(model), after, most or _READ_AT_ONCE)
            else:
                ids = library.behind(task, language, label(model), after, most or _READ_AT_ONCE)
            yield from ids
            if not ids:
                return
            after, count = ids[-1], count + len(ids)

    def _redo(self, wanted: dict[int, Lacks], answering: Answering, who: Answerers) -> list[ItemFailure]:
        """Ask again for some items and store the answers; those whose file changed are left to indexing."""
        found = ((item, _inode_if_as_stored(item)) for item in self._parts.library.items(list(wanted)))
        items = [(item, inode) for item, inode in found if inode is not None]
        prepared = [Prepared(facts_of_item(item, inode), wanted[item.id]) for item, inode in items]
        by_path = {file.facts.path: file for file in prepared}
        stored: list[IndexedItem] = []
        failed: list[ItemFailure] = []
        try:
            for answer in answering.answers(prepared):
                if isinstance(answer, ItemFailure):
                    failed.append(answer)
                    stored.append(self._in_vain(by_path[answer.path], who))
                else:
                    stored.append(answer)
        finally:
            if stored:
                ids = self._parts.writer.run(lambda: self._parts.library.store(stored))
                self._parts.announce(LibraryChanged(ids))
        return failed

    def _in_vain(self, file: Prepared, who: Answerers) -> IndexedItem:
        """Return a note of what a picture was asked in vain."""
        asked = [(Task.EMBED_IMAGE, "", label(who.pictures))] if file.lacks.vector else []
        if who.captions is not None:
            asked += [(Task.CAPTION, language, label(who.captions)) for language in file.lacks.languages]
        return IndexedItem(file.facts, failed=tuple(asked))


def _inode_if_as_stored(item: Item) -> int | None:
    try:
        facts = Path(item.path).stat()
    except (OSError, ValueError):
        return None
    return facts.st_ino if (item.size_bytes, item.modified_s) == (facts.st_size, facts.st_mtime) else None

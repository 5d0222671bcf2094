"""What models say of prepared files, asked in small works so that more urgent ones can come between."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from mmbm_desktop.base.errors import ErrorCode, MmbmError
from mmbm_desktop.library.interface import IndexedItem, NewCaption, NewTranscript
from mmbm_desktop.protocol.failure import Failure, ItemFailure
from mmbm_desktop.protocol.requests import CaptionRequest, EmbedImagesRequest, TranscribeRequest
from mmbm_desktop.protocol.tasks import MediaKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mmbm_desktop.engine.worker_lanes import Asker, WorkerLanes
    from mmbm_desktop.library.interface import FileFacts
    from mmbm_desktop.protocol.catalogue import ModelInfo
    from mmbm_desktop.protocol.requests import Language
    from mmbm_desktop.protocol.results import CaptionResult, EmbedResult, TranscriptResult

log = logging.getLogger(__name__)

STOPS_ALL = frozenset(
    (
        ErrorCode.DISK_FULL,
        ErrorCode.MODEL_MISSING,
        ErrorCode.BUNDLE_INVALID,
        ErrorCode.BUNDLE_DAMAGED,
        ErrorCode.LIBRARY_LOCKED,
        ErrorCode.LIBRARY_DAMAGED,
        ErrorCode.LIBRARY_TOO_NEW,
        ErrorCode.LIBRARY_READ_ONLY,
        ErrorCode.WORKER_START_FAILED,
    )
)
"""Errors that the next file would meet as well."""
_DEATHS = (ErrorCode.WORKER_CRASHED, ErrorCode.WORKER_UNRESPONSIVE)
DEATHS_IN_A_ROW = 3
"""So many files one after the other that kill the worker mean that it is not the files."""


@dataclass(frozen=True)
class Prepared:
    """A file that can be opened, and what is to be asked of it.

    Attributes:
        languages: of the captions to write; none for a picture that is only embedded.
        transcript: whether a recording is transcribed.
    """

    facts: FileFacts
    languages: tuple[Language, ...] = ()
    transcript: bool = False


class Answering:
    """Asks for one indexing run."""

    def __init__(
        self,
        lanes: WorkerLanes,
        asker: Asker,
        pictures: ModelInfo,
        speech: ModelInfo | None,
        captions: ModelInfo | None = None,
    ) -> None:
        """Take who embeds pictures, who transcribes, and who writes captions if that is another than `pictures`."""
        self._lanes = lanes
        self._asker = asker
        self._pictures = pictures
        self._speech = speech
        self._captions = captions or pictures
        self._deaths = 0

    def answers(self, files: Sequence[Prepared]) -> Iterator[IndexedItem | ItemFailure]:
        """Yield what is to be stored of each file, or why nothing can be.

        Raises:
            Cancelled: the asker's token was cancelled; what was yielded before counts.
            MmbmError: the next files would fail as well.
        """
        photos = [file for file in files if file.facts.kind is MediaKind.PHOTO]
        plain = [file for file in photos if not file.languages]
        if plain:
            yield from self._embedded(plain)
        for file in files:
            if file in plain:
                continue
            try:
                yield self._captioned(file) if file.facts.kind is MediaKind.PHOTO else self._recording(file)
                self._deaths = 0
            except MmbmError as error:
                yield self._failure(file, error)

    def _embedded(self, files: Sequence[Prepared]) -> Iterator[IndexedItem | ItemFailure]:
        request = EmbedImagesRequest(tuple(file.facts.path for file in files), self._pictures.name)
        try:
            result = cast("EmbedResult", self._lanes.call(request, self._asker, model=self._pictures))
        except MmbmError as error:
            if len(files) == 1:
                yield self._failure(files[0], error)
                return
            if error.code in STOPS_ALL:
                raise
            log.warning("a batch of %d pictures failed, they are tried one by one: %s", len(files), error)
            for file in files:
                yield from self._embedded([file])
            return
        self._deaths = 0
        yield from result.failed
        facts = {file.facts.path: file.facts for file in files}
        for path, vector in zip(result.inputs, result.vectors, strict=True):
            yield IndexedItem(facts[path], vector, result.made.model)

    def _captioned(self, file: Prepared) -> IndexedItem:
        request = CaptionRequest(file.facts.path, file.languages, model=self._captions.name)
        result = cast("CaptionResult", self._lanes.call(request, self._asker, model=self._captions))
        item = IndexedItem(file.facts, result.embedding, result.made.model, new_captions(result))
        if self._captions.name == self._pictures.name:
            return item
        embed = EmbedImagesRequest((file.facts.path,), self._pictures.name)
        found = cast("EmbedResult", self._lanes.call(embed, self._asker, model=self._pictures))
        if found.failed:
            raise found.failed[0].failure.as_error()
        return replace(item, embedding=found.vectors[0], embedding_model=found.made.model)

    def _recording(self, file: Prepared) -> IndexedItem:
        if not file.transcript or self._speech is None:
            return IndexedItem(file.facts)
        request = TranscribeRequest(file.facts.path, self._speech.languages[0], self._speech.name)
        result = cast("TranscriptResult", self._lanes.call(request, self._asker, model=self._speech))
        return IndexedItem(file.facts, transcript=new_transcript(result))

    def _failure(self, file: Prepared, error: MmbmError) -> ItemFailure:
        """Return the failure of one file.

        Raises:
            MmbmError: `error`, where it is not the file's alone.
        """
        self._deaths = self._deaths + 1 if error.code in _DEATHS else 0
        if error.code in STOPS_ALL or self._deaths == DEATHS_IN_A_ROW:
            raise error
        return ItemFailure(file.facts.path, Failure.of(error))


def new_captions(result: CaptionResult) -> tuple[NewCaption, ...]:
    """Return the best caption of each language as it is stored."""
    best = {one.language: one for one in reversed(result.captions)}
    return tuple(NewCaption(one.text, one.language, one.score, result.made.model) for one in best.values())


def new_transcript(result: TranscriptResult) -> NewTranscript:
    """Return a transcript as it is stored."""
    return NewTranscript(result.text, result.language, result.segments, result.score, result.made.model)

"""What models say of prepared files, asked in small works so that more urgent ones can come between."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from mmbm_desktop.base.errors import ErrorCode, MmbmError
from mmbm_desktop.engine.model_store import label, languages_of
from mmbm_desktop.library.interface import IndexedItem, NewCaption, NewClasses, NewSounds, NewTranscript
from mmbm_desktop.protocol.failure import Failure, ItemFailure
from mmbm_desktop.protocol.requests import (
    CaptionRequest,
    ClassifyRequest,
    EmbedImagesRequest,
    SoundsRequest,
    TranscribeRequest,
)
from mmbm_desktop.protocol.results import HeardSound
from mmbm_desktop.protocol.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from mmbm_desktop.base.settings import Settings
    from mmbm_desktop.engine.model_store import ModelStore
    from mmbm_desktop.engine.worker_lanes import Asker, WorkerLanes
    from mmbm_desktop.library.interface import FileFacts
    from mmbm_desktop.protocol.catalogue import ModelInfo
    from mmbm_desktop.protocol.requests import Language, WorkerRequest
    from mmbm_desktop.protocol.results import (
        CaptionResult,
        ClassifyResult,
        EmbedResult,
        Result,
        Sound,
        SoundsResult,
        TranscriptResult,
    )

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
_RATHER_SURE = 0.5
DEATHS_IN_A_ROW = 3
"""So many files one after the other that kill the worker mean that it is not the files."""


@dataclass(frozen=True)
class Prepared:
    """A file that can be opened, and what is to be asked of it.

    Attributes:
        lacks: what is to be asked; nothing for a file that only its facts are stored of.
        note: the text of a note. No model is asked about one: similarities of texts to texts and of texts to pictures
            cannot be compared, so notes are found by their words alone.
    """

    facts: FileFacts
    lacks: Lacks
    note: str | None = None


@dataclass(frozen=True)
class Lacks:
    """What is asked of a file.

    Attributes:
        vector: whether a picture is embedded; one that is captioned is embedded with it.
        languages: of the captions to write.
        transcript: whether a recording is transcribed.
        sounds: whether its sounds are named.
        classes: whether a picture is sorted into classes.
    """

    vector: bool = False
    languages: tuple[Language, ...] = ()
    transcript: bool = False
    sounds: bool = False
    classes: bool = False

    def __bool__(self) -> bool:
        return bool(self.vector or self.languages or self.transcript or self.sounds or self.classes)


@dataclass(frozen=True)
class Answerers:
    """Who embeds pictures, captions them, hears speech and sounds, and sorts pictures; None where nobody does."""

    pictures: ModelInfo
    captions: ModelInfo | None = None
    speech: ModelInfo | None = None
    sounds: ModelInfo | None = None
    classes: ModelInfo | None = None


def answerers(
    models: ModelStore,
    named: str | None = None,
    *,
    captions: bool = True,
    transcripts: bool = True,
    sounds: bool = True,
) -> Answerers:
    """Return who answers what is wanted; a model that is `named` looks at pictures alone.

    That nobody hears speech or sounds leaves the pictures. They are sorted into classes only where a person chose the
    classifier: what its classes are good for is theirs to say.

    Raises:
        EnvironmentFault: MODEL_MISSING, nobody embeds pictures; BUNDLE_DAMAGED or BUNDLE_INVALID.
    """
    pictures = models.choose(Task.EMBED_IMAGE, named)
    return Answerers(
        pictures,
        (pictures if named else models.choose_if_any(Task.CAPTION)) if captions else None,
        models.choose_if_any(Task.TRANSCRIBE) if transcripts else None,
        models.choose_if_any(Task.SOUNDS) if sounds else None,
        None if named else models.chosen(Task.CLASSIFY),
    )


def caption_languages(who: Answerers, settings: Settings) -> tuple[Language, ...]:
    """Return the languages that captions are wanted in and can be written in."""
    if who.captions is None or Task.CAPTION not in who.captions.tasks:
        return ()
    return languages_of(who.captions, settings.text("captions.languages"))


class Answering:
    """Asks for one run. `quiet` says, before each question, whether to ask at low priority."""

    def __init__(self, lanes: WorkerLanes, asker: Asker, who: Answerers, quiet: Callable[[], bool]) -> None:
        self._lanes = lanes
        self._asker = asker
        self._who = who
        self._quiet = quiet
        self._deaths = 0

    def answers(self, files: Sequence[Prepared]) -> Iterator[IndexedItem | ItemFailure]:
        """Yield what is to be stored of each file, or why nothing can be.

        Raises:
            Cancelled: the asker's token was cancelled; what was yielded before counts.
            MmbmError: the next files would fail as well.
        """
        plain = [file for file in files if file.lacks.vector and not file.lacks.languages]
        by_path = {file.facts.path: file for file in plain}
        for one in self._embedded(plain) if plain else ():
            yield self._sorted(by_path[one.facts.path], one) if isinstance(one, IndexedItem) else one
        for file in files:
            if file in plain:
                continue
            try:
                yield self._sorted(file, self._captioned(file) if file.lacks.languages else self._recording(file))
            except MmbmError as error:
                yield self._failure(file, error)

    def _sorted(self, file: Prepared, item: IndexedItem) -> IndexedItem:
        """Ask for a picture's classes, too; that they cannot be said does not lose the rest."""
        sorter = self._who.classes
        if not file.lacks.classes or sorter is None:
            return item
        request = ClassifyRequest(file.facts.path, best=1, model=sorter.name)
        try:
            return replace(item, classes=new_classes(cast("ClassifyResult", self._ask(request, sorter))))
        except MmbmError as error:
            return self._without(file, item, (Task.CLASSIFY, "", label(sorter)), error)

    def _ask(self, request: WorkerRequest, model: ModelInfo) -> Result:
        result = self._lanes.call(request, self._asker, model=model, quiet=self._quiet())
        self._deaths = 0
        return result

    def _embedded(self, files: Sequence[Prepared]) -> Iterator[IndexedItem | ItemFailure]:
        request = EmbedImagesRequest(tuple(file.facts.path for file in files), self._who.pictures.name)
        try:
            result = cast("EmbedResult", self._ask(request, self._who.pictures))
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
        yield from result.failed
        facts = {file.facts.path: file.facts for file in files}
        for path, vector in zip(result.inputs, result.vectors, strict=True):
            yield IndexedItem(facts[path], vector, result.made.model)

    def _captioned(self, file: Prepared) -> IndexedItem:
        model = self._who.captions or self._who.pictures
        request = CaptionRequest(file.facts.path, file.lacks.languages, model=model.name)
        result = cast("CaptionResult", self._ask(request, model))
        captions = new_captions(result)
        if model.name == self._who.pictures.name:
            return IndexedItem(file.facts, result.embedding, result.made.model, captions)
        if not file.lacks.vector:
            return IndexedItem(file.facts, captions=captions)
        embedded = next(iter(self._embedded([file])))
        if isinstance(embedded, ItemFailure):
            raise embedded.failure.as_error()
        return replace(embedded, captions=captions)

    def _recording(self, file: Prepared) -> IndexedItem:
        """Ask what is said and heard in a recording; that one of the two cannot be said does not lose the other."""
        item = IndexedItem(file.facts, note=file.note)
        if file.lacks.transcript and (speech := self._who.speech) is not None:
            request = TranscribeRequest(file.facts.path, speech.languages[0], speech.name)
            try:
                item = replace(item, transcript=new_transcript(cast("TranscriptResult", self._ask(request, speech))))
            except MmbmError as error:
                item = self._without(file, item, (Task.TRANSCRIBE, "", label(speech)), error)
        if file.lacks.sounds and (tagger := self._who.sounds) is not None:
            request = SoundsRequest(file.facts.path, tagger.name)
            try:
                item = replace(item, sounds=new_sounds(cast("SoundsResult", self._ask(request, tagger))))
            except MmbmError as error:
                item = self._without(file, item, (Task.SOUNDS, "", label(tagger)), error)
        return item

    def _without(self, file: Prepared, item: IndexedItem, asked: tuple[str, str, str], error: MmbmError) -> IndexedItem:
        """Return the item with a note of what was asked in vain.

        Raises:
            MmbmError: `error`, where it is not the recording's alone.
        """
        self._failure(file, error)
        log.info("%s: no answer to %s: %s", file.facts.path, asked, error)
        return replace(item, failed=(*item.failed, asked))

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


def new_sounds(result: SoundsResult) -> NewSounds:
    """Return the sounds of a recording as they are stored."""

    def named(one: Sound) -> HeardSound:
        english, chinese = (result.names.get(language, {}).get(one.label, "") for language in ("en", "zh"))
        return HeardSound(one.label, one.start_s, one.end_s, one.score, english, chinese)

    return NewSounds(tuple(named(one) for one in result.sounds), result.made.model)


def new_classes(result: ClassifyResult) -> NewClasses:
    """Return the classes of a picture as they are stored: a name it could be found by is likelier right than wrong."""
    return NewClasses(tuple(one for one in result.guesses if one.score >= _RATHER_SURE), result.made.model)


def new_transcript(result: TranscriptResult) -> NewTranscript:
    """Return a transcript as it is stored."""
    return NewTranscript(result.text, result.language, result.segments, result.score, result.made.model)

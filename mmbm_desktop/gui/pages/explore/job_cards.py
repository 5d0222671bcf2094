"""Turns jobs into cards and follows them: running, then an answer, an error, or nothing when it was cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mmbm_desktop.gui.job_words import JobWords
from mmbm_desktop.gui.pages.explore.cards.caption_card import CaptionCard
from mmbm_desktop.gui.pages.explore.cards.card import CAPTIONS, TRANSCRIPTS
from mmbm_desktop.gui.pages.explore.cards.classes_card import ClassesCard
from mmbm_desktop.gui.pages.explore.cards.search_card import SearchCard
from mmbm_desktop.gui.pages.explore.cards.sounds_card import SoundsCard
from mmbm_desktop.gui.pages.explore.cards.status_cards import ErrorCard, RefusedCard, RunningCard, path_of
from mmbm_desktop.gui.pages.explore.cards.transcript_card import TranscriptCard
from mmbm_desktop.gui.pages.explore.cards.translation_card import TranslationCard
from mmbm_desktop.protocol.failure import Failure, ItemFailure
from mmbm_desktop.protocol.jobs import JobState
from mmbm_desktop.protocol.requests import (
    CaptionRequest,
    ClassifyRequest,
    RecordRequest,
    SearchRequest,
    SoundsRequest,
    TranscribeRequest,
)
from mmbm_desktop.protocol.results import (
    CaptionResult,
    ClassifyResult,
    SearchResult,
    SoundsResult,
    TranscriptResult,
    TranslateResult,
)

if TYPE_CHECKING:
    from mmbm_desktop.gui.context import AppContext
    from mmbm_desktop.gui.pages.explore.cards.card import FeedCard
    from mmbm_desktop.gui.pages.explore.feed import Feed
    from mmbm_desktop.gui.state.explore import ExploreState
    from mmbm_desktop.gui.widgets.picture import PictureLoader
    from mmbm_desktop.protocol.events import MicrophoneLevel
    from mmbm_desktop.protocol.jobs import JobId, JobSnapshot

_ANSWERS = (CaptionResult, ClassifyResult, TranscriptResult, SoundsResult, TranslateResult, SearchResult)


_TOGETHER = (CaptionRequest, ClassifyRequest, TranscribeRequest, SoundsRequest)
"""What is asked of one file at once."""
_BELOW = {SoundsRequest: TRANSCRIPTS, ClassifyRequest: CAPTIONS}
"""Whose card belongs below which card of the same file."""


class JobCards(QObject):
    """One card for each job of this page."""

    recording_failed = Signal(object)
    """A `Failure`."""
    search_text = Signal(str)

    def __init__(
        self, feed: Feed, state: ExploreState, loader: PictureLoader, context: AppContext, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._feed, self._state, self._loader, self._context = feed, state, loader, context
        self._cards: dict[JobId, FeedCard] = {}
        self._told_by: dict[JobId, list[JobId]] = {}
        self._peaks: list[float] = []
        self._answered: dict[JobId, float] = {}
        self.words = JobWords(self)
        state.job_changed.connect(self._job_changed)
        state.level.connect(self._level)
        state.recording_changed.connect(self._recording_changed)

    @property
    def answered(self) -> tuple[int, float]:
        """How many answers there were and the seconds of computing they took."""
        return len(self._answered), sum(self._answered.values())

    @Slot(object)
    def _job_changed(self, job: JobSnapshot) -> None:
        shown = self._cards.get(job.id)
        if isinstance(shown, RunningCard) and not job.state.final:
            shown.update_job(job)
            return
        if shown is not None and not isinstance(shown, RunningCard):
            return
        card = self._card(job)
        if card is None:
            self._drop(job.id)
            return
        self._cards[job.id] = card
        if shown is not None and shown in self._feed.cards:
            self._feed.replace(shown, card)
        else:
            self._feed.add(card, below=self._words_of(job))

    def _words_of(self, job: JobSnapshot) -> FeedCard | None:
        """Return the card with the words of a file: the card of its sounds or of its class belongs below it."""
        kind = _BELOW.get(type(job.request))
        if kind is None:
            return None
        path = path_of(job.request)
        return next((one for one in self._feed.cards if one.kind == kind and one.path == path), None)

    def _drop(self, job_id: JobId) -> None:
        card = self._cards.pop(job_id, None)
        if card is not None:
            self._feed.remove(card)

    def _card(self, job: JobSnapshot) -> FeedCard | None:
        """Return the card for a job's state; None for a cancelled one."""
        if not job.state.final:
            running = RunningCard(job)
            running.cancel_asked.connect(self._state.cancel)
            return running
        if job.state is JobState.CANCELLED:
            return None
        if job.failure is not None and job.result is None:
            return None if self._told_elsewhere(job) else self._error(job)
        if job.failure is not None:
            self._feed.add(self._error(job))
        if isinstance(job.result, _ANSWERS):
            self._answered[job.id] = job.result.made.ms / 1000
        return self._answer(job)

    def _error(self, job: JobSnapshot) -> FeedCard:
        if isinstance(job.request, RecordRequest) and job.failure is not None:
            self.recording_failed.emit(job.failure)
        card = ErrorCard(job)
        card.retry_asked.connect(self._retry)
        return card

    def _told_elsewhere(self, job: JobSnapshot) -> bool:
        """Whether a file's other card already says the same: one broken file is one error, tried again as one."""
        failure = job.failure
        if failure is None or not isinstance(job.request, _TOGETHER):
            return False
        for card in self._feed.cards:
            if isinstance(card, ErrorCard) and card.path == job.request.path and card.code is failure.code:
                self._told_by.setdefault(card.job.id, []).append(job.id)
                return True
        return False

    def _answer(self, job: JobSnapshot) -> FeedCard | None:
        match job.result:
            case CaptionResult():
                caption = CaptionCard(job.result, self._loader, self._state.abilities, self._context.theme)
                caption.save_asked.connect(self._state.save_caption)
                caption.rate_asked.connect(self._state.rate_caption)
                caption.similar_asked.connect(self._search_similar)
                caption.search_asked.connect(self.search_text)
                caption.translate_asked.connect(self._state.translate)
                return caption
            case TranscriptResult():
                peaks = self._peaks if isinstance(job.request, RecordRequest) else ()
                transcript = TranscriptCard(job.result, self._context.theme, self._state.abilities, peaks)
                transcript.save_asked.connect(self._state.save_transcript)
                transcript.search_asked.connect(self.search_text)
                transcript.translate_asked.connect(self._state.translate)
                transcript.failed.connect(self._write_failed)
                return transcript
            case SoundsResult():
                sounds = SoundsCard(job.result, self._context.theme)
                sounds.failed.connect(self._write_failed)
                return sounds
            case ClassifyResult():
                classes = ClassesCard(job.result, self._loader, self._context.theme)
                classes.label_asked.connect(self._state.set_label)
                return classes
            case TranslateResult():
                translation = TranslationCard(job.result)
                translation.search_asked.connect(self.search_text)
                translation.translate_asked.connect(self._state.translate)
                return translation
            case SearchResult() if isinstance(job.request, SearchRequest):
                search = SearchCard(job.request, job.result, self._loader)
                search.library_asked.connect(self._context.navigator.search_requested)
                return search
            case _:
                return None

    @Slot(object)
    def _retry(self, job_id: JobId) -> None:
        self._drop(job_id)
        for one in (job_id, *self._told_by.pop(job_id, ())):
            self._state.retry(one)

    @Slot(str)
    def _search_similar(self, path: str) -> None:
        self._state.search(image_path=path)

    @Slot(object)
    def _write_failed(self, failure: Failure) -> None:
        self._feed.add(RefusedCard([ItemFailure(str(failure.params.get("path", "")), failure)]))

    @Slot(object)
    def _level(self, level: MicrophoneLevel) -> None:
        self._peaks.append(level.peak)

    @Slot(bool)
    def _recording_changed(self, recording: bool) -> None:
        if recording:
            self._peaks.clear()

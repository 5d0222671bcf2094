"""Which function answers which request. Each imports its task when it is called: speech needs no ONNX Runtime."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mmbm_desktop.base.errors import BugFault, ErrorCode
from mmbm_desktop.protocol.requests import (
    CaptionRequest,
    CheckModelRequest,
    ClassifyRequest,
    EmbedImagesRequest,
    EmbedTextRequest,
    LiveTranscribeRequest,
    SoundsRequest,
    TranscribeRequest,
    TranslateRequest,
)
from mmbm_desktop.worker.loaded import required_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mmbm_desktop.base.progress import ReportProgress
    from mmbm_desktop.inference.speech.interface import StretchRecogniser
    from mmbm_desktop.protocol.results import Result
    from mmbm_desktop.worker.inbox import Job
    from mmbm_desktop.worker.loaded import Loaded


@dataclass(frozen=True)
class Desk:
    """All that a task gets: its job, the models in memory, and whom to tell how it goes."""

    job: Job
    loaded: Loaded
    progress: ReportProgress
    heard: Callable[[str], None]

    @property
    def pixel_limit(self) -> int:
        """Largest width x height of a picture that is opened."""
        return self.job.work.pixel_limit


def answer(desk: Desk) -> Result:
    """Do a job's work and return its result.

    Raises:
        Cancelled: the job's token was cancelled.
        MmbmError: the work could not be done.
    """
    request = desk.job.work.request
    task = TASKS.get(type(request))
    if task is None:
        raise BugFault(ErrorCode.BUG, f"no task answers {type(request).__name__}")
    desk.job.token.check()
    return task(request, desk)


def _caption(request: CaptionRequest, desk: Desk) -> Result:
    from mmbm_desktop.inference.caption import caption
    from mmbm_desktop.inference.image_text import ImageTextBundle

    bundle = desk.loaded.bundle(desk.job.work.bundle, ImageTextBundle)
    return caption(request, bundle, desk.pixel_limit, desk.job.token)


def _classify(request: ClassifyRequest, desk: Desk) -> Result:
    from mmbm_desktop.inference.classify import PictureClassifier, classify

    bundle = desk.loaded.bundle(desk.job.work.bundle, PictureClassifier)
    return classify(request, bundle, desk.pixel_limit, desk.job.token)


def _embed_images(request: EmbedImagesRequest, desk: Desk) -> Result:
    from mmbm_desktop.inference.embed import embed_images
    from mmbm_desktop.inference.image_text import ImageTextBundle

    bundle = desk.loaded.bundle(desk.job.work.bundle, ImageTextBundle)
    return embed_images(request, bundle, desk.pixel_limit, desk.job.token, desk.progress)


def _embed_texts(request: EmbedTextRequest, desk: Desk) -> Result:
    from mmbm_desktop.inference.embed import embed_texts
    from mmbm_desktop.inference.image_text import ImageTextBundle

    return embed_texts(request, desk.loaded.bundle(desk.job.work.bundle, ImageTextBundle), desk.job.token)


def _transcribe(request: TranscribeRequest, desk: Desk) -> Result:
    from mmbm_desktop.inference.transcribe import transcribe_file

    return transcribe_file(request, _recogniser(desk), desk.job.token, desk.progress, desk.heard)


def _transcribe_live(request: LiveTranscribeRequest, desk: Desk) -> Result:
    from mmbm_desktop.inference.live import LiveTranscriber

    live = LiveTranscriber(_recogniser(desk), request.language, desk.job.token)
    told = ""
    try:
        for sound in desk.job.heard():
            text = live.feed(sound)
            if text != told:
                desk.heard(text)
                told = text
        return live.finish()
    finally:
        live.close()


def _sounds(request: SoundsRequest, desk: Desk) -> Result:
    from mmbm_desktop.inference.sounds import SoundTagger, find_sounds

    return find_sounds(request, desk.loaded.bundle(desk.job.work.bundle, SoundTagger), desk.job.token, desk.progress)


def _recogniser(desk: Desk) -> StretchRecogniser:
    """Return the recogniser in the job's bundle; the built-in one where it names none."""
    if desk.job.work.bundle is None:
        return desk.loaded.recogniser()
    from mmbm_desktop.inference.commands import CommandRecogniser

    return desk.loaded.bundle(desk.job.work.bundle, CommandRecogniser)


def _translate(request: TranslateRequest, desk: Desk) -> Result:
    from mmbm_desktop.inference.translate import Translator, translate

    return translate(request, desk.loaded.bundle(desk.job.work.bundle, Translator), desk.job.token)


def _check(request: CheckModelRequest, desk: Desk) -> Result:
    del request
    from mmbm_desktop.inference.check import check_bundle

    return check_bundle(required_folder(desk.job.work.bundle), desk.loaded.threads, desk.job.token)


TASKS: Mapping[type, Callable[[Any, Desk], Result]] = {
    CaptionRequest: _caption,
    ClassifyRequest: _classify,
    EmbedImagesRequest: _embed_images,
    EmbedTextRequest: _embed_texts,
    TranscribeRequest: _transcribe,
    LiveTranscribeRequest: _transcribe_live,
    TranslateRequest: _translate,
    SoundsRequest: _sounds,
    CheckModelRequest: _check,
}

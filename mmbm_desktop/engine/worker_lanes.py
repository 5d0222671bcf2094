"""The inference workers, one for each kind of work, so that a picture never waits for an hour of speech.

All are the same program, started when first needed and ended when idle.
"""

from __future__ import annotations

import io
import logging
import os
import threading
import time
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Protocol

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import Cancelled, ErrorCode, InputFault, MmbmError
from mmbm_desktop.base.files import write_atomically
from mmbm_desktop.base.progress import CancelToken, no_progress
from mmbm_desktop.engine.conversation import Call
from mmbm_desktop.engine.model_store import bundle_of, languages_of
from mmbm_desktop.engine.supervisor import Supervisor
from mmbm_desktop.engine.worker_process import worker_command
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
from mmbm_desktop.protocol.tasks import BACKGROUND, Task

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mmbm_desktop.base.progress import ReportProgress
    from mmbm_desktop.base.settings import Settings
    from mmbm_desktop.engine.conversation import Sound, Timings
    from mmbm_desktop.engine.model_store import ModelStore
    from mmbm_desktop.protocol.catalogue import ModelInfo
    from mmbm_desktop.protocol.events import Event
    from mmbm_desktop.protocol.requests import WorkerRequest
    from mmbm_desktop.protocol.results import Result

log = logging.getLogger(__name__)


class Lane(StrEnum):
    """Which worker does a work."""

    PICTURES = "pictures"
    SPEECH = "speech"
    LIVE = "live"
    SOUNDS = "sounds"
    QUIET = "quiet"
    """Whatever indexing asks at low priority. A process of its own: a priority once lowered cannot be raised again."""


_TASKS = {
    CaptionRequest: Task.CAPTION,
    ClassifyRequest: Task.CLASSIFY,
    EmbedImagesRequest: Task.EMBED_IMAGE,
    EmbedTextRequest: Task.EMBED_TEXT,
    TranscribeRequest: Task.TRANSCRIBE,
    LiveTranscribeRequest: Task.TRANSCRIBE,
    SoundsRequest: Task.SOUNDS,
    TranslateRequest: Task.TRANSLATE,
}
_LANES = {TranscribeRequest: Lane.SPEECH, LiveTranscribeRequest: Lane.LIVE, SoundsRequest: Lane.SOUNDS}


class Asker(Protocol):
    """For whom a worker works; a `RunningJob` is one."""

    @property
    def priority(self) -> int:
        """Smaller goes first among those waiting for the same worker."""
        ...

    @property
    def token(self) -> CancelToken:
        """Cancels the work, waiting or running."""
        ...

    def tried_again(self) -> None:
        """Hear that the worker died and the work is begun once more."""
        ...


@dataclass(frozen=True)
class _WarmUp:
    token: CancelToken
    priority: int = BACKGROUND

    def tried_again(self) -> None:
        """Nobody is told."""


def _ignore_text(text: str) -> None:
    del text


class WorkerLanes:
    """Finds the model and the worker for a request and returns the answer. A call blocks the thread that makes it."""

    def __init__(
        self,
        settings: Settings,
        models: ModelStore,
        announce: Callable[[Event], None],
        timings: Timings | None = None,
    ) -> None:
        self._settings = settings
        self._models = models
        self._closing = CancelToken()
        self._warming = threading.Lock()
        self._supervisors = {
            lane: Supervisor(partial(self._command, lane), _log_file(lane), announce, self._idle_s, timings, lane)
            for lane in Lane
        }

    def call(
        self,
        request: WorkerRequest,
        asker: Asker,
        *,
        model: ModelInfo | None = None,
        progress: ReportProgress = no_progress,
        heard: Callable[[str], None] = _ignore_text,
        sound: Sound | None = None,
        quiet: bool = False,
    ) -> Result:
        """Let a worker answer.

        Args:
            request: what is asked.
            asker: how urgent it is, how it is cancelled, and who hears of a second attempt.
            model: who answers, where the caller has chosen already.
            progress: takes how far the work is.
            heard: takes the text so far of a transcription.
            sound: what a `LiveTranscribeRequest` listens to.
            quiet: whether the worker is the one that gives way to everything else on the computer.

        Raises:
            Cancelled: the asker's token was cancelled, or the lanes are closing.
            MmbmError: see `ModelStore.choose` and `Supervisor.call`.
        """
        if isinstance(request, LiveTranscribeRequest) and sound is None:
            raise InputFault(ErrorCode.ARGUMENT_INVALID, "a live transcription has sound", name="sound", value="")
        call = Call(
            request=request,
            bundle=bundle_of(model or self._model_for(request)),
            pixel_limit=self.pixel_limit,
            priority=asker.priority,
            token=asker.token,
            progress=progress,
            heard=heard,
            tried_again=asker.tried_again,
            sound=sound,
        )
        lane = Lane.QUIET if quiet else _LANES.get(type(request), Lane.PICTURES)
        return self._supervisors[lane].call(call)

    @property
    def pixel_limit(self) -> int:
        """Largest picture that is opened, in pixels."""
        return self._settings.integer("images.pixel_limit_millions") * 1_000_000

    def warm_up(self) -> None:
        """Load the model that answers captions, in a thread of its own; what goes wrong is only logged."""
        threading.Thread(target=self._warm_up, name="warm-up", daemon=True).start()

    def begin_close(self) -> None:
        """Let every work end as cancelled, now and from now on; returns at once."""
        self._closing.cancel()
        for supervisor in self._supervisors.values():
            supervisor.begin_close()

    def close(self, timeout_s: float) -> None:
        """End the workers."""
        self.begin_close()
        deadline = time.monotonic() + timeout_s
        for supervisor in self._supervisors.values():
            supervisor.close(max(0.3, deadline - time.monotonic()))

    def _model_for(self, request: WorkerRequest) -> ModelInfo:
        if isinstance(request, CheckModelRequest):
            return self._models.named(request.name)
        return self._models.choose(_TASKS[type(request)], request.model)

    def _warm_up(self) -> None:
        """Caption a white picture of a few pixels: that opens all that a first answer needs."""
        picture = paths.cache_dir() / "warm-up.png"
        try:
            with self._warming:
                self._supervisors[Lane.PICTURES].start()
                model = self._models.choose(Task.CAPTION)
                _write_white(picture)
                languages = languages_of(model, "en,zh")
                request = CaptionRequest(str(picture), languages, beam=1, max_tokens=1)
                self.call(request, _WarmUp(self._closing), model=model)
        except Cancelled:
            pass
        except MmbmError as error:
            log.warning("the worker could not be warmed up: %s", error)

    def _command(self, lane: Lane) -> tuple[str, ...]:
        threads = self._settings.integer("worker.threads") or max(1, (os.cpu_count() or 2) - 1)
        return worker_command(threads, quiet=lane is Lane.QUIET)

    def _idle_s(self) -> float:
        return self._settings.integer("worker.idle_minutes") * 60.0


def _log_file(lane: Lane) -> Path:
    return paths.log_dir() / f"worker-{lane}.stderr.log"


def _write_white(picture: Path) -> None:
    from PIL import Image

    encoded = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(encoded, "PNG")
    write_atomically(picture, encoded.getvalue())

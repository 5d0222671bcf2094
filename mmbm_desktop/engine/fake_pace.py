"""Plays one job of a `FakeEngine` at a human pace: progress, the level of a microphone, words heard one by one."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from mmbm_desktop.engine.fake_answers import transcript_result
from mmbm_desktop.protocol.events import MicrophoneLevel, PartialTranscript, WorkerChanged, WorkerState
from mmbm_desktop.protocol.requests import BrowseRequest, IndexRequest, RecordRequest, SearchRequest

if TYPE_CHECKING:
    from mmbm_desktop.engine.fake import FakeEngine
    from mmbm_desktop.protocol.jobs import JobId

_STEPS = 20
_BLOCK_S = 0.05


def play(engine: FakeEngine, job_id: JobId, pace_s: float) -> None:
    """Run a waiting job to its end, one step every `pace_s` seconds; stop when it was cancelled."""
    request = engine.job(job_id).request
    engine.start(job_id)
    engine.emit(WorkerChanged(WorkerState.BUSY, 4711))
    if isinstance(request, RecordRequest):
        _listen(engine, job_id)
    elif not isinstance(request, SearchRequest | BrowseRequest):
        _advance(engine, job_id, pace_s, _STEPS if isinstance(request, IndexRequest) else 4)
    if not engine.job(job_id).state.final:
        engine.finish(job_id)
    engine.emit(WorkerChanged(WorkerState.READY, 4711))


def _advance(engine: FakeEngine, job_id: JobId, pace_s: float, steps: int) -> None:
    for step in range(1, steps + 1):
        time.sleep(pace_s)
        if engine.job(job_id).state.final:
            return
        engine.progress(job_id, step, steps)


def _listen(engine: FakeEngine, job_id: JobId) -> None:
    words = transcript_result("").text.split()
    block = 0
    while not (engine.finishing(job_id) or engine.job(job_id).state.final):
        time.sleep(_BLOCK_S)
        block += 1
        peak = abs(math.sin(block / 7)) * 0.8
        outline = tuple(peak * abs(math.sin(block + part)) for part in range(4))
        engine.emit(MicrophoneLevel(job_id, peak / 3, peak, block * _BLOCK_S, outline))
        if block % 8 == 0:
            engine.emit(PartialTranscript(job_id, " ".join(words[: block // 8])))

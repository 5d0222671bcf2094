"""Transcription: a recording, streamed from disk, to segments of words with times and confidences."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.progress import CancelToken, no_progress
from mmbm_desktop.inference.speech.interface import require_spoken_language
from mmbm_desktop.inference.speech.splitting import SAMPLE_RATE_HZ, SpeechSplitter, Stretch
from mmbm_desktop.media.audio import blocks_16k, probe_audio
from mmbm_desktop.protocol.results import Made, TranscriptResult

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import numpy.typing as npt

    from mmbm_desktop.base.progress import ReportProgress
    from mmbm_desktop.inference.speech.interface import StretchRecogniser
    from mmbm_desktop.protocol.requests import TranscribeRequest
    from mmbm_desktop.protocol.results import Segment, Word

    Pcm = npt.NDArray[np.int16]

PIECE_SAMPLES = SAMPLE_RATE_HZ // 2  # computed in about 0.1 s: the longest a cancellation waits inside a stretch


def transcribe_file(
    request: TranscribeRequest,
    recogniser: StretchRecogniser,
    token: CancelToken | None = None,
    progress: ReportProgress = no_progress,
    heard: Callable[[str], None] | None = None,
) -> TranscriptResult:
    """Write down an audio file, streamed from disk: its length costs no memory.

    Args:
        request: which file, in which language.
        recogniser: the decoder to use.
        token: checked twice a second of sound.
        progress: told the whole seconds of sound done, of all.
        heard: told the text so far after every segment.

    Raises:
        Cancelled: `token` was cancelled.
        InputFault: the file cannot be used, or the language is not known.
    """
    require_spoken_language(request.language, recogniser.languages)
    began, path = time.perf_counter(), Path(request.path)
    total_s = math.ceil(probe_audio(path).duration_s) or None
    blocks = _Counted(blocks_16k(path))
    segments: list[Segment] = []
    for segment in transcribe_blocks(blocks, recogniser, token or CancelToken(), progress, total_s):
        segments.append(segment)
        if heard:
            heard(" ".join(part.text for part in segments))
    made = Made(recogniser.name, recogniser.device, (time.perf_counter() - began) * 1000.0)
    return TranscriptResult(request.path, request.language, tuple(segments), blocks.samples / SAMPLE_RATE_HZ, made)


class _Counted:
    """Passes blocks on and counts their samples: headers are wrong about the length, or do not know it."""

    def __init__(self, blocks: Iterable[Pcm]) -> None:
        self._blocks = blocks
        self.samples = 0

    def __iter__(self) -> Iterator[Pcm]:
        for block in self._blocks:
            self.samples += len(block)
            yield block


def transcribe_blocks(
    blocks: Iterable[Pcm],
    recogniser: StretchRecogniser,
    token: CancelToken,
    progress: ReportProgress = no_progress,
    total_s: int | None = None,
) -> Iterator[Segment]:
    """Yield the segments of 16 kHz mono sound as they are recognised, holding one stretch at a time.

    Args:
        blocks: consecutive pieces of the sound, shape (samples,), int16.
        recogniser: the decoder to use; its earlier work, if any, must have ended.
        token: checked twice a second of sound.
        progress: told the whole seconds of sound done, of `total_s`.
        total_s: length of the sound in seconds where it is known.

    Raises:
        Cancelled: `token` was cancelled.
        InputFault: the file behind the blocks turned out to be broken.
    """
    splitter = SpeechSplitter()
    heard_samples = 0
    for block in blocks:
        token.check()
        for stretch in splitter.push(block):
            if segment := recogniser.believed(recognise(stretch, recogniser, token)):
                yield segment
        heard_samples += len(block)
        progress(heard_samples // SAMPLE_RATE_HZ, total_s)
    for stretch in splitter.finish():
        if segment := recogniser.believed(recognise(stretch, recogniser, token)):
            yield segment


def recognise(stretch: Stretch, recogniser: StretchRecogniser, token: CancelToken) -> tuple[Word, ...]:
    """Return the words of one stretch.

    Raises:
        Cancelled: `token` was cancelled; the recogniser is ready for the next stretch.
    """
    recogniser.begin(stretch.pcm)
    try:
        for start in range(0, len(stretch.pcm), PIECE_SAMPLES):
            token.check()
            recogniser.feed(stretch.pcm[start : start + PIECE_SAMPLES])
        token.check()
    except BaseException:
        recogniser.drop()
        raise
    return recogniser.end(stretch.start_s)

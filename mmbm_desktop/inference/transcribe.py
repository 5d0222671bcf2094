"""Transcription: sound, from a file or as it arrives, to segments of words with times and confidences."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.progress import CancelToken, no_progress
from mmbm_desktop.inference.speech.plausibility import believed_segment
from mmbm_desktop.inference.speech.recogniser import Recogniser, recogniser_name, require_language
from mmbm_desktop.inference.speech.splitting import SAMPLE_RATE_HZ, SpeechSplitter, Stretch
from mmbm_desktop.media.audio import blocks_16k, probe_audio
from mmbm_desktop.protocol.results import Made, TranscriptResult

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import numpy.typing as npt

    from mmbm_desktop.base.progress import ReportProgress
    from mmbm_desktop.protocol.requests import TranscribeRequest
    from mmbm_desktop.protocol.results import Segment, Word

    Pcm = npt.NDArray[np.int16]

PIECE_SAMPLES = SAMPLE_RATE_HZ // 2  # computed in about 0.1 s: the longest a cancellation waits inside a stretch


def transcribe_file(
    request: TranscribeRequest,
    recogniser: Recogniser,
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
    require_language(request.language)
    began, path = time.perf_counter(), Path(request.path)
    total_s = math.ceil(probe_audio(path).duration_s) or None
    blocks = _Counted(blocks_16k(path))
    segments: list[Segment] = []
    for segment in transcribe_blocks(blocks, recogniser, token or CancelToken(), progress, total_s):
        segments.append(segment)
        if heard:
            heard(" ".join(part.text for part in segments))
    made = Made(recogniser_name(), "CPU", (time.perf_counter() - began) * 1000.0)
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
    recogniser: Recogniser,
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
            if segment := believed_segment(recognise(stretch, recogniser, token)):
                yield segment
        heard_samples += len(block)
        progress(heard_samples // SAMPLE_RATE_HZ, total_s)
    for stretch in splitter.finish():
        if segment := believed_segment(recognise(stretch, recogniser, token)):
            yield segment


def recognise(stretch: Stretch, recogniser: Recogniser, token: CancelToken) -> tuple[Word, ...]:
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


class LiveTranscriber:
    """Transcribes sound while it arrives; `feed` returns the text so far, `finish` the whole transcript.

    A stretch is normalised by the speech before it and its own first second, as the rest has not been heard yet.
    """

    _FIRST_SAMPLES = SAMPLE_RATE_HZ
    _MEMORY_SAMPLES = 8 * SAMPLE_RATE_HZ

    def __init__(self, recogniser: Recogniser, language: str = "en", token: CancelToken | None = None) -> None:
        require_language(language)
        self._recogniser = recogniser
        self._language = language
        self._token = token or CancelToken()
        self._splitter = SpeechSplitter()
        self._segments: list[Segment] = []
        self._voice: Pcm = np.empty(0, np.int16)
        self._fed: int | None = None
        self._odd_byte = b""
        self._samples = 0
        self._seconds = 0.0

    def feed(self, pcm: bytes) -> str:
        """Take more 16 kHz mono int16 little-endian sound and return the text of everything heard so far.

        Raises:
            Cancelled: the token was cancelled.
        """
        began = time.perf_counter()
        data = self._odd_byte + pcm
        whole = len(data) - len(data) % 2
        self._odd_byte = data[whole:]
        sound = np.frombuffer(data[:whole], "<i2").astype(np.int16, copy=False)
        self._samples += len(sound)
        for stretch in self._splitter.push(sound):
            self._end(stretch)
        if growing := self._splitter.growing():
            self._advance(growing)
        self._seconds += time.perf_counter() - began
        return self.text

    @property
    def text(self) -> str:
        """The text so far; the last words may still change."""
        partial = self._recogniser.text() if self._fed is not None else ""
        return " ".join([*(segment.text for segment in self._segments), *([partial] if partial else [])])

    def finish(self, path: str = "") -> TranscriptResult:
        """Return the transcript of all that was fed.

        Raises:
            Cancelled: the token was cancelled.
        """
        began = time.perf_counter()
        for stretch in self._splitter.finish():
            self._end(stretch)
        self._seconds += time.perf_counter() - began
        made = Made(recogniser_name(), "CPU", self._seconds * 1000)
        return TranscriptResult(path, self._language, tuple(self._segments), self._samples / SAMPLE_RATE_HZ, made)

    def close(self) -> None:
        """Give up the stretch in hand, so that the recogniser can be used again."""
        if self._fed is not None:
            self._fed = None
            self._recogniser.drop()

    def _advance(self, stretch: Stretch) -> None:
        if self._fed is None:
            if len(stretch.pcm) < self._FIRST_SAMPLES:
                return
            self._recogniser.begin(np.concatenate([self._voice, stretch.pcm]))
            self._fed = 0
        self._feed_rest(stretch, self._fed)

    def _feed_rest(self, stretch: Stretch, fed: int) -> None:
        for start in range(fed, len(stretch.pcm), PIECE_SAMPLES):
            self._token.check()
            self._recogniser.feed(stretch.pcm[start : start + PIECE_SAMPLES])
        self._fed = len(stretch.pcm)

    def _end(self, stretch: Stretch) -> None:
        if self._fed is None or self._fed > len(stretch.pcm):  # short, or cut without a pause: not what was fed
            self.close()
            words = recognise(stretch, self._recogniser, self._token)
        else:
            self._feed_rest(stretch, self._fed)
            words = self._recogniser.end(stretch.start_s)
            self._fed = None
        self._voice = np.concatenate([self._voice, stretch.pcm])[-self._MEMORY_SAMPLES :]
        if segment := believed_segment(words):
            self._segments.append(segment)

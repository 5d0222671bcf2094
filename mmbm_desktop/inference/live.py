"""Live transcription: sound as it arrives to text that grows, and in the end to a transcript."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.inference.speech.interface import require_spoken_language
from mmbm_desktop.inference.speech.splitting import SAMPLE_RATE_HZ, SpeechSplitter, Stretch
from mmbm_desktop.inference.transcribe import PIECE_SAMPLES, recognise
from mmbm_desktop.protocol.results import Made, TranscriptResult

if TYPE_CHECKING:
    import numpy.typing as npt

    from mmbm_desktop.inference.speech.interface import StretchRecogniser
    from mmbm_desktop.protocol.results import Segment

    Pcm = npt.NDArray[np.int16]


class LiveTranscriber:
    """Transcribes sound while it arrives; `feed` returns the text so far, `finish` the whole transcript.

    A stretch is normalised by the speech before it and its own first second, as the rest has not been heard yet.
    """

    _FIRST_SAMPLES = SAMPLE_RATE_HZ
    _MEMORY_SAMPLES = 8 * SAMPLE_RATE_HZ

    def __init__(self, recogniser: StretchRecogniser, language: str = "en", token: CancelToken | None = None) -> None:
        require_spoken_language(language, recogniser.languages)
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
        made = Made(self._recogniser.name, self._recogniser.device, self._seconds * 1000)
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
        if segment := self._recogniser.believed(words):
            self._segments.append(segment)

"""PocketSphinx: one stretch of speech to words with times and confidences. English only; its model is in its wheel."""

from __future__ import annotations

import importlib.metadata
import re
from typing import TYPE_CHECKING, Protocol

import numpy as np
from pocketsphinx import Decoder

from mmbm_desktop.base.errors import BugFault, ErrorCode
from mmbm_desktop.inference.speech.interface import require_spoken_language
from mmbm_desktop.inference.speech.plausibility import believed_segment
from mmbm_desktop.inference.speech.splitting import SAMPLE_RATE_HZ
from mmbm_desktop.protocol.results import Word

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from mmbm_desktop.protocol.results import Segment

    Pcm = npt.NDArray[np.int16]

LANGUAGES = ("en",)
_FRAMES_PER_S = 100
_VARIANT = re.compile(r"\(\d+\)$")
_FILLER = re.compile(r"^(<.*>|\[.*\]|\+\+.*\+\+)$")
_SEARCH = {
    # Wider beams than the default cost a quarter more time and are worth about 2 % of words on read speech.
    "beam": 1e-55,
    "pbeam": 1e-55,
    "wbeam": 1e-34,
}
# It takes speech for having begun before the first frame, and misses words there, unless it has heard silence.
_SILENCE_S = 0.3
_SILENCE = bytes(2 * int(_SILENCE_S * SAMPLE_RATE_HZ))
_ONE_SOUND_GRAMMAR = "#JSGF V1.0; grammar sound; public <sound> = a;"


class _Segment(Protocol):
    """A word as PocketSphinx gives it: frames of 10 ms, the last one included; `prob` its posterior probability."""

    word: str
    start_frame: int
    end_frame: int
    prob: float


def require_language(language: str) -> None:
    """Accept a language this recogniser knows.

    Raises:
        InputFault: it knows no such language (`LANGUAGE_UNSUPPORTED`).
    """
    require_spoken_language(language, LANGUAGES)


def recogniser_name() -> str:
    """Return the model's name and version for results."""
    return f"pocketsphinx-en {importlib.metadata.version('pocketsphinx')}"


class Recogniser:
    """One decoder, used for one stretch after the other; see `StretchRecogniser`.

    A piece of half a second takes about a tenth of a second, so that a caller can stop between two pieces.
    Loading takes 0.3 s and about 100 MB, most of it mapped from the wheel's files.
    """

    device = "CPU"
    languages = LANGUAGES

    def __init__(self) -> None:
        self._decoder = Decoder(samprate=SAMPLE_RATE_HZ, loglevel="FATAL", cmn="live", **_SEARCH)
        self._gauge = Decoder(samprate=SAMPLE_RATE_HZ, loglevel="FATAL", lm=None, dict=None)
        self._gauge.add_word("a", "AH", True)
        self._gauge.add_jsgf_string("sound", _ONE_SOUND_GRAMMAR)
        self._gauge.activate_search("sound")
        self._samples = 0

    @property
    def name(self) -> str:
        """The model's name and version."""
        return recogniser_name()

    def begin(self, sample: Pcm) -> None:
        """Start a stretch whose loudness and colour are like `sample`'s: best the whole stretch."""
        self._decoder.set_cmn(self._cepstral_mean(sample))
        self._decoder.start_utt()
        self._decoder.process_raw(_SILENCE)
        self._samples = 0

    def feed(self, pcm: Pcm) -> None:
        """Take the next piece of the stretch."""
        if len(pcm):
            self._decoder.process_raw(pcm.tobytes())
            self._samples += len(pcm)

    def text(self) -> str:
        """Return the most likely words of what has been fed so far; they may still change."""
        hypothesis = self._decoder.hyp()
        return readable(hypothesis.hypstr.split()) if hypothesis else ""

    def end(self, start_s: float) -> tuple[Word, ...]:
        """End the stretch, which began at `start_s`, and return its words with absolute times."""
        self._decoder.process_raw(_SILENCE)
        self._decoder.end_utt()
        if self._decoder.hyp() is None:
            return ()
        end_s = start_s + self._samples / SAMPLE_RATE_HZ
        segments = self._decoder.seg() or ()
        return tuple(_word(segment, start_s, end_s) for segment in segments if not _FILLER.match(segment.word))

    def drop(self) -> None:
        """Give up the stretch in hand, if there is one."""
        try:
            self._decoder.end_utt()
        except RuntimeError:
            return

    def believed(self, words: tuple[Word, ...]) -> Segment | None:
        """Return the segment of those words that are as long as spoken words are; see `believed_segment`."""
        return believed_segment(words)

    def _cepstral_mean(self, sample: Pcm) -> str:
        """Return the mean cepstrum of a piece of sound: knowing it beforehand is what "batch" normalisation means.

        The small decoder computes features without searching; its grammar of one sound makes ending it cheap.
        """
        try:
            self._gauge.start_utt()
            self._gauge.process_raw(sample.tobytes(), no_search=True, full_utt=True)
            mean = self._gauge.get_cmn(False)
            self._gauge.end_utt()
        except RuntimeError as error:
            raise BugFault(ErrorCode.BUG, f"PocketSphinx: {error}") from error
        return mean


def readable(words: Iterable[str]) -> str:
    """Return recogniser words as text: without pronunciation variants and fillers, and with "I" as it is written."""
    plain = (_VARIANT.sub("", word) for word in words if not _FILLER.match(word))
    return " ".join("I" + word[1:] if word == "i" or word.startswith("i'") else word for word in plain)


def _word(segment: _Segment, start_s: float, end_s: float) -> Word:
    """Return a word of the stretch from `start_s` to `end_s`; in the silence around it there are none."""
    begins = start_s - _SILENCE_S + segment.start_frame / _FRAMES_PER_S
    ends = start_s - _SILENCE_S + (segment.end_frame + 1) / _FRAMES_PER_S
    first, last = (round(min(end_s, max(start_s, moment)), 2) for moment in (begins, ends))
    return Word(readable([segment.word]), first, last, min(1.0, max(0.0, float(segment.prob))))

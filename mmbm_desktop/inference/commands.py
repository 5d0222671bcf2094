"""An opened speech-command bundle: stretches of speech to the few words it knows, spelled letter by letter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.inference.opened import OpenedBundle
from mmbm_desktop.inference.speech.letters import MARGIN_S, STEP_S, read_words, utterance_frames
from mmbm_desktop.inference.speech.plausibility import segment_of
from mmbm_desktop.inference.speech.splitting import SAMPLE_RATE_HZ
from mmbm_desktop.media.mel import MEL_BANDS

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from mmbm_desktop.bundles.manifest import Manifest
    from mmbm_desktop.protocol.results import Segment, Word

    Pcm = npt.NDArray[np.int16]

FAMILY = "mmbm-speech-commands"
STRUCTURE = "command_recogniser.onnx"
_LEAST_CONFIDENCE = 0.5
"""Of a stretch whose words are believed: letters in noise are less sure."""


@dataclass(frozen=True)
class SpellingRules:
    """The alphabet, in the order of the scores behind the blank; and the words that may be meant."""

    letters: str
    words: tuple[str, ...]


class CommandRecogniser(OpenedBundle):
    """Recognises one stretch after the other; see `StretchRecogniser`. One thread at a time.

    The most probable letter of every step is read (greedy decoding, Graves et al. 2006). A spelling that is no word of
    the manifest becomes the one that is a single edit away, else the one that its steps make most probable.
    """

    def __init__(self, folder: Path, threads: int = 0) -> None:
        """Verify the bundle and read how it spells.

        Raises:
            EnvironmentFault: BUNDLE_INVALID, BUNDLE_DAMAGED.
            MmbmError: a file cannot be read.
        """
        super().__init__(folder, threads)
        self.require_family(FAMILY)
        self.rules = read_spelling(self.manifest)
        self._pieces: list[Pcm] = []

    @property
    def name(self) -> str:
        """The model's name and version."""
        return f"{self.manifest.name} {self.manifest.version}"

    @property
    def device(self) -> str:
        """Where it computes."""
        return self.sessions.device

    @property
    def languages(self) -> tuple[str, ...]:
        """What it understands."""
        return self.manifest.languages

    def words(self, pcm: Pcm, start_s: float = 0.0) -> tuple[Word, ...]:
        """Return the words of an utterance, (samples,) at 16 kHz, which begins at `start_s` of the recording.

        Raises:
            EnvironmentFault: the structure cannot be run (BUNDLE_INVALID, OUT_OF_MEMORY).
        """
        frames = utterance_frames(pcm)
        feed = {"frames": frames[None], "lengths": np.array([len(frames)], np.int32)}
        (probabilities,) = self.sessions.run(STRUCTURE, feed)["probabilities"]
        if probabilities.shape[1] != 1 + len(self.rules.letters):
            detail = f"{probabilities.shape[1]} scores"
            raise EnvironmentFault(ErrorCode.BUNDLE_INVALID, detail, name=self.manifest.name, field="letters")
        end_s = start_s + len(pcm) / SAMPLE_RATE_HZ
        return tuple(read_words(probabilities, self.rules.letters, self.rules.words, start_s, end_s))

    def begin(self, sample: Pcm) -> None:
        """Start a stretch. Its own mean and deviation are what the network normalises by: `sample` is not needed."""
        del sample
        self._pieces = []

    def feed(self, pcm: Pcm) -> None:
        """Take the next piece of the stretch."""
        self._pieces.append(pcm)

    def text(self) -> str:
        """Return the words of what has been fed so far; they may still change."""
        return " ".join(word.text for word in self.words(self._stretch()))

    def end(self, start_s: float) -> tuple[Word, ...]:
        """End the stretch, which began at `start_s`, and return its words with absolute times."""
        words = self.words(self._stretch(), start_s)
        self.drop()
        return words

    def drop(self) -> None:
        """Give up the stretch in hand, if there is one."""
        self._pieces = []

    def believed(self, words: tuple[Word, ...]) -> Segment | None:
        """Return the segment of a stretch's words, None if there are none or the network was unsure of them."""
        segment = segment_of(words) if words else None
        return segment if segment is not None and segment.confidence >= _LEAST_CONFIDENCE else None

    def _stretch(self) -> Pcm:
        return np.concatenate([np.zeros(0, np.int16), *self._pieces])


def read_spelling(manifest: Manifest) -> SpellingRules:
    """Return how a bundle spells.

    Raises:
        EnvironmentFault: the manifest says nothing usable about it, or asks for something unknown (BUNDLE_INVALID).
    """
    rules = manifest.preprocessing
    try:
        letters, words = rules["letters"], tuple(rules["words"])
        known = (int(rules["mel"]["bands"]), float(rules["margin_s"]), float(rules["step_s"]))
        if known != (MEL_BANDS, MARGIN_S, STEP_S):
            raise ValueError(f"bands, margin, step {known}")
        if not isinstance(letters, str) or not letters:
            raise ValueError(f"letters {letters!r}")
        if not all(isinstance(word, str) and word and set(word) <= set(letters) for word in words):
            raise ValueError("words in other letters")
    except (KeyError, TypeError, ValueError) as error:
        detail = f"{type(error).__name__}: {error}"
        raise EnvironmentFault(ErrorCode.BUNDLE_INVALID, detail, name=manifest.name, field="preprocessing") from error
    return SpellingRules(letters, words)

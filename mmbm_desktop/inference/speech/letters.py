"""Commands letter by letter: sound to frames, and letter scores to words with times and confidences. NumPy only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.inference.speech.lexicon import most_probable, snapped
from mmbm_desktop.media.audio import SAMPLE_RATE_HZ
from mmbm_desktop.media.levels import FULL_SCALE
from mmbm_desktop.media.mel import FRAMES_PER_SECOND, log_mel
from mmbm_desktop.protocol.results import Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    Pcm = npt.NDArray[np.int16]
    Floats = npt.NDArray[np.float32]

BLANK = 0
FRAMES_A_STEP = 2
STEP_S = FRAMES_A_STEP / FRAMES_PER_SECOND
MARGIN_S = 0.1
"""Of digital silence around every utterance, in training as in use: words may begin and end with the recording."""


@dataclass(frozen=True)
class Spelled:
    """A letter that was read: its place in the alphabet, its first and last step, its mean probability."""

    letter: int
    first: int
    last: int
    probability: float


def utterance_frames(pcm: Pcm) -> Floats:
    """Return the log-mel frames, (frames, 64), of an utterance, (samples,), with its margins."""
    return log_mel(with_margins(pcm.astype(np.float32) / np.float32(FULL_SCALE)))


def with_margins(sound: Floats) -> Floats:
    """Return sound, (samples,), with silence before and behind it."""
    return np.pad(sound, round(MARGIN_S * SAMPLE_RATE_HZ))


def spelled(probabilities: Floats) -> tuple[Spelled, ...]:
    """Return the letters of the most probable path: repetitions are one letter, blanks none (Graves et al. 2006).

    Args:
        probabilities: of the blank and the letters at every step, (steps, 1 + letters).
    """
    best = probabilities.argmax(axis=1)
    changes = np.flatnonzero(np.diff(best)) + 1
    firsts = np.concatenate([[0], changes]) if len(best) else changes
    ends = np.concatenate([changes, [len(best)]])
    return tuple(
        Spelled(int(best[first]) - 1, int(first), int(end) - 1, float(probabilities[first:end, best[first]].mean()))
        for first, end in zip(firsts, ends, strict=False)
        if best[first] != BLANK
    )


def read_words(probabilities: Floats, letters: str, known: Sequence[str], start_s: float, end_s: float) -> list[Word]:
    """Return the words of an utterance.

    A spelling that is no known word becomes the one that is a single edit away (a letter more, less or another); where
    there is none, or more than one, the known word that its steps make most probable. Its confidence is then that
    probability a letter, else the mean probability of its letters. The times are those of the letters' peaks, so a
    word is a little shorter than it sounds.

    Args:
        probabilities: of the blank and the letters at every step, (steps, 1 + letters), margins included.
        letters: the alphabet; a space parts words.
        known: the words that may be meant; any where there are none.
        start_s: where the utterance begins in the recording.
        end_s: where it ends.
    """
    parts = list(_between_spaces(spelled(probabilities), letters))
    words = []
    for number, part in enumerate(parts):
        text = snapped("".join(letters[one.letter] for one in part), known)
        confidence = float(np.mean([one.probability for one in part]))
        if known and text not in known:
            before = parts[number - 1][-1].last + 1 if number else 0
            behind = parts[number + 1][0].first if number + 1 < len(parts) else len(probabilities)
            text, confidence = most_probable(probabilities[before:behind], letters, known)
        first = start_s - MARGIN_S + part[0].first * STEP_S
        last = start_s - MARGIN_S + (part[-1].last + 1) * STEP_S
        begins, ends = (round(min(end_s, max(start_s, moment)), 2) for moment in (first, last))
        words.append(Word(text, begins, ends, min(1.0, confidence)))
    return words


def _between_spaces(path: Sequence[Spelled], letters: str) -> Iterator[list[Spelled]]:
    part: list[Spelled] = []
    for one in path:
        if letters[one.letter] != " ":
            part.append(one)
        elif part:
            yield part
            part = []
    if part:
        yield part

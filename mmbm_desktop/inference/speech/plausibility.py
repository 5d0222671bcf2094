"""Decides whether recognised words were said at all: a recogniser hears words in rain and sneezes as well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.protocol.results import Segment

if TYPE_CHECKING:
    from mmbm_desktop.protocol.results import Word


_SHORTEST_S = 0.01
"""Times are rounded to it."""


@dataclass(frozen=True)
class PlausibilityOptions:
    """What is taken for speech.

    Measured on read English (255 words, longest 0.11 s a letter), accented children (157 words, 0.17 s) and 50
    recordings of animals, rain and engines (words of up to 1.2 s a letter): these limits keep every word of the
    first two and silence 28 of the 46 noises that a recogniser made words of.
    """

    slowest_s_per_letter: float = 0.18  # counting two letters more than a word has, for its beginning and end
    most_implausible: float = 0.3  # of a segment's time; beyond it the other words are not believed either
    least_confidence: float = 0.03  # single words said alone are rarely above 0.1, so it cannot be higher


def believed_segment(words: tuple[Word, ...], options: PlausibilityOptions | None = None) -> Segment | None:
    """Return the segment made of those words that are as long as spoken words are, None if it was no speech."""
    limits = options or PlausibilityOptions()
    kept = tuple(word for word in words if _s_per_letter(word) <= limits.slowest_s_per_letter)
    if not kept or _seconds(kept) < (1.0 - limits.most_implausible) * _seconds(words):
        return None
    segment = segment_of(kept)
    return None if segment.confidence < limits.least_confidence else segment


def segment_of(words: tuple[Word, ...]) -> Segment:
    """Return the segment that words, at least one, make; its confidence is their mean weighted by their lengths.

    A word that was read at the very edge of its stretch has no length; it counts as the shortest there is.
    """
    lengths = [max(word.end_s - word.start_s, _SHORTEST_S) for word in words]
    confidence = float(np.average([word.confidence for word in words], weights=lengths))
    return Segment(" ".join(word.text for word in words), words[0].start_s, words[-1].end_s, confidence, words)


def _s_per_letter(word: Word) -> float:
    return (word.end_s - word.start_s) / (len(word.text) + 2)


def _seconds(words: tuple[Word, ...]) -> float:
    return sum(word.end_s - word.start_s for word in words)

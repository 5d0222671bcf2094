"""Which known word a spelling stands for: by one edit, or by the probability of all its paths. NumPy only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.inference.word_errors import edit_distance

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.floating]

_LEAST = 1e-8
"""Probability below which a letter counts as impossible enough."""


def snapped(spelling: str, known: Sequence[str]) -> str:
    """Return the one known word that is at most one edit away from a spelling, else the spelling."""
    if spelling in known:
        return spelling
    near = [word for word in known if abs(len(word) - len(spelling)) <= 1 and edit_distance(word, spelling) == 1]
    return near[0] if len(near) == 1 else spelling


def most_probable(probabilities: Floats, letters: str, known: Sequence[str]) -> tuple[str, float]:
    """Return the known word that steps spell with the highest probability, and that probability a letter, 0..1.

    Args:
        probabilities: of the blank and the letters at every step, (steps, 1 + letters); at least one step.
        letters: the alphabet.
        known: the words that may be meant, at least one.
    """
    logs = np.log(np.maximum(probabilities, _LEAST))
    found = [path_log_probability(logs, [1 + letters.index(letter) for letter in word]) for word in known]
    best = int(np.argmax(found))
    return known[best], float(np.exp(found[best] / len(known[best])))


def path_log_probability(logs: Floats, word: Sequence[int]) -> float:
    """Return the log-probability of all paths that spell a word: the forward sum of Graves et al. 2006, section 4.1.

    Args:
        logs: log-probabilities of the blank and the letters, (steps, 1 + letters); at least one step.
        word: its letters, from 1 on; at least one.
    """
    states = np.zeros(2 * len(word) + 1, np.int64)  # a blank before, between and behind the letters
    states[1::2] = word
    may_skip = np.zeros(len(states), bool)
    may_skip[2:] = (states[2:] != 0) & (states[2:] != states[:-2])
    sums = np.full(len(states), -np.inf)
    sums[:2] = logs[0, states[:2]]
    for step in logs[1:]:
        reached = sums.copy()
        reached[1:] = np.logaddexp(reached[1:], sums[:-1])
        reached[2:] = np.logaddexp(reached[2:], np.where(may_skip[2:], sums[:-2], -np.inf))
        sums = reached + step[states]
    return float(np.logaddexp(sums[-1], sums[-2]))

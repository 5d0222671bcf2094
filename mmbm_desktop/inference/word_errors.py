"""Word error rate: how far a transcript is from what was really said. Pure Python, no model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmbm_desktop.protocol.spoken_words import spoken_words

if TYPE_CHECKING:
    from collections.abc import Sequence


def edit_distance(reference: Sequence[str], hypothesis: Sequence[str]) -> int:
    """Return the least number of substitutions, insertions and deletions that turn one sequence into the other.

    Source: Wagner and Fischer, "The String-to-String Correction Problem", 1974.
    """
    previous = list(range(len(hypothesis) + 1))
    for row, expected in enumerate(reference, start=1):
        current = [row]
        for column, found in enumerate(hypothesis, start=1):
            substituted = previous[column - 1] + (expected != found)
            current.append(min(substituted, previous[column] + 1, current[-1] + 1))
        previous = current
    return previous[-1]


def aligned_words(reference: str, hypothesis: str) -> tuple[tuple[str, str], ...]:
    """Return the words of two texts beside each other, in an alignment with the fewest changes; "" for no word."""
    words, heard = spoken_words(reference), spoken_words(hypothesis)
    costs = [list(range(len(heard) + 1))]
    for row, expected in enumerate(words, start=1):
        current = [row]
        for column, found in enumerate(heard, start=1):
            kept = costs[-1][column - 1] + (expected != found)
            current.append(min(kept, costs[-1][column] + 1, current[-1] + 1))
        costs.append(current)
    return tuple(reversed(_way_back(words, heard, costs)))


def _way_back(words: list[str], heard: list[str], costs: list[list[int]]) -> list[tuple[str, str]]:
    """Return the pairs of the cheapest way through a table of edit distances, from its end."""
    row, column, pairs = len(words), len(heard), []
    while row or column:
        here = costs[row][column]
        if row and column and here == costs[row - 1][column - 1] + (words[row - 1] != heard[column - 1]):
            row, column = row - 1, column - 1
            pairs.append((words[row], heard[column]))
        elif row and here == costs[row - 1][column] + 1:
            row -= 1
            pairs.append((words[row], ""))
        else:
            column -= 1
            pairs.append(("", heard[column]))
    return pairs


def word_error_rate(references: Sequence[str], hypotheses: Sequence[str]) -> float:
    """Return the edit distance of all pairs of texts over the number of reference words (0.0 without any).

    Raises:
        ValueError: the two sequences differ in length.
    """
    pairs = [(spoken_words(a), spoken_words(b)) for a, b in zip(references, hypotheses, strict=True)]
    words = sum(len(reference) for reference, _ in pairs)
    return sum(edit_distance(a, b) for a, b in pairs) / words if words else 0.0

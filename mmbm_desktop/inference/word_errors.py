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


def word_changes(reference: str, hypothesis: str) -> tuple[int, int, int]:
    """Return the substitutions, deletions and insertions of an alignment with the fewest changes."""
    words, heard = spoken_words(reference), spoken_words(hypothesis)
    rows = [[(column, 0, 0, column) for column in range(len(heard) + 1)]]  # changes, substituted, deleted, inserted
    for row, expected in enumerate(words, start=1):
        current = [(row, 0, row, 0)]
        for column, found in enumerate(heard, start=1):
            changed = int(expected != found)
            total, swapped, lost, added = rows[-1][column - 1]
            choices = [(total + changed, swapped + changed, lost, added)]
            total, swapped, lost, added = rows[-1][column]
            choices.append((total + 1, swapped, lost + 1, added))
            total, swapped, lost, added = current[-1]
            choices.append((total + 1, swapped, lost, added + 1))
            current.append(min(choices, key=lambda one: one[0]))
        rows.append(current)
    return rows[-1][-1][1:]


def word_error_rate(references: Sequence[str], hypotheses: Sequence[str]) -> float:
    """Return the edit distance of all pairs of texts over the number of reference words (0.0 without any).

    Raises:
        ValueError: the two sequences differ in length.
    """
    pairs = [(spoken_words(a), spoken_words(b)) for a, b in zip(references, hypotheses, strict=True)]
    words = sum(len(reference) for reference, _ in pairs)
    return sum(edit_distance(a, b) for a, b in pairs) / words if words else 0.0

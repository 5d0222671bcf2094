"""Cuts a text into sentences, and sentences that are too long into pieces. Text only; nothing is lost but blanks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_CLOSING = "\"'”’」』)）"
_END = re.compile(rf"(?:[。！？…]+|[.!?]+(?=[{_CLOSING}]*(?:\s|$)))[{_CLOSING}]*\s*")
_ABBREVIATION = re.compile(r"(?:^|[\s(\"'])(?:mr|mrs|ms|dr|st|jr|sr|vs|no|e\.g|i\.e|[a-z])\.\s*$", re.IGNORECASE)
_PAUSE = re.compile(r"[,;:，；：、]\s*")
_SPACE = re.compile(r"\s+")


def sentences(line: str) -> list[str]:
    """Return the sentences of a line, each with its marks.

    A full stop ends a sentence only before a blank or the end, and not after a title or a single letter ("Mr.", "J.").
    """
    found: list[str] = []
    start = 0
    for mark in _END.finditer(line):
        if _ABBREVIATION.search(line[start : mark.end()]) and mark.end() < len(line):
            continue
        found.append(line[start : mark.end()].strip())
        start = mark.end()
    found.append(line[start:].strip())
    return [sentence for sentence in found if sentence]


def pieces(sentence: str, fits: Callable[[str], bool]) -> list[str]:
    """Return a sentence in pieces that fit, cut near the middle: at a pause, else at a blank, else anywhere."""
    if fits(sentence) or len(sentence) < 2:
        return [sentence]
    middle = len(sentence) // 2
    for kind in (_PAUSE, _SPACE):
        cuts = [mark.end() for mark in kind.finditer(sentence) if 0 < mark.end() < len(sentence)]
        if cuts:
            middle = min(cuts, key=lambda cut: abs(cut - len(sentence) // 2))
            break
    halves = (sentence[:middle].strip(), sentence[middle:].strip())
    return [piece for half in halves if half for piece in pieces(half, fits)]

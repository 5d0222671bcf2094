"""How translations are spelled: names with their capitals, marks as wide as the language has them. Text only.

A translation network reads and writes small letters, simplified characters and narrow marks; what people write and
read is turned into that and back here, with two lists that a bundle brings along.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mmbm_desktop.base.files import os_errors_sorted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAMES_FILE = "names.txt"
CHARACTERS_FILE = "simplified.txt"

_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?")
_SENTENCE_START = re.compile(r"(^[\"'(]*|[.!?][\"')]* +[\"'(]*)([a-z])")
_SENTENCE_END = re.compile(r"[.!?][\"')]*$")
_WIDE = {",": "，", "?": "？", "!": "！", ":": "：", ";": "；", "(": "（", ")": "）"}
_NARROW_MARK = re.compile(r"(?<!\d)[,:]|[,:](?!\d)|[?!;()]")
_STOP = re.compile(r"(?<![\d.A-Za-z])\.(?!\.)|(?<=\d)\.(?![\d.])|(?<=[A-Za-z])\.$")
_PAIR_OF_SIGNS = 2


@dataclass(frozen=True)
class Spelling:
    """The lists of a bundle.

    Attributes:
        names: a word in small letters to its usual spelling ("tom": "Tom", "tv": "TV").
        simplified: traditional to simplified characters, a table for `str.translate`.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    simplified: Mapping[int, str] = field(default_factory=dict)

    def simple(self, text: str) -> str:
        """Return Chinese in simplified characters."""
        return text.translate(self.simplified)

    def spelled(self, text: str, language: str) -> str:
        """Return a network's text as people write it."""
        named = _WORD.sub(self._named, text.strip())
        return _widened(named) if language == "zh" else _started(named)

    def _named(self, word: re.Match[str]) -> str:
        return self.names.get(word[0].lower(), word[0])


def read_spelling(folder: Path) -> Spelling:
    """Read the lists of a bundle: one name, or one pair of characters, a line. A list that is missing is empty.

    Raises:
        MmbmError: a list cannot be read.
    """
    names = _lines(folder / NAMES_FILE)
    pairs = [line for line in _lines(folder / CHARACTERS_FILE) if len(line) == _PAIR_OF_SIGNS]
    return Spelling({name.lower(): name for name in names}, {ord(long): short for long, short in pairs})


def _lines(file: Path) -> list[str]:
    if not file.is_file():
        return []
    with os_errors_sorted(file):
        return file.read_bytes().decode("utf-8", errors="replace").split()


def _started(text: str) -> str:
    """Begin sentences with a capital letter; a few words that are no sentence stay as they are."""
    if not _SENTENCE_END.search(text):
        return text
    return _SENTENCE_START.sub(lambda start: start[1] + start[2].upper(), text)


def _widened(text: str) -> str:
    wide = _NARROW_MARK.sub(lambda mark: _WIDE[mark[0]], text.replace("...", "……"))
    parts = _STOP.sub("。", wide).split('"')
    return "".join(part if number == 0 else "“”"[(number - 1) % 2] + part for number, part in enumerate(parts))

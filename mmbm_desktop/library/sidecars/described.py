"""What is known of one file, as it goes into sidecars and comes out of them. Nothing is read or written here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mmbm_desktop.protocol.results import Segment
from mmbm_desktop.protocol.tasks import MediaKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mmbm_desktop.protocol.requests import Language

_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped (https://www.w3.org/TR/xml/#charsets)."""

_CHINESE, _LATIN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]"), re.compile(r"[A-Za-z]+")


@dataclass(frozen=True)
class Described:
    """A file and what is known of it. `captions` are (language, text), English first; `segments` may be missing."""

    path: str
    kind: MediaKind
    captions: tuple[tuple[str, str], ...] = ()
    tags: tuple[str, ...] = ()
    transcript: str = ""
    segments: tuple[Segment, ...] = ()
    language: str = "en"
    duration_s: float = 0.0


def one_line(text: str) -> str:
    """Return a text as one line with single spaces."""
    return " ".join(text.split())


def same_text(one: str, other: str) -> bool:
    """Whether two texts differ in white space only."""
    return one_line(one) == one_line(other)


def without_controls(text: str) -> tuple[str, int]:
    """Return a text with line feeds for line ends and without what XML cannot hold, and how much that was."""
    return _NOT_XML.subn("", text.replace("\r\n", "\n").replace("\r", "\n"))


def main_language(text: str) -> Language:
    """Return the language that most of a text is in: an English sentence may quote a Chinese word."""
    return "zh" if len(_CHINESE.findall(text)) > len(_LATIN.findall(text)) else "en"


def once(texts: Iterable[str]) -> tuple[str, ...]:
    """Return texts in order, each once, capitals making no other one."""
    return tuple({text.casefold(): text for text in reversed(list(texts)) if text}.values())[::-1]

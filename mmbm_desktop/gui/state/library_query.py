"""What the person is looking for in the library, and how typed text becomes that. No Qt."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from mmbm_desktop.protocol.requests import SearchRequest

_DASHES = r"−－–\-"
_MINUS = re.compile(rf'(?:^|(?<=\s))[{_DASHES}](?:["“”]([^"“”]+)["“”]|([^\s{_DASHES}"“”][^\s"“”]*))')
_FINISHED_MINUS = re.compile(_MINUS.pattern + r"(?=\s)")


@dataclass(frozen=True)
class LibraryQuery:
    """Words, an example picture, or both, less what `minus` names. Without words and picture it asks for nothing."""

    text: str = ""
    minus: tuple[str, ...] = ()
    image_path: str | None = None

    @property
    def empty(self) -> bool:
        """Whether there is nothing to rank by; terms to leave out alone rank nothing."""
        return not self.text and self.image_path is None

    def request(self, *, folder: str | None, top: int) -> SearchRequest:
        """Return the search for this query among `top` best of `folder` (None: everywhere)."""
        return SearchRequest(self.text, self.image_path, " ".join(self.minus), top=top, folder=folder)

    def with_minus(self, terms: tuple[str, ...]) -> LibraryQuery:
        """Return the query with more terms to leave out, each once."""
        return replace(self, minus=tuple(dict.fromkeys((*self.minus, *terms))))

    def without_minus(self, term: str) -> LibraryQuery:
        """Return the query without one of its terms to leave out."""
        return replace(self, minus=tuple(other for other in self.minus if other != term))


def split_minus(typed: str) -> tuple[str, tuple[str, ...]]:
    """Split typed text into what to look for and the `-word` or `-"some words"` terms to leave out.

    A dash inside a word ("black-and-white") or alone is no such term. The minus sign, the en dash and the full-width
    dash of Chinese keyboards count as well.
    """
    return _split(typed, _MINUS)


def split_finished_minus(typed: str) -> tuple[str, tuple[str, ...]]:
    """Take out only the terms to leave out that are followed by a space, so that the one being typed stays.

    The rest keeps its spaces, for the person may go on typing; without such a term the text comes back as it is.
    """
    terms = _terms(typed, _FINISHED_MINUS)
    if not terms:
        return typed, ()
    rest = _FINISHED_MINUS.sub("", typed)
    return re.sub(r"\s{2,}", " ", rest).lstrip(), terms


def _split(typed: str, pattern: re.Pattern[str]) -> tuple[str, tuple[str, ...]]:
    return " ".join(pattern.sub(" ", typed).split()), _terms(typed, pattern)


def _terms(typed: str, pattern: re.Pattern[str]) -> tuple[str, ...]:
    return tuple((quoted or word).strip() for quoted, word in pattern.findall(typed))

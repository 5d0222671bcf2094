"""What the person is looking for in the library, and how typed text becomes that. No Qt."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mmbm_desktop.protocol.query import minus_terms, parse_query
from mmbm_desktop.protocol.requests import BrowseRequest, SearchRequest

if TYPE_CHECKING:
    from mmbm_desktop.protocol.tasks import MediaKind


@dataclass(frozen=True)
class LibraryQuery:
    """Typed text in the query language, an example picture, or both, less what `minus` names."""

    text: str = ""
    minus: tuple[str, ...] = ()
    image_path: str | None = None

    @property
    def ranks(self) -> bool:
        """Whether there is anything to rank by: filters alone list, terms to leave out alone do nothing.

        Raises:
            InputFault: QUERY_INVALID.
        """
        return self.image_path is not None or parse_query(self.text).ranks

    def request(
        self, *, folder: str | None = None, kind: MediaKind | None = None, top: int = 60
    ) -> SearchRequest | None:
        """Return the search for this query among the `top` best of a folder and a kind; None if it ranks nothing.

        Raises:
            InputFault: QUERY_INVALID.
        """
        if not self.ranks:
            return None
        parsed = parse_query(self.text)
        filters = self.listing(folder=folder, kind=kind).filters
        minus = " ".join((*self.minus, *parsed.minus))
        return SearchRequest(parsed.text, self.image_path, minus, parsed.weighted, top, filters)

    def listing(
        self, offset: int = 0, limit: int = 500, *, folder: str | None = None, kind: MediaKind | None = None
    ) -> BrowseRequest:
        """Return the request for a page of what the filters of this query let through.

        Raises:
            InputFault: QUERY_INVALID.
        """
        typed = parse_query(self.text).filters
        return BrowseRequest(offset, limit, replace(typed, folder=folder, kind=str(kind) if kind else typed.kind))

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
    found = minus_terms(typed)
    return " ".join(_without(typed, [place for place, _ in found]).split()), tuple(term for _, term in found)


def split_finished_minus(typed: str) -> tuple[str, tuple[str, ...]]:
    """Take out only the terms to leave out that are followed by a space, so that the one being typed stays.

    The rest keeps its spaces, for the person may go on typing; without such a term the text comes back as it is.
    """
    found = [(place, term) for place, term in minus_terms(typed) if place.stop < len(typed)]
    if not found:
        return typed, ()
    rest = _without(typed, [place for place, _ in found])
    return re.sub(r"\s{2,}", " ", rest).lstrip(), tuple(term for _, term in found)


def _without(typed: str, places: list[slice]) -> str:
    for place in reversed(places):
        typed = typed[: place.start] + typed[place.stop :]
    return typed

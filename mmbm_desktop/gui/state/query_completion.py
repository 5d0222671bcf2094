"""What could follow in a typed query: the names of filters and the values that the library knows. No Qt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mmbm_desktop.protocol.query import FILTER_NAMES, KINDS, as_value, filter_called

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MOST = 8
_LAST = re.compile(
    r"""(?P<name>[^\s:："“”]+)(?P<colon>[:：])["“]?(?P<value>[^"“”\s]*|(?<=["“])[^"“”]*)$|(?P<word>[^\s:："“”]+)$"""
)
"""The word that is being typed: a filter, perhaps with a value whose quotes are still open, or the beginning of one."""
ASKING = frozenset({"label", "model", "folder", "tag"})
"""Filters whose values are looked up in the library."""


@dataclass(frozen=True)
class KnownValues:
    """What filters can be given, the most frequent first.

    Attributes:
        folders: names of folders.
        models: names of models.
        years: in which files were changed, the latest first.
        tags: of the library's items.
        sounds: what was heard: each its name in the window's language, and what else it is called.
    """

    folders: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    sounds: tuple[tuple[str, ...], ...] = ()


def filter_typed(typed: str) -> str | None:
    """Return the filter whose value is being typed at the end, None where there is none."""
    match = _LAST.search(typed)
    return filter_called(match["name"]) if match and match["colon"] else None


def completions(typed: str, known: KnownValues) -> tuple[str, ...]:
    """Return whole queries that go on with the last word of `typed`; none where there is nothing to offer.

    Only a word that begins like a filter is completed: other words are the person's own. A value is found by the
    beginning of any of its words, in either language; those that begin so come first.
    """
    match = _LAST.search(typed)
    if match is None or (match.start() and not typed[match.start() - 1].isspace()):
        return ()
    before = typed[: match.start()]
    if not match["colon"]:
        word = match["word"].lower()
        found: Iterable[str] = (f"{one}:" for one in FILTER_NAMES if one.startswith(word) and len(word) > 1)
    else:
        found = _fitting(f"{match['name']}{match['colon']}", match["value"], known)
    whole = [f"{before}{one}" for one in found]
    return tuple(one for one in whole if one != typed)[:_MOST]


def _fitting(lead: str, value: str, known: KnownValues) -> Iterator[str]:
    wanted = value.lower()
    names = _values(filter_called(lead[:-1]), known)
    first = [one for one in names if any(name.lower().startswith(wanted) for name in one)]
    inside = [one for one in names if one not in first and any(f" {wanted}" in name.lower() for name in one)]
    for shown in dict.fromkeys(one[0] for one in (*first, *inside)):
        written = as_value(shown)
        if written is not None:
            yield f"{lead}{written}"


def _values(name: str | None, known: KnownValues) -> tuple[tuple[str, ...], ...]:
    """Return the values of a filter, each the one that is offered and what else it is called."""
    years = tuple(str(year) for year in known.years)
    plain: dict[str, tuple[str, ...]] = {
        "kind": KINDS,
        "folder": known.folders,
        "model": known.models,
        "after": years,
        "before": years,
        "tag": known.tags,
    }
    if name == "label":
        return (*known.sounds, *((tag,) for tag in known.tags))
    return tuple((value,) for value in plain.get(name or "", ()))

"""What could follow in a typed query: the names of filters and the values that the library knows. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from mmbm_desktop.protocol.query import FILTER_NAMES, KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST = 8


@dataclass(frozen=True)
class KnownValues:
    """What filters can be given.

    Attributes:
        folders: absolute paths of the library's folders.
        models: names of the installed models.
        years: in which files were changed, the latest first.
        tags: of the library's items, the most used first.
    """

    folders: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()


def completions(typed: str, known: KnownValues) -> tuple[str, ...]:
    """Return whole queries that go on with the last word of `typed`; none where there is nothing to offer.

    Only a word that begins like a filter is completed: other words are the person's own.
    """
    before, _, last = typed.rpartition(" ")
    name, colon, value = last.partition(":")
    if not last:
        return ()
    if not colon:
        found: Iterable[str] = (f"{one}:" for one in FILTER_NAMES if one.startswith(last.lower()) and len(last) > 1)
    else:
        found = (f"{name}:{_quoted(one)}" for one in _values(name.lower(), known) if _fits(one, value))
    lead = f"{before} " if before else ""
    whole = [f"{lead}{one}" for one in found]
    return tuple(one for one in whole if one != typed)[:_MOST]


def _values(name: str, known: KnownValues) -> tuple[str, ...]:
    folders = tuple(dict.fromkeys(PurePath(path).name or path for path in known.folders))
    years = tuple(str(year) for year in known.years)
    values: dict[str, tuple[str, ...]] = {
        "kind": KINDS,
        "folder": folders,
        "model": known.models,
        "after": years,
        "before": years,
        "tag": known.tags,
    }
    return values.get(name, ())


def _fits(one: str, value: str) -> bool:
    return one.lower().startswith(value.strip('"').lower())


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value

"""Which items of the library a search or a listing is about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Filters:
    """Conditions that an item must meet, all of them; the default lets everything through.

    Attributes:
        folder: absolute path of a folder that the file lies below.
        folder_name: part of the name of any folder above the file, small and capital letters alike.
        kind: "photo", "recording" or "text".
        after_s: the file was changed at this moment or later, seconds since the epoch.
        before_s: the file was changed before this moment.
        model: beginning of the name of a model that answered for the item.
        label: part of a tag, or of the id or the name in some language of a sound that is heard in it.
        words: texts that its name, captions, transcript or text hold as they are, small and capital letters alike.
        tags: tags that it has, all of them.
    """

    folder: str | None = None
    folder_name: str | None = None
    kind: str | None = None
    after_s: float | None = None
    before_s: float | None = None
    model: str | None = None
    label: str | None = None
    words: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


EVERYTHING = Filters()

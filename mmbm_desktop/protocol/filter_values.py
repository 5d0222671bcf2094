"""What the filters of the query language can be given in one library, with how often each occurs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ValueCount:
    """A value of a filter and how many items it lets through, about; a sound may have a name in each language."""

    name: str
    items: int
    name_en: str = ""
    name_zh: str = ""

    def names(self, language: str) -> tuple[str, ...]:
        """Return every name, that of a language ("en", "zh") first."""
        own, other = (self.name_zh, self.name_en) if language == "zh" else (self.name_en, self.name_zh)
        return tuple(dict.fromkeys(filter(None, (own, other, self.name.replace("_", " ")))))


@dataclass(frozen=True)
class FilterValues:
    """The values that occur in a library, the most frequent first."""

    sounds: tuple[ValueCount, ...] = ()
    folders: tuple[ValueCount, ...] = ()
    models: tuple[ValueCount, ...] = ()

"""How a tag is written: a few words without commas and line breaks; capitals make no other tag."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 100
"""Letters of a tag."""
_COMMAS = str.maketrans("，、;；", ",,,,")


def tag_of(typed: str) -> str:
    """Return a tag as it is stored: one space between words, none around them.

    Raises:
        InputFault: ARGUMENT_INVALID, it is empty, too long, or holds a comma.
    """
    tag = " ".join(typed.split())
    if not tag or len(tag) > LONGEST or "," in tag.translate(_COMMAS):
        raise InputFault(ErrorCode.ARGUMENT_INVALID, name="tag", value=tag[:LONGEST])
    return tag


def tags_of(typed: str) -> tuple[str, ...]:
    """Return the tags of a text with commas between them, each once; what is no tag is left out."""
    parts = (" ".join(part.split()) for part in typed.translate(_COMMAS).split(","))
    return once(part[:LONGEST].rstrip() for part in parts if part)


def once(tags: Iterable[str]) -> tuple[str, ...]:
    """Return tags without those that differ from an earlier one in capitals only."""
    return tuple({tag.casefold(): tag for tag in reversed(list(tags))}.values())[::-1]

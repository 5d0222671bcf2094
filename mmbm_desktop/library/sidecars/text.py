"""Plain text sidecars: a caption a line, English first, or a transcript; merged with what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmbm_desktop.library.sidecars.described import main_language, one_line, without_controls
from mmbm_desktop.protocol.tasks import MediaKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.library.sidecars.described import Described
    from mmbm_desktop.library.sidecars.encoded import FileText


def text_lines(item: Described) -> tuple[str, ...]:
    """Return the lines of a sidecar: captions of a photo, what is said in a recording."""
    if item.kind is MediaKind.PHOTO:
        lines = [one_line(without_controls(text)[0]) for _, text in item.captions]
    elif item.segments:
        lines = [one_line(segment.text) for segment in item.segments]
    else:
        lines = [line.strip() for line in without_controls(item.transcript)[0].splitlines()]
    return tuple(line for line in lines if line)


def with_lines(old: FileText, lines: Sequence[str]) -> str:
    """Return a file's text with those lines added at its end that it does not have."""
    has = {one_line(line) for line in old.text.splitlines()}
    new = [line for line in lines if line not in has]
    if not new:
        return old.text
    end = "" if not old.text or old.text.endswith(("\n", "\r")) else old.newline
    return old.text + end + "".join(f"{line}{old.newline}" for line in new)


def captions_in(text: str) -> dict[str, str]:
    """Return the captions of a text by language; several lines in one language are one caption."""
    found: dict[str, str] = {}
    for line in filter(None, map(one_line, text.splitlines())):
        language = main_language(line)
        found[language] = f"{found[language]}\n{line}" if language in found else line
    return found

"""Transcripts as text and subtitle files: TXT, SRT and WebVTT. Pure functions over segments."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mmbm_desktop.protocol.results import Segment


def clock(seconds: float, decimal_mark: str = ".") -> str:
    """Return a time as `hh:mm:ss.mmm`, rounded to the millisecond."""
    whole_ms = max(0, round(seconds * 1000))
    minutes, ms = divmod(whole_ms, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{ms // 1000:02}{decimal_mark}{ms % 1000:03}"


def as_text(segments: Iterable[Segment]) -> str:
    """Return one line a segment."""
    return "".join(f"{segment.text}\n" for segment in segments)


def as_srt(segments: Iterable[Segment]) -> str:
    """Return SubRip subtitles: a number, `start --> end` with a decimal comma, the text, an empty line."""
    blocks = (
        f"{number}\n{clock(segment.start_s, ',')} --> {clock(segment.end_s, ',')}\n{segment.text}\n"
        for number, segment in enumerate(segments, start=1)
    )
    return "\n".join(blocks)


def as_vtt(segments: Iterable[Segment]) -> str:
    """Return WebVTT subtitles (https://www.w3.org/TR/webvtt1/); `&`, `<` and `>` in the text are escaped."""
    blocks = [
        f"{clock(segment.start_s)} --> {clock(segment.end_s)}\n{_escaped(segment.text)}\n" for segment in segments
    ]
    return "\n".join(["WEBVTT\n", *blocks])


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

"""Transcripts with times: SRT and WebVTT (https://www.w3.org/TR/webvtt1/), and JSON with every word; both ways."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, cast

from mmbm_desktop.library.sidecars.described import main_language, one_line
from mmbm_desktop.library.sidecars.encoded import unusable
from mmbm_desktop.media.subtitles import as_srt, as_vtt
from mmbm_desktop.protocol.results import Segment, Word
from mmbm_desktop.protocol.sidecars import SidecarForm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mmbm_desktop.library.sidecars.described import Described

_CLOCK = r"(?:(\d+):)?(\d{1,2}):(\d{1,2})[.,](\d{3})"
_TIMES = re.compile(rf"\s*{_CLOCK}\s+-->\s+{_CLOCK}")
_MARKUP = re.compile(r"<[^>]*>")


def transcript_text(item: Described, form: SidecarForm) -> str:
    """Return what a sidecar with times says; words without times are one stretch over the whole recording."""
    segments = tuple(replace(one, text=one_line(one.text)) for one in segments_of(item))
    if form is SidecarForm.SRT:
        return as_srt(segments)
    if form is SidecarForm.VTT:
        return as_vtt(segments)
    record = {
        "file_name": PurePath(item.path).name,
        "language": item.language,
        "text": item.transcript,
        "segments": [_segment_record(one) for one in segments],
    }
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def segments_of(item: Described) -> tuple[Segment, ...]:
    """Return the stretches of a transcript."""
    if item.segments or not item.transcript.strip():
        return item.segments
    return (Segment(item.transcript, 0.0, item.duration_s, 1.0),)


def _segment_record(segment: Segment) -> dict[str, object]:
    words = [
        {"text": w.text, "start": round(w.start_s, 3), "end": round(w.end_s, 3), "score": round(w.confidence, 4)}
        for w in segment.words
    ]
    return {
        "text": segment.text,
        "start": round(segment.start_s, 3),
        "end": round(segment.end_s, 3),
        "score": round(segment.confidence, 4),
        "words": words,
    }


def read_cues(text: str, form: SidecarForm) -> tuple[Segment, ...]:
    """Return the cues of subtitles in the order of the file; blocks without times (notes, styles) are passed over.

    Raises:
        InputFault: SIDECAR_INVALID, "no-cues": there is text and none of it has times.
    """
    found = tuple(_cues(text, markup=form is SidecarForm.VTT))
    if not found and text.strip() and not text.lstrip().startswith("WEBVTT"):
        raise unusable("no-cues")
    return found


def _cues(text: str, *, markup: bool) -> Iterator[Segment]:
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines = block.strip("\n").split("\n")
        found = next(((n, times) for n, line in enumerate(lines[:2]) if (times := _TIMES.match(line))), None)
        if found is None:
            continue
        at, times = found
        said = one_line(" ".join(lines[at + 1 :]))
        if markup:
            said = one_line(html.unescape(_MARKUP.sub("", said)))
        if said:
            yield Segment(said, _seconds(*times.groups()[:4]), _seconds(*times.groups()[4:]), 1.0)


def _seconds(hours: str | None, minutes: str, seconds: str, ms: str) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + int(ms) / 1000


def read_json_transcript(text: str) -> tuple[str, str, tuple[Segment, ...]]:
    """Return the text, language and stretches of a transcript in JSON.

    Raises:
        InputFault: SIDECAR_INVALID, "not-a-transcript".
    """
    try:
        data = cast("dict[str, Any]", json.loads(text))
        segments = tuple(_segment(one) for one in data["segments"])
        said = str(data.get("text") or " ".join(one.text for one in segments))
        return said, str(data.get("language") or main_language(said)), segments
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise unusable("not-a-transcript", str(error)) from error


def _segment(one: dict[str, Any]) -> Segment:
    words = tuple(
        Word(str(w["text"]), float(w["start"]), float(w["end"]), float(w.get("score", 1.0)))
        for w in one.get("words", ())
    )
    return Segment(str(one["text"]), float(one["start"]), float(one["end"]), float(one.get("score", 1.0)), words)

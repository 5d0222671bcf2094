"""Sounds of a recording as text, CSV and JSON Lines. Pure functions over results; `language` chooses the names."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from mmbm_desktop.media.subtitles import clock

if TYPE_CHECKING:
    from mmbm_desktop.protocol.results import Sound, SoundsResult

_COLUMNS = ("name", "label", "start_s", "end_s", "score")


def stretch(sound: Sound) -> str:
    """Return when a sound is heard, to the tenth of a second: "00:02.5 – 00:05.0"."""
    return f"{_moment(sound.start_s)} – {_moment(sound.end_s)}"


def as_text(result: SoundsResult, language: str) -> str:
    """Return one line a sound: when, how likely, what."""
    return "".join(f"{stretch(one)}  {one.score:>4.0%}  {result.name(one.label, language)}\n" for one in result.sounds)


def as_csv(result: SoundsResult, language: str) -> str:
    """Return a table with a row of column names (https://www.rfc-editor.org/rfc/rfc4180, with plain line ends)."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(_row(result, one, language) for one in result.sounds)
    return table.getvalue()


def as_json_lines(result: SoundsResult, language: str) -> str:
    """Return one JSON object a sound and line (https://jsonlines.org)."""
    rows = (dict(zip(_COLUMNS, _row(result, one, language), strict=True)) for one in result.sounds)
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)


def _row(result: SoundsResult, sound: Sound, language: str) -> tuple[str, str, float, float, float]:
    times = round(sound.start_s, 3), round(sound.end_s, 3)
    return (result.name(sound.label, language), sound.label, *times, round(sound.score, 4))


def _moment(seconds: float) -> str:
    return clock(round(seconds, 1))[:-2].removeprefix("00:")

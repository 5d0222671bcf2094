"""Lists of sounds have the rows, columns and names that programs and people expect."""

from __future__ import annotations

import csv
import io
import json

from mmbm_desktop.media.sound_lists import as_csv, as_json_lines, as_text, stretch
from mmbm_desktop.protocol.results import Made, Sound, SoundsResult

NAMES = {"en": {"dog": 'dog, "big"'}, "zh": {"dog": "大狗"}}
RESULT = SoundsResult(
    "/a.wav",
    (Sound("dog", 0.25, 1.0, 0.98765), Sound("bell", 3599.96, 3661.25, 0.5)),
    4000.0,
    NAMES,
    Made("m 1", "CPU", 1.0),
)
SILENT = SoundsResult("/a.wav", (), 4.0, NAMES, RESULT.made)


def test_times_are_rounded_to_the_tenth_and_have_hours_only_where_needed() -> None:
    assert stretch(RESULT.sounds[0]) == "00:00.2 – 00:01.0"
    assert stretch(RESULT.sounds[1]) == "01:00:00.0 – 01:01:01.2"


def test_text_has_a_line_a_sound() -> None:
    assert as_text(RESULT, "zh").splitlines() == [
        "00:00.2 – 00:01.0   99%  大狗",
        "01:00:00.0 – 01:01:01.2   50%  bell",
    ]


def test_a_table_is_read_back_whatever_the_names_hold() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(RESULT, "en"))))

    assert rows[0] == {"name": 'dog, "big"', "label": "dog", "start_s": "0.25", "end_s": "1.0", "score": "0.9877"}
    assert rows[1]["name"] == "bell"


def test_json_lines_hold_one_object_each() -> None:
    first, second = (json.loads(line) for line in as_json_lines(RESULT, "zh").splitlines())

    assert first == {"name": "大狗", "label": "dog", "start_s": 0.25, "end_s": 1.0, "score": 0.9877}
    assert second["end_s"] == 3661.25


def test_silence_gives_valid_empty_files() -> None:
    assert (as_text(SILENT, "en"), as_json_lines(SILENT, "en")) == ("", "")
    assert as_csv(SILENT, "en") == "name,label,start_s,end_s,score\n"

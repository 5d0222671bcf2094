"""Subtitles have the times and marks of their formats."""

from __future__ import annotations

import pytest

from mmbm_desktop.media.subtitles import as_srt, as_text, as_vtt, clock
from mmbm_desktop.protocol.results import Segment

SEGMENTS = (Segment("hello world", 0.0, 1.5, 0.9), Segment("a < b & c", 3661.0004, 3662.25, 0.5))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "00:00:00.000"),
        (59.9996, "00:01:00.000"),
        (3661.25, "01:01:01.250"),
        (-0.1, "00:00:00.000"),
        (360_000, "100:00:00.000"),
    ],
)
def test_times_are_rounded_to_the_millisecond(seconds: float, text: str) -> None:
    assert clock(seconds) == text


def test_srt_has_numbers_and_decimal_commas() -> None:
    assert as_srt(SEGMENTS) == (
        "1\n00:00:00,000 --> 00:00:01,500\nhello world\n\n2\n01:01:01,000 --> 01:01:02,250\na < b & c\n"
    )


def test_vtt_starts_with_its_name_and_escapes_marks() -> None:
    assert as_vtt(SEGMENTS) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nhello world\n\n01:01:01.000 --> 01:01:02.250\na &lt; b &amp; c\n"
    )


def test_text_has_a_line_a_segment() -> None:
    assert as_text(SEGMENTS) == "hello world\na < b & c\n"


def test_silence_gives_valid_empty_files() -> None:
    assert (as_text(()), as_srt(()), as_vtt(())) == ("", "", "WEBVTT\n")

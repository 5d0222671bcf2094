"""Every job has a title that says what was asked."""

from __future__ import annotations

import pytest

from mmbm_desktop.gui.job_words import JobWords
from mmbm_desktop.protocol.requests import (
    IndexRequest,
    RedoRequest,
    Request,
    SearchRequest,
    SoundsRequest,
    TranscribeRequest,
    TranslateRequest,
)


@pytest.mark.parametrize(
    ("request_", "title"),
    [
        (TranscribeRequest("/p/a.wav"), "Transcribe a.wav"),
        (SoundsRequest("/p/a.wav"), "Find sounds in a.wav"),
        (TranslateRequest("two\n dogs", "zh"), "Translate “two dogs”"),
        (IndexRequest(("/p/holiday", "/q/home")), "Index holiday, home"),
        (IndexRequest(("/p",), only=("/p/a.jpg", "/p/b.jpg")), "Update 2 file(s)"),
        (RedoRequest(), "Answer anew with the chosen models"),
        (SearchRequest("dogs"), "Search “dogs”"),
        (SearchRequest(image_path="/p/a.jpg"), "Search “a.jpg”"),
    ],
)
def test_the_title_says_what_was_asked(qapp: object, request_: Request, title: str) -> None:
    assert JobWords().title(request_) == title


def test_a_long_text_is_quoted_by_its_beginning(qapp: object) -> None:
    title = JobWords().title(TranslateRequest("word " * 100, "zh"))

    assert title.startswith("Translate “word word")
    assert title.endswith("…”")
    assert len(title) < 70

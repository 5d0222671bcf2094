"""Sentences are cut where people end them, and translations are spelled as people write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmbm_desktop.inference.sentences import pieces, sentences
from mmbm_desktop.inference.spelling import CHARACTERS_FILE, NAMES_FILE, Spelling, read_spelling

SPELLING = Spelling({"tom": "Tom", "tv": "TV", "i'm": "I'm"}, {ord("見"): "见"})


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Hello. How are you? Fine!", ["Hello.", "How are you?", "Fine!"]),
        ("I met Mr. Smith. It cost 3.5 dollars.", ["I met Mr. Smith.", "It cost 3.5 dollars."]),
        ('"Go." He went', ['"Go."', "He went"]),
        ("你好。你是谁？“走吧！”他说……好", ["你好。", "你是谁？", "“走吧！”", "他说……", "好"]),
        ("What?! No", ["What?!", "No"]),
        ("See example.com for more", ["See example.com for more"]),
        ("   ", []),
        ("?!", ["?!"]),
    ],
)
def test_a_line_is_cut_into_sentences(line, expected):
    assert sentences(line) == expected


def test_a_long_sentence_is_cut_at_pauses_then_at_blanks_then_anywhere():
    def short(text: str) -> bool:
        return len(text) <= 14

    assert pieces("one, two", short) == ["one, two"]
    assert pieces("red and blue, black and white", short) == ["red and blue,", "black", "and white"]
    assert pieces("一二三四五六七八九十，十一十二十三", short) == ["一二三四五六七八九十，", "十一十二十三"]
    assert "".join(pieces("一" * 40, short)) == "一" * 40
    assert pieces("x", lambda text: False) == ["x"]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("i'm tom. who are you?", "en", "I'm Tom. Who are you?"),
        (' "come in." she said.', "en", '"Come in." She said.'),
        ("apple", "en", "apple"),
        ('他说:"我是谁?"3.5米,10:30,好吗...', "zh", "他说：“我是谁？”3.5米，10:30，好吗……"),
        ("我看tv.", "zh", "我看TV。"),
        ("1,000元!", "zh", "1,000元！"),
    ],
)
def test_names_marks_and_capitals_are_as_each_language_has_them(text, language, expected):
    assert SPELLING.spelled(text, language) == expected


def test_the_lists_of_a_bundle_are_read_and_missing_ones_are_empty(tmp_path: Path):
    assert read_spelling(tmp_path) == Spelling()
    (tmp_path / NAMES_FILE).write_text("Tom\nI'm\n", "utf-8")
    (tmp_path / CHARACTERS_FILE).write_text("見见\n\nbroken\n", "utf-8")
    found = read_spelling(tmp_path)
    assert found.names == {"tom": "Tom", "i'm": "I'm"}
    assert found.simple("再見") == "再见"

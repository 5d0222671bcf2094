"""The query language: words, quotes, weights, terms to leave out and filters, typed on either keyboard."""

from __future__ import annotations

from datetime import datetime

import pytest

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.protocol.filters import EVERYTHING, Filters
from mmbm_desktop.protocol.query import ParsedQuery, parse_query


def moment(*day: int) -> float:
    return datetime(*day).timestamp()  # noqa: DTZ001 - the query's dates are local


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("", ParsedQuery()),
        ("a dog  on the beach", ParsedQuery("a dog on the beach")),
        (
            "black-and-white dog, 12:30 re:zero http://a.b/c",
            ParsedQuery("black-and-white dog, 12:30 re:zero http://a.b/c"),
        ),
        ('"red car" at night', ParsedQuery("red car at night", filters=Filters(words=("red car",)))),
        ("“海 滩” 狗", ParsedQuery("海 滩 狗", filters=Filters(words=("海 滩",)))),
        ("dog^2 on the beach^0.5", ParsedQuery("on the", (("dog", 2.0), ("beach", 0.5)))),
        ('"a leash"^3', ParsedQuery("", (("a leash", 3.0),), filters=Filters(words=("a leash",)))),
        ('beach -people -"a leash"', ParsedQuery("beach", minus=("people", "a leash"))),
        ("beach - sunset", ParsedQuery("beach - sunset")),
        ("海滩 －人 类型：照片", ParsedQuery("海滩", minus=("人",), filters=Filters(kind="photo"))),
        ("KIND:Recording", ParsedQuery(filters=Filters(kind="recording"))),
        ('folder:"my trip" dog', ParsedQuery("dog", filters=Filters(folder_name="my trip"))),
        (
            "after:2024-06 before:2025-01-02",
            ParsedQuery(filters=Filters(after_s=moment(2024, 6, 1), before_s=moment(2025, 1, 2))),
        ),
        ("model:image-text", ParsedQuery(filters=Filters(model="image-text"))),
        ("label:dog", ParsedQuery(filters=Filters(label="dog"))),
        ("声音：“狗叫” 类型：笔记", ParsedQuery(filters=Filters(label="狗叫", kind="text"))),
        ("it's \"unfinish", ParsedQuery("it's unfinish")),
        ("dog kind:", ParsedQuery("dog")),
        ("x^ -", ParsedQuery("x^ -")),
    ],
)
def test_what_is_typed_is_understood(typed, wanted):
    assert parse_query(typed) == wanted


@pytest.mark.parametrize(
    ("typed", "reason", "part"),
    [
        ("dog knd:photo", "filter-unknown", "knd:"),
        ("kind:video", "kind-unknown", "kind:video"),
        ("before:soon dog", "date-unreadable", "before:soon"),
        ("after:2024-13", "date-unreadable", "after:2024-13"),
        ("dog^11", "weight-too-large", "dog^11"),
        ("-kind:photo", "filter-negated", "-kind:photo"),
    ],
)
def test_what_makes_no_sense_is_named_with_what_would(typed, reason, part):
    with pytest.raises(InputFault) as caught:
        parse_query(typed)
    assert caught.value.code is ErrorCode.QUERY_INVALID
    assert (caught.value.params["reason"], caught.value.params["part"]) == (reason, part)
    assert caught.value.params["known"]


def test_filters_and_terms_to_leave_out_rank_nothing():
    assert not parse_query("kind:photo -people").ranks
    assert parse_query("kind:photo dog").ranks
    assert parse_query("dog^0.5").ranks
    assert parse_query("-people").filters == EVERYTHING

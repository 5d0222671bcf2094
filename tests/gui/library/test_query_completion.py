"""What is offered while a filter is typed."""

from __future__ import annotations

import pytest

from mmbm_desktop.gui.state.query_completion import KnownValues, completions, filter_typed

KNOWN = KnownValues(
    ("holiday", "My Trip"),
    ("image-text-small", "sounds-small"),
    (2026, 2025),
    ("beach", "our house", 'the "best"', "dog^2", "sand"),
    (("狗叫", "dog barking"), ("雨声", "rain")),
)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("", ()),
        ("a dog", ()),
        ("a dog ki", ("a dog kind:",)),
        ("kind:", ("kind:photo", "kind:recording", "kind:text")),
        ("dog kind:r", ("dog kind:recording",)),
        ("kind:photo", ()),
        ("folder:m", ('folder:"My Trip"',)),
        ("model:sou", ("model:sounds-small",)),
        ("before:", ("before:2026", "before:2025")),
        ("re:", ()),
        ("tag:", ("tag:beach", 'tag:"our house"', 'tag:"dog^2"', "tag:sand")),
        ('sea tag:"our h', ('sea tag:"our house"',)),
        ("tag:house", ('tag:"our house"',)),
        ("标签：沙", ()),
        ("标签：s", ("标签：sand",)),
        ("label:狗", ("label:狗叫",)),
        ("label:do", ("label:狗叫", 'label:"dog^2"')),
        ("label:bark", ("label:狗叫",)),
        ("声音:雨", ("声音:雨声",)),
        ("-tag:b", ()),
    ],
)
def test_a_filter_being_typed_is_completed(typed, offered):
    assert completions(typed, KNOWN) == offered


@pytest.mark.parametrize(
    ("typed", "name"),
    [("a label:", "label"), ('tag:"our h', "tag"), ("标签：", "tag"), ("label:dog ", None), ("re:z", None)],
)
def test_the_filter_being_typed_is_known(typed, name):
    assert filter_typed(typed) == name

"""What is offered while a filter is typed."""

from __future__ import annotations

import pytest

from mmbm_desktop.gui.state.query_completion import KnownValues, completions

KNOWN = KnownValues(("/p/holiday", "/p/My Trip"), ("image-text-small", "sounds-small"), (2026, 2025))


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
    ],
)
def test_a_filter_being_typed_is_completed(typed, offered):
    assert completions(typed, KNOWN) == offered

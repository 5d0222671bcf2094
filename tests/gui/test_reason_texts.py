"""Reasons have words in the window, the same ones that the command line has."""

from __future__ import annotations

import pytest

from mmbm_desktop.base.errors import ErrorCode, Fault
from mmbm_desktop.cli.messages import REASONS
from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.protocol.failure import Failure

OF_QUERIES = {"filter-unknown", "filter-negated", "kind-unknown", "date-unreadable", "weight-too-large"}


def sentence(reason: str) -> str:
    code = ErrorCode.QUERY_INVALID if reason in OF_QUERIES else ErrorCode.DATASET_INVALID
    return ErrorTexts().sentence(Failure(code, Fault.INPUT, {"reason": reason, "part": "x", "known": "y"}))


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_words(reason: str) -> None:
    assert reason not in sentence(reason)
    if reason not in OF_QUERIES:
        assert REASONS[reason][0] in sentence(reason)


def test_what_is_no_reason_of_ours_is_shown_as_it_is() -> None:
    assert sentence("a line of a parser") == "The data cannot be used: a line of a parser."

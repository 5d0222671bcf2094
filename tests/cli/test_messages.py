"""Every error has words in both languages, and the words' blanks are the same."""

from __future__ import annotations

import string

import pytest

from mmbm_desktop.base.errors import ErrorCode, Fault
from mmbm_desktop.cli.error_messages import ERROR_TEXTS
from mmbm_desktop.cli.messages import TEXTS, error_words, prefers_chinese, words
from mmbm_desktop.protocol.failure import Failure


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", list(ErrorCode))
def test_every_error_code_has_words(code: ErrorCode) -> None:
    english, chinese = ERROR_TEXTS[code]

    assert english.endswith(".")
    assert chinese.endswith("。")
    assert blanks(english) == blanks(chinese)


@pytest.mark.parametrize("key", list(TEXTS))
def test_every_text_has_the_same_blanks_in_both_languages(key: str) -> None:
    english, chinese = TEXTS[key]

    assert blanks(english) == blanks(chinese)


@pytest.mark.parametrize(("name", "chinese"), [("zh_CN.UTF-8", True), ("en_US.UTF-8", False), ("C", False)])
def test_the_systems_language_decides(monkeypatch: pytest.MonkeyPatch, name: str, chinese: bool) -> None:
    monkeypatch.setenv("LC_ALL", name)

    assert prefers_chinese() is chinese
    assert words("model-ok", name="m") == ("m：完好" if chinese else "m: whole")


def test_a_missing_parameter_does_not_hide_the_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")

    assert error_words(Failure(ErrorCode.IMAGE_TOO_LARGE, Fault.INPUT)) == "The picture is too large: ? × ? pixels."

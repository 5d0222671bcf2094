"""Texts to ids and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from tokenizers import Tokenizer

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.inference.image_text import ImageTextBundle
from mmbm_desktop.inference.text import Vocabulary, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [("two dogs", "en"), ("两只狗", "zh"), ("a 狗", "zh"), ("", "en"), ("été", "en"), ("123", "en")],
)
def test_one_chinese_character_makes_a_text_chinese(text: str, language: str) -> None:
    assert language_of(text) == language


def test_rows_begin_with_the_language_and_end_with_the_end(opened: ImageTextBundle) -> None:
    rows = opened.vocabulary.rows(["two dogs play", "狗"])
    assert rows.dtype == "int32"
    assert rows[0, 0] == 1
    assert rows[1, 0] == 2
    assert [row[row != 0][-1] for row in rows] == [3, 3]
    assert (rows[1] == 0).sum() > 0


def test_ids_are_the_tokenizers_own(opened: ImageTextBundle, tiny_bundle: Path) -> None:
    tokenizer = Tokenizer.from_file(str(tiny_bundle / "tokenizer.json"))
    text = "A black dog runs."
    (row,) = opened.vocabulary.rows([text])
    assert list(row[1:-1]) == tokenizer.encode(text, add_special_tokens=False).ids


def test_long_texts_are_cut_and_still_end(opened: ImageTextBundle) -> None:
    (row,) = opened.vocabulary.rows(["dog " * 100])
    assert len(row) == opened.text_rules.max_tokens
    assert row[-1] == 3


def test_marks_spelled_out_in_a_text_are_no_marks(opened: ImageTextBundle) -> None:
    plain, forged = opened.vocabulary.rows(["two dogs", "two<eos><pad><zh> dogs"])
    assert list(forged[1:-1]).count(3) == 0
    assert forged[0] == plain[0] == 1
    assert not {0, 2} & set(forged[:-1].tolist())


def test_words_come_back(opened: ImageTextBundle) -> None:
    for text in ("a black dog runs through the green grass", "两个孩子跳进水里"):
        (row,) = opened.vocabulary.rows([text])
        assert opened.vocabulary.words(row[1:-1].tolist()).split() == text.split()


@pytest.mark.parametrize("content", [b"", b"{}", b"not json", b'{"model": {"type": "BPE"}}'])
def test_what_is_no_tokenizer_is_refused(opened: ImageTextBundle, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "tokenizer.json").write_bytes(content)
    with pytest.raises(EnvironmentFault) as caught:
        Vocabulary(tmp_path / "tokenizer.json", opened.text_rules)
    assert caught.value.code is ErrorCode.BUNDLE_INVALID

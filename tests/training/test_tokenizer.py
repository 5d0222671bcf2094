"""The shared vocabulary: both languages in, both languages out."""

from __future__ import annotations

import numpy as np
import pytest
from tokenizers import Tokenizer

from mmbm_desktop.inference.image_text import ImageTextBundle
from mmbm_desktop.training.tiny_bundle import SENTENCES
from mmbm_desktop.training.tokenizer import SPECIAL_TOKENS, encode, language_of, train_tokenizer


@pytest.fixture(scope="module")
def tokenizer():
    return train_tokenizer(SENTENCES * 2, vocab=300)


def test_special_tokens_come_first_in_the_order_of_the_contract(tokenizer):
    assert [tokenizer.token_to_id(token) for token in SPECIAL_TOKENS] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("A Black dog  runs .", "a black dog runs"),
        ("Two dogs , a ball.", "two dogs, a ball"),
        ("两只狗在海滩上玩。", "两只狗在海滩上玩"),
    ],
)
def test_a_sentence_comes_back_lower_cased_and_without_its_full_stop(tokenizer, text, back):
    assert tokenizer.decode(tokenizer.encode(text).ids).strip() == back


def test_english_words_unknown_to_it_are_spelled(tokenizer):
    ids = tokenizer.encode("zebra").ids
    assert tokenizer.token_to_id("<unk>") not in ids
    assert tokenizer.decode(ids).strip() == "zebra"


def test_a_character_unknown_to_it_becomes_one_unknown_token(tokenizer):
    assert tokenizer.token_to_id("<unk>") in tokenizer.encode("鑫").ids


def test_rows_start_with_their_language_end_with_the_end_and_are_cut(tokenizer):
    rows = encode(tokenizer, ["dogs", "狗", "a black dog runs through the green grass again and again"], max_tokens=8)
    assert rows.shape == (3, 8)
    assert list(rows[:, 0]) == [1, 2, 1]
    assert all(3 in row for row in rows.tolist())
    assert rows[2, -1] == 3
    assert rows[1].tolist()[2:] == [3, 0, 0, 0, 0, 0]


def test_one_chinese_character_makes_a_text_chinese():
    assert [language_of(text) for text in ("two dogs", "狗", "a 红 car", "")] == ["en", "zh", "zh", "en"]


def test_training_and_inference_see_the_same_ids(tiny_bundle):
    """The rows a network is trained on are those its bundle is asked with later."""
    bundle = ImageTextBundle(tiny_bundle)
    texts = ["Two dogs run .", "两只狗在海滩上玩。", "a 红色 car", "a black dog " * 9, "?"]
    rows = encode(Tokenizer.from_file(str(tiny_bundle / "tokenizer.json")), texts, bundle.text_rules.max_tokens)
    theirs = bundle.vocabulary.rows(texts)
    np.testing.assert_array_equal(theirs, rows[:, : theirs.shape[1]])
    assert not rows[:, theirs.shape[1] :].any()

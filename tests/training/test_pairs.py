"""Tables of pairs: what is read, how it is split and simplified, what is refused."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.training.data.names import usual_spellings
from mmbm_desktop.training.data.pairs import SPLITS, read_pairs, simplified_characters
from mmbm_desktop.training.pair_tokenizer import train_pair_tokenizer
from mmbm_desktop.training.tokenizer import encode

SPLIT_TABLE = "split\ten\tzh\ntrain\tHello.\t你好。\nvalidation\tGoodbye.\t再見。\ntest\tThanks.\t谢谢。\n"
WORDS = (
    "zh\ttraditional\tpinyin\tlevels\tmeanings_en\n"
    "见面\t見面\tjiàn miàn\tn1\tto meet (sb) | to see sb\n"
    "着\t著\tzhe\tn1\tvariant of 著\n"
    "著名\t著名\tzhù míng\tn4\tfamous\n"
)
CAPTIONS = (
    "split\timage\ten\tzh_human\tzh_baidu_mt\tzh_google_mt\n"
    "train\ta.jpg\tA dog runs .\t\t一只狗跑。\t狗运行。\n"
    "test\tb.jpg\tA cat .\t一只猫。\t猫猫。\t猫。\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.tsv.gz").write_bytes(gzip.compress(SPLIT_TABLE.encode()))
    (tmp_path / "b.tsv").write_text(WORDS, "utf-8")
    (tmp_path / "c.tsv").write_text(CAPTIONS, "utf-8")
    (tmp_path / "d.tsv").write_text("en\tde\tfr\nHello\tHallo\tSalut\n", "utf-8")
    return tmp_path


def _texts(pairs) -> list[tuple[str, str]]:
    return [(pair.en, pair.zh) for pair in pairs]


def test_each_layout_gives_its_kind_of_pair_and_other_tables_are_left_alone(folder):
    text = read_pairs(folder)
    assert _texts(text.of_split("train")) == [
        ("Hello.", "你好。"),
        ("to meet", "见面"),
        ("famous", "著名"),
        ("A dog runs .", "一只狗跑。"),
    ]
    assert _texts(text.of_split("test", "caption")) == [("A cat .", "一只猫。")]
    assert _texts(text.of_split("test", "sentence")) == [("Thanks.", "谢谢。")]


def test_traditional_characters_become_simplified_ones(folder):
    text = read_pairs(folder)
    assert _texts(text.of_split("val")) == [("Goodbye.", "再见。")]


def test_a_character_that_simplified_text_also_has_stays():
    rows = [{"zh": "着", "traditional": "著"}, {"zh": "著名", "traditional": "著名"}, {"zh": "见", "traditional": "見"}]
    assert simplified_characters(rows) == {ord("見"): "见"}
    assert simplified_characters([{"zh": "二字", "traditional": "三個字"}]) == {}


def test_two_columns_without_a_header_are_split_by_their_text_in_either_order(tmp_path):
    lines = [f"句子{n}。\tSentence {n}." for n in range(40)]
    (tmp_path / "mine.tsv").write_text("\n".join(lines), "utf-8")
    first, again = read_pairs(tmp_path), read_pairs(tmp_path)
    assert first == again
    assert len(first.pairs) == 40
    assert first.pairs[0].en == "Sentence 0."
    assert len(first.of_split("train")) > len(first.of_split("test")) > 0


def test_a_small_table_still_has_one_pair_of_every_split(tmp_path):
    (tmp_path / "mine.tsv").write_text("en\tzh\nOne.\t一。\nTwo.\t二。\nThree.\t三。\n", "utf-8")
    text = read_pairs(tmp_path)
    assert {split: len(text.of_split(split)) for split in SPLITS} == dict.fromkeys(SPLITS, 1)


def test_a_large_table_without_val_gives_up_some_train_pairs_and_no_test_pair(tmp_path):
    rows = [f"{'test' if n % 9 == 0 else 'train'}\tSentence {n}.\t句子{n}。" for n in range(900)]
    (tmp_path / "t.tsv").write_text("split\ten\tzh\n" + "\n".join(rows), "utf-8")
    text = read_pairs(tmp_path)
    assert len(text.of_split("test")) == 100
    assert 5 <= len(text.of_split("val")) <= 40


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("notes.txt", b"Hello\t\xe4", "no-text-table"),
        ("a.tsv", b"en\tde\tfr\nHello\tHallo\tSalut\n", "no-pairs"),
        ("a.tsv", b"en\tzh\n\xff\xfe\t\xff\n", "table-unreadable"),
        ("a.tsv.gz", b"no gzip", "table-unreadable"),
        ("a.tsv", "en\tzh\nOne.\t一。\n".encode(), "too-few-pairs"),
        ("a.tsv", b"en\tzh\nOne.\tUn.\nTwo.\tDeux.\nThree.\tTrois.\n", "too-few-pairs"),
    ],
)
def test_a_folder_that_cannot_be_trained_on_is_refused_with_the_reason(tmp_path, name, content, reason):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputFault) as caught:
        read_pairs(tmp_path)
    assert caught.value.code == ErrorCode.DATASET_INVALID
    assert caught.value.params["reason"] == reason


def test_a_missing_folder_is_said_to_be_missing(tmp_path):
    with pytest.raises(InputFault) as caught:
        read_pairs(tmp_path / "none")
    assert caught.value.code == ErrorCode.FOLDER_NOT_FOUND


def test_names_are_learned_where_capitals_mean_something():
    sentences = ["Dogs like Tom.", "Do dogs like Tom?", 'He said, "They know Tom."', "I saw a Ford. He likes china."]
    found = usual_spellings(sentences, ["China", "我看TV。"])
    assert found == {"tom": "Tom", "ford": "Ford", "tv": "TV"}


def test_the_tokenizer_shares_marks_and_takes_chinese_by_character():
    tokenizer = train_pair_tokenizer(["I don't know.", "I know.", "我不知道。", "我知道。"] * 2, 90)
    assert tokenizer.encode("我不知道？").tokens == ["我", "不", "知", "道", "?"]
    assert tokenizer.encode("I don't know?").tokens[-1] == "?"
    assert tokenizer.decode(tokenizer.encode("I  don’t KNOW .").ids).strip() == "i don't know."
    assert encode(tokenizer, ["我", "I"], 4).tolist()[0][0] != encode(tokenizer, ["我", "I"], 4).tolist()[1][0]


def test_the_same_sentences_give_the_same_tokenizer_in_any_order_of_hashing():
    texts = ["Some words here.", "More words there.", "一些字。", "更多的字。"] * 3
    assert train_pair_tokenizer(texts, 100).to_str() == train_pair_tokenizer(list(texts), 100).to_str()

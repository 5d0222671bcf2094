"""Parallel text: folders of TSV tables to English-Chinese pairs, Chinese simplified. Reads text, encodes nothing.

Three layouts are known, plain or gzipped: `en` and `zh` columns (or no header and two columns); captions with machine
translations (`zh_human`, `zh_baidu_mt`); word lists (`zh`, `traditional`, `meanings_en`). Other tables are left alone.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.files import os_errors_sorted
from mmbm_desktop.training.tokenizer import language_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

SPLITS = ("train", "val", "test")
FEWEST_PAIRS = 3
"""One for each split."""
TABLE_ENDS = (".tsv", ".tsv.gz")

Kind = Literal["sentence", "caption", "word"]
_SPLIT_NAMES = {"validation": "val", "valid": "val", "dev": "val", "training": "train", "testing": "test"}
_VAL_OF_TRAIN = 50
"""One train pair in so many checks the training, where a table has no val split of its own."""
_LONGEST_MEANING = 4
_BRACKETS = re.compile(r"\([^)]*\)|\[[^]]*\]")
_NO_MEANING = re.compile(r"variant of|surname|CL:|see |abbr\.|old |used in|[\u3400-\u9fff|;]")


@dataclass(frozen=True)
class Pair:
    """An English and a Chinese text that mean the same, of a split; `kind` says what sort of table it stood in."""

    en: str
    zh: str
    split: str
    kind: Kind = "sentence"


@dataclass(frozen=True)
class ParallelText:
    """What a folder of tables holds.

    Attributes:
        pairs: in the tables' order.
        simplified: traditional to simplified characters, a `str.translate` table; empty without a word list.
    """

    pairs: tuple[Pair, ...]
    simplified: Mapping[int, str]

    def of_split(self, split: str, kind: Kind | None = None) -> tuple[Pair, ...]:
        """Return the pairs of a split, of one kind or of all."""
        return tuple(pair for pair in self.pairs if pair.split == split and kind in (None, pair.kind))


def read_pairs(folder: Path) -> ParallelText:
    """Return every pair of a folder's tables, Chinese in simplified characters.

    Where a table of sentences has no splits, each English text decides (about 80 % train, 10 % val, 10 % test); where
    it has no val split, one train pair in fifty is moved there. A pair is listed once.

    Raises:
        InputFault: the folder has no table of pairs, or too few of them (DATASET_INVALID); a table is unreadable.
    """
    tables = _tables(folder)
    simplified = simplified_characters(row for rows in tables for row in rows)
    read = {pair: None for rows in tables for row in rows if (pair := pair_of(row, simplified)) is not None}
    found = ParallelText(tuple(_with_every_split(list(read))), simplified)
    if not all(found.of_split(split, "sentence") for split in SPLITS):
        raise _invalid(folder, "too-few-pairs", f"{len(found.pairs)} pairs with both languages")
    return found


def simplified_characters(rows: Iterable[Mapping[str, str]]) -> dict[int, str]:
    """Return a `str.translate` table from traditional to simplified characters, from word lists that have both forms.

    The two columns are compared by position. A character that is also written in simplified text stays as it is.
    """
    seen: dict[str, str] = {}
    kept: set[str] = set()
    for row in rows:
        short, long = row.get("zh", ""), row.get("traditional", "")
        if long and len(short) == len(long):
            kept.update(short)
            seen.update(zip(long, short, strict=True))
    return {ord(long): short for long, short in seen.items() if long not in kept}


def _tables(folder: Path) -> list[list[dict[str, str]]]:
    if not folder.is_dir():
        raise InputFault(ErrorCode.FOLDER_NOT_FOUND, path=str(folder))
    files = table_files(folder)
    if not files:
        raise _invalid(folder, "no-text-table", "no .tsv or .tsv.gz file")
    tables = [rows for file in files if (rows := [row for _, row in numbered_rows(file)])]
    if not tables:
        raise _invalid(folder, "no-pairs", "no table with columns en and zh, or with two columns")
    return tables


def table_files(folder: Path) -> list[Path]:
    """Return the files of a folder that may be tables of pairs, by name."""
    return sorted(file for file in folder.iterdir() if file.name.lower().endswith(TABLE_ENDS))


def numbered_rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a table, each with the number of its line; nothing from a table of other columns.

    Raises:
        InputFault: the table cannot be read (DATASET_INVALID).
        MmbmError: the file cannot be read.
    """
    with os_errors_sorted(file):
        data = file.read_bytes()
    try:
        text = (gzip.decompress(data) if file.name.lower().endswith(".gz") else data).decode("utf-8-sig")
    except (ValueError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _invalid(file, "table-unreadable", str(error)) from error
    lines = csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    header = next(lines, [])
    if {"en", "zh"} <= set(header) or "zh_baidu_mt" in header or "meanings_en" in header:
        yield from ((lines.line_num, dict(zip(header, line, strict=False))) for line in lines)
    elif len(header) == 2:
        yield 1, _two_columns(header)
        yield from ((lines.line_num, _two_columns(line)) for line in lines if len(line) == 2)


def _two_columns(line: Sequence[str]) -> dict[str, str]:
    chinese_first = language_of(line[0]) == "zh"
    return {"en": line[chinese_first], "zh": line[not chinese_first]}


def pair_of(row: Mapping[str, str], simplified: Mapping[int, str]) -> Pair | None:
    """Return the pair of a row, None where it has none that is English and Chinese."""
    kind: Kind = "word" if "meanings_en" in row else "caption" if "zh_baidu_mt" in row else "sentence"
    en = _meaning(row["meanings_en"]) if kind == "word" else row.get("en", "").strip()
    zh = row.get("zh_human") or row["zh_baidu_mt"] if kind == "caption" else row.get("zh", "")
    zh = zh.strip().translate(simplified)
    if not en or language_of(en) != "en" or language_of(zh) != "zh":
        return None
    split = str(row.get("split") or ("train" if kind == "word" else _split_of(en))).lower()
    return Pair(en, zh, _SPLIT_NAMES.get(split, split), kind)


def _meaning(meanings: str) -> str:
    """Return the first meaning of a word that is short and plain, "" if there is none."""
    for meaning in meanings.split(" | "):
        plain = " ".join(_BRACKETS.sub("", meaning).split())
        if plain and len(plain.split()) <= _LONGEST_MEANING and not _NO_MEANING.search(plain):
            return plain
    return ""


def _split_of(text: str) -> str:
    tenth = _hashed(text) % 10
    return {8: "val", 9: "test"}.get(tenth, "train")


def _hashed(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16)


def _with_every_split(pairs: list[Pair]) -> list[Pair]:
    """Give the sentences a val split, and small sets one pair of each split; complete ones come out as they went in."""
    sentences = [pair for pair in pairs if pair.kind == "sentence"]
    present = {pair.split for pair in sentences}
    if present >= set(SPLITS):
        return pairs
    if {"train", "test"} <= present and len(sentences) > 10 * _VAL_OF_TRAIN:
        return [
            Pair(p.en, p.zh, "val", p.kind)
            if p.kind == "sentence" and p.split == "train" and _hashed(p.en) % _VAL_OF_TRAIN == 0
            else p
            for p in pairs
        ]
    ordered = sorted(sentences, key=lambda pair: _hashed(pair.en))
    if len(ordered) < FEWEST_PAIRS:
        return pairs
    moved = {ordered[0]: "val", ordered[1]: "test"}
    return [Pair(p.en, p.zh, moved.get(p, "train"), p.kind) if p.kind == "sentence" else p for p in pairs]


def _invalid(place: Path, reason: str, detail: str) -> InputFault:
    return InputFault(ErrorCode.DATASET_INVALID, detail, path=str(place), reason=reason)

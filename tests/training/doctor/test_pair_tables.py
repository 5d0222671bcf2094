"""Tables of pairs: what is counted, and which rows are odd."""

from __future__ import annotations

import gzip
from pathlib import Path

from mmbm_desktop.protocol.dataset import DataKind, Severity
from mmbm_desktop.protocol.finding_codes import FindingCode
from mmbm_desktop.training.data.pairs import read_pairs
from tests.training.doctor.drawings import examined, named, of_code, only


def sentences(count: int) -> list[str]:
    return [
        f"train\tThis is sentence number {number}.\t这是第{'一二三四五六七八九十'[number % 10]}句话{number}。"
        for number in range(count)
    ]


def write(folder: Path, rows: list[str], header: str = "split\ten\tzh") -> None:
    (folder / "pairs.tsv").write_text("\n".join([header, *rows]), "utf-8")


def test_pairs_are_as_many_as_the_recipe_reads(tmp_path: Path) -> None:
    write(tmp_path, sentences(30))

    report = examined(tmp_path)

    assert (report.kind, report.recipes) == (DataKind.TEXT_PAIRS, ("translation",))
    assert report.items == len(read_pairs(tmp_path).pairs) == 30
    assert [(one.label, one.items) for one in report.splits] == [("train", 30)]
    assert report.findings == ()


def test_odd_rows_are_told_by_their_lines(tmp_path: Path) -> None:
    odd = [
        "train\tHello there.\t",
        "train\tOK\tok",
        "train\t你好\tHello",
        "train\tThis is sentence number 0.\t这是第一句话0。",
        "test\tThis is sentence number 3.\t第三句。",
        "train\tNo.\t" + "不" * 90 + "。",
    ]
    write(tmp_path, [*sentences(60), *odd])

    report = examined(tmp_path)

    assert named(only(report, FindingCode.TEXT_EMPTY)) == [{"pairs.tsv:62"}]
    assert named(only(report, FindingCode.PAIRS_SAME)) == [{"pairs.tsv:63"}]
    assert named(only(report, FindingCode.PAIRS_UNUSED)) == [{"pairs.tsv:64"}]
    assert named(only(report, FindingCode.PAIRS_REPEATED)) == [{"pairs.tsv:65"}]
    assert named(only(report, FindingCode.TEXT_ACROSS_SPLITS)) == [{"pairs.tsv:5", "pairs.tsv:66"}]
    assert named(only(report, FindingCode.PAIRS_UNEVEN)) == [{"pairs.tsv:67"}]


def test_a_broken_table_blocks_and_the_others_are_read(tmp_path: Path) -> None:
    write(tmp_path, sentences(5))
    (tmp_path / "broken.tsv.gz").write_bytes(gzip.compress(b"en\tzh\n")[:-6])

    report = examined(tmp_path)

    found = only(report, FindingCode.TABLE_UNUSABLE)
    assert (found.severity, found.params) == (
        Severity.BLOCKER,
        {"table": "broken.tsv.gz", "reason": "table-unreadable"},
    )
    assert report.items == 5


def test_tables_of_other_columns_hold_no_pairs(tmp_path: Path) -> None:
    (tmp_path / "prices.tsv").write_text("a\tb\tc\n1\t2\t3\n", "utf-8")

    assert only(examined(tmp_path), FindingCode.TABLE_UNUSABLE).params["reason"] == "no-pairs"


def test_two_pairs_are_too_few(tmp_path: Path) -> None:
    write(tmp_path, sentences(2))

    assert only(examined(tmp_path), FindingCode.TOO_FEW).params == {"items": 2, "needed": 3}
    assert not of_code(examined(tmp_path), FindingCode.ONE_CLASS)

"""`mmbm caption --sidecar`: sidecars hold the captions and never replace what a person wrote."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.library.sidecars.beside import write_captions
from mmbm_desktop.library.sidecars.xmp import read_xmp
from mmbm_desktop.protocol.results import Caption

CAPTIONS = (Caption('A dog, "Rex", runs.', "en", 0.51234), Caption("一只狗在跑。", "zh", 0.4))


def test_text_holds_a_caption_a_line_and_may_be_written_again(tmp_path: Path) -> None:
    (tmp_path / "照片.jpg").touch()
    write_captions(tmp_path / "照片.jpg", CAPTIONS, "txt")
    file = write_captions(tmp_path / "照片.jpg", CAPTIONS, "txt")

    assert file == tmp_path / "照片.txt"
    assert file.read_text(encoding="utf-8") == 'A dog, "Rex", runs.\n一只狗在跑。\n'


def test_a_persons_text_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()
    (tmp_path / "a.txt").write_text("my own words", encoding="utf-8")

    with pytest.raises(InputFault) as caught:
        write_captions(tmp_path / "a.jpg", CAPTIONS, "txt")

    assert caught.value.code is ErrorCode.FILE_EXISTS
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "my own words"


def test_json_lines_grow(tmp_path: Path) -> None:
    write_captions(tmp_path / "a.jpg", CAPTIONS, "jsonl")
    file = write_captions(tmp_path / "b.jpg", CAPTIONS[:1], "jsonl")

    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [row["file_name"] for row in rows] == ["a.jpg", "a.jpg", "b.jpg"]
    assert rows[1] == {"file_name": "a.jpg", "language": "zh", "text": "一只狗在跑。", "score": 0.4}


def test_csv_has_one_header_and_quotes_what_needs_it(tmp_path: Path) -> None:
    write_captions(tmp_path / "a.jpg", CAPTIONS, "csv")
    file = write_captions(tmp_path / "b.jpg", CAPTIONS[:1], "csv")

    with file.open(newline="", encoding="utf-8-sig") as source:
        rows = list(csv.DictReader(source))
    assert len(rows) == 3
    assert rows[0]["text"] == CAPTIONS[0].text


def test_xmp_gets_the_best_caption_of_each_language(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()
    file = write_captions(tmp_path / "a.jpg", (*CAPTIONS, Caption("A second choice.", "en", 0.1)), "xmp")

    assert file == tmp_path / "a.jpg.xmp"
    assert read_xmp(file.read_text(encoding="utf-8")).captions == {"en": CAPTIONS[0].text, "zh": CAPTIONS[1].text}

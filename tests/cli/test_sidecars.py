"""Sidecars hold the captions and never replace what a person wrote."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.cli.sidecars import write_sidecar
from mmbm_desktop.protocol.results import Caption

CAPTIONS = (Caption('A dog, "Rex", runs.', "en", 0.51234), Caption("一只狗在跑。", "zh", 0.4))


def test_text_holds_a_caption_a_line_and_may_be_written_again(tmp_path: Path) -> None:
    for _ in range(2):
        file = write_sidecar(tmp_path / "照片.jpg", CAPTIONS, "txt")

    assert file == tmp_path / "照片.txt"
    assert file.read_text(encoding="utf-8") == 'A dog, "Rex", runs.\n一只狗在跑。\n'


def test_a_persons_text_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("my own words", encoding="utf-8")

    with pytest.raises(InputFault) as caught:
        write_sidecar(tmp_path / "a.jpg", CAPTIONS, "txt")

    assert caught.value.code is ErrorCode.FILE_EXISTS
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "my own words"


def test_json_lines_grow(tmp_path: Path) -> None:
    write_sidecar(tmp_path / "a.jpg", CAPTIONS, "jsonl")
    file = write_sidecar(tmp_path / "b.jpg", CAPTIONS[:1], "jsonl")

    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [row["file_name"] for row in rows] == ["a.jpg", "a.jpg", "b.jpg"]
    assert rows[1] == {"file_name": "a.jpg", "language": "zh", "text": "一只狗在跑。", "score": 0.4}


def test_csv_has_one_header_and_quotes_what_needs_it(tmp_path: Path) -> None:
    write_sidecar(tmp_path / "a.jpg", CAPTIONS, "csv")
    file = write_sidecar(tmp_path / "b.jpg", CAPTIONS[:1], "csv")

    with file.open(newline="", encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    assert len(rows) == 3
    assert rows[0]["text"] == CAPTIONS[0].text

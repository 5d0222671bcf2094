"""Corrections as data folders: links to the person's files, fixed splits, what is gone is reported."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from mmbm_desktop.engine.improving.data_set import (
    with_splits,
    write_captions,
    write_general,
    write_labels,
    write_transcripts,
)
from mmbm_desktop.protocol.corrections import Correction, CorrectionKind, is_held_out
from mmbm_desktop.protocol.results import Item
from mmbm_desktop.protocol.tasks import MediaKind


def file_of(folder: Path, name: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(name.encode())
    return path


def correction(path: Path, kind: CorrectionKind, said: str, text: str, language: str = "", rating: int = 0):
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Correction(kind, str(path), digest, said, text, "m 1", language, rating)


def rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def nothing(path: str) -> Item | None:
    del path
    return None


def test_labels_are_a_table_beside_links_to_the_files(tmp_path: Path) -> None:
    mine = [file_of(tmp_path / "mine", f"{number}.JPG") for number in range(20)]
    corrections = [correction(path, CorrectionKind.LABEL, "cat", "狗/dog") for path in mine]
    mine[3].unlink()
    mine[4].write_bytes(b"another picture")

    written = write_labels(tmp_path / "data", corrections)

    assert (written.items, written.missing) == (18, [str(mine[3]), str(mine[4])])
    table = rows(tmp_path / "data" / "metadata.jsonl")
    assert {row["label"] for row in table} == {"狗/dog"}
    assert {row["split"] for row in table} == {"train", "val", "test"}
    assert all((row["split"] == "test") == is_held_out(row["content"]) for row in table)
    linked = tmp_path / "data" / table[0]["file_name"]
    assert linked.suffix == ".jpg"
    assert linked.samefile(mine[0])
    assert mine[0].read_bytes() == b"0.JPG"


def test_splits_stay_when_more_is_corrected_and_there_is_always_something_to_check_on() -> None:
    contents = [hashlib.sha256(bytes([number])).hexdigest() for number in range(60)]
    few, many = ({row["content"]: row["split"] for row in with_splits([{"content": c} for c in some])} for some in (
        contents[:6], contents
    ))  # fmt: skip
    assert {c for c in few if few[c] == "test"} == {c for c in contents[:6] if many[c] == "test"}
    assert list(few.values()).count("val") == 1
    assert list(many.values()).count("train") > 30


def test_captions_have_the_same_languages_and_ratings_are_a_table_of_their_own(tmp_path: Path) -> None:
    first, second, third = (file_of(tmp_path / "mine", name) for name in ("a.png", "b.png", "c.png"))
    corrections = [
        correction(first, CorrectionKind.CAPTION, "A cat.", "A dog.", "en"),
        correction(first, CorrectionKind.THUMB, "A puppy.", "", "en", 1),
        correction(second, CorrectionKind.CAPTION, "一只猫。", "一只狗。", "zh"),
        correction(third, CorrectionKind.THUMB, "A wolf.", "", "en", 1),
        correction(third, CorrectionKind.THUMB, "A bear.", "", "en", -1),
    ]

    def item_at(path: str) -> Item | None:
        captions = {str(first): ("A dog.", "一只旧狗。"), str(second): ("A model's.", "一只狗。")}.get(path, ("", ""))
        return Item(1, path, MediaKind.PHOTO, "", 1, 1.0, caption_en=captions[0], caption_zh=captions[1])

    written = write_captions(tmp_path / "data", corrections, item_at)

    table = rows(tmp_path / "data" / "metadata.jsonl")
    assert written.items == len(table) == 2
    assert [(row["caption_en"], row["corrected"]) for row in table] == [("A dog.", ["en"]), ("A wolf.", ["en"])]
    assert all("caption_zh" not in row for row in table)
    ratings = [(row["caption"], row["rating"]) for row in rows(tmp_path / "data" / "thumbs.jsonl")]
    held_out = {one.said for one in corrections if one.held_out}
    assert ratings == [pair for pair in (("A puppy.", 1), ("A wolf.", 1), ("A bear.", -1)) if pair[0] not in held_out]


def test_transcripts_are_an_audio_folder(tmp_path: Path) -> None:
    spoken = correction(file_of(tmp_path, "a.wav"), CorrectionKind.TRANSCRIPT, "wreck", "recognise", "en")
    assert write_transcripts(tmp_path / "data", [spoken]).items == 1
    (row,) = rows(tmp_path / "data" / "metadata.jsonl")
    assert (row["transcription"], row["language"]) == ("recognise", "en")


def test_general_pictures_are_chosen_by_their_hashes_without_the_corrected_ones(tmp_path: Path) -> None:
    files = [file_of(tmp_path / "mine", f"{number}.png") for number in range(30)]
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
    items = [Item(1, str(path), MediaKind.PHOTO, one, 1, 1.0) for path, one in zip(files, hashes, strict=True)]
    items[5] = replace(items[5], path=str(tmp_path / "gone.png"))

    count = write_general(tmp_path / "general", items, frozenset(hashes[:5]), 10)

    table = rows(tmp_path / "general" / "metadata.jsonl")
    assert count == len(table) == 10
    assert [row["content"] for row in table] == sorted(set(hashes[6:]))[:10]
    assert {row["split"] for row in table} >= {"train"}

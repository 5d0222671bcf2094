"""Data folders as a person would have them, made of the public sets in a folder DATA; see `shown_runs.py`."""

from __future__ import annotations

import csv
import gzip
import json
import shutil
import zipfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

CLASSES = 20
PICTURES = {"train": 1000, "val": 200, "test": 300}
SHORT_PICTURES = {"train": 200, "val": 60, "test": 60}


def picture_classes(data: Path, folder: Path, *, short: bool) -> None:
    """Lay out twenty classes of Tiny ImageNet as train/CLASS and test/CLASS; its val split is the test split here."""
    del short
    rows = [row for row in _rows(data / "images_tiny" / "labels.jsonl") if row["cls"] < CLASSES]
    with zipfile.ZipFile(data / "images_tiny" / "images.zip") as pictures:
        for row in rows:
            split = "train" if row["split"] == "train" else "test"
            file = folder / split / row["label"].replace("/", "-") / row["file"].rsplit("/", 1)[-1]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(pictures.read(row["file"]))


def sounds(data: Path, folder: Path, *, short: bool) -> None:
    """Copy ESC-10 as a folder a class, with a table that says the fold of each clip."""
    rows = [row for number, row in enumerate(_rows(data / "sounds_esc10" / "labels.jsonl")) if not short or number % 2]
    for row in rows:
        row["file_name"] = row["file"].removeprefix("audio/")
        _copy(data / "sounds_esc10" / row["file"], folder / row["file_name"])
    _write_table(folder / "metadata.csv", rows, ("file_name", "label", "fold", "source", "licence"))


def digits(data: Path, folder: Path, *, short: bool) -> None:
    """Copy the spoken digits as an audiofolder: clips and `metadata.csv`."""
    rows = [
        row for number, row in enumerate(_rows(data / "speech_digits" / "transcripts.jsonl")) if _kept(number, short)
    ]
    for row in rows:
        row["file_name"] = row["file"].rsplit("/", 1)[-1]
        row["transcription"] = row["text"]
        _copy(data / "speech_digits" / row["file"], folder / row["file_name"])
    _write_table(folder / "metadata.csv", rows, ("file_name", "transcription", "speaker", "split"))


def captions(data: Path, folder: Path, *, short: bool) -> None:
    """Copy some of Flickr8k's pictures, each split's own, with `metadata.jsonl`."""
    left = dict(SHORT_PICTURES if short else PICTURES)
    lines = []
    for row in _rows(data / "flickr8k" / "captions.jsonl"):
        if left.get(row["split"], 0) > 0:
            left[row["split"]] -= 1
            name = row["file"].rsplit("/", 1)[-1]
            _copy(data / "flickr8k" / row["file"], folder / name)
            told = {"file_name": name, "captions": row["captions"], "captions_zh": row["captions_zh"]}
            lines.append(json.dumps({**told, "split": row["split"]}, ensure_ascii=False))
    (folder / "metadata.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def pairs(data: Path, folder: Path, *, short: bool) -> None:
    """Write Tatoeba's English and Chinese pairs as one table."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        gzip.open(data / "pairs" / "tatoeba_en_zh.tsv.gz", "rt", encoding="utf-8") as source,
        (folder / "tatoeba.tsv").open("w", encoding="utf-8") as target,
    ):
        for number, line in enumerate(source):
            if number == 0 or _kept(number, short):
                target.write("\t".join(line.rstrip("\n").split("\t")[:3]) + "\n")


def _kept(number: int, short: bool) -> bool:
    """Whether an item is taken: one in five for a short run."""
    return not short or number % 5 == 1


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _write_table(file: Path, rows: Iterable[dict[str, Any]], columns: tuple[str, ...]) -> None:
    with file.open("w", encoding="utf-8", newline="") as table:
        writer = csv.DictWriter(table, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)

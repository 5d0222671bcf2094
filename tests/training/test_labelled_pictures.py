"""Folders of classes are read in every layout people have, with any names, and refused with a reason."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.progress import no_progress
from mmbm_desktop.training.data.labelled_pictures import LabelledPictures, read_labelled_pictures

LONG = "长" * 300


def picture(file: Path, shade: int) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (8, 8), (shade, 255 - shade, shade // 2)).save(file)
    return file


def read(folder: Path, **options: object) -> LabelledPictures:
    return read_labelled_pictures(folder, no_progress, **options)


def facts(found: LabelledPictures) -> set[tuple[str, str, str]]:
    return {(one.source.member or one.source.path.name, one.label, one.split) for one in found.pictures}


def test_a_folder_a_class_with_odd_names_below_each_other(tmp_path):
    for number in range(4):
        picture(tmp_path / "café" / f"{number}.png", number)
        picture(tmp_path / "一只 猫" / "deeper" / f"{number}.png", 100 + number)
    picture(tmp_path / "café" / ".hidden.png", 9)
    (tmp_path / "café" / "notes.txt").write_text("no picture")
    picture(tmp_path / "loose.png", 200)

    found = read(tmp_path)

    assert {one.label for one in found.pictures} == {"café", "一只 猫"}
    assert len(found.pictures) == 8
    assert {one.split for one in found.pictures} == {"train", "val", "test"}
    assert found.skipped == {}


def test_one_class_is_one_class_however_its_accent_is_written(tmp_path):
    rows = [("a.png", "cafe\u0301"), ("b.png", "caf\u00e9"), ("c.png", "tea")]
    for number, (name, _) in enumerate(rows):
        picture(tmp_path / name, number)
    lines = [json.dumps({"file_name": name, "label": label}) for name, label in rows]
    (tmp_path / "metadata.jsonl").write_text("\n".join(lines), "utf-8")

    assert {one.label for one in read(tmp_path).pictures} == {"café", "tea"}


def test_folders_called_like_splits_are_splits(tmp_path):
    for split, count in (("Train", 3), ("validation", 1), ("test", 1)):
        for label in ("cat", "dog"):
            for number in range(count):
                picture(tmp_path / split / label / f"{split}{number}.png", len(split) * 10 + number)

    found = read(tmp_path)

    assert len(found.of_split("train")) == 6
    assert {one.source.path.name for one in found.of_split("val")} == {"validation0.png"}
    assert {one.source.path.name for one in found.of_split("test")} == {"test0.png"}
    assert len(found.of_split("all")) == 10


def test_classes_called_like_splits_stay_classes(tmp_path):
    for label in ("train", "test"):
        picture(tmp_path / label / "a.png", len(label))
        picture(tmp_path / label / "b.png", 50 + len(label))

    assert {one.label for one in read(tmp_path).pictures} == {"train", "test"}


def test_a_table_with_splits_slashes_and_a_name_of_300_characters(tmp_path):
    rows = ["file_name,label,split"]
    for number, (label, split) in enumerate([("a/b", "train"), ("a/b", "val"), (LONG, "training"), (LONG, "test")]):
        picture(tmp_path / "files" / f"{number}.png", number)
        rows.append(f"files/{number}.png,{label},{split}")
    (tmp_path / "metadata.csv").write_text("\n".join([*rows, "files/0.png,,train"]), "utf-8")

    assert facts(read(tmp_path)) == {
        ("0.png", "a/b", "train"),
        ("1.png", "a/b", "val"),
        ("2.png", LONG, "train"),
        ("3.png", LONG, "test"),
    }


def test_pictures_inside_a_zip_file_and_a_split_that_is_kept_for_the_end(tmp_path):
    rows = []
    with zipfile.ZipFile(tmp_path / "images.zip", "w") as archive:
        for number in range(12):
            file = picture(tmp_path / "made.png", number)
            split = "val" if number > 9 else "train"
            archive.write(file, f"{split}/{number}.png")
            rows.append({"file": f"{split}/{number}.png", "split": split, "label": f"class {number % 3}"})
    rows.append({"file": "train/gone.png", "split": "train", "label": "class 0"})
    (tmp_path / "labels.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")

    found = read(tmp_path, classes=("class 0", "class 1"), test_split="val")

    assert {one.label for one in found.pictures} == {"class 0", "class 1"}
    assert {one.source.member for one in found.of_split("test")} == {"val/10.png"}
    assert len(found.of_split("val")) == 2
    assert found.skipped == {f"{tmp_path.resolve() / 'images.zip'}!train/gone.png": ErrorCode.FILE_NOT_FOUND}


def test_a_table_in_each_folder_of_a_split(tmp_path):
    for number, split in enumerate(("train", "test")):
        rows = []
        for label in ("cat", "dog"):
            picture(tmp_path / split / f"{label}.png", 10 * number + len(label))
            rows.append(json.dumps({"file_name": f"{label}.png", "label": label}))
        (tmp_path / split / "metadata.jsonl").write_text("\n".join(rows))

    assert len(read(tmp_path).of_split("test")) == 2


def test_files_that_are_no_pictures_are_skipped_with_their_reasons(tmp_path):
    for label in ("cat", "dog"):
        for number in range(2):
            picture(tmp_path / label / f"{number}.png", 20 * number + len(label))
    (tmp_path / "cat" / "empty.jpg").write_bytes(b"")
    (tmp_path / "cat" / "text.jpg").write_text("just words")

    found = read(tmp_path)

    assert len(found.pictures) == 4
    assert set(found.skipped.values()) == {ErrorCode.FILE_EMPTY, ErrorCode.IMAGE_BROKEN}


@pytest.mark.parametrize(
    ("files", "reason"), [([], "no-classes"), (["cat/a.png", "cat/b.png"], "one-class"), (["loose.png"], "no-classes")]
)
def test_a_folder_without_classes_is_refused_with_a_reason(tmp_path, files, reason):
    for number, name in enumerate(files):
        picture(tmp_path / name, number)

    with pytest.raises(InputFault) as caught:
        read(tmp_path)
    assert caught.value.params["reason"] == reason


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(InputFault) as caught:
        read(tmp_path / "gone")
    assert caught.value.code is ErrorCode.FOLDER_NOT_FOUND

"""Data folders, good and bad."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.progress import no_progress
from mmbm_desktop.training.data.augment import augmented, squared
from mmbm_desktop.training.data.captioned import of_split, read_captioned
from mmbm_desktop.training.data.pictures import PictureSource, load_pictures
from mmbm_desktop.training.data.prefetch import Prefetched


def _table(folder: Path, rows: list[dict], name: str = "metadata.jsonl") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return folder


def _reason(folder: Path) -> str:
    with pytest.raises(InputFault) as caught:
        read_captioned(folder)
    assert caught.value.code == ErrorCode.DATASET_INVALID
    return str(caught.value.params["reason"])


def test_a_folder_of_pictures_with_both_languages_is_read(shapes):
    pictures = read_captioned(shapes)
    assert [len(of_split(pictures, split)) for split in ("train", "val", "test")] == [16, 4, 4]
    assert pictures[0].captions == {"en": ("A red square on paper .",), "zh": ("纸上有一个红色的方块。",)}


def test_the_flickr_layout_is_read(tmp_path):
    row = {"file": "images/1.jpg", "split": "val", "captions": ["Two dogs .", "Dogs ."], "captions_zh": ["两只狗。"]}
    rows = [row, {**row, "file": "2.jpg", "split": "train"}, {**row, "file": "3.jpg", "split": "extra"}]
    pictures = read_captioned(_table(tmp_path / "set", rows, "captions.jsonl"))
    assert pictures[0].captions == {"en": ("Two dogs .", "Dogs ."), "zh": ("两只狗。",)}
    assert pictures[0].path == tmp_path / "set" / "images" / "1.jpg"
    assert [p.split for p in pictures] == ["val", "train", "extra"]


def test_a_csv_table_is_read_and_foreign_split_names_are_understood(tmp_path):
    (tmp_path / "metadata.csv").write_text(
        'file_name,text,split\na.png,"A dog, running",train\nb.png,一只猫,validation\nc.png,,test\nd.png,A cat,testing\n',
        "utf-8",
    )
    pictures = read_captioned(tmp_path)
    assert [(p.path.name, p.split) for p in pictures] == [("a.png", "train"), ("b.png", "val"), ("d.png", "test")]
    assert pictures[0].captions == {"en": ("A dog, running",)}


def test_captions_come_as_a_sentence_or_a_list_in_a_column_for_each_language(tmp_path):
    rows = [
        {"file_name": "a.png", "caption_en": ["A dog .", " "], "caption_zh": "一只狗。"},
        {"file_name": "b.png", "captions_zh": ["一只猫。", "猫。"], "caption_en": None},
        {"file_name": "c.png", "text": 7, "caption": "A bird ."},
    ]
    pictures = read_captioned(_table(tmp_path / "set", rows))
    assert [dict(p.captions) for p in pictures] == [
        {"en": ("A dog .",), "zh": ("一只狗。",)},
        {"zh": ("一只猫。", "猫。")},
        {"en": ("A bird .",)},
    ]


def test_rows_of_the_same_picture_are_one_picture(tmp_path):
    (tmp_path / "captions.csv").write_text(
        'file_name,caption\na.png,A dog\nb.png,A cat\na.png,一只狗\na.png,"[""Dogs"", ""Two dogs""]"\nc.png,[sic] a bird\n',
        "utf-8",
    )
    pictures = {p.path.name: p for p in read_captioned(tmp_path)}
    assert pictures["a.png"].captions == {"en": ("A dog", "Dogs", "Two dogs"), "zh": ("一只狗",)}
    assert pictures["c.png"].captions == {"en": ("[sic] a bird",)}
    assert sorted(p.split for p in pictures.values()) == ["test", "train", "val"]


def test_the_splits_may_be_folders_with_tables_of_their_own(tmp_path):
    for split in ("train", "validation", "test"):
        _table(tmp_path / split, [{"file_name": f"{i}.png", "text": "a dog"} for i in range(2)])
    pictures = read_captioned(tmp_path)
    assert {(p.path.parent.name, p.split) for p in pictures} == {
        ("train", "train"),
        ("validation", "val"),
        ("test", "test"),
    }
    assert len(pictures) == 6


def test_pictures_without_a_split_are_dealt_out_the_same_way_every_time(tmp_path):
    rows = [{"file_name": f"{i}.jpg", "text": "a dog"} for i in range(200)]
    once, again = (read_captioned(_table(tmp_path / "set", order)) for order in (rows, rows[::-1]))
    assert {p.path: p.split for p in once} == {p.path: p.split for p in again}
    assert 0.7 < len(of_split(once, "train")) / 200 < 0.9
    assert of_split(once, "val")
    assert of_split(once, "test")


def test_three_pictures_are_enough_for_one_of_each_split(tmp_path):
    pictures = read_captioned(_table(tmp_path / "set", [{"file_name": f"{i}.jpg", "text": "a"} for i in range(3)]))
    assert sorted(p.split for p in pictures) == ["test", "train", "val"]


def test_a_missing_folder_is_said_to_be_missing(tmp_path):
    with pytest.raises(InputFault) as caught:
        read_captioned(tmp_path / "nowhere")
    assert caught.value.code == ErrorCode.FOLDER_NOT_FOUND


def test_an_empty_folder_has_no_table(tmp_path):
    assert _reason(tmp_path) == "no-table"


def test_one_picture_is_too_few(tmp_path):
    assert _reason(_table(tmp_path / "set", [{"file_name": "1.jpg", "text": "a dog"}])) == "too-few-pictures"


def test_a_table_without_a_caption_column_is_refused(tmp_path):
    assert (
        _reason(_table(tmp_path / "set", [{"file_name": f"{i}.jpg", "label": "dog"} for i in range(9)]))
        == "no-captions"
    )


@pytest.mark.parametrize("text", ["{", "[1, 2]", '"a"'])
def test_a_broken_table_is_refused(tmp_path, text):
    (tmp_path / "metadata.jsonl").write_text(text, "utf-8")
    assert _reason(tmp_path) == "table-unreadable"


def test_a_table_that_is_not_utf_8_is_refused(tmp_path):
    (tmp_path / "metadata.csv").write_bytes(b"file_name,text\n\xff\xfe,\xff\n")
    assert _reason(tmp_path) == "table-unreadable"


def test_a_picture_outside_the_folder_is_refused(tmp_path):
    rows = [{"file_name": "../secret.jpg", "text": "a dog"}] * 3
    assert _reason(_table(tmp_path / "set", rows)) == "outside-folder"


def _sources(folder: Path) -> list[PictureSource]:
    return [PictureSource(p.path) for p in read_captioned(folder)]


def test_unreadable_pictures_are_named_and_skipped(shapes, tmp_path):
    sources = _sources(shapes)
    sources[1].path.write_bytes(b"no picture")
    sources[4].path.unlink()
    sources[6].path.write_bytes(sources[6].path.read_bytes()[:60])
    array = load_pictures(sources, 20, tmp_path / "cache", no_progress)
    assert array.pixels.shape == (21, 20, 20, 3)
    assert array.unreadable == tuple(sources[i].name for i in (1, 4, 6))
    assert [i for i, place in enumerate(array.places) if place < 0] == [1, 4, 6]
    assert array.places[7] == 4


def test_pictures_are_decoded_once_and_again_when_they_change(shapes, tmp_path):
    sources, seen = _sources(shapes), []
    load_pictures(sources, 20, tmp_path, lambda done, _total: seen.append(done))
    again = load_pictures(sources, 20, tmp_path, lambda done, _total: seen.append(done))
    assert len(seen) == 24
    Image.new("RGB", (9, 9), "#ff0000").save(sources[0].path)
    changed = load_pictures(sources, 20, tmp_path, no_progress)
    assert changed.key != again.key
    assert changed.pixels[0, 0, 0].tolist() == [255, 0, 0]


def test_pictures_in_a_zip_file_are_read(tmp_path):
    Image.new("RGB", (8, 8), "#00ff00").save(tmp_path / "a.png")
    with zipfile.ZipFile(tmp_path / "images.zip", "w") as archive:
        archive.write(tmp_path / "a.png", "train/a.png")
    sources = [PictureSource(tmp_path / "images.zip", name) for name in ("train/a.png", "train/missing.png")]
    array = load_pictures(sources, 4, tmp_path / "cache", no_progress)
    assert array.pixels[0, 0, 0].tolist() == [0, 255, 0]
    assert array.unreadable == (f"{tmp_path / 'images.zip'}!train/missing.png",)


def test_a_folder_without_any_readable_picture_is_refused(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"")
    with pytest.raises(InputFault) as caught:
        load_pictures([PictureSource(tmp_path / "a.jpg")], 4, tmp_path / "cache", no_progress)
    assert caught.value.params["reason"] == "no-readable-picture"


def test_the_same_random_numbers_make_the_same_crops():
    pictures = np.random.default_rng(0).integers(0, 256, (3, 20, 20, 3), dtype=np.uint8)
    first, second = (augmented(pictures, 12, np.random.default_rng(1)) for _ in range(2))
    assert first.shape == (3, 12, 12, 3)
    assert first.dtype == np.float32
    np.testing.assert_array_equal(first, second)
    assert np.abs(first - squared(pictures, 12)).max() > 0.1


def test_batches_come_in_order_and_an_error_comes_with_its_batch():
    def make(index: int) -> int:
        if index == 6:
            raise OSError("disk gone")
        return index * 10

    got = []
    with pytest.raises(OSError, match="disk gone"), Prefetched(make, 3, 9) as batches:
        got.extend(batches)
    assert got == [30, 40, 50]
    with Prefetched(make, 3, 9) as batches:
        assert [next(batches), next(batches)] == [30, 40]

"""What a folder is recognised as, and what is said where it is not."""

from __future__ import annotations

import json
import os
import sys
import zipfile
from pathlib import Path

import pytest

from mmbm_desktop.base.errors import InputFault
from mmbm_desktop.protocol.dataset import DataKind, Severity
from mmbm_desktop.protocol.finding_codes import FindingCode
from mmbm_desktop.training.data.captioned import read_captioned
from mmbm_desktop.training.data.sounds import read_sounds
from tests.training.conftest import make_shapes
from tests.training.doctor.drawings import drawn, examined, named, of_code, only, write_class
from tests.training.tones import make_tones, tone

soundfile = pytest.importorskip("soundfile")


def write_lines(file: Path, rows: list[dict[str, object]]) -> None:
    file.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")


def test_a_folder_for_each_class_of_pictures(tmp_path: Path) -> None:
    write_class(tmp_path, "ash", 3)
    write_class(tmp_path, "beech", 2)

    report = examined(tmp_path)

    assert report.kind is DataKind.PICTURE_CLASSES
    assert [(one.label, one.items) for one in report.classes] == [("ash", 3), ("beech", 2)]
    assert (report.items, report.splits) == (5, ())


def test_folders_of_splits_above_the_classes(tmp_path: Path) -> None:
    write_class(tmp_path / "Train", "ash", 3)
    write_class(tmp_path / "Train", "beech", 3)
    write_class(tmp_path / "validation", "ash", 1, first=7)
    write_class(tmp_path / "validation", "cedar", 1, first=8)

    report = examined(tmp_path)

    assert report.kind is DataKind.PICTURE_CLASSES
    assert [(one.label, one.items) for one in report.splits] == [("train", 6), ("val", 2)]
    assert only(report, FindingCode.CLASS_UNTRAINED).params["label"] == "cedar"


def test_recordings_below_folders_of_splits_are_read_by_the_recipe_as_well(tmp_path: Path) -> None:
    for split in ("train", "test"):
        for label in ("up", "down"):
            (tmp_path / split / label).mkdir(parents=True)
            soundfile.write(tmp_path / split / label / "one.wav", tone(label, len(split)), 16_000)

    report = examined(tmp_path)
    sounds = read_sounds(tmp_path)

    assert (report.kind, report.recipes) == (DataKind.SOUND_CLASSES, ("sounds",))
    assert sorted((one.label, one.split) for one in sounds) == [
        ("down", "test"),
        ("down", "train"),
        ("up", "test"),
        ("up", "train"),
    ]


def test_captioned_pictures_are_as_many_as_the_recipe_reads(tmp_path: Path) -> None:
    shapes = make_shapes(tmp_path / "shapes")

    report = examined(shapes)

    assert (report.kind, report.recipes[0]) == (DataKind.CAPTIONED_PICTURES, "image-text")
    assert report.items == len(read_captioned(shapes)) == 24
    assert [(one.label, one.items) for one in report.splits] == [("train", 16), ("val", 4), ("test", 4)]


def test_transcribed_speech(tmp_path: Path) -> None:
    report = examined(make_tones(tmp_path / "tones", each=3))

    assert (report.kind, report.recipes) == (DataKind.TRANSCRIBED_SPEECH, ("speech-commands",))
    assert report.items == 6


def test_a_table_of_labels_in_csv(tmp_path: Path) -> None:
    for number in range(4):
        drawn("ash", number).save(tmp_path / f"{number}.png")
    rows = "file_name,label\n0.png,ash\n1.png,ash\n2.png,beech\n,beech\n3.png,\ngone.png,beech\n"
    (tmp_path / "metadata.csv").write_text(rows, "utf-8")

    report = examined(tmp_path)

    assert report.kind is DataKind.PICTURE_CLASSES
    assert report.items == 3
    assert named(only(report, FindingCode.MISSING)) == [{"gone.png"}]
    assert named(only(report, FindingCode.ROWS_INCOMPLETE)) == [{"metadata.csv:5"}, {"metadata.csv:6"}]
    assert named(only(report, FindingCode.UNLISTED)) == [{"3.png"}]


def test_pictures_in_a_zip_file_beside_their_table(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "images.zip", "w") as archive:
        for number in range(4):
            with archive.open(f"{number}.png", "w") as file:
                drawn("ash", number).save(file, "PNG")
        archive.writestr("broken.png", b"no picture")
    rows = [{"file": f"{number}.png", "label": "ab"[number % 2], "split": "train"} for number in range(4)]
    write_lines(tmp_path / "labels.jsonl", [*rows, {"file": "broken.png", "label": "a"}, {"file": "no", "label": "a"}])

    report = examined(tmp_path)

    assert (report.kind, report.items) == (DataKind.PICTURE_CLASSES, 4)
    assert named(only(report, FindingCode.UNREADABLE)) == [{"images.zip!broken.png"}]
    assert named(only(report, FindingCode.MISSING)) == [{"images.zip!no"}]


def test_a_table_for_each_split(tmp_path: Path) -> None:
    for split in ("train", "test"):
        (tmp_path / split).mkdir()
        for number in range(3):
            drawn("ash", number + len(split)).save(tmp_path / split / f"{number}.png")
        rows = [{"file_name": f"{number}.png", "label": "ab"[number % 2]} for number in range(3)]
        write_lines(tmp_path / split / "metadata.jsonl", rows)

    report = examined(tmp_path)

    assert report.kind is DataKind.PICTURE_CLASSES
    assert [(one.label, one.items) for one in report.splits] == [("train", 3), ("test", 3)]


def test_captions_in_a_table_for_each_split_cannot_be_read_by_a_recipe(tmp_path: Path) -> None:
    (tmp_path / "train").mkdir()
    drawn("ash", 1).save(tmp_path / "train" / "0.png")
    write_lines(tmp_path / "train" / "metadata.jsonl", [{"file_name": "0.png", "text": "spots"}])

    found = only(examined(tmp_path), FindingCode.TABLE_UNUSABLE)

    assert found.params == {"table": "train/metadata.jsonl", "reason": "no-table"}


def test_recordings_deeper_than_the_recipe_looks(tmp_path: Path) -> None:
    for place in ("up", "down", "down/further"):
        (tmp_path / place).mkdir()
        soundfile.write(tmp_path / place / "one.wav", tone("up", len(place)), 16_000)

    assert len(only(examined(tmp_path), FindingCode.TOO_DEEP).groups) == 1


def test_an_empty_folder(tmp_path: Path) -> None:
    report = examined(tmp_path)

    assert report.kind is DataKind.UNKNOWN
    assert [one.code for one in report.findings] == [FindingCode.NOTHING_FOUND]
    assert report.findings[0].severity is Severity.BLOCKER


def test_pictures_without_classes_are_not_recognised(tmp_path: Path) -> None:
    for number in range(3):
        drawn("ash", number).save(tmp_path / f"{number}.png")

    found = only(examined(tmp_path), FindingCode.KIND_UNKNOWN)

    assert (found.params["pictures"], found.params["recordings"], found.params["inside"]) == (3, 0, "")


def test_the_folder_inside_that_should_have_been_chosen_is_named(tmp_path: Path) -> None:
    write_class(tmp_path / "data" / "photos", "ash", 2)
    write_class(tmp_path / "data" / "photos", "beech", 2)

    found = only(examined(tmp_path), FindingCode.KIND_UNKNOWN)

    assert found.params["inside"] == "data/photos"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{broken", "table-unreadable"),
        ('{"file_name": "../../outside.png", "label": "a"}', "outside-folder"),
        ('{"file_name": "a.png", "colour": "red"}', "no-labels"),
        ("", "no-labels"),
    ],
)
def test_a_table_that_cannot_be_used_says_why(tmp_path: Path, content: str, reason: str) -> None:
    (tmp_path / "metadata.jsonl").write_text(content, "utf-8")

    found = only(examined(tmp_path), FindingCode.TABLE_UNUSABLE)

    assert found.severity is Severity.BLOCKER
    assert found.params == {"table": "metadata.jsonl", "reason": reason}


def test_what_is_not_used_is_told(tmp_path: Path) -> None:
    write_class(tmp_path, "ash", 3)
    write_class(tmp_path, "beech", 3)
    write_class(tmp_path / "ash", "deeper", 1)
    write_class(tmp_path, ".hidden", 2)
    drawn("ash", 9).save(tmp_path / "loose.png")
    (tmp_path / "ash" / "old.psd").write_bytes(b"x")
    (tmp_path / "empty").mkdir()
    soundfile.write(tmp_path / "ash" / "noise.wav", tone("up", 1), 16_000)

    report = examined(tmp_path)

    assert {one.label: one.items for one in report.classes} == {"ash": 4, "beech": 3}
    assert named(only(report, FindingCode.UNSORTED)) == [{"loose.png"}]
    assert only(report, FindingCode.IGNORED).params == {"suffix": ".psd", "count": 1}
    assert only(report, FindingCode.KINDS_MIXED).params == {"used": "photo", "count": 1}
    assert only(report, FindingCode.CLASS_EMPTY).params["label"] == "empty"
    assert only(report, FindingCode.NAME_ODD).params["problem"] == "hidden"


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_are_followed_once_and_never_hide_a_real_folder(tmp_path: Path) -> None:
    write_class(tmp_path, "beech", 3)
    write_class(tmp_path.parent / "elsewhere", "cedar", 3)
    (tmp_path / "a-link").symlink_to(tmp_path / "beech")
    (tmp_path / "beech" / "up").symlink_to(tmp_path)
    (tmp_path / "cedar").symlink_to(tmp_path.parent / "elsewhere" / "cedar")
    (tmp_path / "beech" / "gone.png").symlink_to(tmp_path / "nowhere.png")

    report = examined(tmp_path)

    assert [(one.label, one.items) for one in report.classes] == [("beech", 3), ("cedar", 3)]
    assert sorted(map(sorted, named(only(report, FindingCode.LINK_LOOP)))) == [["a-link"], ["up"]]
    assert named(only(report, FindingCode.MISSING)) == [{"gone.png"}]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems' names are text")
def test_names_that_are_no_text_go_through(tmp_path: Path) -> None:
    write_class(tmp_path, "ash", 3)
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    odd.mkdir()
    for number in range(3):
        drawn("x", number).save(odd / f"{number}.png")

    report = examined(tmp_path)

    assert only(report, FindingCode.NAME_ODD).params["problem"] == "not-text"
    assert report.items == 6


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes in folders there")
def test_a_pipe_among_the_pictures_is_not_waited_for(tmp_path: Path) -> None:
    write_class(tmp_path, "ash", 3)
    write_class(tmp_path, "beech", 3)
    os.mkfifo(tmp_path / "ash" / "pipe.png")

    assert examined(tmp_path).items == 6


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputFault, match="folder-not-found"):
        examined(tmp_path / "nowhere")


def test_a_deep_tree_ends(tmp_path: Path) -> None:
    write_class(tmp_path, "ash", 3)
    write_class(tmp_path, "beech", 3)
    deep = tmp_path.joinpath(*["d"] * 20)
    deep.mkdir(parents=True)

    assert len(of_code(examined(tmp_path), FindingCode.TOO_DEEP)) == 1

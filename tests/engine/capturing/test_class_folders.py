"""Classes of a data folder: listed, made, renamed while empty, filled; folders that are read otherwise are refused."""

from __future__ import annotations

import shutil
import wave
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.engine.capturing.class_folders import (
    add_class,
    list_classes,
    meant_class,
    remove_class,
    rename_class,
    write_picture,
    write_recording,
)
from mmbm_desktop.protocol.capture import CaptureKind, ClassFolder

PICTURES, SOUNDS = CaptureKind.PICTURES, CaptureKind.SOUNDS
GREY = np.full((24, 32, 3), 128, np.uint8)


def test_the_first_class_makes_the_folder_and_pictures_are_counted(tmp_path: Path) -> None:
    folder = str(tmp_path / "new" / "data")
    assert list_classes(folder, PICTURES) == ()

    label = add_class(folder, "cat", PICTURES)
    paths = {write_picture(folder, label, GREY) for _ in range(3)}

    assert len(paths) == 3
    assert list_classes(folder, PICTURES) == (ClassFolder("cat", 3),)
    assert list_classes(folder, SOUNDS) == (ClassFolder("cat", 0),)
    with Image.open(next(iter(paths))) as picture:
        assert (picture.format, picture.size) == ("JPEG", (32, 24))


def test_a_recording_is_16_khz_and_holds_what_was_heard(tmp_path: Path) -> None:
    sound = (np.sin(np.arange(16_000) / 5) * 20_000).astype(np.int16)
    add_class(str(tmp_path), "tone", SOUNDS)

    path = write_recording(str(tmp_path), "tone", sound)

    with wave.open(path) as file:
        assert (file.getframerate(), file.getnchannels()) == (16_000, 1)
        assert file.readframes(20_000) == sound.tobytes()


def test_only_an_empty_class_is_renamed_or_removed(tmp_path: Path) -> None:
    folder = str(tmp_path)
    add_class(folder, "cat", PICTURES)
    assert rename_class(folder, "cat", "Cat", PICTURES) == "Cat"
    write_picture(folder, "Cat", GREY)

    for attempt in (lambda: rename_class(folder, "Cat", "dog", PICTURES), lambda: remove_class(folder, "Cat")):
        with pytest.raises(InputFault) as caught:
            attempt()
        assert caught.value.code is ErrorCode.CLASS_NOT_EMPTY

    add_class(folder, "dog", PICTURES)
    remove_class(folder, "dog")
    assert [one.label for one in list_classes(folder, PICTURES)] == ["Cat"]


def test_a_class_is_meant_by_any_spelling_and_made_by_none(tmp_path: Path) -> None:
    (tmp_path / "AC-DC").mkdir()

    assert meant_class(str(tmp_path), "ac/dc", SOUNDS) == "AC-DC"
    assert meant_class(str(tmp_path), "other", SOUNDS) == "other"
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(("make", "reason"), [("train/cat", "has-splits"), ("metadata.csv", "has-table")])
def test_a_folder_that_is_read_otherwise_is_refused(tmp_path: Path, make: str, reason: str) -> None:
    place = tmp_path / make
    place.parent.mkdir(exist_ok=True)
    place.mkdir() if reason == "has-splits" else place.write_text("file_name,label\n")

    with pytest.raises(InputFault) as caught:
        add_class(str(tmp_path), "cat", PICTURES)

    assert (caught.value.code, caught.value.params["reason"]) == (ErrorCode.DATASET_INVALID, reason)


def test_a_data_folder_that_vanished_is_told_and_a_class_folder_is_made_again(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    add_class(str(folder), "cat", PICTURES)
    shutil.rmtree(folder / "cat")
    assert Path(write_picture(str(folder), "cat", GREY)).exists()
    shutil.rmtree(folder)

    with pytest.raises(InputFault) as caught:
        write_picture(str(folder), "cat", GREY)

    assert caught.value.code is ErrorCode.FOLDER_NOT_FOUND

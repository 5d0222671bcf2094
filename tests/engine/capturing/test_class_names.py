"""What people call classes becomes folders that every system can hold, or is refused with a reason."""

from __future__ import annotations

import pytest

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.engine.capturing.class_names import LONGEST_BYTES, SPLIT_NAMES, class_name
from mmbm_desktop.training.data import tables
from mmbm_desktop.training.doctor.classes import problem_of

SAFE = {
    "cat": "cat",
    "猫": "猫",
    "Schildkröte": "Schildkröte",
    "Schildkro\u0308te": "Schildkröte",
    "👍🏽 thumb": "👍🏽 thumb",
    "AC/DC": "AC-DC",
    "..\\..\\up": "-..-up",
    "../up": "-up",
    "/etc/passwd": "-etc-passwd",
    "C:": "C-",
    "what?": "what-",
    ".hidden": "hidden",
    "..": None,
    "ends. ": "ends",
    "  two \n words\t": "two words",
    "CON": "CON_",
    "nul.txt": "nul_.txt",
    "Com1": "Com1_",
    "LPT²": "LPT²_",
    "console": "console",
    "a\x00b\u202ec": "abc",
    "lone \udcff sign": "lone sign",
    "": None,
    " . ": None,
    "///": None,
    "\u200b": None,
}


@pytest.mark.parametrize(("typed", "folder"), SAFE.items(), ids=[ascii(name) for name in SAFE])
def test_a_name_becomes_a_safe_folder_or_is_refused_as_empty(typed: str, folder: str | None) -> None:
    if folder is None:
        with pytest.raises(InputFault) as caught:
            class_name(typed)
        assert (caught.value.code, caught.value.params["reason"]) == (ErrorCode.CLASS_NAME_INVALID, "name-empty")
    else:
        assert class_name(typed) == folder
        assert class_name(folder) == folder
        assert problem_of(folder) == ""


@pytest.mark.parametrize("typed", ["x" * 300, "猫" * 81, "👍" * 61])
def test_a_name_that_is_too_long_is_refused_and_named_in_short(typed: str) -> None:
    with pytest.raises(InputFault) as caught:
        class_name(typed)

    assert caught.value.params["reason"] == "name-long"
    assert len(str(caught.value.params["name"])) <= 81


def test_a_long_name_that_fits_can_be_a_folder(tmp_path: object) -> None:
    name = class_name("猫" * 80)

    assert len(name.encode()) == LONGEST_BYTES
    (tmp_path / name).mkdir()  # pyright: ignore[reportOperatorIssue, reportAttributeAccessIssue]


@pytest.mark.parametrize("typed", ["train", "Test", " VAL ", "validation", "dev."])
def test_a_name_that_is_taken_for_a_part_of_the_data_is_refused(typed: str) -> None:
    with pytest.raises(InputFault) as caught:
        class_name(typed)

    assert caught.value.params["reason"] == "name-split"


def test_all_names_that_readers_take_for_splits_are_known() -> None:
    assert set(tables._SPLIT_NAMES) | set(tables.SPLITS) == SPLIT_NAMES


@pytest.mark.parametrize(("typed", "other"), [("CAT", "cat"), ("straße", "STRASSE"), ("ｃａｔ", "cat"), ("cat", "cat")])
def test_a_name_that_differs_only_in_case_or_width_is_refused(typed: str, other: str) -> None:
    with pytest.raises(InputFault) as caught:
        class_name(typed, ["dog", other])

    assert (caught.value.params["reason"], caught.value.params["other"]) == ("name-taken", other)

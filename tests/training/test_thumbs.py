"""A table of rated captions, good and bad."""

from __future__ import annotations

import json

import pytest

from mmbm_desktop.base.errors import InputFault
from mmbm_desktop.training.data.thumbs import Thumb, read_thumbs


def _table(folder, rows):
    (folder / "thumbs.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    return folder


def test_ratings_are_read_in_their_order(tmp_path):
    rows = [
        {"file_name": "a.png", "caption": " A dog . ", "rating": 1},
        {"file_name": "sub/b.png", "caption": "A cat .", "rating": -1},
    ]
    assert read_thumbs(_table(tmp_path, rows)) == (
        Thumb(tmp_path / "a.png", "A dog .", 1),
        Thumb(tmp_path / "sub" / "b.png", "A cat .", -1),
    )


@pytest.mark.parametrize(
    "change", [{"rating": 0}, {"rating": True}, {"caption": " "}, {"caption": 3}, {"file_name": None}]
)
def test_a_row_that_rates_nothing_is_refused(tmp_path, change):
    row = {"file_name": "a.png", "caption": "A dog .", "rating": 1, **change}
    with pytest.raises(InputFault) as caught:
        read_thumbs(_table(tmp_path, [row]))
    assert caught.value.params["reason"] == "table-unreadable"


def test_a_folder_without_ratings_says_so(tmp_path):
    with pytest.raises(InputFault) as caught:
        read_thumbs(tmp_path)
    assert caught.value.params["reason"] == "no-table"

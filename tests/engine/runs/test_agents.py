"""What a run shows of its agent is read, or is None: never an error."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from mmbm_desktop.engine.runs.agents import latest_episode, value_grid
from mmbm_desktop.protocol.agents import Episode, ValueGrid

GRID = ValueGrid("lake", 1.0, 1, 2, ("left", "right"), ((0.0, 0.5), (0.0, 0.0)), (3, 0), "SG")
EPISODE = Episode("lake", 1.0, 1.0, ("right",), solved=True, picture="episode.gif", frame_ms=200)


def _write(folder: Path, name: str, record: object) -> None:
    (folder / name).write_text(json.dumps(record), "utf-8")


def test_what_was_written_is_read(tmp_path: Path) -> None:
    assert value_grid(str(tmp_path)) is None
    assert latest_episode(str(tmp_path)) is None
    _write(tmp_path, "values.json", dataclasses.asdict(GRID))
    _write(tmp_path, "episode.json", dataclasses.asdict(EPISODE))
    assert value_grid(str(tmp_path)) == GRID
    assert latest_episode(str(tmp_path)) is None
    (tmp_path / "episode.gif").write_bytes(b"GIF89a")
    assert latest_episode(str(tmp_path)) == (EPISODE, b"GIF89a")


@pytest.mark.parametrize(
    "changes",
    [{"rows": 2}, {"marks": "S"}, {"visits": [1]}, {"actions": []}, {"values": [[0.0], [0.0]]}, {"values": "none"}],
)
def test_a_table_that_is_not_whole_is_none(tmp_path: Path, changes: dict[str, object]) -> None:
    _write(tmp_path, "values.json", {**dataclasses.asdict(GRID), **changes})
    assert value_grid(str(tmp_path)) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "[" * 100_000])
def test_a_file_that_is_no_record_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "values.json").write_text(text, "utf-8")
    assert value_grid(str(tmp_path)) is None


def test_a_picture_outside_the_folder_is_not_read(tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    (tmp_path / "secret.gif").write_bytes(b"GIF89a")
    _write(run, "episode.json", {**dataclasses.asdict(EPISODE), "picture": "../secret.gif"})
    assert latest_episode(str(run)) is None


def test_the_best_action_is_known_where_something_was_learned() -> None:
    assert GRID.best(0) == 1
    assert GRID.best(1) is None
    assert dataclasses.replace(GRID, visits=(0, 0)).best(0) is None
    assert GRID.expected(0) == 0.5

"""Reads what a run shows of its agent: the value table and the latest episode with its picture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypeVar

from mmbm_desktop.protocol.agents import Episode, ValueGrid
from mmbm_desktop.protocol.plain import record_of

_SIZE_LIMIT_BYTES = 16 << 20

Record = TypeVar("Record")


def value_grid(run: str) -> ValueGrid | None:
    """Return the value table of the run in a folder; None where there is none (yet), or none that makes sense."""
    grid = _record(Path(run) / "values.json", ValueGrid)
    if grid is None:
        return None
    squares, actions = grid.rows * grid.columns, len(grid.actions)
    whole = actions and squares == len(grid.values) == len(grid.visits) == len(grid.marks)
    return grid if whole and all(len(row) == actions for row in grid.values) else None


def latest_episode(run: str) -> tuple[Episode, bytes] | None:
    """Return the latest greedy episode of the run in a folder and its picture's bytes; None where there is none."""
    episode = _record(Path(run) / "episode.json", Episode)
    if episode is None or Path(episode.picture).name != episode.picture:
        return None
    picture = _bytes(Path(run) / episode.picture)
    return None if picture is None else (episode, picture)


def _record(path: Path, kind: type[Record]) -> Record | None:
    content = _bytes(path)
    try:
        return None if content is None else record_of(kind, json.loads(content))
    except (ValueError, RecursionError):
        return None


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.stat().st_size <= _SIZE_LIMIT_BYTES else None
    except OSError:
        return None

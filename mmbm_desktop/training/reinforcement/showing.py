"""What a run shows of its agent: `values.json`, `episode.json` and `episode.gif` in its folder, replaced as a whole."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from mmbm_desktop.base.files import write_atomically
from mmbm_desktop.protocol.plain import plain

if TYPE_CHECKING:
    from pathlib import Path

    from mmbm_desktop.base.progress import CancelToken
    from mmbm_desktop.training.reinforcement.interface import AgentRecipe

VALUES_FILE, EPISODE_FILE, PICTURE_FILE = "values.json", "episode.json", "episode.gif"
_VALUES_EVERY_S, _EPISODE_EVERY_S = 1.0, 3.0


class Showing:
    """Writes the files, the values at most every second and the latest greedy episode at most every three."""

    def __init__(self, folder: Path, recipe: AgentRecipe, token: CancelToken) -> None:
        self._folder = folder
        self._recipe = recipe
        self._token = token
        self._values_at = self._episode_at = float("-inf")

    def values_if_due(self) -> None:
        """Write the values unless they were written just now."""
        if time.monotonic() - self._values_at >= _VALUES_EVERY_S:
            self._write_values()

    def episode_if_due(self) -> None:
        """Play and write an episode unless one was written just now."""
        if time.monotonic() - self._episode_at >= _EPISODE_EVERY_S:
            self._write_episode()

    def whole(self) -> None:
        """Write everything: the agent is finished."""
        self._write_values()
        self._write_episode()

    def _write_values(self) -> None:
        grid = self._recipe.values()
        if grid is not None:
            write_atomically(self._folder / VALUES_FILE, json.dumps(plain(grid)).encode())
        self._values_at = time.monotonic()

    def _write_episode(self) -> None:
        episode, picture = self._recipe.episode(self._token)
        write_atomically(self._folder / PICTURE_FILE, picture)
        write_atomically(self._folder / EPISODE_FILE, json.dumps(plain(episode)).encode())
        self._episode_at = time.monotonic()

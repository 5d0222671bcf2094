"""The last steps of several worlds side by side, drawn from at random (experience replay, Lin 1992, Mnih et al. 2015).

A row is a moment of every world. After the end of an episode one row holds what was seen last, and no action.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mmbm_desktop.training.reinforcement.crew import AGAIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from mmbm_desktop.training.reinforcement.crew import Turn

    Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Drawn:
    """Steps, newest moments last: `now` and `after` (B, stacked, …); actions, rewards, terminated (B,)."""

    now: Array
    actions: Array
    rewards: Array
    terminated: Array
    after: Array


class Replay:
    """A ring of rows, (rows, worlds, …)."""

    def __init__(self, rows: int, moments: Array, stacked: int) -> None:
        """Keep so many rows; `moments` (worlds, …) is what is seen first, in every world at the start of an episode."""
        worlds = len(moments)
        self._stacked = stacked
        self._worlds = worlds
        self._seen = np.zeros((rows, *moments.shape), moments.dtype)
        self._actions = np.zeros((rows, worlds), np.int32)
        self._rewards = np.zeros((rows, worlds), np.float32)
        self._terminated = np.zeros((rows, worlds), bool)
        self._usable = np.zeros((rows, worlds), bool)
        self._age = np.zeros((rows, worlds), np.int32)
        self._seen[0] = moments
        self._at, self._filled = 0, 1

    def __len__(self) -> int:
        """Return how many rows are held; the newest has no action yet."""
        return self._filled

    def latest(self) -> Array:
        """Return what each world's agent sees now, (worlds, stacked, …)."""
        worlds = np.arange(self._worlds)
        return self._moments(np.full(len(worlds), self._at), worlds)

    def add(self, turn: Turn) -> None:
        """Say what was done at the newest row, and add the next."""
        at = self._at
        self._actions[at], self._rewards[at], self._terminated[at] = turn.actions, turn.rewards, turn.terminated
        self._usable[at] = turn.actions != AGAIN
        self._at = (at + 1) % len(self._seen)
        self._filled = min(self._filled + 1, len(self._seen))
        self._seen[self._at], self._age[self._at] = turn.seen, turn.ages
        self._usable[self._at] = False

    def draw(self, count: int, random: np.random.Generator) -> Drawn:
        """Return `count` steps, each as likely as any other."""
        oldest = self._at + 1 - self._filled
        # a row whose earlier frames were overwritten is left alone
        first = self._stacked - 1 if self._filled == len(self._seen) else 0
        rows = np.empty(0, np.int64)
        worlds = np.empty(0, np.int64)
        while len(rows) < count:
            some = (oldest + random.integers(first, self._filled - 1, count)) % len(self._seen)
            where = random.integers(0, self._worlds, count)
            usable = self._usable[some, where]
            rows, worlds = np.append(rows, some[usable])[:count], np.append(worlds, where[usable])[:count]
        after = (rows + 1) % len(self._seen)
        return Drawn(
            self._moments(rows, worlds),
            self._actions[rows, worlds],
            self._rewards[rows, worlds],
            self._terminated[rows, worlds],
            self._moments(after, worlds),
        )

    def _moments(self, rows: Array, worlds: Array) -> Array:
        """Return what was seen at rows and before, oldest first, (B, stacked, …); the first moment is repeated."""
        back = np.minimum(np.arange(self._stacked - 1, -1, -1)[None], self._age[rows, worlds][:, None])
        return self._seen[(rows[:, None] - back) % len(self._seen), worlds[:, None]]

    def state(self) -> dict[str, Array]:
        """Return everything, for a checkpoint; rows that were never filled are left out."""
        tables = (self._seen, self._actions, self._rewards, self._terminated, self._usable, self._age)
        names = ("seen", "actions", "rewards", "terminated", "usable", "age")
        where = np.array([self._at, self._filled], np.int64)
        return {name: table[: self._filled] for name, table in zip(names, tables, strict=True)} | {"where": where}

    def restore(self, state: Mapping[str, Array]) -> None:
        """Go back to a state that `state` returned; ValueError where its shapes are of another ring."""
        self._at, self._filled = (int(number) for number in state["where"])
        tables = (self._seen, self._actions, self._rewards, self._terminated, self._usable, self._age)
        for name, table in zip(("seen", "actions", "rewards", "terminated", "usable", "age"), tables, strict=True):
            table[: len(state[name])] = state[name]

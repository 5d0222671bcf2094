"""Several worlds that an agent learns in at once, each with its own episodes. Where they are is told by their actions.

A world is never stored: its episode's seed and the actions so far lead back to it, chance included.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mmbm_desktop.training.reinforcement.world import Stream, World, episode_seed

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from mmbm_desktop.training.reinforcement.eyes import Eyes

    Array = npt.NDArray[Any]

AGAIN = -1
"""The action of a world whose episode is over: it begins the next."""


@dataclass(frozen=True)
class Turn:
    """What one action of every world led to.

    Attributes:
        actions: AGAIN where a new episode begins, (worlds,).
        rewards: (worlds,).
        terminated: whether nothing can follow, (worlds,).
        seen: what is seen now, (worlds, …).
        ages: steps since the episode began, (worlds,).
        ended: sums of the rewards of the episodes that are over now.
    """

    actions: Array
    rewards: Array
    terminated: Array
    seen: Array
    ages: Array
    ended: tuple[float, ...]


class Crew:
    """A fixed number of worlds, acted in together."""

    def __init__(self, worlds: list[World], eyes: Eyes, seed: int) -> None:
        self._worlds = worlds
        self._eyes = eyes
        self._seed = seed
        count = len(worlds)
        self._episodes = np.arange(count)
        self._next = count
        self._done = np.zeros((count, worlds[0].info.most_steps), np.int8)
        self._ages = np.zeros(count, np.int32)
        self._over = np.zeros(count, bool)
        self._totals = np.zeros(count)
        self._first = [self._reset(index) for index in range(count)]

    def _reset(self, index: int) -> Array:
        world = self._worlds[index]
        seed = episode_seed(self._seed, Stream.TRAINING, int(self._episodes[index]))
        return self._eyes.see(world, world.reset(seed))

    def moments(self) -> Array:
        """Return what was seen first in every world, (worlds, …); only before the first action."""
        return np.stack(self._first)

    def act(self, actions: Array) -> Turn:
        """Act in every world, (worlds,); one whose episode is over begins the next instead."""
        actions = np.where(self._over, AGAIN, actions).astype(np.int32)
        rewards, terminated = np.zeros(len(actions), np.float32), np.zeros(len(actions), bool)
        seen, ended = [], []
        for index, action in enumerate(actions):
            if action == AGAIN:
                seen.append(self._begin_next(index))
                continue
            step = self._worlds[index].step(int(action))
            self._done[index, self._ages[index]] = action
            self._ages[index] += 1
            self._totals[index] += step.reward
            rewards[index], terminated[index], self._over[index] = step.reward, step.terminated, step.ended
            seen.append(self._eyes.see(self._worlds[index], step.observation))
            if step.ended:
                ended.append(float(self._totals[index]))
        return Turn(actions, rewards, terminated, np.stack(seen), self._ages.copy(), tuple(ended))

    def _begin_next(self, index: int) -> Array:
        self._episodes[index], self._next = self._next, self._next + 1
        self._ages[index], self._totals[index], self._over[index] = 0, 0.0, False
        return self._reset(index)

    def state(self) -> dict[str, Array]:
        """Return where every world is, for a checkpoint."""
        return {
            "episodes": self._episodes.astype(np.int64),
            "next": np.array([self._next], np.int64),
            "done": self._done,
            "ages": self._ages,
            "over": self._over,
        }

    def restore(self, state: Mapping[str, Array]) -> None:
        """Go back to where the worlds were; ValueError where they are other worlds."""
        self._episodes[:], self._next = state["episodes"], int(state["next"][0])
        self._done[:], self._ages[:], self._over[:] = state["done"], state["ages"], state["over"]
        for index, world in enumerate(self._worlds):
            self._reset(index)
            self._totals[index] = sum(world.step(int(a)).reward for a in self._done[index, : self._ages[index]])

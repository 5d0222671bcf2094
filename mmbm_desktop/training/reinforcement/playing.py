"""Plays whole episodes of several worlds side by side, one decision for all of them at a time."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.training.reinforcement.eyes import eyes_of
from mmbm_desktop.training.reinforcement.painter import paint
from mmbm_desktop.training.reinforcement.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt
    from PIL import Image

    from mmbm_desktop.training.reinforcement.eyes import Eyes

    Policy = Callable[[npt.NDArray[Any]], npt.NDArray[np.integer[Any]]]

_AT_ONCE = 50
MOST_FRAMES = 120


@dataclass
class Played:
    """One episode.

    Attributes:
        seed: of the episode.
        total: sum of the rewards.
        actions: numbers, in order.
        frames: of the whole episode, evenly chosen; empty unless they were asked for.
        frame_ms: time between two of them.
    """

    seed: int
    total: float = 0.0
    actions: list[int] = field(default_factory=list)
    frames: list[Image.Image] = field(default_factory=list)
    frame_ms: int = 0


class _Seat:
    """A world, what was seen of it, and what came of it."""

    def __init__(self, world: World, eyes: Eyes, seed: int, *, painted: bool) -> None:
        self.world = world
        self.eyes = eyes
        self.played = Played(seed)
        self._painted = painted
        first = eyes.see(world, world.reset(seed))
        self.latest = deque([first] * eyes.stacked, eyes.stacked)
        self._paint()

    def _paint(self) -> None:
        if self._painted:
            self.played.frames.append(paint(self.world))

    def act(self, action: int) -> bool:
        """Act and return whether the episode is over."""
        step = self.world.step(action)
        self.latest.append(self.eyes.see(self.world, step.observation))
        self.played.total += step.reward
        self.played.actions.append(action)
        self._paint()
        return step.ended


class Arena:
    """Where episodes are played; worlds are kept from one call to the next, as some take long to make."""

    def __init__(self, world: str, *, slippery: bool = False, pixels: bool = False) -> None:
        """Name the world, say whether it slips and whether it is seen as painted frames."""
        self._worlds = [World(world, slippery=slippery)]
        self.info = self._worlds[0].info
        self.slippery = self._worlds[0].slippery
        self.eyes: Eyes = eyes_of(self._worlds[0], pixels=pixels)

    def _world(self, index: int) -> World:
        while index >= len(self._worlds):
            self._worlds.append(World(self._worlds[0].name, slippery=self.slippery))
        return self._worlds[index]

    def play(
        self, policy: Policy, seeds: Sequence[int], token: CancelToken | None = None, painted: int = 0
    ) -> list[Played]:
        """Play an episode for each seed and return them in order.

        Args:
            policy: maps what is seen, (B, *shape), to actions, (B,).
            seeds: of the episodes.
            token: checked before every decision.
            painted: the first so many keep their frames.

        Raises:
            Cancelled: `token` was cancelled.
        """
        stop, done = token or CancelToken(), []
        for begin in range(0, len(seeds), _AT_ONCE):
            part = seeds[begin : begin + _AT_ONCE]
            seats = [_Seat(self._world(i), self.eyes, seed, painted=begin + i < painted) for i, seed in enumerate(part)]
            self._play(seats, policy, stop)
            done += [seat.played for seat in seats]
        return done

    def _play(self, seats: list[_Seat], policy: Policy, stop: CancelToken) -> None:
        going = list(seats)
        while going:
            stop.check()
            seen = self.eyes.together(np.stack([np.stack(seat.latest) for seat in going]))
            actions = policy(seen)
            going = [seat for seat, action in zip(going, actions, strict=True) if not seat.act(int(action))]
        for seat in seats:
            _thin_out(seat)


def _thin_out(seat: _Seat) -> None:
    played, every = seat.played, -(-len(seat.played.frames) // MOST_FRAMES)
    if every:
        played.frames = [*played.frames[:-1:every], played.frames[-1]]
        played.frame_ms = seat.world.info.frame_ms * every

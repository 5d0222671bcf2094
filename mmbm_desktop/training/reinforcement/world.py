"""One world: Gymnasium's environment with its own step limit, and places in streams of seeds that never meet."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import gymnasium
import numpy as np

from mmbm_desktop.training.reinforcement.worlds import WORLDS

if TYPE_CHECKING:
    import numpy.typing as npt

    from mmbm_desktop.training.reinforcement.worlds import WorldInfo

Observation = Any
"""A state's number, or an array."""


class Stream(IntEnum):
    """What episodes are for. Those of one stream are never those of another."""

    TRAINING = 0
    VALIDATION = 1
    ASSESSMENT = 2
    SHOWING = 3


def episode_seed(seed: int, stream: Stream, number: int) -> int:
    """Return the seed of an episode: the same in every process."""
    return int(np.random.SeedSequence((seed, int(stream), number)).generate_state(1)[0])


@dataclass(frozen=True)
class Step:
    """What one action led to; `terminated` means that nothing more can follow, `cut_off` that the time was up."""

    observation: Observation
    reward: float
    terminated: bool
    cut_off: bool

    @property
    def ended(self) -> bool:
        """Whether the episode is over."""
        return self.terminated or self.cut_off


class World:
    """An environment by its name among `WORLDS`. One thread at a time."""

    def __init__(self, name: str, *, slippery: bool = False) -> None:
        self.name = name
        self.info: WorldInfo = WORLDS[name]
        self.slippery = slippery and self.info.slips
        arguments = dict(self.info.arguments or {}) | ({"is_slippery": self.slippery} if self.info.slips else {})
        # the wrappers check what is known to be right, at a third of the time of a step
        self.environment: Any = gymnasium.make(self.info.id, disable_env_checker=True, **arguments).unwrapped
        self._steps = 0

    @property
    def states(self) -> int:
        """How many states there are; 0 where an observation is an array."""
        return int(getattr(self.environment.observation_space, "n", 0))

    def reset(self, seed: int) -> Observation:
        """Begin an episode; the seed decides all of its chance."""
        self._steps = 0
        observation, _ = self.environment.reset(seed=seed)
        return observation

    def step(self, action: int) -> Step:
        """Act once."""
        observation, reward, terminated, _, _ = self.environment.step(action)
        self._steps += 1
        cut_off = not terminated and self._steps >= self.info.most_steps
        return Step(observation, float(reward), bool(terminated), cut_off)

    @property
    def state(self) -> npt.NDArray[np.float64]:
        """The numbers a painter needs: a state's number, or positions and speeds."""
        inner = self.environment.s if self.states else self.environment.state
        return np.atleast_1d(np.asarray(inner, np.float64))

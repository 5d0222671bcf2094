"""The recipe of tables (Watkins & Dayan 1992): Q(s, a) ← Q(s, a) + α (r + γ max Q(s′, ·) − Q(s, a)).

A turn of the loop is an episode.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import numpy as np

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.protocol.agents import ValueGrid
from mmbm_desktop.training.export.q_agent import TABLE, valued_by_table
from mmbm_desktop.training.recipe_rules import QTableOptions, filled
from mmbm_desktop.training.reinforcement.agent import Agent, starting_bundle
from mmbm_desktop.training.reinforcement.stored import stored_arrays
from mmbm_desktop.training.reinforcement.world import Stream, World, episode_seed

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from mmbm_desktop.training.export.q_agent import Valued
    from mmbm_desktop.training.spec import PhaseSpec, TrainSpec


class QTableRecipe(Agent):
    """A table with a row a state and a column an action; see `reinforcement.interface.AgentRecipe`."""

    def __init__(self, spec: TrainSpec) -> None:
        options: QTableOptions = filled(QTableOptions, spec.options)
        super().__init__(spec, options, slippery=options.slippery)
        self.options = options
        self._world = World(options.environment, slippery=options.slippery)
        actions = len(self._world.info.actions)
        self._table = [[0.0] * actions for _ in range(self._world.states)]  # lists: rows are read one at a time
        self._visits = [0] * self._world.states
        self._episodes = 0

    def begin(self) -> None:
        """Take the table of the bundle to start from, if there is one; EnvironmentFault where it does not fit."""
        if not self.options.start:
            return
        folder = starting_bundle(self.options.start, self.options.environment)
        table = stored_arrays(folder).get(TABLE)
        if table is None or table.shape != (len(self._table), len(self._table[0])):
            raise EnvironmentFault(ErrorCode.BUNDLE_INVALID, "no table of this world", name=folder.name, field=TABLE)
        self._table = table.astype(np.float64).tolist()

    def steps(self, phase: PhaseSpec) -> int:
        """Return the episodes of an epoch."""
        del phase
        return self.options.episodes

    def turn(self, phase: PhaseSpec, done: int, total: int) -> dict[str, float]:
        """Play an episode and learn from each of its steps; "loss" is the mean size of the corrections."""
        along = done / total
        epsilon = self.exploration.epsilon(along)
        rate = phase.learning_rate * (1 - (1 - self.options.rate_end) * along)
        chance = random.Random(f"{self.spec.seed} {self._episodes}")
        state = int(self._world.reset(episode_seed(self.spec.seed, Stream.TRAINING, self._episodes)))
        gathered, corrected, count, ended = 0.0, 0.0, 0, False
        while not ended:
            row = self._table[state]
            action = _chosen(row, epsilon, chance)
            step = self._world.step(action)
            after = int(step.observation)
            target = step.reward if step.terminated else step.reward + self.options.gamma * max(self._table[after])
            error = target - row[action]
            row[action] += rate * error
            self._visits[state] += 1
            state, ended, count = after, step.ended, count + 1
            gathered, corrected = gathered + step.reward, corrected + abs(error)
        self._episodes += 1
        self.recent.append(gathered)
        self.advanced(done, phase, self.steps(phase))
        return {"loss": corrected / count, "return": self.mean_return(), "epsilon": epsilon}

    def policy(self, seen: npt.NDArray[Any]) -> npt.NDArray[np.integer[Any]]:
        """Return the best actions, (B,), in states (B,); the first of equals, as the published structure does."""
        return np.array([int(np.argmax(self._table[state])) for state in seen])

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """Return the table, the visits and how many episodes there were."""
        return {
            "table": np.array(self._table),
            "visits": np.array(self._visits, np.int64),
            "recent": np.array(self.recent),
            "along": np.array([self.along, self._episodes]),
        }

    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Go back to a state; ValueError where it is another world's."""
        if arrays["table"].shape != (len(self._table), len(self._table[0])):
            raise ValueError(f"table {arrays['table'].shape}")
        self._table, self._visits = arrays["table"].tolist(), arrays["visits"].tolist()
        self.recent.clear()
        self.recent.extend(arrays["recent"].tolist())
        self.along, self._episodes = float(arrays["along"][0]), int(arrays["along"][1])

    def values(self) -> ValueGrid | None:
        """Return the values of the world's squares."""
        squares = self.arena.info.squares
        if squares is None:
            return None
        places = range(squares.shown, len(self._table), squares.stride)
        return ValueGrid(
            self.options.environment,
            round(self.along, 6),
            squares.rows,
            squares.columns,
            self.arena.info.actions,
            tuple(tuple(round(value, 6) for value in self._table[place]) for place in places),
            tuple(self._visits[place] for place in places),
            squares.marks,
        )

    def valued(self) -> Valued:
        """Return the table for publishing."""
        return valued_by_table(np.array(self._table))


def _chosen(row: list[float], epsilon: float, chance: random.Random) -> int:
    """Return a random action with probability `epsilon`, else the best; of equally good ones any."""
    if chance.random() < epsilon:
        return chance.randrange(len(row))
    best = max(row)
    equals = [action for action, value in enumerate(row) if value == best]
    return equals[0] if len(equals) == 1 else chance.choice(equals)

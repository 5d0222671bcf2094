"""The recipe of Q networks (Mnih et al. 2015; double: van Hasselt et al. 2016). A turn is a step in every world."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.networks.q_network import QNetwork, build_q_network
from mmbm_desktop.networks.q_network_config import QNetworkConfig
from mmbm_desktop.networks.tensors import to_numpy
from mmbm_desktop.training.export.q_agent import valued_by_network
from mmbm_desktop.training.recipe_rules import DeepQOptions, filled
from mmbm_desktop.training.recipes.deep_q_learner import DeepQLearner
from mmbm_desktop.training.reinforcement.agent import Agent, starting_bundle
from mmbm_desktop.training.reinforcement.crew import Crew
from mmbm_desktop.training.reinforcement.replay import Replay
from mmbm_desktop.training.reinforcement.stored import stored_arrays
from mmbm_desktop.training.reinforcement.world import World
from mmbm_desktop.training.run_folder import named

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from mmbm_desktop.training.export.q_agent import Valued
    from mmbm_desktop.training.spec import PhaseSpec, TrainSpec

_CLIP = 10.0
_AT_ONCE = 8
"""Updates in one call."""
_LOWEST = 0.1
"""Of the learning rate, at the end: it falls along a line."""


class DeepQRecipe(Agent):
    """Worlds side by side, a replay buffer and two networks; see `reinforcement.interface.AgentRecipe`."""

    def __init__(self, spec: TrainSpec) -> None:
        options: DeepQOptions = filled(DeepQOptions, spec.options)
        sizes: QNetworkConfig = filled(QNetworkConfig, spec.network)
        super().__init__(spec, options, pixels=bool(sizes.filters))
        self.options = options
        worlds = [World(options.environment) for _ in range(options.worlds)]
        self._crew = Crew(worlds, self.arena.eyes, spec.seed)
        rows = max(options.replay // options.worlds, 2 * self.arena.eyes.stacked + 2)
        self._replay = Replay(rows, self._crew.moments(), self.arena.eyes.stacked)
        config = dataclasses.replace(sizes, observation=self.arena.eyes.shape, actions=len(self.arena.info.actions))
        keras.utils.set_random_seed(spec.seed)
        self.network = build_q_network(config)
        self.learner = DeepQLearner(
            self.network, build_q_network(config, "target"), options.gamma, double=options.double, name="learner"
        )
        self.learner.copy_to_target()
        # compiling so many updates for the processor takes longer than they do
        as_they_are: Any = False
        optimizer = keras.optimizers.Adam(1e-3, global_clipnorm=_CLIP)
        self.learner.compile(optimizer=optimizer, jit_compile=as_they_are)
        self.learner.optimizer.build(self.learner.trainable_variables)
        self._turns = self._updates = 0
        self._loss = 0.0

    def begin(self) -> None:
        """Take the weights of the bundle to start from, if there is one; EnvironmentFault where it does not fit."""
        if self.options.start:
            _load(self.network, self.options.start, self.options.environment)
            self.learner.copy_to_target()

    def steps(self, phase: PhaseSpec) -> int:
        """Return the turns of an epoch."""
        del phase
        return max(1, self.options.epoch_steps // self.options.worlds)

    def turn(self, phase: PhaseSpec, done: int, total: int) -> dict[str, float]:
        """Act once in every world, then learn from steps drawn at random."""
        along = done / total
        epsilon = self.exploration.epsilon(along)
        random = np.random.default_rng((self.spec.seed, self._turns))
        turn = self._crew.act(self._actions(epsilon, random))
        self._replay.add(turn)
        self._turns += 1
        self.recent.extend(turn.ended)
        self.learner.optimizer.learning_rate = phase.learning_rate * (1 - (1 - _LOWEST) * along)
        while self._due() >= _AT_ONCE:
            self._learn(phase.batch or self.spec.batch, random)
        self.advanced(done, phase, self.steps(phase))
        return {"loss": self._loss, "return": self.mean_return(), "epsilon": epsilon}

    def _actions(self, epsilon: float, random: np.random.Generator) -> npt.NDArray[np.integer[Any]]:
        """Return an action a world, (worlds,): some at random, the others the best."""
        any_action = random.integers(0, len(self.arena.info.actions), self.options.worlds)
        tries = random.random(self.options.worlds) < epsilon
        if tries.all():
            return any_action
        return np.where(tries, any_action, self.policy(self.arena.eyes.together(self._replay.latest())))

    def _due(self) -> int:
        """Return how many updates are due: one every `learn_every` steps after the warm-up."""
        learned_from = self._turns * self.options.worlds - self.options.warm_up
        return learned_from // self.options.learn_every - self._updates

    def _learn(self, batch: int, random: np.random.Generator) -> None:
        """Make several updates at once, each from its own steps."""
        drawn = self._replay.draw(batch * _AT_ONCE, random)
        together = self.arena.eyes.together
        seen = {"now": together(drawn.now), "after": together(drawn.after)}
        known = {
            "actions": drawn.actions,
            "rewards": drawn.rewards,
            "terminated": drawn.terminated.astype(np.float32),
        }
        losses: Any = self.learner.train_on_batch(_parted(seen), _parted(known), return_dict=True)
        self.learner.reset_metrics()
        self._loss = float(losses["loss"])
        before, self._updates = self._updates, self._updates + _AT_ONCE
        if self._updates // self.options.target_updates > before // self.options.target_updates:
            self.learner.copy_to_target()

    def policy(self, seen: npt.NDArray[Any]) -> npt.NDArray[np.integer[Any]]:
        """Return the best actions, (B,), for what is seen, (B, …)."""
        return np.argmax(np.asarray(self.network.predict_on_batch(seen)), axis=-1)

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """Return both networks, the optimiser, the replay buffer and where every world is."""
        own = {
            "recent": np.array(self.recent),
            "along": np.array([self.along, self._turns, self._updates, self._loss]),
        }
        kept = {f"replay.{name}": array for name, array in self._replay.state().items()}
        places = {f"crew.{name}": array for name, array in self._crew.state().items()}
        return own | kept | places | {name: to_numpy(one) for name, one in self._variables().items()}

    def _variables(self) -> dict[str, Any]:
        return (
            named(self.network.variables, "network")
            | named(self.learner.target.variables, "target")
            | named(self.learner.optimizer.variables, "optimizer")
        )

    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Go back to a state; KeyError or ValueError where it is another agent's."""
        for name, variable in self._variables().items():
            variable.assign(arrays[name].reshape(variable.shape))
        self._replay.restore(_group(arrays, "replay."))
        self._crew.restore(_group(arrays, "crew."))
        self.recent.clear()
        self.recent.extend(arrays["recent"].tolist())
        self.along, self._loss = float(arrays["along"][0]), float(arrays["along"][3])
        self._turns, self._updates = int(arrays["along"][1]), int(arrays["along"][2])

    def values(self) -> None:
        """Return nothing: these worlds have no squares."""
        return

    def valued(self) -> Valued:
        """Return the network for publishing."""
        return valued_by_network(self.network)


def _parted(arrays: Mapping[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
    """Return arrays (updates * B, …) as (updates, B, …)."""
    return {name: array.reshape(_AT_ONCE, -1, *array.shape[1:]) for name, array in arrays.items()}


def _group(arrays: Mapping[str, npt.NDArray[Any]], prefix: str) -> dict[str, npt.NDArray[Any]]:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}


def _load(network: QNetwork, start: str, environment: str) -> None:
    """Give a network the weights of a bundle.

    Raises:
        EnvironmentFault: the bundle is missing, damaged, of another world or of another size (BUNDLE_INVALID).
    """
    folder = starting_bundle(start, environment)
    arrays, wanted = stored_arrays(folder), valued_by_network(network).weights
    if {name: array.shape for name, array in arrays.items()} != {name: tuple(v.shape) for name, v in wanted.items()}:
        raise EnvironmentFault(ErrorCode.BUNDLE_INVALID, "another size", name=folder.name, field="network")
    for name, variable in wanted.items():
        variable.assign(arrays[name])

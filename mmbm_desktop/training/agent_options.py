"""What a spec may tell the recipes whose agents learn by trying. Plain data: it needs no Keras."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AgentOptions:
    """What every run of an agent may be told.

    Attributes:
        environment: the world, one of `reinforcement.worlds`.
        gamma: how much a reward one step later counts.
        epsilon_start: share of random actions at first.
        epsilon_end: share of random actions in the end.
        exploration: share of the run over which it falls from the one to the other.
        checked: greedy episodes that are played after each epoch to see how good the agent is.
        start: bundle (a name or a folder) of the same world to go on from.
    """

    environment: str = ""
    gamma: float = 0.99
    epsilon_start: float = 1.0
    epsilon_end: float = 0.05
    exploration: float = 0.5
    checked: int = 100
    start: str = ""


@dataclass(frozen=True)
class QTableOptions(AgentOptions):
    """What a run that learns a table of values may be told. The phase's learning rate is the rate alpha.

    Attributes:
        slippery: whether the ice, or the cliff, is.
        episodes: of an epoch.
        rate_end: what is left of alpha in the end, as a share: it falls along a line (Watkins & Dayan 1992 ask for it).
    """

    environment: str = "frozen-lake-4x4"
    slippery: bool = True
    episodes: int = 500
    rate_end: float = 0.05


@dataclass(frozen=True)
class DeepQOptions(AgentOptions):
    """What a run that learns a network of values may be told. The batch is of steps that are learned from at once.

    Attributes:
        epoch_steps: steps of an epoch, over all worlds.
        worlds: how many are acted in side by side.
        replay: steps that are kept to learn from.
        warm_up: steps before anything is learned.
        learn_every: steps between two updates of the network, over all worlds.
        target_updates: updates between two copies of the network to the one that says what is to come.
        double: whether the network chooses the action whose value the other says (van Hasselt et al. 2016).
    """

    environment: str = "cart-pole"
    exploration: float = 0.3
    checked: int = 20
    epoch_steps: int = 1000
    worlds: int = 8
    replay: int = 20_000
    warm_up: int = 1000
    learn_every: int = 2
    target_updates: int = 250
    double: bool = True

"""Lets a published agent play: its returns, an assessment of them, and an animated picture. ONNX Runtime answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.inference.agent import QAgent
from mmbm_desktop.protocol.agents import Episode
from mmbm_desktop.protocol.training import EPISODES as SPLIT
from mmbm_desktop.protocol.training import Assessment
from mmbm_desktop.training.reinforcement.playing import Arena
from mmbm_desktop.training.reinforcement.world import Stream, episode_seed
from mmbm_desktop.training.reinforcement.worlds import WORLDS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from mmbm_desktop.training.reinforcement.playing import Played

EPISODES = 100


class Trial:
    """A published agent back in its world."""

    def __init__(self, bundle: Path, threads: int = 1) -> None:
        """Open the bundle.

        Raises:
            EnvironmentFault: it is damaged, no agent (BUNDLE_INVALID, BUNDLE_DAMAGED), or its world is unknown here.
        """
        self.agent = QAgent(bundle, threads)
        name, kind = self.agent.environment, self.agent.observation.get("kind")
        if name not in WORLDS or self.agent.actions != WORLDS[name].actions:
            raise self._invalid(f"world {name!r}")
        self.arena = Arena(name, slippery=self.agent.slippery, pixels=kind == "frames")
        if self.arena.eyes.described() != self.agent.observation:
            raise self._invalid(f"it sees {self.agent.observation}")

    def _invalid(self, detail: str) -> EnvironmentFault:
        name = self.agent.manifest.name
        return EnvironmentFault(ErrorCode.BUNDLE_INVALID, detail, name=name, field="preprocessing")

    def play(self, seed: int, episodes: int, painted: int = 0) -> list[Played]:
        """Play so many episodes, decided by the seed; the first `painted` of them keep their frames.

        Raises:
            EnvironmentFault: the bundle cannot be run (BUNDLE_INVALID).
        """
        seeds = [episode_seed(seed, Stream.ASSESSMENT, number) for number in range(episodes)]
        return self.arena.play(self.agent.choose, seeds, painted=painted)

    def told(self, played: Played, picture: str) -> Episode:
        """Return an episode as a record, its animated picture in the file of that name."""
        names = tuple(self.agent.actions[action] for action in played.actions)
        solved = played.total >= self.arena.info.solved
        return Episode(self.agent.environment, 0.0, played.total, names, solved, picture, played.frame_ms)


def numbers_of(played: Sequence[Played], solved: float) -> dict[str, float]:
    """Return mean, deviation and extremes of the returns, and the share of episodes that count as solved."""
    totals = np.array([one.total for one in played])
    return {
        "mean return": float(totals.mean()),
        "deviation": float(totals.std()),
        "lowest": float(totals.min()),
        "highest": float(totals.max()),
        "mean steps": float(np.mean([len(one.actions) for one in played])),
        "solved from": solved,
    }


def assess(bundle: Path, seed: int) -> Assessment:
    """Measure an agent on a hundred episodes of a stream of seeds that neither training nor choosing ever draws from.

    Raises:
        EnvironmentFault: see `Trial`.
    """
    trial = Trial(bundle)
    return Assessment(SPLIT, EPISODES, numbers_of(trial.play(seed, EPISODES), trial.arena.info.solved))

"""What the two recipes of agents have in common: their world, checking, showing, publishing and being measured."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.bundles.store import bundle_folder
from mmbm_desktop.inference.agent import QAgent
from mmbm_desktop.protocol.agents import Episode
from mmbm_desktop.protocol.training import Sample
from mmbm_desktop.training.export.q_agent import q_agent_parts
from mmbm_desktop.training.publish import publish
from mmbm_desktop.training.reinforcement.card import agent_card
from mmbm_desktop.training.reinforcement.chance import Exploration
from mmbm_desktop.training.reinforcement.painter import as_gif
from mmbm_desktop.training.reinforcement.playing import Arena
from mmbm_desktop.training.reinforcement.showing import PICTURE_FILE
from mmbm_desktop.training.reinforcement.trial import assess
from mmbm_desktop.training.reinforcement.world import Stream, episode_seed
from mmbm_desktop.training.reinforcement.worlds import share

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from mmbm_desktop.base.errors import ErrorCode as Code
    from mmbm_desktop.base.progress import CancelToken
    from mmbm_desktop.protocol.training import Assessment
    from mmbm_desktop.training.export.q_agent import Valued
    from mmbm_desktop.training.recipe_rules import AgentOptions
    from mmbm_desktop.training.reinforcement.playing import Played
    from mmbm_desktop.training.spec import PhaseSpec, TrainSpec

_RECENT = 50
"""Episodes whose mean return is told."""
_SAMPLES = 4
_MOST_WORDS = 60


class Agent(ABC):
    """An agent in its world; see `reinforcement.interface.AgentRecipe`.

    Attributes:
        along: epochs passed, with a fraction.
        recent: returns of the latest episodes.
    """

    def __init__(self, spec: TrainSpec, options: AgentOptions, *, slippery: bool = False, pixels: bool = False) -> None:
        self.spec = spec
        self.arena = Arena(options.environment, slippery=slippery, pixels=pixels)
        self.exploration = Exploration(options.epsilon_start, options.epsilon_end, options.exploration)
        self.along = 0.0
        self.recent: deque[float] = deque(maxlen=_RECENT)
        self._options = options

    @property
    def unreadable(self) -> Mapping[str, Code]:
        """Nothing is read."""
        return {}

    @abstractmethod
    def policy(self, seen: npt.NDArray[Any]) -> npt.NDArray[np.integer[Any]]:
        """Return the best actions, (B,), for what is seen, (B, …)."""

    @abstractmethod
    def valued(self) -> Valued:
        """Return how it values actions, for publishing."""

    def advanced(self, done: int, phase: PhaseSpec, steps: int) -> None:
        """Take note of how far the run is, over all phases."""
        index = next(index for index, one in enumerate(self.spec.phases) if one is phase)
        self.along = sum(one.epochs for one in self.spec.phases[:index]) + (done + 1) / steps

    def mean_return(self) -> float:
        """Return the mean of the latest episodes; the worst return before the first has ended."""
        return float(np.mean(self.recent)) if self.recent else self.arena.info.worst

    def _seeds(self, stream: Stream, count: int) -> list[int]:
        return [episode_seed(self.spec.seed, stream, number) for number in range(count)]

    def validate(self, phase: PhaseSpec) -> dict[str, float]:
        """Return the mean return of greedy episodes, always of the same seeds."""
        del phase
        played = self.arena.play(self.policy, self._seeds(Stream.VALIDATION, self._options.checked))
        mean = float(np.mean([one.total for one in played]))
        return {"score": mean, "return": mean, "steps": float(np.mean([len(one.actions) for one in played]))}

    def episode(self, token: CancelToken) -> tuple[Episode, bytes]:
        """Play a greedy episode, another one each time, and return it with its animated picture."""
        seed = episode_seed(self.spec.seed, Stream.SHOWING, round(self.along * 1000))
        (played,) = self.arena.play(self.policy, [seed], token, painted=1)
        episode = Episode(
            self._options.environment,
            round(self.along, 6),
            played.total,
            self._names(played),
            played.total >= self.arena.info.solved,
            PICTURE_FILE,
            played.frame_ms,
        )
        return episode, as_gif(played.frames, played.frame_ms)

    def _names(self, played: Played) -> tuple[str, ...]:
        return tuple(self.arena.info.actions[action] for action in played.actions)

    def samples(self) -> Sequence[Sample]:
        """Return greedy episodes in words."""
        played = self.arena.play(self.policy, self._seeds(Stream.VALIDATION, _SAMPLES))
        return [self._sample(one, number) for number, one in enumerate(played, start=1)]

    def _sample(self, played: Played, number: int) -> Sample:
        info, names = self.arena.info, self._names(played)
        said = ", ".join(names[:_MOST_WORDS]) + (" …" if len(names) > _MOST_WORDS else "")
        score = share(info, played.total)
        return Sample(
            "text", f"{info.id} {number}", "", f"{played.total:g}: {said}", score, played.total >= info.solved
        )

    def publish(self, place: Path, curve: Mapping[str, Any]) -> Path:
        """Write the bundle."""
        info = self.arena.info
        preprocessing = {
            "environment": {
                "name": self._options.environment,
                "id": info.id,
                "slippery": self.arena.slippery,
                "most_steps": info.most_steps,
            },
            "observation": self.arena.eyes.described(),
            "actions": list(info.actions),
        }
        card = agent_card(self.spec, info, float(curve["return"]), self._options.checked)
        return publish(q_agent_parts(self.valued(), preprocessing), card, place)

    def assess(self, bundle: Path) -> Assessment | None:
        """Measure the published bundle on a hundred episodes that it never saw."""
        return assess(bundle, self.spec.seed)


def starting_bundle(named: str, environment: str) -> Path:
    """Return the folder of the agent to go on from, by a bundle's name or folder.

    Raises:
        EnvironmentFault: it is missing, damaged, no agent, or of another world (BUNDLE_INVALID).
    """
    folder = Path(named)
    if not folder.is_dir():
        folder = bundle_folder(named, (paths.installed_models_dir(), paths.shipped_models_dir()))
    agent = QAgent(folder, 1)
    if agent.environment != environment:
        detail = f"it learned in {agent.environment}"
        raise EnvironmentFault(ErrorCode.BUNDLE_INVALID, detail, name=agent.manifest.name, field="environment")
    return folder

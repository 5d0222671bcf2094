"""The loop of agents: turns, and what the run shows. It never looks inside a turn.

Chance depends on nothing but the seed and the turn, and everything else that a turn depends on is in the checkpoint; so
a run that was killed and resumed walks the same curve as one that was not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.training.reinforcement.interface import AgentRecipe
from mmbm_desktop.training.reinforcement.showing import Showing
from mmbm_desktop.training.run_folder import Position
from mmbm_desktop.training.run_loop import RunLoop

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    import numpy.typing as npt

    from mmbm_desktop.training.run_folder import Checkpoint
    from mmbm_desktop.training.spec import PhaseSpec


@dataclass
class AgentLoop(RunLoop[AgentRecipe]):
    """Lets an agent learn by turns; what it does is shown in the run's folder meanwhile."""

    save_every_s: ClassVar[float] = 30.0
    save_before_val_s: ClassVar[float] = 2.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self._showing = Showing(self.folder.path, self.recipe, self.token)

    def _begin(self, start: Checkpoint | None) -> None:
        if start:
            self._restore(start)
            self._best = start.best_score
        else:
            self.recipe.begin()

    def _steps(
        self, phase: PhaseSpec, start: Position, steps: int
    ) -> Generator[tuple[Position, Mapping[str, Any]], None, None]:
        for step in range(start.step, steps):
            numbers = self.recipe.turn(phase, start.epoch * steps + step, phase.epochs * steps)
            yield Position(start.phase, start.epoch, step + 1), numbers

    def _after_step(self) -> None:
        self._showing.values_if_due()

    def _validate(self, phase: PhaseSpec, here: Position, steps: int, after: Position) -> None:
        super()._validate(phase, here, steps, after)
        self._showing.episode_if_due()

    def _state(self) -> Mapping[str, npt.NDArray[Any]]:
        return self.recipe.state()

    def _take_best(self, best: Checkpoint) -> None:
        self._restore(best)
        self._showing.whole()

    def _restore(self, checkpoint: Checkpoint) -> None:
        try:
            self.recipe.restore(checkpoint.arrays)
        except (KeyError, ValueError) as error:
            reason = "checkpoint-of-another-network"
            raise EnvironmentFault(ErrorCode.TRAINING_FAILED, repr(error), reason=reason) from error

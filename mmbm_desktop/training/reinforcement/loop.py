"""The loop of agents: turns, log, checkpoints, resuming, and what the run shows. It never looks inside a turn.

Chance depends on nothing but the seed and the turn, and everything else that a turn depends on is in the checkpoint; so
a run that was killed and resumed walks the same curve as one that was not.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.training.curve import Curve
from mmbm_desktop.training.reinforcement.showing import Showing
from mmbm_desktop.training.run_folder import BEST, LAST, Checkpoint, Position
from mmbm_desktop.training.stopping import EpochReached

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mmbm_desktop.base.progress import CancelToken
    from mmbm_desktop.training.reinforcement.interface import AgentRecipe
    from mmbm_desktop.training.run_folder import RunFolder
    from mmbm_desktop.training.spec import PhaseSpec, TrainSpec

_SAVE_EVERY_S, _SLOW_S = 30.0, 2.0
"""Seconds of turns that a kill may cost: in an epoch, and before the agent is checked."""


class _Finished(Exception):
    """The run was asked to stop and publish its best."""


def _never() -> bool:
    return False


def _nothing() -> None:
    pass


@dataclass
class AgentLoop:
    """Lets an agent learn as its spec says, from where its run folder left off.

    Attributes:
        spec: what to do.
        recipe: with what.
        folder: where the curve, the checkpoints and what is shown go.
        token: asks to stop; the last checkpoint is then written.
        tell: is given progress, a mapping that turns into one line of JSON.
        finishing: whether to stop now and keep the best; the last checkpoint is then written, too.
        validated: is called after the agent was checked.
        until: epochs over all phases after which to stop with everything kept; None: after the last one.
        finished_at: where that happened.
    """

    spec: TrainSpec
    recipe: AgentRecipe
    folder: RunFolder
    token: CancelToken
    tell: Callable[[Mapping[str, Any]], None]
    finishing: Callable[[], bool] = _never
    validated: Callable[[], None] = _nothing
    until: int | None = None
    finished_at: Position | None = field(default=None, init=False)
    _best: float = field(default=-math.inf, init=False)
    _saved: float = field(default_factory=time.monotonic, init=False)

    def __post_init__(self) -> None:
        self._curve = Curve(self.spec, self.folder, self.tell)
        self._showing = Showing(self.folder.path, self.recipe, self.token)

    def run(self) -> None:
        """Learn to the end and leave the best agent in the recipe.

        Raises:
            Cancelled: the token was cancelled; everything learned so far is in the last checkpoint.
            EpochReached: so many epochs as `until` says are done, and in the last checkpoint.
            EnvironmentFault: the loss stopped being a number, or a checkpoint is damaged or another agent's.
        """
        start = self.folder.load(LAST)
        position = start.position if start else Position()
        self.folder.cut_log(position)
        if start:
            self._restore(start)
            self._best = start.best_score
            self._curve.resumed(position)
        else:
            self.recipe.begin()
        try:
            for index in range(position.phase, len(self.spec.phases)):
                self._phase(self.spec.phases[index], position if index == position.phase else Position(index))
        except _Finished:
            pass
        best = self.folder.load(BEST)
        if best:
            self._restore(best)
            self._showing.whole()

    def _phase(self, phase: PhaseSpec, start: Position) -> None:
        steps = self.recipe.steps(phase)
        self._finish_if_asked(phase, start, steps)
        passed = sum(earlier.epochs for earlier in self.spec.phases[: start.phase])
        for epoch in range(start.epoch, phase.epochs):
            if self.until is not None and passed + epoch >= self.until:
                raise EpochReached
            first = start.step if epoch == start.epoch else 0
            self._epoch(phase, Position(start.phase, epoch, first), steps)
            after = Position(start.phase, epoch + 1)
            self._validate(phase, Position(start.phase, epoch, steps), steps, after)
            self._save(LAST, after)

    def _epoch(self, phase: PhaseSpec, start: Position, steps: int) -> None:
        self._curve.begin_epoch()
        total = phase.epochs * steps
        for step in range(start.step, steps):
            numbers = self.recipe.turn(phase, start.epoch * steps + step, total)
            here = Position(start.phase, start.epoch, step + 1)
            if not math.isfinite(numbers["loss"]):
                raise self.folder.not_finite(f"loss {numbers} at {here}")
            self._curve.step(here, steps, numbers)
            self._after_turn(phase, here, steps)
        self._curve.end_epoch(Position(start.phase, start.epoch, steps))

    def _after_turn(self, phase: PhaseSpec, here: Position, steps: int) -> None:
        if self.token.cancelled:
            self._save(LAST, here)
            self.token.check()
        self._finish_if_asked(phase, here, steps)
        due = here.step % self.spec.checkpoint_steps == 0 and here.step < steps
        slow = _SLOW_S if here.step == steps else _SAVE_EVERY_S  # checking may take long and be interrupted
        if due or time.monotonic() - self._saved >= slow:
            self._save(LAST, here)
        self._showing.values_if_due()

    def _finish_if_asked(self, phase: PhaseSpec, here: Position, steps: int) -> None:
        if not self.finishing():
            return
        if self._best == -math.inf:
            self._validate(phase, here, steps, here)
        self._save(LAST, here)
        self.finished_at = here
        raise _Finished

    def _validate(self, phase: PhaseSpec, here: Position, steps: int, after: Position) -> None:
        metrics = dict(self.recipe.validate(phase))
        self._curve.validated(here, steps, metrics)
        better = metrics["score"] > self._best
        self._best = max(self._best, metrics["score"])
        if better:
            self._save(BEST, after)
        self.validated()
        self._showing.episode_if_due()

    def _save(self, kind: str, position: Position) -> None:
        self.folder.save(kind, Checkpoint(position, self.recipe.state(), self._best))
        self._saved = time.monotonic()

    def _restore(self, checkpoint: Checkpoint) -> None:
        try:
            self.recipe.restore(checkpoint.arrays)
        except (KeyError, ValueError) as error:
            reason = "checkpoint-of-another-network"
            raise EnvironmentFault(ErrorCode.TRAINING_FAILED, repr(error), reason=reason) from error

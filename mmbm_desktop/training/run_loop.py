"""What every loop does, whatever learns: where the run stands, when it saves, validates, stops and goes on.

It knows no networks and no worlds: `loop.Loop` and `reinforcement.loop.AgentLoop` take the steps and say what a
checkpoint holds.
"""

from __future__ import annotations

import math
import time
from abc import ABC, abstractmethod
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

from mmbm_desktop.training.commands import unbroken
from mmbm_desktop.training.curve import Curve
from mmbm_desktop.training.run_folder import BEST, LAST, Checkpoint, Position
from mmbm_desktop.training.stopping import EpochReached, early_stop

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    import numpy.typing as npt

    from mmbm_desktop.base.progress import CancelToken
    from mmbm_desktop.protocol.training import EarlyStop
    from mmbm_desktop.training.run_folder import RunFolder
    from mmbm_desktop.training.spec import PhaseSpec, TrainSpec


class Validated(Protocol):
    """What this needs of a recipe."""

    def steps(self, phase: PhaseSpec) -> int:
        """Return the steps of one epoch."""
        ...

    def validate(self, phase: PhaseSpec) -> Mapping[str, float]:
        """Return numbers; `score`, the higher the better, decides what is kept as best."""
        ...


RecipeT = TypeVar("RecipeT", bound=Validated)


class _Finished(Exception):
    """The run was asked to stop and publish its best, or has not become better for too long."""


def _never() -> bool:
    return False


def _nothing() -> None:
    pass


@dataclass
class RunLoop(ABC, Generic[RecipeT]):
    """Trains a recipe as its spec says, from where its run folder left off.

    Attributes:
        spec: what to do.
        recipe: with what.
        folder: where the curve and the checkpoints go.
        token: asks to stop; the last checkpoint is then written.
        tell: is given progress, a mapping that turns into one line of JSON.
        finishing: whether to stop now and keep the best; the last checkpoint is then written, too.
        validated: is called after the recipe was validated.
        until: epochs over all phases after which to stop with everything kept; None: after the last one.
        finished_at: where the run was told to stop, or stopped early.
        stopped_early: why, if it did.
        save_every_s, save_before_val_s: seconds of steps that a kill may cost: in an epoch, and before validating.
    """

    spec: TrainSpec
    recipe: RecipeT
    folder: RunFolder
    token: CancelToken
    tell: Callable[[Mapping[str, Any]], None]
    finishing: Callable[[], bool] = _never
    validated: Callable[[], None] = _nothing
    until: int | None = None
    finished_at: Position | None = field(default=None, init=False)
    stopped_early: EarlyStop | None = field(default=None, init=False)
    _best: float = field(default=-math.inf, init=False)
    _saved: float = field(default_factory=time.monotonic, init=False)

    save_every_s: ClassVar[float] = 60.0
    save_before_val_s: ClassVar[float] = 15.0

    def __post_init__(self) -> None:
        self._curve = Curve(self.spec, self.folder, self.tell)

    def run(self) -> None:
        """Train to the end and leave the best in the recipe.

        Raises:
            Cancelled: the token was cancelled; everything done so far is in the last checkpoint.
            EpochReached: so many epochs as `until` says are done, and in the last checkpoint.
            EnvironmentFault: the loss or a weight stopped being a number; the last good checkpoint is kept. Or a
                checkpoint is damaged, or of another network or agent.
        """
        start = self.folder.load(LAST)
        position = start.position if start else Position()
        self.folder.cut_log(position)
        self._begin(start)
        if start:
            self._curve.resumed(position)
        try:
            for index in range(position.phase, len(self.spec.phases)):
                here = position if index == position.phase else Position(index)
                self._enter(self.spec.phases[index], here, start)
                self._phase(self.spec.phases[index], here)
        except _Finished:
            pass
        best = self.folder.load(BEST)
        if best:
            self._take_best(best)

    @abstractmethod
    def _begin(self, start: Checkpoint | None) -> None:
        """Prepare a new run, or go back to where it stopped."""

    def _enter(self, phase: PhaseSpec, here: Position, start: Checkpoint | None) -> None:
        """Begin a phase, or go on in the middle of it."""

    @abstractmethod
    def _steps(
        self, phase: PhaseSpec, start: Position, steps: int
    ) -> Generator[tuple[Position, Mapping[str, Any]], None, None]:
        """Take the steps of an epoch from `start` on, one a turn, and give where each led and its losses."""

    @abstractmethod
    def _state(self) -> Mapping[str, npt.NDArray[Any]]:
        """Return all that the next step depends on, beside the place."""

    @abstractmethod
    def _take_best(self, best: Checkpoint) -> None:
        """Leave the best in the recipe."""

    def _after_step(self) -> None:
        """Do what is due after a step."""

    def _phase(self, phase: PhaseSpec, start: Position) -> None:
        steps = self.recipe.steps(phase)
        self._finish_if_asked(phase, start, steps)
        if start.step == 0:
            self._stop_if_no_better(start)
        for epoch in range(start.epoch, phase.epochs):
            here = Position(start.phase, epoch, start.step if epoch == start.epoch else 0)
            self._stop_if_reached(here)
            self._epoch(phase, here, steps)
            self._finish_epoch(phase, Position(start.phase, epoch, steps))

    def _passed(self, here: Position) -> int:
        """Return the epochs that are over, of all phases."""
        return sum(earlier.epochs for earlier in self.spec.phases[: here.phase]) + here.epoch

    def _stop_if_reached(self, here: Position) -> None:
        """Stop before an epoch that is not wanted yet; the last checkpoint is that of the end of the epoch before."""
        if self.until is not None and self._passed(here) >= self.until:
            raise EpochReached

    def _epoch(self, phase: PhaseSpec, start: Position, steps: int) -> None:
        self._curve.begin_epoch()
        with closing(self._steps(phase, start, steps)) as taken:
            for here, losses in taken:
                self._check(losses, here)
                self._curve.step(here, steps, losses)
                self._between_steps(phase, here, steps)
        self._curve.end_epoch(Position(start.phase, start.epoch, steps))

    def _check(self, losses: Mapping[str, Any], here: Position) -> None:
        if not math.isfinite(float(losses["loss"])):
            raise self.folder.not_finite(f"loss {losses} at {here}")

    def _between_steps(self, phase: PhaseSpec, here: Position, steps: int) -> None:
        if self.token.cancelled:
            self._save(LAST, here)
            self.token.check()
        self._finish_if_asked(phase, here, steps)
        due = here.step % self.spec.checkpoint_steps == 0 and here.step < steps
        # Validating may take long and be interrupted.
        patience = self.save_before_val_s if here.step == steps else self.save_every_s
        if due or time.monotonic() - self._saved >= patience:
            self._save(LAST, here)
        self._after_step()

    def _finish_if_asked(self, phase: PhaseSpec, here: Position, steps: int) -> None:
        if not self.finishing():
            return
        if self._best == -math.inf:
            self._validate(phase, here, steps, here)
        self._save(LAST, here)
        self.finished_at = here
        raise _Finished

    def _finish_epoch(self, phase: PhaseSpec, end: Position) -> None:
        """Validate and save; after the last epoch of all the place is kept, for the run may be extended."""
        more = end.epoch + 1 < phase.epochs or end.phase + 1 == len(self.spec.phases)
        after = Position(end.phase, end.epoch + 1) if more else Position(end.phase + 1)
        self._validate(phase, end, end.step, after)
        self._save(LAST, after)
        self._stop_if_no_better(after)

    def _stop_if_no_better(self, here: Position) -> None:
        """End the last phase early; also one that a kill kept from ending when it should have."""
        if self.spec.stopping is None or here.phase != len(self.spec.phases) - 1:
            return
        self.stopped_early = early_stop(self.spec.stopping, self.folder.log(), here.phase)
        if self.stopped_early is not None:
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

    def _save(self, kind: str, position: Position) -> None:
        state = self._state()
        with unbroken():
            self.folder.save(kind, Checkpoint(position, state, self._best))
        if kind == LAST:
            self._saved = time.monotonic()

"""The loop: steps, learning rate, log, checkpoints, resuming. It never looks inside a batch.

The random numbers of crops and order depend on nothing but the seed and the position, those of dropout are part of the
checkpoint; so a run that was killed and resumed walks the same curve as one that was not.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.networks.tensors import to_numpy
from mmbm_desktop.training.commands import unbroken
from mmbm_desktop.training.curve import Curve
from mmbm_desktop.training.data.prefetch import Prefetched
from mmbm_desktop.training.run_folder import BEST, LAST, Checkpoint, Position, named
from mmbm_desktop.training.stopping import EpochReached, early_stop

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mmbm_desktop.base.progress import CancelToken
    from mmbm_desktop.protocol.training import EarlyStop
    from mmbm_desktop.training.recipes.interface import Recipe
    from mmbm_desktop.training.run_folder import RunFolder
    from mmbm_desktop.training.spec import PhaseSpec, TrainSpec

    TakeStep = Callable[[keras.Model, Any, Any], Mapping[str, Any]]

_LOWEST = 0.01
"""Of the highest learning rate, at the end of the cosine."""
_CLIP = 1.0
_SAVE_EVERY_S, _SLOW_S = 60.0, 15.0
"""Seconds of steps that a kill may cost: in an epoch, and before the val split is checked."""


def learning_rate(phase: PhaseSpec, done: int, total: int) -> float:
    """Return the rate of the step after `done` of `total`: linear warm-up, then a cosine (Loshchilov & Hutter 2017)."""
    warm = max(1, round(phase.warmup * total))
    if done < warm:
        return phase.learning_rate * (done + 1) / warm
    along = (done - warm) / max(1, total - warm)
    return phase.learning_rate * (_LOWEST + (1 - _LOWEST) * (1 + math.cos(math.pi * along)) / 2)


def begin_phase(spec: TrainSpec, recipe: Recipe, phase: PhaseSpec) -> None:
    """Choose what a phase trains and give it an optimiser, AdamW (Loshchilov & Hutter 2019), that was never used."""
    recipe.start_phase(phase)
    optimizer = keras.optimizers.AdamW(
        phase.learning_rate, weight_decay=spec.weight_decay, beta_2=0.98, global_clipnorm=_CLIP
    )
    trained = recipe.learner.trainable_variables
    optimizer.exclude_from_weight_decay(var_list=[v for v in trained if len(v.shape) < 2])
    recipe.learner.compile(optimizer=optimizer)
    optimizer.build(trained)


class _Finished(Exception):
    """The run was asked to stop and publish its best, or has not become better for too long."""


def step_alone(learner: keras.Model, inputs: Any, targets: Any) -> Mapping[str, Any]:
    """Take a step on one device."""
    losses: Any = learner.train_on_batch(inputs, targets, return_dict=True)
    return losses


def _never() -> bool:
    return False


def _nothing() -> None:
    pass


@dataclass
class Loop:
    """Trains a recipe as its spec says, from where its run folder left off.

    Attributes:
        spec: what to do.
        recipe: with what.
        folder: where the curve and the checkpoints go.
        token: asks to stop; the last checkpoint is then written.
        tell: is given progress, a mapping that turns into one line of JSON.
        finishing: whether to stop now and keep the best weights; the last checkpoint is then written, too.
        validated: is called after the val split was checked.
        until: epochs over all phases after which to stop with everything kept; None: after the last one.
        take_step: takes a step with a learner, inputs and targets, and returns its losses; on one device by itself.
        finished_at: where the run was told to stop, or stopped early.
        stopped_early: why, if it did.
    """

    spec: TrainSpec
    recipe: Recipe
    folder: RunFolder
    token: CancelToken
    tell: Callable[[Mapping[str, Any]], None]
    finishing: Callable[[], bool] = _never
    validated: Callable[[], None] = _nothing
    until: int | None = None
    take_step: TakeStep = step_alone
    finished_at: Position | None = field(default=None, init=False)
    stopped_early: EarlyStop | None = field(default=None, init=False)
    _best: float = field(default=-math.inf, init=False)
    _saved: float = field(default_factory=time.monotonic, init=False)

    def __post_init__(self) -> None:
        self._curve = Curve(self.spec, self.folder, self.tell)

    def run(self) -> None:
        """Train to the end and leave the best weights in the learner.

        Raises:
            Cancelled: the token was cancelled; everything done so far is in the last checkpoint.
            EpochReached: so many epochs as `until` says are done, and in the last checkpoint.
            EnvironmentFault: the loss or a weight stopped being a number; the last good checkpoint is kept.
        """
        start = self.folder.load(LAST)
        position = start.position if start else Position()
        self.folder.cut_log(position)
        if start:
            self._assign(start, "model")
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
            self._assign(best, "model")

    def _enter(self, phase: PhaseSpec, here: Position, start: Checkpoint | None) -> None:
        """Begin a phase, or go on in the middle of it."""
        begin_phase(self.spec, self.recipe, phase)
        midway = start if start is not None and here > Position(here.phase) else None
        self._best = midway.best_score if midway else -math.inf
        if midway:
            self._assign(midway, "optimizer")

    def _phase(self, phase: PhaseSpec, start: Position) -> None:
        steps = self.recipe.steps(phase)
        self._finish_if_asked(phase, start, steps)
        if start.step == 0:
            self._stop_if_no_better(start)
        for epoch in range(start.epoch, phase.epochs):
            first = start.step if epoch == start.epoch else 0
            self._stop_if_reached(Position(start.phase, epoch, first))
            self._epoch(phase, Position(start.phase, epoch, first), steps)
            self._finish_epoch(phase, Position(start.phase, epoch, steps))

    def _stop_if_reached(self, here: Position) -> None:
        """Stop before an epoch that is not wanted yet; the last checkpoint is that of the end of the epoch before."""
        passed = sum(earlier.epochs for earlier in self.spec.phases[: here.phase]) + here.epoch
        if self.until is not None and passed >= self.until:
            raise EpochReached

    def _epoch(self, phase: PhaseSpec, start: Position, steps: int) -> None:
        learner, optimizer = self.recipe.learner, self.recipe.learner.optimizer
        self._curve.begin_epoch()
        passed = sum(earlier.epochs for earlier in self.spec.phases[: start.phase]) + start.epoch
        with Prefetched(lambda step: self.recipe.batch(phase, passed, step), start.step, steps) as batches:
            for step, (inputs, targets) in enumerate(batches, start=start.step):
                optimizer.learning_rate = learning_rate(phase, start.epoch * steps + step, phase.epochs * steps)
                learner.reset_metrics()
                losses = self.take_step(learner, inputs, targets)
                here = Position(start.phase, start.epoch, step + 1)
                self._check(losses, here)
                self._curve.step(here, steps, losses)
                self._after_step(phase, here, steps)
        self._curve.end_epoch(Position(start.phase, start.epoch, steps))

    def _after_step(self, phase: PhaseSpec, here: Position, steps: int) -> None:
        if self.token.cancelled:
            self._save(LAST, here)
            self.token.check()
        self._finish_if_asked(phase, here, steps)
        due = here.step % self.spec.checkpoint_steps == 0 and here.step < steps
        slow = _SLOW_S if here.step == steps else _SAVE_EVERY_S  # checking may take long and be interrupted
        if due or time.monotonic() - self._saved >= slow:
            self._save(LAST, here)

    def _finish_if_asked(self, phase: PhaseSpec, here: Position, steps: int) -> None:
        if not self.finishing():
            return
        if self._best == -math.inf:
            self._validate(phase, here, steps, here)
        self._save(LAST, here)
        self.finished_at = here
        raise _Finished

    def _check(self, losses: Mapping[str, Any], here: Position) -> None:
        if not np.isfinite(float(losses["loss"])):
            raise self.folder.not_finite(f"loss {losses} at {here}")

    def _finish_epoch(self, phase: PhaseSpec, end: Position) -> None:
        """Check the val split and save; after the last epoch of all the place is kept, for the run may be extended."""
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

    def _variables(self, group: str) -> dict[str, Any]:
        learner = self.recipe.learner
        if group == "optimizer":
            return named(learner.optimizer.variables, group)
        metrics = {id(variable) for metric in learner.metrics for variable in metric.variables}
        return named([variable for variable in learner.variables if id(variable) not in metrics], group)

    def _save(self, kind: str, position: Position) -> None:
        state = self._variables("model") | self._variables("optimizer")
        arrays = {name: to_numpy(variable) for name, variable in state.items()}
        with unbroken():
            self.folder.save(kind, Checkpoint(position, arrays, self._best))
        if kind == LAST:
            self._saved = time.monotonic()

    def _assign(self, checkpoint: Checkpoint, group: str) -> None:
        variables = list(self._variables(group).values())
        arrays = [checkpoint.arrays[name] for name in sorted(checkpoint.arrays) if name.startswith(f"{group}.")]
        sizes = [array.size for array in arrays]
        if sizes != [math.prod(variable.shape) for variable in variables]:
            raise EnvironmentFault(ErrorCode.TRAINING_FAILED, group, reason="checkpoint-of-another-network")
        for variable, array in zip(variables, arrays, strict=True):
            variable.assign(array.reshape(variable.shape))

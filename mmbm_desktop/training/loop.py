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
from mmbm_desktop.training.data.prefetch import Prefetched
from mmbm_desktop.training.run_folder import BEST, LAST, Checkpoint, Position, named

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mmbm_desktop.base.progress import CancelToken
    from mmbm_desktop.training.recipes.interface import Recipe
    from mmbm_desktop.training.run_folder import RunFolder
    from mmbm_desktop.training.spec import PhaseSpec, TrainSpec

_LOWEST = 0.01
"""Of the highest learning rate, at the end of the cosine."""
_TELL_EVERY_S = 2.0
_CLIP = 1.0


def learning_rate(phase: PhaseSpec, done: int, total: int) -> float:
    """Return the rate of the step after `done` of `total`: linear warm-up, then a cosine (Loshchilov & Hutter 2017)."""
    warm = max(1, round(phase.warmup * total))
    if done < warm:
        return phase.learning_rate * (done + 1) / warm
    along = (done - warm) / max(1, total - warm)
    return phase.learning_rate * (_LOWEST + (1 - _LOWEST) * (1 + math.cos(math.pi * along)) / 2)


@dataclass
class Loop:
    """Trains a recipe as its spec says, from where its run folder left off.

    Attributes:
        spec: what to do.
        recipe: with what.
        folder: where the curve and the checkpoints go.
        token: asks to stop; the last checkpoint is then written.
        tell: is given progress, a mapping that turns into one line of JSON.
    """

    spec: TrainSpec
    recipe: Recipe
    folder: RunFolder
    token: CancelToken
    tell: Callable[[Mapping[str, Any]], None]
    _best: float = field(default=-math.inf, init=False)
    _told: float = field(default=0.0, init=False)

    def run(self) -> None:
        """Train to the end and leave the best weights in the learner.

        Raises:
            Cancelled: the token was cancelled; everything done so far is in the last checkpoint.
            EnvironmentFault: the loss stopped being a number; the last good checkpoint is kept.
        """
        start = self.folder.load(LAST)
        position = start.position if start else Position()
        self.folder.cut_log(position)
        if start:
            self._assign(start, "model")
        for index in range(position.phase, len(self.spec.phases)):
            phase = self.spec.phases[index]
            self._prepare(phase)
            here = position if index == position.phase else Position(index)
            midway = start is not None and here > Position(index)
            self._best = start.best_score if start and midway else -math.inf
            if start and midway:
                self._assign(start, "optimizer")
            self._phase(phase, here)
        best = self.folder.load(BEST)
        if best:
            self._assign(best, "model")

    def _prepare(self, phase: PhaseSpec) -> None:
        self.recipe.start_phase(phase)
        optimizer = keras.optimizers.AdamW(
            phase.learning_rate, weight_decay=self.spec.weight_decay, beta_2=0.98, global_clipnorm=_CLIP
        )
        trained = self.recipe.learner.trainable_variables
        optimizer.exclude_from_weight_decay(var_list=[v for v in trained if len(v.shape) < 2])
        self.recipe.learner.compile(optimizer=optimizer)
        optimizer.build(trained)

    def _phase(self, phase: PhaseSpec, start: Position) -> None:
        steps = self.recipe.steps(phase)
        for epoch in range(start.epoch, phase.epochs):
            first = start.step if epoch == start.epoch else 0
            self._epoch(phase, Position(start.phase, epoch, first), steps)
            self._finish_epoch(phase, Position(start.phase, epoch, steps))

    def _epoch(self, phase: PhaseSpec, start: Position, steps: int) -> None:
        learner, optimizer = self.recipe.learner, self.recipe.learner.optimizer
        sums: dict[str, float] = {}
        began = time.monotonic()
        passed = sum(earlier.epochs for earlier in self.spec.phases[: start.phase]) + start.epoch
        with Prefetched(lambda step: self.recipe.batch(phase, passed, step), start.step, steps) as batches:
            for step, (inputs, targets) in enumerate(batches, start=start.step):
                optimizer.learning_rate = learning_rate(phase, start.epoch * steps + step, phase.epochs * steps)
                learner.reset_metrics()
                losses = learner.train_on_batch(inputs, targets, return_dict=True)
                here = Position(start.phase, start.epoch, step + 1)
                self._check(losses, here)
                for name, value in losses.items():
                    sums[name] = sums.get(name, 0.0) + float(value)
                self._after_step(here, steps, losses, began)
        done = steps - start.step
        if done:
            means = {name: value / done for name, value in sums.items()}
            seconds = round(time.monotonic() - began, 2)
            self.folder.append_log(Position(start.phase, start.epoch, steps), {"train": means, "seconds": seconds})

    def _after_step(self, here: Position, steps: int, losses: Mapping[str, Any], began: float) -> None:
        if here.step % self.spec.checkpoint_steps == 0 and here.step < steps:
            self._save(LAST, here)
        if self.token.cancelled:
            self._save(LAST, here)
            self.token.check()
        if time.monotonic() - self._told >= _TELL_EVERY_S or here.step == steps:
            self._told = time.monotonic()
            self.folder.append_log(here, {"step_losses": {name: float(value) for name, value in losses.items()}})
            self._progress(here, steps, {"loss": float(losses["loss"]), "seconds": round(self._told - began, 1)})

    def _check(self, losses: Mapping[str, Any], here: Position) -> None:
        if not np.isfinite(float(losses["loss"])):
            raise EnvironmentFault(
                ErrorCode.TRAINING_FAILED,
                f"loss {losses} at {here}",
                path=str(self.folder.path),
                reason="loss-not-finite",
            )

    def _finish_epoch(self, phase: PhaseSpec, end: Position) -> None:
        metrics = dict(self.recipe.validate(phase))
        next_epoch = Position(end.phase, end.epoch + 1, 0)
        after = next_epoch if next_epoch.epoch < phase.epochs else Position(end.phase + 1)
        self.folder.append_log(end, {"val": metrics})
        better = metrics["score"] > self._best
        self._best = max(self._best, metrics["score"])
        if better:
            self._save(BEST, after)
        self._save(LAST, after)
        self._progress(end, end.step, {"metrics": metrics})

    def _progress(self, here: Position, steps: int, more: Mapping[str, Any]) -> None:
        goal, epochs = self.spec.phases[here.phase].goal, self.spec.phases[here.phase].epochs
        self.tell(
            {
                "event": "progress",
                "phase": goal,
                "epoch": here.epoch + 1,
                "epochs": epochs,
                "step": here.step,
                "steps": steps,
                **more,
            }
        )

    def _variables(self, group: str) -> dict[str, Any]:
        learner = self.recipe.learner
        if group == "optimizer":
            return named(learner.optimizer.variables, group)
        metrics = {id(variable) for metric in learner.metrics for variable in metric.variables}
        return named([variable for variable in learner.variables if id(variable) not in metrics], group)

    def _save(self, kind: str, position: Position) -> None:
        state = self._variables("model") | self._variables("optimizer")
        arrays = {name: to_numpy(variable) for name, variable in state.items()}
        self.folder.save(kind, Checkpoint(position, arrays, self._best))

    def _assign(self, checkpoint: Checkpoint, group: str) -> None:
        variables = list(self._variables(group).values())
        arrays = [checkpoint.arrays[name] for name in sorted(checkpoint.arrays) if name.startswith(f"{group}.")]
        sizes = [array.size for array in arrays]
        if sizes != [math.prod(variable.shape) for variable in variables]:
            raise EnvironmentFault(ErrorCode.TRAINING_FAILED, group, reason="checkpoint-of-another-network")
        for variable, array in zip(variables, arrays, strict=True):
            variable.assign(array.reshape(variable.shape))

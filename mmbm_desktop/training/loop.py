"""The loop of networks: steps by batches, learning rate, optimiser. It never looks inside a batch.

The random numbers of crops and order depend on nothing but the seed and the position, those of dropout are part of the
checkpoint; so a run that was killed and resumed walks the same curve as one that was not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import keras

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.networks.tensors import to_numpy
from mmbm_desktop.training.data.prefetch import Prefetched
from mmbm_desktop.training.recipes.interface import Recipe
from mmbm_desktop.training.run_folder import Position, named
from mmbm_desktop.training.run_loop import RunLoop

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    import numpy.typing as npt

    from mmbm_desktop.training.run_folder import Checkpoint
    from mmbm_desktop.training.spec import PhaseSpec, TrainSpec

    TakeStep = Callable[[keras.Model, Any, Any], Mapping[str, Any]]

_LOWEST = 0.01
"""Of the highest learning rate, at the end of the cosine."""
_CLIP = 1.0


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


def step_alone(learner: keras.Model, inputs: Any, targets: Any) -> Mapping[str, Any]:
    """Take a step on one device."""
    losses: Any = learner.train_on_batch(inputs, targets, return_dict=True)
    return losses


@dataclass
class Loop(RunLoop[Recipe]):
    """Trains a network by batches.

    Attributes:
        take_step: takes a step with a learner, inputs and targets, and returns its losses; on one device by itself.
    """

    take_step: TakeStep = step_alone

    def _begin(self, start: Checkpoint | None) -> None:
        if start:
            self._assign(start, "model")

    def _enter(self, phase: PhaseSpec, here: Position, start: Checkpoint | None) -> None:
        begin_phase(self.spec, self.recipe, phase)
        midway = start if start is not None and here > Position(here.phase) else None
        self._best = midway.best_score if midway else -math.inf
        if midway:
            self._assign(midway, "optimizer")

    def _steps(
        self, phase: PhaseSpec, start: Position, steps: int
    ) -> Generator[tuple[Position, Mapping[str, Any]], None, None]:
        learner, optimizer = self.recipe.learner, self.recipe.learner.optimizer
        epoch = self._passed(start)
        with Prefetched(lambda step: self.recipe.batch(phase, epoch, step), start.step, steps) as batches:
            for step, (inputs, targets) in enumerate(batches, start=start.step):
                optimizer.learning_rate = learning_rate(phase, start.epoch * steps + step, phase.epochs * steps)
                learner.reset_metrics()
                losses = self.take_step(learner, inputs, targets)
                yield Position(start.phase, start.epoch, step + 1), losses

    def _state(self) -> Mapping[str, npt.NDArray[Any]]:
        state = self._variables("model") | self._variables("optimizer")
        return {name: to_numpy(variable) for name, variable in state.items()}

    def _take_best(self, best: Checkpoint) -> None:
        self._assign(best, "model")

    def _variables(self, group: str) -> dict[str, Any]:
        learner = self.recipe.learner
        if group == "optimizer":
            return named(learner.optimizer.variables, group)
        metrics = {id(variable) for metric in learner.metrics for variable in metric.variables}
        return named([variable for variable in learner.variables if id(variable) not in metrics], group)

    def _assign(self, checkpoint: Checkpoint, group: str) -> None:
        variables = list(self._variables(group).values())
        arrays = [checkpoint.arrays[name] for name in sorted(checkpoint.arrays) if name.startswith(f"{group}.")]
        sizes = [array.size for array in arrays]
        if sizes != [math.prod(variable.shape) for variable in variables]:
            raise EnvironmentFault(ErrorCode.TRAINING_FAILED, group, reason="checkpoint-of-another-network")
        for variable, array in zip(variables, arrays, strict=True):
            variable.assign(array.reshape(variable.shape))

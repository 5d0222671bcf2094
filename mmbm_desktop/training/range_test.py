"""The learning-rate range test: a hundred steps with a growing rate, and what the loss says of it. No run is touched.

L. N. Smith, "Cyclical Learning Rates for Training Neural Networks" (WACV 2017, arXiv 1506.01186, section 3.3). The rate
grows exponentially, the loss is smoothed by an exponential moving average without its bias towards zero, and the
proposal is a tenth of the rate at its lowest loss: at that rate itself training is already about to diverge.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.training.loop import begin_phase
from mmbm_desktop.training.recipe_rules import RECIPES
from mmbm_desktop.training.recipes.catalogue import make_recipe
from mmbm_desktop.training.run import devices_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from mmbm_desktop.base.progress import CancelToken
    from mmbm_desktop.training.loop import TakeStep
    from mmbm_desktop.training.recipes.interface import Recipe
    from mmbm_desktop.training.spec import TrainSpec

    Tell = Callable[[Mapping[str, Any]], None]

STEPS = 100
_LOWEST, _HIGHEST = 1e-6, 1.0
_KEPT = 0.9
"""How much of the smoothed loss is that of the steps before."""
_DIVERGED = 4.0
"""Times the lowest smoothed loss, above the first one too, at which the test ends."""
_LEAST = 10
"""Steps before it may end, unless the loss is no number; their smoothed loss is what the others are held against."""
_SHARE = 0.1
_TELL_EVERY = 500


@dataclass(frozen=True)
class RangeTest:
    """What was measured.

    Attributes:
        rates: of the steps that were done.
        losses: smoothed, of the same steps.
        diverged: whether the loss rose so far that the test ended early.
    """

    rates: tuple[float, ...]
    losses: tuple[float, ...]
    diverged: bool

    @property
    def lowest_at(self) -> float | None:
        """The rate of the lowest loss; None where it never fell below that of the first steps."""
        later = self.losses[_LEAST:]
        if not later or min(later) >= self.losses[_LEAST - 1]:
            return None
        return self.rates[_LEAST + later.index(min(later))]

    @property
    def proposal(self) -> float | None:
        """The rate to train with, two digits of it; None where nothing can be said."""
        return None if self.lowest_at is None else float(f"{_SHARE * self.lowest_at:.1e}")


def rate_of(step: int) -> float:
    """Return the rate of a step, from 0 on."""
    return _LOWEST * (_HIGHEST / _LOWEST) ** (step / (STEPS - 1))


def measured(losses: Iterable[float], note: Callable[[int, float, float], None] | None = None) -> RangeTest:
    """Smooth losses as they come, and stop asking for them when they diverge; the first is that of `rate_of(0)`.

    Args:
        losses: of the steps.
        note: is given every step that counts, its loss and its smoothed loss.
    """
    mean, smoothed, diverged = 0.0, [], False
    for step, loss in enumerate(losses):
        if not math.isfinite(loss):
            diverged = True
            break
        mean = _KEPT * mean + (1 - _KEPT) * loss
        smoothed.append(mean / (1 - _KEPT ** (step + 1)))
        if note is not None:
            note(step, loss, smoothed[-1])
        limit = max(_DIVERGED * min(smoothed), smoothed[0])
        diverged = step >= _LEAST and smoothed[-1] > limit
        if diverged:
            break
    return RangeTest(tuple(rate_of(step) for step in range(len(smoothed))), tuple(smoothed), diverged)


def find_rate(spec: TrainSpec, token: CancelToken, tell: Tell) -> RangeTest:
    """Run the test from the start weights of a run that is never begun.

    Args:
        spec: of the run that the rate is for; its first phase is tried.
        token: asks to stop.
        tell: is given `preparing`, then `range-test` with each step, its rate, its loss and
            the smoothed one, and in the end `rate-found`.

    Raises:
        Cancelled: the token was cancelled.
        InputFault: the recipe is an agent's, which has no batches before it acts (ARGUMENT_INVALID).
        MmbmError: the data cannot be used.
    """
    if RECIPES[spec.recipe].acts:
        raise InputFault(ErrorCode.ARGUMENT_INVALID, name="--find-rate", value=spec.recipe)

    def preparing(done: int, total: int | None) -> None:
        token.check()
        if done % _TELL_EVERY == 0 or done == total:
            tell({"event": "preparing", "done": done, "total": total})

    def stepped(step: int, loss: float, smoothed: float) -> None:
        numbers = {"rate": rate_of(step), "until": _HIGHEST, "loss": loss, "smoothed": smoothed}
        tell({"event": "range-test", "done": step + 1, "total": STEPS, **numbers})

    with devices_of(spec) as take_step:
        recipe = make_recipe(spec, paths.cache_dir() / "training", preparing)
        begin_phase(spec, recipe, spec.phases[0])
        found = measured(_losses(spec, recipe, token, take_step), stepped)
    numbers = {"rates": list(found.rates), "losses": list(found.losses), "diverged": found.diverged}
    tell({"event": "rate-found", "proposal": found.proposal, "lowest_at": found.lowest_at, **numbers})
    return found


def _losses(spec: TrainSpec, recipe: Recipe, token: CancelToken, take_step: TakeStep) -> Iterable[float]:
    phase, each = spec.phases[0], recipe.steps(spec.phases[0])
    for step in range(STEPS):
        token.check()
        recipe.learner.optimizer.learning_rate = rate_of(step)
        recipe.learner.reset_metrics()
        inputs, targets = recipe.batch(phase, step // each, step % each)
        yield float(take_step(recipe.learner, inputs, targets)["loss"])

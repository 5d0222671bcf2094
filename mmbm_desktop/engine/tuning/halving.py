"""Successive halving: who trains next, who is out, who has won. Pure sums over scores; no runs, no files.

K. Jamieson, A. Talwalkar, "Non-stochastic Best Arm Identification and Hyperparameter Optimization" (AISTATS 2016, arXiv
1502.07943): all trials are trained a little, the better half goes on twice as far, and so on until one is left. A trial
that is behind at a rung is not looked at again, unless another one fails: that one leaves its places at all rungs to
the next ones, as if it had never been there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHARE = 2
"""One in so many goes on. More would end the race sooner; with 4 to 16 trials the first look is too short for that."""


@dataclass(frozen=True)
class Plan:
    """The rungs in epochs, the last one the planned end of a run, and how many trials may come to each."""

    rungs: tuple[int, ...]
    places: tuple[int, ...]

    @property
    def epochs(self) -> int:
        """Epochs of the whole race where no trial fails."""
        befores = (0, *self.rungs)
        return sum(n * (rung - before) for n, rung, before in zip(self.places, self.rungs, befores, strict=False))


@dataclass(frozen=True)
class Standing:
    """What is known of a trial: its score at each rung it came to (None: no number), and whether it failed."""

    scores: tuple[float | None, ...] = ()
    failed: bool = False


@dataclass(frozen=True)
class Train:
    """Train a trial, by its index, up to a rung; `alone` where it is the only one that gets there."""

    trial: int
    rung: int
    alone: bool


@dataclass(frozen=True)
class Publish:
    """Publish a trial, by its index: it has won."""

    trial: int


def planned(trials: int, epochs: int) -> Plan:
    """Return the plan of a race; there are as many rungs as halving the trials takes, if the epochs suffice.

    8 trials of 40 epochs: all of them to epoch 5, 4 to epoch 10, 2 to epoch 20, 1 to the end, 100 epochs in all.
    """
    halvings = min(trials.bit_length(), epochs.bit_length()) - 1
    rungs = tuple(round(epochs / _SHARE ** (halvings - rung)) for rung in range(halvings + 1))
    return Plan(rungs, tuple(max(1, trials // _SHARE**rung) for rung in range(halvings + 1)))


def next_step(plan: Plan, trials: Sequence[Standing]) -> Train | Publish | None:
    """Return what is to be done next; None where every trial has failed."""
    for rung in range(len(plan.rungs)):
        there = racers(plan, trials, rung) or ()
        if not there:
            return None
        waiting = [trial for trial in there if len(trials[trial].scores) <= rung]
        if waiting:
            return Train(waiting[0], rung, alone=len(there) == 1)
    return Publish(_ranked(trials, racers(plan, trials, len(plan.rungs) - 1) or (), len(plan.rungs) - 1)[0])


def racers(plan: Plan, trials: Sequence[Standing], rung: int) -> tuple[int, ...] | None:
    """Return the indices of the trials that are to come to a rung, the best first; None while that is open."""
    if rung == 0:
        return tuple(index for index, trial in enumerate(trials) if not trial.failed)
    before = racers(plan, trials, rung - 1)
    if before is None or any(len(trials[index].scores) < rung for index in before):
        return None
    return _ranked(trials, before, rung - 1)[: plan.places[rung]]


def _ranked(trials: Sequence[Standing], some: Sequence[int], rung: int) -> tuple[int, ...]:
    """Return trials by their score at a rung, the highest first, no number last; of equals the one that began first."""

    def place(index: int) -> tuple[bool, float, int]:
        score = trials[index].scores[rung]
        return (score is None, -(score or 0.0), index)

    return tuple(sorted(some, key=place))

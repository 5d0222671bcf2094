"""The race: how long it is, who goes on, ties, failures, and the end."""

from __future__ import annotations

import pytest

from mmbm_desktop.engine.tuning.halving import Plan, Publish, Standing, Train, next_step, planned, racers


@pytest.mark.parametrize(
    ("trials", "epochs", "plan"),
    [
        (8, 40, Plan((5, 10, 20, 40), (8, 4, 2, 1))),
        (16, 40, Plan((2, 5, 10, 20, 40), (16, 8, 4, 2, 1))),
        (5, 8, Plan((2, 4, 8), (5, 2, 1))),
        (4, 3, Plan((2, 3), (4, 2))),
        (8, 1, Plan((1,), (8,))),
    ],
)
def test_the_rungs_double_and_the_trials_halve_as_far_as_the_epochs_suffice(trials, epochs, plan):
    assert planned(trials, epochs) == plan


def test_a_race_costs_a_few_runs():
    assert planned(8, 40).epochs == 100
    assert planned(4, 40).epochs == 80


def raced(worth: list[float | None], failing: dict[int, int]) -> tuple[list[tuple[int, int]], int | None]:
    """Run a race of four to its end; `failing` says at which rung a trial fails. Return the steps and the winner."""
    plan, trials, steps = planned(4, 8), [Standing() for _ in worth], []
    while True:
        step = next_step(plan, trials)
        if not isinstance(step, Train):
            return steps, step.trial if isinstance(step, Publish) else None
        steps.append((step.trial, plan.rungs[step.rung]))
        before = trials[step.trial]
        if failing.get(step.trial) == step.rung:
            trials[step.trial] = Standing(before.scores, failed=True)
        else:
            trials[step.trial] = Standing((*before.scores, worth[step.trial]))
        assert len(steps) < 20


def test_the_better_half_goes_on_and_the_best_wins():
    steps, winner = raced([0.1, 0.4, 0.2, 0.3], {})
    assert steps == [(0, 2), (1, 2), (2, 2), (3, 2), (1, 4), (3, 4), (1, 8)]
    assert winner == 1


def test_of_equals_the_first_goes_on_and_no_number_is_the_worst():
    assert raced([0.2, 0.2, 0.2, 0.2], {})[1] == 0
    steps, winner = raced([None, -3.0, None, -2.0], {})
    assert steps[4:] == [(3, 4), (1, 4), (3, 8)]
    assert winner == 3


def test_a_failed_trial_leaves_its_places_to_the_next_at_every_rung():
    steps, winner = raced([0.1, 0.4, 0.2, 0.3], {1: 2, 3: 1})
    assert steps[4:] == [(1, 4), (3, 4), (2, 4), (1, 8), (0, 4), (2, 8)]
    assert winner == 2


def test_where_all_fail_nobody_wins():
    assert raced([0.1] * 4, dict.fromkeys(range(4), 0)) == ([(0, 2), (1, 2), (2, 2), (3, 2)], None)
    assert raced([0.1] * 4, {0: 0, 1: 1, 2: 2, 3: 1})[1] is None


def test_the_last_one_is_alone_and_who_races_is_open_until_all_have_come():
    plan = planned(4, 8)
    ended = [Standing((0.1, 0.3)), Standing((0.4, 0.5)), Standing((0.2,)), Standing((0.3,))]
    assert racers(plan, [*ended[:3], Standing()], 1) is None
    assert next_step(plan, [ended[0], ended[1], ended[2], Standing((), failed=True)]) is not None
    three = [Standing((0.1,)), Standing((0.4, 0.5)), Standing((0.2,)), Standing((0.3, 0.2))]
    assert next_step(plan, three) == Train(1, 2, alone=True)

"""A merge plan turns the old list into the new one and touches nothing that stays."""

from __future__ import annotations

import random

from mmbm_desktop.gui.state.library_merge import plan_merge


def carry_out(plan, old, new):
    """Apply a plan as a model would, with one list."""
    rows = list(old)
    for first, last in plan.removals:
        del rows[first : last + 1]
    if plan.moved:
        rows.sort(key=new.index)
    for first, last in plan.insertions:
        rows[first:first] = new[first : last + 1]
    return rows


def test_any_list_becomes_any_other():
    chance = random.Random(7)
    for _ in range(300):
        old = chance.sample(range(12), chance.randint(0, 12))
        new = chance.sample(range(12), chance.randint(0, 12))
        assert carry_out(plan_merge(old, new), old, new) == new


def test_new_items_at_the_top_are_one_insertion():
    plan = plan_merge([5, 4, 3], [8, 7, 6, 5, 4, 3])
    assert plan.insertions == ((0, 2),)
    assert not plan.removals
    assert not plan.moved


def test_nothing_happens_to_an_equal_list():
    plan = plan_merge([1, 2, 3], [1, 2, 3])
    assert (plan.removals, plan.moved, plan.insertions) == ((), False, ())


def test_changed_order_alone_moves():
    plan = plan_merge([1, 2, 3], [3, 1, 2])
    assert plan.moved
    assert not plan.removals
    assert not plan.insertions

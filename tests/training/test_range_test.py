"""The learning-rate range test: its curve, its end, its proposal."""

from __future__ import annotations

import dataclasses
import itertools

import keras
import pytest

from mmbm_desktop.base.errors import Cancelled, InputFault
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.training import range_test
from mmbm_desktop.training.range_test import STEPS, find_rate, measured, rate_of
from tests.training.test_loop import SPEC, Line, LineRecipe


def test_rates_grow_exponentially():
    rates = [rate_of(step) for step in range(STEPS)]
    assert (rates[0], rates[-1]) == (pytest.approx(1e-6), pytest.approx(1.0))
    assert {round(b / a, 6) for a, b in itertools.pairwise(rates)} == {round(10 ** (6 / 99), 6)}


def test_it_ends_where_the_loss_diverges_and_proposes_a_tenth_of_the_rate_at_the_lowest():
    asked = []

    def losses():
        for step in range(STEPS):
            asked.append(step)
            yield 1.0 - step / 100 if step < 60 else 0.4 * 2 ** (step - 60)

    found = measured(losses())
    assert found.diverged
    assert len(asked) == len(found.rates) < 70
    assert found.lowest_at == rate_of(found.losses.index(min(found.losses)))
    assert 58 <= found.rates.index(found.lowest_at) <= 62
    assert found.proposal == pytest.approx(found.lowest_at / 10, rel=0.05)


def test_a_loss_that_is_no_number_ends_it_and_one_that_never_falls_says_nothing():
    broken = measured([1.0, 0.9, float("nan"), 0.1])
    assert (len(broken.losses), broken.diverged) == (2, True)
    rising = measured([1.0 + step / 100 for step in range(STEPS)])
    assert len(rising.rates) == STEPS
    assert (rising.lowest_at, rising.proposal) == (None, None)


def test_it_trains_real_steps_from_the_start(monkeypatch):
    recipe = LineRecipe()
    recipe.learner = Line([keras.Input((1,)), keras.layers.Dense(1, kernel_initializer="zeros")])
    monkeypatch.setattr(range_test, "make_recipe", lambda spec, cache, report: recipe)
    told: list[dict] = []
    found = find_rate(SPEC, CancelToken(), told.append)
    assert found.proposal is not None
    assert 0.01 < found.proposal <= 0.1
    assert told[-1]["event"] == "rate-found"
    assert [event["done"] for event in told[:-1]] == list(range(1, len(told)))
    assert [event["smoothed"] for event in told[:-1]] == list(found.losses)
    assert recipe.asked == [(step // 5, step % 5) for step in range(len(found.rates))]


def test_it_is_cancelled_between_two_steps_and_refused_for_agents(monkeypatch):
    monkeypatch.setattr(range_test, "make_recipe", lambda spec, cache, report: LineRecipe())
    token, told = CancelToken(), []

    def tell(event):
        told.append(event)
        token.cancel()

    with pytest.raises(Cancelled):
        find_rate(SPEC, token, tell)
    assert len(told) == 1
    with pytest.raises(InputFault):
        find_rate(dataclasses.replace(SPEC, recipe="q-table"), CancelToken(), list)

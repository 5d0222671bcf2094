"""Loops of other threads rest while the window moves, and only then."""

from __future__ import annotations

import pytest

from mmbm_desktop.base import giving_way
from mmbm_desktop.base.giving_way import MOVES_FOR_S, REST_S, STRETCH_S, give_way, window_moves


class Clock:
    """Time that passes only when somebody sleeps or says so."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now_s += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(giving_way, "time", made)
    monkeypatch.setattr(giving_way._window, "moves_until_s", float("-inf"))
    return made


def test_nobody_rests_while_nothing_moves(clock: Clock) -> None:
    assert not give_way()
    assert clock.slept == []


def test_a_loop_rests_after_each_stretch_while_the_window_moves(clock: Clock) -> None:
    window_moves()
    rested = 0
    for _ in range(20):
        rested += give_way()
        clock.now_s += STRETCH_S / 3.9
    assert rested == 5
    assert clock.slept == [REST_S] * 5

    clock.now_s += MOVES_FOR_S
    assert not give_way()

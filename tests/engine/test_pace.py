"""The time left follows how fast the work is of late; rests and what was done before do not count."""

from __future__ import annotations

import pytest

from mmbm_desktop.engine.pace import Pace


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_average_moves_with_the_work() -> None:
    clock = Clock()
    pace = Pace(clock, window_s=10.0)
    assert pace.note(5000) is None
    for done in range(5001, 5011):
        clock.now += 1.0
        slow = pace.note(done)
    for done in range(5011, 5131):
        clock.now += 0.1
        fast = pace.note(done)

    assert slow == pytest.approx(1.0)
    assert fast == pytest.approx(0.1)


def test_a_rest_does_not_count() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.note(0)
    clock.now += 2.0
    pace.note(2)
    pace.rest()
    clock.now += 1000.0
    pace.go_on()
    clock.now += 1.0

    assert pace.note(3) == pytest.approx(1.0)


def test_without_progress_nothing_is_known() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.note(0)
    clock.now += 5.0

    assert pace.note(0) is None

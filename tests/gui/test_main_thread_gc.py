"""Garbage is collected in the main thread; what survived is looked at again only now and then."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from mmbm_desktop.gui import main_thread_gc
from mmbm_desktop.gui.main_thread_gc import MainThreadCollector


class Ring:
    """An object that holds itself."""

    def __init__(self) -> None:
        self.me = self


class Hands:
    """A clock that stands until it is moved."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s

    def move(self, seconds: float) -> None:
        self.now_s += seconds


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def collector(qapp: QApplication, clock: Hands) -> Iterator[MainThreadCollector]:
    made = MainThreadCollector(clock)
    yield made
    made.close()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_new_garbage_goes_soon_and_old_garbage_by_and_by(collector: MainThreadCollector, clock: Hands) -> None:
    old = Ring()
    clock.move(main_thread_gc._EVERY_S)
    collector.look()
    assert gc.get_freeze_count() > 0
    old_left, new_left = weakref.ref(old), weakref.ref(Ring())
    del old
    collector.look()
    assert new_left() is not None, "too soon, and little is new"
    clock.move(main_thread_gc._EVERY_S)
    collector.look()
    assert new_left() is None
    assert old_left() is not None
    clock.move(main_thread_gc._WHOLE_EVERY_S)
    collector.look()
    assert old_left() is None


def test_where_much_is_new_nothing_waits_for_the_time(collector: MainThreadCollector) -> None:
    left = weakref.ref(Ring())
    many = [[number] for number in range(main_thread_gc._MANY)]
    collector.look()
    assert left() is None
    assert len(many) == main_thread_gc._MANY


def test_what_is_set_aside_is_left_alone(collector: MainThreadCollector, clock: Hands) -> None:
    left = weakref.ref(Ring())
    collector.set_aside()
    clock.move(main_thread_gc._EVERY_S)
    collector.look()
    assert left() is not None
    clock.move(main_thread_gc._WHOLE_EVERY_S)
    collector.look()
    assert left() is None

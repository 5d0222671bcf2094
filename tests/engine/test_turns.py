"""Turns go by priority, then by the order of asking."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest

from mmbm_desktop.base.errors import Cancelled
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.engine.turns import Turns


def ask(turns: Turns, name: str, priority: int, order: list[str], token: CancelToken | None = None) -> threading.Thread:
    def use() -> None:
        with suppress(Cancelled), turns.take(priority, token or CancelToken()):
            order.append(name)

    length = len(turns._line)
    thread = threading.Thread(target=use)
    thread.start()
    while thread.is_alive() and len(turns._line) == length:
        thread.join(0.001)
    return thread


def test_the_most_urgent_comes_first_then_the_first_to_ask() -> None:
    turns, order = Turns(), []

    with turns.take(10, CancelToken()):
        threads = [ask(turns, *who, order) for who in (("b1", 20), ("n1", 10), ("n2", 10), ("i1", 0))]
    for thread in threads:
        thread.join()

    assert order == ["i1", "n1", "n2", "b1"]


def test_whoever_waits_can_be_cancelled() -> None:
    turns, order, token = Turns(), [], CancelToken()

    with turns.take(0, CancelToken()):
        thread = ask(turns, "late", 0, order, token)
        token.cancel()
        thread.join(20)
        assert not thread.is_alive()

    assert order == []


def test_closing_refuses_newcomers_and_says_whether_it_is_free() -> None:
    turns = Turns()
    with turns.take(0, CancelToken()):
        assert not turns.close(0.0)
    assert turns.close(0.0)

    with pytest.raises(Cancelled), turns.take(0, CancelToken()):
        pass
    with turns.take_if_free() as mine:
        assert not mine


def test_a_free_turn_can_be_taken_in_passing() -> None:
    turns = Turns()
    with turns.take_if_free() as mine, turns.take_if_free() as second:
        assert mine
        assert not second
    with turns.take_if_free() as mine:
        assert mine

"""Lets the window have Python's lock: while somebody scrolls, long loops of other threads rest between short stretches.

A thread that computes in Python gives the lock away only when asked, after `SWITCH_S` (see `app`), and the window asks
some fifty times for each picture of a list that moves. Resting costs these loops two thirds of their pace, and only
while something moves. There is one lock for the whole process, so what is known about it is the process's, too.
"""

from __future__ import annotations

import threading
import time

MOVES_FOR_S = 0.25
"""So long after a movement the next one is expected."""
STRETCH_S, REST_S = 0.002, 0.004


class _Window:
    moves_until_s = float("-inf")


class _Own(threading.local):
    began_s = float("-inf")


_window, _own = _Window(), _Own()


def window_moves() -> None:
    """Say that something in the window moves; called by the window."""
    _window.moves_until_s = time.monotonic() + MOVES_FOR_S


def give_way() -> bool:
    """Rest if the window moves and this thread worked for a stretch; return whether it rested.

    To be called in a loop, once for each piece of work that is much shorter than a stretch.
    """
    now_s = time.monotonic()
    if now_s >= _window.moves_until_s or now_s - _own.began_s < STRETCH_S:
        return False
    time.sleep(REST_S)
    _own.began_s = time.monotonic()
    return True

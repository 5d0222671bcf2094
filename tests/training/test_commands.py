"""Commands to the training process: a line, the end of the input, signals that wait for a checkpoint."""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading

import pytest

from mmbm_desktop.base.errors import Cancelled
from mmbm_desktop.training import commands as module
from mmbm_desktop.training.__main__ import _telling
from mmbm_desktop.training.commands import Commands, stop_at_signals, unbroken

LONG_S = 30.0


@pytest.fixture
def signals_put_back():
    kept = [(number, signal.getsignal(number)) for number in (signal.SIGTERM, signal.SIGINT)]
    yield
    for number, handler in kept:
        signal.signal(number, handler)


def test_a_line_asks_to_finish_and_the_end_to_stop(monkeypatch):
    interrupted = threading.Event()
    monkeypatch.setattr(module, "_PATIENCE_S", 0.0)
    monkeypatch.setattr(_thread, "interrupt_main", lambda number: interrupted.set())
    read, write = os.pipe()
    commands = Commands()
    commands.listen(read)
    os.write(write, b"some")
    os.write(write, b"thing\nfin")
    os.write(write, b"ish\n")
    os.close(write)
    assert commands.token.wait(LONG_S)
    assert commands.finishing
    assert interrupted.wait(LONG_S)
    os.close(read)


def test_another_line_asks_for_nothing(monkeypatch):
    monkeypatch.setattr(module, "_PATIENCE_S", 0.0)
    monkeypatch.setattr(_thread, "interrupt_main", lambda number: None)
    read, write = os.pipe()
    commands = Commands()
    commands.listen(read)
    os.write(write, b"finished\nfinish")
    os.close(write)
    assert commands.token.wait(LONG_S)
    assert not commands.finishing
    os.close(read)


def test_a_run_that_nobody_listens_to_any_more_is_to_stop(monkeypatch):
    class Broken:
        def write(self, text: str) -> None:
            raise BrokenPipeError

    commands = Commands()
    monkeypatch.setattr(sys, "stdout", Broken())
    _telling(commands)({"event": "points"})
    assert commands.token.cancelled


@pytest.mark.usefixtures("signals_put_back")
def test_a_signal_ends_whatever_goes_on_but_waits_for_what_must_be_whole():
    stop_at_signals()
    with pytest.raises(Cancelled):
        signal.raise_signal(signal.SIGTERM)
    done = []

    def save() -> None:
        with unbroken():
            signal.raise_signal(signal.SIGTERM)
            done.append("whole")

    with pytest.raises(Cancelled):
        save()
    assert done == ["whole"]
    with unbroken():
        done.append("again")
    assert done == ["whole", "again"]

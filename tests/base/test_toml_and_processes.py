"""TOML that reads back to what was written, and processes that live or do not."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib

import psutil
import pytest

from mmbm_desktop.base.processes import process_lives
from mmbm_desktop.base.toml import to_toml


def test_a_table_reads_back_the_same():
    table = {
        "text": 'a "b"\\\n\t\x7f\u0001 鸟/類',
        "number": 0.1,
        "whole": 3,
        "flag": False,
        "list": ["a", "b"],
        "inner": {"x": 1, "lists": [1.5, 2.5]},
        "many": [{"a": 1}, {"a": 2, "b": "c"}],
    }
    assert tomllib.loads(to_toml(table)) == table
    assert tomllib.loads(to_toml({**table, "empty": "", "none": None, "tuple": (), "table": {}})) == table


def test_a_process_lives_while_its_number_is_its_own():
    own = psutil.Process()
    assert process_lives(own.pid, own.create_time())
    assert not process_lives(own.pid, own.create_time() - 100)


_OF_NO_PROCESS = {
    "no number": (None, 1.0),
    "text": ("1", 1.0),
    "no time": (os.getpid(), None),
    "negative": (-1, 1.0),
    "too large": (10**18, 1.0),
}


@pytest.mark.parametrize(("pid", "created"), _OF_NO_PROCESS.values(), ids=_OF_NO_PROCESS)
def test_what_is_no_process_does_not_live(pid, created):
    assert not process_lives(pid, created)


def test_a_process_that_ended_does_not_live_even_before_it_was_waited_for():
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    created = psutil.Process(child.pid).create_time()
    assert process_lives(child.pid, created)
    child.kill()
    while psutil.Process(child.pid).status() != psutil.STATUS_ZOMBIE:
        pass
    assert not process_lives(child.pid, created)
    child.communicate()

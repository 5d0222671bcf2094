"""What a process uses of the computer: real processes, and a stand-in for NVIDIA's tool on the path."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from mmbm_desktop.engine.runs.use import UseMeter, gpu_use, use_now
from mmbm_desktop.protocol.training import GpuUse, RunUse

MIB = 1 << 20
CARDS = """
    0, GPU-aaaa, 1024, 81559, 87
    1, GPU-bbbb, 3, 81559, 0
"""
Tool = Callable[[str], Path]


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tool:
    """Put an `nvidia-smi` on the path that prints some lines, and notes what it was asked."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)

    def make(lines: str, status: int = 0) -> Path:
        script = folder / "nvidia-smi"
        told = textwrap.dedent(lines).strip()
        script.write_text(f'#!/bin/sh\necho "$@" >> {folder}/asked\ncat <<E\n{told}\nE\nexit {status}\n')
        script.chmod(0o755)
        return folder / "asked"

    return make


@pytest.fixture
def child() -> Iterator[Callable[[str], subprocess.Popen[bytes]]]:
    made: list[subprocess.Popen[bytes]] = []

    def start(script: str) -> subprocess.Popen[bytes]:
        pipe = subprocess.PIPE
        made.append(subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], stdin=pipe, stdout=pipe))
        assert made[-1].stdout is not None
        made[-1].stdout.readline()
        return made[-1]

    yield start
    for one in made:
        one.kill()
        one.communicate()


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")


def test_cards_say_how_much_is_used_and_how_busy_they_are(tool):
    asked = tool(CARDS)
    both = (GpuUse(0, 1024 * MIB, 81559 * MIB, 0.87), GpuUse(1, 3 * MIB, 81559 * MIB, 0.0))
    assert gpu_use((0, 1)) == both
    assert gpu_use((1,)) == both[1:]
    assert gpu_use((2,)) == ()
    assert "--query-gpu=index,uuid,memory.used,memory.total,utilization.gpu" in asked.read_text()


@pytest.mark.parametrize(("visible", "first"), [("1", 3), ("GPU-bb,0", 3), ("0,1", 1024), ("", None), ("-1", None)])
def test_numbers_are_those_that_a_program_sees(tool, visible, first, monkeypatch):
    tool(CARDS)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert [one.memory_bytes // MIB for one in gpu_use((0,))] == ([] if first is None else [first])


def test_a_card_may_not_say_how_busy_it_is(tool):
    tool("0, GPU-aaaa, 10, 20, [N/A]\n1, GPU-bbbb, [N/A], [N/A], [N/A]")
    assert gpu_use((0, 1)) == (GpuUse(0, 10 * MIB, 20 * MIB, None),)


def test_without_the_tool_there_is_nothing_to_say_and_a_broken_one_is_left_alone(tool, child, monkeypatch):
    asked = tool("NVIDIA-SMI has failed", status=9)
    meter = UseMeter(child("import time; print(flush=True); time.sleep(60)").pid)
    for _ in range(5):
        use = meter.read((0,))
        assert use is not None
        assert use.gpus == ()
    assert len(asked.read_text().splitlines()) == 3
    monkeypatch.setenv("PATH", "")
    assert gpu_use((0,)) == ()


def test_a_process_and_its_children_are_looked_at_until_they_are_gone(tool, child):
    tool(CARDS)
    working = child(
        """
        import subprocess, sys
        script = "x = bytearray(60_000_000); print(flush=True)\\nwhile True: pass"
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as inner:
            inner.stdout.readline()
            print(flush=True)
            sys.stdin.read()
            inner.kill()
        """
    )
    use = use_now(working.pid, (1,), over_s=0.3)
    assert use is not None
    assert use.memory_bytes > 60_000_000
    assert 0.05 <= use.cores <= use.of_cores
    assert use.computes
    assert [gpu.number for gpu in use.gpus] == [1]
    for process in (*psutil.Process(working.pid).children(), working):
        process.kill()
    deadline = time.monotonic() + 10
    while use_now(working.pid, (), over_s=0.01) is not None:  # nobody has waited for it: it is a zombie for now
        assert time.monotonic() < deadline


@pytest.mark.parametrize(
    ("use", "computes"),
    [
        (RunUse(1, 0.01, 2), False),
        (RunUse(1, 0.9, 2), True),
        (RunUse(1, 0.0, 2, (GpuUse(0, 1, 2, 0.0), GpuUse(1, 1, 2, None))), False),
        (RunUse(1, 0.0, 2, (GpuUse(0, 1, 2, 0.5),)), True),
    ],
)
def test_a_run_that_uses_nothing_hangs(use, computes):
    assert use.computes is computes

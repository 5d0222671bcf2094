"""A library that is written to is killed fifty times, at random moments, and goes on: nothing lost, nothing twice."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mmbm_desktop.library.sqlite_library import SqliteLibrary
from tests.library.kill_model import Model, Step, held, same, vector_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills and forks of POSIX")

ROOT = Path(__file__).parents[2]
KILLS = 50
MOST_LINES, LATEST_S = 14, 0.02
"""A kill comes after up to so many lines and then so many seconds: however slow the computer, steps are made."""


def killed_writer(child: subprocess.Popen[str], seed: int, chance: random.Random) -> tuple[list[Step], Step | None]:
    """Let a process write and kill it; return its acknowledged steps and the one that was in hand."""
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(f"{seed}\n")
    child.stdin.flush()
    lines: list[str] = []
    while " pid " not in (line := child.stdout.readline()):
        lines.append(line)
    number = int(line.split()[2])
    enough = chance.randrange(MOST_LINES)
    while len(lines) < enough:
        lines.append(child.stdout.readline())
    time.sleep(chance.uniform(0.0, LATEST_S))
    os.kill(number, signal.SIGKILL)
    while not (line := child.stdout.readline()).endswith(" ended\n"):
        lines.append(line)
    told = [(verb, json.loads(step)) for _, verb, step in (line.split(" ", 2) for line in lines)]
    done = [step for verb, step in told if verb == "done"]
    begun = [step for verb, step in told if verb == "begin"]
    return done, begun[-1] if len(begun) > len(done) else None


def test_fifty_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    file, chance = tmp_path / "library.db", random.Random(5)
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.library.kill_driver", file]
    expected, in_the_middle, acknowledged = Model(), 0, 0
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        for seed in range(KILLS):
            done, in_hand = killed_writer(child, seed, chance)
            expected = checked(file, expected, done, in_hand)
            in_the_middle += in_hand is not None
            acknowledged += len(done)
    assert child.returncode == 0
    assert in_the_middle > KILLS // 5
    assert acknowledged > KILLS * 2
    library = SqliteLibrary(file)
    assert_searches_agree(library, expected, [{"path": path} for path in expected.items])
    library.close()


def checked(file: Path, expected: Model, done: list[Step], in_hand: Step | None) -> Model:
    """Compare a killed library with what it must hold, and return that."""
    for step in done:
        expected = expected.after(step)[-1]
    library = SqliteLibrary(file)
    assert library.check() == ()
    now = held(library)
    possible = [expected, *(expected.after(in_hand) if in_hand else ())]
    found = next((one for one in possible if same(one, now)), None)
    assert found is not None, (in_hand, done[-3:])
    assert_searches_agree(library, found, done[-2:])
    library.close()
    return found


def assert_searches_agree(library: SqliteLibrary, expected: Model, steps: list[Step]) -> None:
    """Look the items of some steps up by vector, by name and by the person's words."""
    visible = [path for path, item in expected.items.items() if not item.out]
    assert library.search_vectors(vector_of("any"), "m", 1)[1] == len(visible)
    assert library.browse(0, 0)[1] == len(visible)
    for path in [path for step in steps for path in step.get("paths", [step.get("path")]) if path in visible]:
        item = expected.items[path]
        (hit,), _ = library.search_vectors(vector_of(item.content), "m", 1)
        (stored,) = library.items([hit.item_id])
        assert stored.path == path
        assert hit.score == pytest.approx(1.0, abs=1e-3)
        for text in (*item.captions, *item.transcripts, Path(path).name):
            assert library.search_words(text, 5) == (stored.id,)
        if item.captions:
            assert stored.caption_en == item.captions[-1]

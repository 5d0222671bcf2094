"""The main job in a real window: on a virtual screen, with the real engine and worker, and a virtual microphone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from mmbm_desktop.base.paths import shipped_models_dir
from tests.virtual_microphone import missing_programs, virtual_microphone

ROOT = Path(__file__).parents[2]
pytestmark = [
    pytest.mark.end2end,
    pytest.mark.timeout(300),
    pytest.mark.skipif(shutil.which("Xvfb") is None, reason="Xvfb is not installed"),
]


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """Start a virtual screen and return its name."""
    reading, writing = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1400x1000x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as numbers:
        number = numbers.readline().strip()
    assert number, "Xvfb did not start"
    yield f":{number}"
    screen.terminate()
    screen.wait()


@pytest.fixture
def environment(display: str, mmbm_home: Path, tiny_bundle: Path) -> dict[str, str]:
    """Return the environment of a window; the tiny model answers where the built-in one is missing."""
    if not any(shipped_models_dir().glob("*/bundle.json")):
        shutil.copytree(tiny_bundle, mmbm_home / "data" / "models" / "tiny")
    return {
        **os.environ,
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "MMBM_HOME": str(mmbm_home),
    }


def run(step: str, folder: Path, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "tests.end2end.steps", step, folder]
    child = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=280, check=False)
    assert child.returncode == 0, child.stderr[-4000:]
    assert child.stdout.splitlines()[-1] == "ok"


@pytest.mark.parametrize("step", ["photo", "search", "translate", "kill", "leave"])
def test_a_person_in_the_window(step: str, tmp_path: Path, environment: dict[str, str]) -> None:
    run(step, tmp_path, environment)


def test_a_person_trains_quits_and_goes_on(tmp_path: Path, environment: dict[str, str]) -> None:
    run("train", tmp_path, environment)
    run("train_on", tmp_path, environment)


@pytest.mark.skipif(bool(missing_programs()), reason=f"not installed: {missing_programs()}")
def test_a_person_speaks(tmp_path: Path, environment: dict[str, str]) -> None:
    with ExitStack() as stack:
        microphone = stack.enter_context(virtual_microphone())
        run("speak", tmp_path, {**environment, **microphone.environment})

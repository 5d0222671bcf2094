"""`mmbm translate` with the real engine and worker: answers, JSON keys, lines of standard input, refusals."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment(mmbm_home: Path, tiny_translation: Path) -> dict[str, str]:
    """Return the environment of a command that knows the tiny translator."""
    shutil.copytree(tiny_translation, mmbm_home / "data" / "models" / "tiny-translation")
    return {**os.environ, "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT), "MMBM_HOME": str(mmbm_home)}


def translated(environment: dict[str, str], *arguments: str, said: str = "") -> tuple[int, str]:
    command = [sys.executable, "-m", "mmbm_desktop", "translate", "--model", "tiny-translation", *arguments]
    child = subprocess.run(
        command, cwd=ROOT, env=environment, input=said, capture_output=True, encoding="utf-8", timeout=120, check=False
    )
    return child.returncode, child.stdout


def test_every_line_is_translated_and_has_the_documented_keys(environment: dict[str, str]) -> None:
    status, output = translated(environment, "-", "--to", "zh", "--json", said="Where is Tom?\n\nI like dogs.\n狗\n")

    first, second, refused = (json.loads(line) for line in output.splitlines())
    assert status == 1
    assert (first["input"], first["task"], first["model"]) == ("Where is Tom?", "translate", "tiny-translation 0.0.1")
    assert {"text", "score", "back", "back_score", "device", "ms"} <= set(first)
    assert second["input"] == "I like dogs."
    assert (refused["input"], refused["error"]) == ("狗", "argument-invalid")


def test_a_text_is_translated_for_a_reader(environment: dict[str, str]) -> None:
    status, output = translated(environment, "狗在哪里？", "--from", "zh", "--to", "en")

    assert status == 0
    assert "back: " in output

"""The floors hold, and the linter that holds them bites: one planted violation for each contract is caught."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PLANTED = [
    ("base/planted.py", "import mmbm_desktop.protocol.tasks", "A module imports only from floors below it"),
    ("inference/planted.py", "import mmbm_desktop.networks", "A module imports only from floors below it"),
    ("engine/planted.py", "import onnxruntime", "The window and the engine never import a tensor library"),
    ("gui/planted.py", "import keras", "The window and the engine never import a tensor library"),
    ("engine/planted.py", "import mmbm_desktop.worker", "The engine starts worker and training by module name"),
    ("worker/planted.py", "import tensorflow", "Inference never imports TensorFlow or Keras"),
    ("networks/planted.py", "import tensorflow", "Networks are backend-agnostic"),
    ("engine/planted.py", "import PySide6.QtCore", "Qt stays in the window"),
]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    tool = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [tool, "--no-cache"], cwd=folder, env={"PYTHONPATH": str(folder)}, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the package that a test may spoil."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(ROOT / "mmbm_desktop", folder / "mmbm_desktop", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_the_floors_hold() -> None:
    outcome = lint(ROOT)

    assert outcome.returncode == 0, outcome.stdout


@pytest.mark.parametrize(("module", "line", "contract"), PLANTED)
def test_a_planted_violation_is_caught(copy: Path, module: str, line: str, contract: str) -> None:
    planted = copy / "mmbm_desktop" / module
    planted.write_text(f'"""Planted."""\n\n{line}\n', encoding="utf-8")
    try:
        outcome = lint(copy)
    finally:
        planted.unlink()

    assert outcome.returncode != 0
    broken = [text for text in outcome.stdout.splitlines() if text.endswith("BROKEN")]
    assert any(contract in text for text in broken), outcome.stdout

"""What a process loads: the window and the command line load no tensor library, the worker no TensorFlow and no Qt."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

TENSORS = {"tensorflow", "keras", "onnxruntime", "onnx", "tf2onnx", "torch", "jax"}

CASES = [
    (["mmbm_desktop.app", "mmbm_desktop.gui.main_window"], TENSORS | {"pyqtgraph"}),
    (["mmbm_desktop.gui.pages.explore", "mmbm_desktop.gui.pages.library"], TENSORS),
    (["mmbm_desktop.engine.local"], TENSORS | {"PySide6"}),
    (["mmbm_desktop.cli.main", "mmbm_desktop.cli.caption", "mmbm_desktop.cli.library"], TENSORS | {"PySide6"}),
    (["mmbm_desktop.training.examine"], {"tensorflow", "keras", "PySide6", "onnxruntime"}),
    (["mmbm_desktop.training.preview"], {"tensorflow", "keras", "PySide6", "onnxruntime"}),
    (["mmbm_desktop.worker"], {"tensorflow", "keras", "PySide6", "scipy"}),
]


@pytest.mark.parametrize(("modules", "forbidden"), CASES, ids=lambda case: case[0] if isinstance(case, list) else "")
def test_a_process_loads_only_what_it_may(modules: list[str], forbidden: set[str]) -> None:
    code = f"import {', '.join(modules)}, sys, json; print(json.dumps(sorted({{name.split('.')[0] for name in sys.modules}})))"

    loaded = set(json.loads(subprocess.check_output([sys.executable, "-c", code], text=True)))

    assert loaded & forbidden == set()
    assert "mmbm_desktop" in loaded

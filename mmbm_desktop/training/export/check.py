"""Runs exported structures with ONNX Runtime and holds their answers against the network's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import onnxruntime

from mmbm_desktop.base.errors import BugFault, ErrorCode

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt

    Arrays = dict[str, npt.NDArray[Any]]

TOLERANCE, _RELATIVE = 1e-4, 1e-6
_FIRST = 8
"""How many values of the first output row are kept as the expected answer."""


def open_structure(folder: Path, file: str) -> onnxruntime.InferenceSession:
    """Open a structure on the CPU."""
    return onnxruntime.InferenceSession(folder / file, providers=["CPUExecutionProvider"])


def run_structure(folder: Path, file: str, feed: Arrays) -> Arrays:
    """Return a structure's outputs by name."""
    session = open_structure(folder, file)
    names = [output.name for output in session.get_outputs()]
    return {name: np.asarray(x) for name, x in zip(names, session.run(names, feed), strict=True)}


def compare(
    right: Mapping[str, Arrays], exported: Mapping[str, Arrays], kept: Mapping[str, str], tolerance: float = TOLERANCE
) -> dict[str, Any]:
    """Compare what the structures answer with what the network answers.

    Args:
        right: the network's answers, structure to output to values.
        exported: the structures' answers; all that is in `right` is there.
        kept: structure to the output whose first values every later check of the bundle expects.
        tolerance: largest difference that counts as equal; of answers above 100 some steps of a 32-bit number are, too.

    Returns:
        The `probe` entry of `bundle.json`: the largest difference of each structure, the tolerance, and the first
        values of the first row of the outputs in `kept`.

    Raises:
        BugFault: a structure differs by more than the tolerance.
    """
    differences = {
        file: float(np.max([np.abs(right[file][name] - exported[file][name]).max() for name in right[file]]))
        for file in right
    }
    largest = float(np.max([np.abs(one).max() for outputs in right.values() for one in outputs.values()]))
    tolerance = max(tolerance, _RELATIVE * largest)
    wrong = {file: difference for file, difference in differences.items() if not difference <= tolerance}
    if wrong:
        raise BugFault(ErrorCode.BUG, f"the export differs from the network: {wrong}")
    return {
        "inputs": "seeded, see bundles/probe.py",
        "max_abs_difference": differences,
        "tolerance": tolerance,
        "expected": {file: {name: _first(right[file][name])} for file, name in kept.items()},
    }


def _first(rows: npt.NDArray[Any]) -> list[float]:
    return [float(value) for value in rows[0].ravel()[:_FIRST]]

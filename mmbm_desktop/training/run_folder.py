"""The folder of one run: `spec.toml`, `log.jsonl`, checkpoints, `report.json`. A kill leaves it readable."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.base.files import os_errors_sorted, write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

LAST, BEST = "last", "best"


@dataclass(frozen=True, order=True)
class Position:
    """How far a run has come: the phase, the epoch in it and the steps of that epoch already done."""

    phase: int = 0
    epoch: int = 0
    step: int = 0


@dataclass(frozen=True)
class Checkpoint:
    """Everything that training goes on from, apart from the data, whose order the position decides.

    Attributes:
        position: the next step.
        arrays: the learner's state (weights, random seeds) and the optimiser's.
        best_score: of the best weights so far.
    """

    position: Position
    arrays: Mapping[str, np.ndarray]
    best_score: float


class RunFolder:
    """Reads and writes one run's files."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.spec_file = path / "spec.toml"
        self._log = path / "log.jsonl"

    def checkpoint_file(self, kind: str) -> Path:
        """Return the file of the last or the best checkpoint."""
        return self.path / f"checkpoint-{kind}.safetensors"

    def save(self, kind: str, checkpoint: Checkpoint) -> None:
        """Replace the last or the best checkpoint as a whole.

        Raises:
            MmbmError: the disk is full or the folder cannot be written.
        """
        at = checkpoint.position
        about = {"phase": at.phase, "epoch": at.epoch, "step": at.step, "best_score": checkpoint.best_score}
        arrays = {name: np.require(array, requirements="C") for name, array in checkpoint.arrays.items()}
        write_atomically(self.checkpoint_file(kind), save(arrays, {"checkpoint": json.dumps(about)}))

    def load(self, kind: str) -> Checkpoint | None:
        """Return a checkpoint; None where there is none yet.

        Raises:
            EnvironmentFault: the file is damaged.
        """
        file = self.checkpoint_file(kind)
        if not file.exists():
            return None
        try:
            with safe_open(file, "numpy") as tensors:
                about = json.loads((tensors.metadata() or {})["checkpoint"])
                arrays = {name: tensors.get_tensor(name) for name in tensors.keys()}  # noqa: SIM118 - it is no mapping
        except (SafetensorError, OSError, ValueError, KeyError) as error:
            raise EnvironmentFault(
                ErrorCode.TRAINING_FAILED, str(error), path=str(file), reason="checkpoint-damaged"
            ) from error
        return Checkpoint(Position(about["phase"], about["epoch"], about["step"]), arrays, about["best_score"])

    def append_log(self, position: Position, entry: Mapping[str, Any]) -> None:
        """Add a line to the curve.

        Raises:
            MmbmError: the disk is full or the folder cannot be written.
        """
        line = {"phase": position.phase, "epoch": position.epoch, "step": position.step, **entry}
        with os_errors_sorted(self._log), self._log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def log(self) -> list[dict[str, Any]]:
        """Return the curve; a line that a kill cut short is left out."""
        if not self._log.exists():
            return []
        with os_errors_sorted(self._log):
            lines = self._log.read_text("utf-8").splitlines()
        entries = []
        for line in lines:
            try:
                entries.append(json.loads(line))
            except ValueError:
                continue
        return entries

    def cut_log(self, position: Position) -> None:
        """Drop what was logged after `position`: those steps are done again."""
        kept = [e for e in self.log() if Position(e["phase"], e["epoch"], e["step"]) <= position]
        write_atomically(self._log, "".join(json.dumps(entry) + "\n" for entry in kept).encode())

    def write_report(self, report: Mapping[str, Any]) -> None:
        """Write `report.json`."""
        write_atomically(self.path / "report.json", (json.dumps(report, indent=1, ensure_ascii=False) + "\n").encode())


def named(variables: Sequence[Any], group: str) -> dict[str, Any]:
    """Return variables under names that sort in their order; what follows the number is for people."""
    return {
        f"{group}.{index:04d}.{variable.path.rsplit('/', 1)[-1]}": variable for index, variable in enumerate(variables)
    }

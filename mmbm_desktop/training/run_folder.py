"""The folder of one run: `spec.toml`, `log.jsonl`, checkpoints, `samples.json`, `report.json`, `state.json`.

A kill leaves it readable. `engine/runs/run_store.py` reads it, too.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import psutil
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.base.files import os_errors_sorted, write_atomically
from mmbm_desktop.base.processes import process_lives
from mmbm_desktop.protocol.plain import plain
from mmbm_desktop.protocol.training import RunState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from mmbm_desktop.protocol.training import Sample

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
            EnvironmentFault: something in it is no number; the one before stays.
            MmbmError: the disk is full or the folder cannot be written.
        """
        at = checkpoint.position
        broken = next((name for name, array in checkpoint.arrays.items() if not _all_numbers(array)), None)
        if broken is not None:
            raise self.not_finite(f"{broken} at {at}")
        about = {"phase": at.phase, "epoch": at.epoch, "step": at.step, "best_score": checkpoint.best_score}
        arrays = {name: np.require(array, requirements="C") for name, array in checkpoint.arrays.items()}
        write_atomically(self.checkpoint_file(kind), save(arrays, {"checkpoint": json.dumps(about)}))

    def not_finite(self, detail: str) -> EnvironmentFault:
        """Return the error of a run whose loss or weights are no numbers any more."""
        return EnvironmentFault(ErrorCode.TRAINING_FAILED, detail, path=str(self.path), reason="loss-not-finite")

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

    def state(self) -> dict[str, Any]:
        """Return the last known state; empty where there is none or it cannot be read."""
        try:
            found = json.loads((self.path / "state.json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def note_state(self, state: RunState, **more: Any) -> None:
        """Write what the run does now into `state.json`; what it said before of other things stays."""
        known = {name: value for name, value in self.state().items() if name not in ("failure", "pid", "pid_created_s")}
        self._write_json("state.json", {**known, "state": str(state), **more})

    def note_process(self, state: RunState, **more: Any) -> None:
        """Write what the run does now, and that this process does it."""
        created = psutil.Process().create_time()
        self.note_state(state, pid=os.getpid(), pid_created_s=created, **more)

    def claim(self) -> None:
        """Say that this process works on the run.

        Raises:
            EnvironmentFault: another process does.
            MmbmError: the disk is full or the folder cannot be written.
        """
        known = self.state()
        if known.get("pid") != os.getpid() and process_lives(known.get("pid"), known.get("pid_created_s")):
            raise EnvironmentFault(
                ErrorCode.TRAINING_FAILED, f"process {known['pid']}", path=str(self.path), reason="run-busy"
            )
        self.note_process(RunState.PREPARING)

    def write_samples(self, samples: Sequence[Sample]) -> None:
        """Replace what the network says of a few items."""
        self._write_json("samples.json", [plain(one) for one in samples])

    def _write_json(self, name: str, content: Any) -> None:
        write_atomically(self.path / name, (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode())

    def write_report(self, report: Mapping[str, Any]) -> None:
        """Write `report.json`."""
        self._write_json("report.json", report)


def _all_numbers(array: np.ndarray) -> bool:
    return not np.issubdtype(array.dtype, np.floating) or bool(np.isfinite(array).all())


def named(variables: Sequence[Any], group: str) -> dict[str, Any]:
    """Return variables under names that sort in their order; what follows the number is for people."""
    return {
        f"{group}.{index:04d}.{variable.path.rsplit('/', 1)[-1]}": variable for index, variable in enumerate(variables)
    }

"""Lets a child write a model in another format: converters need TensorFlow, which never comes into this process."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.engine.asking import ask
from mmbm_desktop.protocol.results import ExportModelResult

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from mmbm_desktop.engine.job_queue import RunningJob
    from mmbm_desktop.protocol.catalogue import ModelInfo
    from mmbm_desktop.protocol.requests import ExportModelRequest

_TIDY_S = 3.0


def export_command(bundle: str, kind: str, place: str) -> tuple[str, ...]:
    """Return the command that exports a bundle's folder."""
    module = ("-P", "-m", "mmbm_desktop.training.export_formats")
    return (sys.executable, *module, bundle, "--format", kind, "--to", place, "--parent-pipe")


class Exporting:
    """Answers `ExportModelRequest`s.

    Args:
        models: returns the installed models.
        command: gives the child's program and arguments.
    """

    def __init__(
        self,
        models: Callable[[], Sequence[ModelInfo]],
        command: Callable[[str, str, str], Sequence[str]] = export_command,
    ) -> None:
        self._models, self._command = models, command

    def run(self, job: RunningJob) -> ExportModelResult:
        """Return what was written; a cancelled child deletes what it had written so far.

        Raises:
            Cancelled: the job was cancelled.
            EnvironmentFault: MODEL_MISSING, or EXPORT_FAILED with a `reason`.
            MmbmError: what else the child says.
        """
        request = cast("ExportModelRequest", job.request)
        folder = next((model.path for model in self._models() if model.name == request.name and model.path), None)
        if folder is None or not Path(folder).is_dir():
            raise EnvironmentFault(ErrorCode.MODEL_MISSING, name=request.name)
        command = self._command(folder, request.format, request.path)
        take = partial(_exported, request)
        return ask(command, paths.log_dir() / "export.stderr.log", job, take, tidy_s=_TIDY_S)


def _exported(request: ExportModelRequest, line: Mapping[str, Any]) -> ExportModelResult | None:
    if line.get("event") != "exported":
        return None
    difference = max((float(value) for value in line["max_abs_difference"].values()), default=0.0)
    return ExportModelResult(request.name, request.format, str(line["path"]), tuple(line["files"]), difference)

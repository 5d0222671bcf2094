"""Lets a child show what training will make of a few items: how they are changed is the trainer's business alone."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, cast

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import BugFault, ErrorCode
from mmbm_desktop.engine.asking import ask
from mmbm_desktop.protocol.plain import plain, record_of
from mmbm_desktop.protocol.preview import PreviewResult

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from mmbm_desktop.engine.job_queue import RunningJob
    from mmbm_desktop.protocol.preview import PreviewRequest


def run_preview(job: RunningJob) -> PreviewResult:
    """Answer a `PreviewRequest`; a cancelled child is killed at once, it holds nothing that could be lost.

    Raises:
        Cancelled: the job was cancelled.
        MmbmError: what the child says, or that it ended without a word.
    """
    request = cast("PreviewRequest", job.request)
    module = (sys.executable, "-P", "-m", "mmbm_desktop.training.preview")
    command = (*module, "--draw", str(request.draw), "--", json.dumps(plain(request.settings)))
    return ask(command, paths.log_dir() / "preview.stderr.log", job, _shown)


def _shown(line: Mapping[str, Any]) -> PreviewResult | None:
    if line.get("event") != "preview":
        return None
    try:
        return record_of(PreviewResult, line)
    except ValueError as error:
        raise BugFault(ErrorCode.BUG, str(error)) from error

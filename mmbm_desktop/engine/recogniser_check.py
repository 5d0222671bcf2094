"""Whether the built-in recogniser is whole: the files of its wheel against the hashes the wheel was installed with."""

from __future__ import annotations

import base64
import importlib.metadata
import time
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.base.files import sha256_of
from mmbm_desktop.engine.model_store import POCKETSPHINX
from mmbm_desktop.protocol.results import CheckResult, Made

if TYPE_CHECKING:
    from mmbm_desktop.base.progress import CancelToken

_DISTRIBUTION = "pocketsphinx"
_MODEL_FOLDER = "model"


def check_recogniser(token: CancelToken) -> CheckResult:
    """Compare every file of the recogniser's model with the installer's record of it.

    Raises:
        Cancelled: `token` was cancelled.
        EnvironmentFault: BUNDLE_DAMAGED with the `file`.
    """
    began = time.perf_counter()
    checked = size_bytes = 0
    for entry in importlib.metadata.files(_DISTRIBUTION) or ():
        token.check()
        if _MODEL_FOLDER not in entry.parts or entry.hash is None:
            continue
        path = Path(str(entry.locate()))
        if not path.is_file() or _digest(path) != entry.hash.value:
            raise EnvironmentFault(ErrorCode.BUNDLE_DAMAGED, name=POCKETSPHINX, file=entry.name)
        checked += 1
        size_bytes += path.stat().st_size
    version = importlib.metadata.version(_DISTRIBUTION)
    made = Made(f"{POCKETSPHINX} {version}", "CPU", (time.perf_counter() - began) * 1000)
    return CheckResult(POCKETSPHINX, checked, size_bytes, 0.0, made)


def _digest(path: Path) -> str:
    """Return a file's SHA-256 as wheel records write it: URL-safe base64 without padding."""
    return base64.urlsafe_b64encode(bytes.fromhex(sha256_of(path))).rstrip(b"=").decode()

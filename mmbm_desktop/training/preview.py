"""`python -m mmbm_desktop.training.preview SETTINGS`: show a few items of a run's data as training would see them.

SETTINGS are `RunSettings` as JSON. One JSON object on standard output: `{"event": "preview", ...}` with the fields of a
`PreviewResult`, or `{"event": "error", "error": CODE, ...}`. No TensorFlow.
"""

from __future__ import annotations

import argparse
import base64
import dataclasses
import io
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import BugFault, ErrorCode, InputFault, MmbmError
from mmbm_desktop.base.logs import start_logging
from mmbm_desktop.protocol.plain import plain, record_of
from mmbm_desktop.protocol.preview import PREVIEWED, Change, PreviewItem, PreviewResult
from mmbm_desktop.protocol.training import RunSettings
from mmbm_desktop.training.settings import spec_of
from mmbm_desktop.training.shown_changes import shown_changes, spectrogram
from mmbm_desktop.training.shown_pairs import shown_pairs
from mmbm_desktop.training.shown_speech import shown_speech

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from mmbm_desktop.training.spec import TrainSpec

_NAME = "preview"
"""Of the run that is never begun: a person may look before they have found one."""


def main(argv: Sequence[str] | None = None) -> int:
    """Show and tell; return the exit status (0 a preview was told, 1 an error)."""
    parser = argparse.ArgumentParser(prog="mmbm_desktop.training.preview", description=__doc__)
    parser.add_argument("settings")
    parser.add_argument("--draw", type=int, default=0)
    arguments = parser.parse_args(argv)
    start_logging(paths.log_dir() / "training.log")
    try:
        _tell({"event": "preview", **plain(preview(arguments.settings, arguments.draw))})
    except MmbmError as error:
        _tell({"event": "error", "error": str(error.code), **error.params, "detail": error.detail})
        return 1
    except Exception as error:
        fault = BugFault(ErrorCode.BUG, f"{type(error).__name__}: {error}")
        _tell({"event": "error", "error": str(fault.code), "detail": fault.detail})
        raise
    return 0


def preview(settings: str, draw: int) -> PreviewResult:
    """Return the preview for settings written as JSON.

    Raises:
        MmbmError: the settings make no sense, the data cannot be read, or a model that is built on is missing.
    """
    try:
        wanted = record_of(RunSettings, json.loads(settings))
    except ValueError as error:
        raise InputFault(ErrorCode.SPEC_INVALID, str(error), reason=str(error)) from error
    if wanted.recipe not in PREVIEWED:
        raise InputFault(ErrorCode.ARGUMENT_INVALID, f"one of {PREVIEWED}", name="recipe", value=wanted.recipe)
    spec = spec_of(dataclasses.replace(wanted, name=_NAME))
    if spec.recipe == "translation":
        return shown_pairs(spec, np.random.default_rng((spec.seed, draw)))
    if spec.recipe == "speech-commands":
        return _spoken(spec, draw)
    with tempfile.TemporaryDirectory(prefix="mmbm-preview-") as cache:
        change, size, shown = shown_changes(spec, draw, Path(cache))
        items = [PreviewItem(path, _png(whole), tuple(map(_png, variants))) for path, whole, variants in shown]
    return PreviewResult(change, size, tuple(items))


def _spoken(spec: TrainSpec, draw: int) -> PreviewResult:
    items = []
    for clip in shown_speech(spec, np.random.default_rng((spec.seed, draw)), draw):
        whole, *variants = (_png(spectrogram(one, clip.whole.max())) for one in (clip.whole, *clip.variants))
        items.append(PreviewItem(clip.path, whole, tuple(variants), (clip.said, *clip.words)))
    return PreviewResult(Change.SPOKEN, 0, tuple(items))


def _png(pixels: npt.NDArray[np.uint8]) -> str:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=1)
    return base64.b64encode(file.getvalue()).decode()


def _tell(event: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

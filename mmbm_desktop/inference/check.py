"""Checks a bundle: its files against the manifest, its structures against the answers stored when it was made."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.bundles.probe import image_text_probe
from mmbm_desktop.inference.image_text import IMAGE_ENCODER, CaptionStep, ImageTextBundle
from mmbm_desktop.protocol.results import CheckResult

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt

_USUAL_TOLERANCE = 1e-4


def check_bundle(folder: Path, threads: int = 0, token: CancelToken | None = None) -> CheckResult:
    """Verify every file, open every structure and run the probe.

    Raises:
        Cancelled: `token` was cancelled.
        EnvironmentFault: a file is damaged (BUNDLE_DAMAGED), or the bundle cannot be run or does not answer as it did
            when it was made (BUNDLE_INVALID).
    """
    stop, began = token or CancelToken(), time.perf_counter()
    bundle = ImageTextBundle(folder, threads)
    stop.check()
    inputs = image_text_probe(bundle.manifest.preprocessing)
    outputs = {structure: bundle.sessions.run(structure, feed) for structure, feed in inputs.items()}
    stop.check()
    logits = _first_logits(bundle, outputs[IMAGE_ENCODER]["features"])
    difference = _largest_difference(bundle, outputs)
    if not (np.isfinite(logits).all() and difference <= _tolerance(bundle)):
        detail = f"the probe differs by {difference:.3g}"
        raise EnvironmentFault(ErrorCode.BUNDLE_INVALID, detail, name=bundle.manifest.name, field="probe")
    manifest = bundle.manifest
    return CheckResult(manifest.name, len(manifest.files), manifest.size_bytes, difference, bundle.made_since(began))


def _first_logits(bundle: ImageTextBundle, features: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    starts = np.array(list(bundle.text_rules.bos.values()))
    step = CaptionStep(bundle, features, np.zeros(len(starts), np.int64))
    return step(np.arange(len(starts)), starts)


def _largest_difference(bundle: ImageTextBundle, outputs: Mapping[str, Mapping[str, npt.NDArray[Any]]]) -> float:
    """Return the largest difference from the stored first values of each output's first row.

    Raises:
        EnvironmentFault: the manifest's expectations have another form (BUNDLE_INVALID).
    """
    try:
        expected: dict[str, dict[str, list[float]]] = bundle.manifest.probe["expected"]
        differences = [
            float(np.abs(outputs[structure][name][0].ravel()[: len(values)] - np.asarray(values)).max())
            for structure, named in expected.items()
            for name, values in named.items()
        ]
        return max(differences)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _probe_unusable(bundle, error) from error


def _tolerance(bundle: ImageTextBundle) -> float:
    try:
        return float(bundle.manifest.probe.get("tolerance", _USUAL_TOLERANCE))
    except (TypeError, ValueError) as error:
        raise _probe_unusable(bundle, error) from error


def _probe_unusable(bundle: ImageTextBundle, error: Exception) -> EnvironmentFault:
    detail = f"{type(error).__name__}: {error}"
    return EnvironmentFault(ErrorCode.BUNDLE_INVALID, detail, name=bundle.manifest.name, field="probe")

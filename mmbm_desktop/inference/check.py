"""Checks a bundle: its files against the manifest, its structures against the answers stored when it was made."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.bundles.probe import PROBES
from mmbm_desktop.inference.families import open_bundle
from mmbm_desktop.protocol.results import CheckResult

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from mmbm_desktop.inference.opened import OpenedBundle
    from mmbm_desktop.inference.sessions import Arrays

_USUAL_TOLERANCE = 1e-4


def check_bundle(folder: Path, threads: int = 0, token: CancelToken | None = None) -> CheckResult:
    """Verify every file, run the structures of the family's probe and try out what it does not reach.

    Raises:
        Cancelled: `token` was cancelled.
        EnvironmentFault: a file is damaged (BUNDLE_DAMAGED), or the bundle cannot be run or does not answer as it did
            when it was made (BUNDLE_INVALID).
    """
    stop, began = token or CancelToken(), time.perf_counter()
    bundle = open_bundle(folder, threads)
    stop.check()
    outputs: dict[str, Arrays] = {}
    for structure, feed in PROBES[bundle.manifest.family](bundle.manifest.preprocessing).items():
        outputs[structure] = bundle.sessions.run(structure, feed)
        stop.check()
    bundle.try_out(outputs)
    difference = _largest_difference(bundle, outputs)
    if not difference <= _tolerance(bundle):
        detail = f"the probe differs by {difference:.3g}"
        raise EnvironmentFault(ErrorCode.BUNDLE_INVALID, detail, name=bundle.manifest.name, field="probe")
    manifest = bundle.manifest
    return CheckResult(manifest.name, len(manifest.files), manifest.size_bytes, difference, bundle.made_since(began))


def _largest_difference(bundle: OpenedBundle, outputs: Mapping[str, Arrays]) -> float:
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


def _tolerance(bundle: OpenedBundle) -> float:
    try:
        return float(bundle.manifest.probe.get("tolerance", _USUAL_TOLERANCE))
    except (TypeError, ValueError) as error:
        raise _probe_unusable(bundle, error) from error


def _probe_unusable(bundle: OpenedBundle, error: Exception) -> EnvironmentFault:
    detail = f"{type(error).__name__}: {error}"
    return EnvironmentFault(ErrorCode.BUNDLE_INVALID, detail, name=bundle.manifest.name, field="probe")

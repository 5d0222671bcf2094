"""A verified bundle with its sessions: what the opened bundles of every family have in common."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.bundles.verify import verify
from mmbm_desktop.inference.sessions import Sessions
from mmbm_desktop.protocol.results import Made

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from mmbm_desktop.inference.sessions import Arrays


class OpenedBundle:
    """A bundle whose files are whole; its sessions are opened when first used. One thread at a time."""

    def __init__(self, folder: Path, threads: int = 0) -> None:
        """Verify the bundle.

        Raises:
            EnvironmentFault: BUNDLE_INVALID, BUNDLE_DAMAGED.
            MmbmError: a file cannot be read.
        """
        self.folder = folder
        self.manifest = verify(folder)
        self.sessions = Sessions(folder, self.manifest, threads)

    def made_since(self, began_s: float) -> Made:
        """Return the provenance of an answer whose computing began at `time.perf_counter()` `began_s`."""
        name = f"{self.manifest.name} {self.manifest.version}"
        return Made(name, self.sessions.device, (time.perf_counter() - began_s) * 1000.0)

    def try_out(self, outputs: Mapping[str, Arrays]) -> None:
        """Run what the probe of the family, which gave `outputs` by structure, does not reach; most have no such part.

        Raises:
            EnvironmentFault: it does not answer in numbers (BUNDLE_INVALID).
        """
        del outputs

    def require_family(self, family: str) -> None:
        """Accept a bundle of the family that the opening class can run.

        Raises:
            EnvironmentFault: it is of another one (BUNDLE_INVALID).
        """
        if self.manifest.family != family:
            detail = f"family {self.manifest.family!r}, not {family!r}"
            raise EnvironmentFault(ErrorCode.BUNDLE_INVALID, detail, name=self.manifest.name, field="family")

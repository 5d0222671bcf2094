"""Where the bundles lie that a run is built on or goes on from, and what their manifests say. Opens no model."""

from __future__ import annotations

from pathlib import Path

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.bundles.manifest import read_manifest
from mmbm_desktop.bundles.store import bundle_folder, find_bundles
from mmbm_desktop.protocol.tasks import Task


def encoder_folder(name: str = "") -> Path:
    """Return the folder of the image-text model called `name`; of the one that ships with the program for "".

    Raises:
        EnvironmentFault: MODEL_MISSING.
    """
    shipped = paths.shipped_models_dir()
    if name:
        return bundle_folder(name, (paths.installed_models_dir(), shipped))
    for info in find_bundles((shipped, paths.installed_models_dir()), built_in=shipped):
        if Task.EMBED_IMAGE in info.tasks and not info.problem:
            return Path(info.path)
    raise EnvironmentFault(ErrorCode.MODEL_MISSING, name=name, task=str(Task.EMBED_IMAGE))


def picture_size(bundle: Path) -> int:
    """Return the edge of the pictures that a bundle's network takes, pixels.

    Raises:
        EnvironmentFault: BUNDLE_INVALID, its manifest says no such thing.
        MmbmError: the manifest is missing or cannot be read.
    """
    size = read_manifest(bundle).network.get("image_size")
    if not isinstance(size, int) or size < 1:
        raise EnvironmentFault(ErrorCode.BUNDLE_INVALID, f"image_size is {size!r}", name=bundle.name)
    return size

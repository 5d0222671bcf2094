"""Whether a bundle is whole: every listed file there with its size and hash, and no structure that is not listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.base.files import os_errors_sorted, sha256_of
from mmbm_desktop.bundles.manifest import MANIFEST_FILE, FileEntry, Manifest, read_manifest
from mmbm_desktop.bundles.safetensors_header import read_places

if TYPE_CHECKING:
    from pathlib import Path


def verify(folder: Path) -> Manifest:
    """Check a bundle's files against its manifest and return the manifest. Reads every byte once.

    Raises:
        EnvironmentFault: BUNDLE_INVALID (the manifest), BUNDLE_DAMAGED (a file, named in `file`).
        MmbmError: something cannot be read.
    """
    if (folder / MANIFEST_FILE).is_symlink():
        raise _damaged(folder, MANIFEST_FILE, "not a plain file")
    manifest = read_manifest(folder)
    for name, entry in manifest.files.items():
        _check_file(folder, name, entry)
    listed = {MANIFEST_FILE, *manifest.files}
    with os_errors_sorted(folder):
        unlisted = sorted(path.name for path in folder.iterdir() if path.suffix == ".onnx" and path.name not in listed)
    if unlisted:
        raise _damaged(folder, unlisted[0], "not in the manifest")
    return manifest


def _check_file(folder: Path, name: str, entry: FileEntry) -> None:
    path = folder / name
    if path.is_symlink() or not path.is_file():
        raise _damaged(folder, name, "missing, or not a plain file")
    with os_errors_sorted(path):
        size = path.stat().st_size
    if size != entry.size_bytes:
        raise _damaged(folder, name, f"{size} bytes instead of {entry.size_bytes}")
    if sha256_of(path) != entry.sha256:
        raise _damaged(folder, name, "other content")
    if path.suffix == ".safetensors":
        read_places(path)


def _damaged(folder: Path, file: str, reason: str) -> EnvironmentFault:
    return EnvironmentFault(ErrorCode.BUNDLE_DAMAGED, reason, name=folder.name, file=file)

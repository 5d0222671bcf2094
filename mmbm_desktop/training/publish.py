"""Turns a trained network into a bundle: weights, hollow structures, other files, card and manifest.

A bundle is made beside its place and moved there when it has passed its probe: a half-made one is never seen.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors.numpy import save_file

from mmbm_desktop import __version__
from mmbm_desktop.base.files import os_errors_sorted, sha256_of, write_atomically
from mmbm_desktop.bundles.manifest import FORMAT, MANIFEST_FILE, read_manifest
from mmbm_desktop.bundles.store import CARD_FILE
from mmbm_desktop.networks.tensors import to_numpy
from mmbm_desktop.training.export.hollow import export_structure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mmbm_desktop.training.card import Card
    from mmbm_desktop.training.export.hollow import Structure

WEIGHTS = "model.safetensors"


@dataclass(frozen=True)
class BundleParts:
    """What a family puts into its bundles.

    Attributes:
        family: which class opens it.
        tasks: what it can do.
        weights: published name to Keras variable.
        structures: what is exported, pointing into the weights.
        files: further files by name, such as `tokenizer.json`.
        network: the sizes that rebuild it.
        preprocessing: how inputs are to be prepared.
        check: runs the structures in a folder and returns the manifest's `probe`; refuses those that answer wrongly.
        calibration: what turns its raw numbers into those that are shown.
    """

    family: str
    tasks: tuple[str, ...]
    weights: Mapping[str, Any]
    structures: tuple[Structure, ...]
    files: Mapping[str, bytes]
    network: Mapping[str, Any]
    preprocessing: Mapping[str, Any]
    check: Callable[[Path], dict[str, Any]]
    calibration: Mapping[str, Any] = field(default_factory=dict)


def publish(parts: BundleParts, card: Card, place: Path) -> Path:
    """Write the bundle to the folder `place`, replacing an older one, and return it.

    Raises:
        BugFault: an exported structure does not answer like the network.
        MmbmError: the disk is full or the folder cannot be written.
    """
    with os_errors_sorted(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent, prefix=f".{place.name}.") as temporary:
            made = Path(temporary) / place.name
            made.mkdir()
            _write_parts(parts, card, made)
            read_manifest(made)
            if place.exists():
                shutil.rmtree(place)
            made.rename(place)
    return place


def _write_parts(parts: BundleParts, card: Card, folder: Path) -> None:
    arrays = {name: np.ascontiguousarray(to_numpy(variable)) for name, variable in parts.weights.items()}
    save_file(arrays, folder / WEIGHTS)
    for structure in parts.structures:
        export_structure(structure, parts.weights, folder / WEIGHTS)
    for name, content in {**parts.files, CARD_FILE: card.text.encode()}.items():
        write_atomically(folder / name, content)
    manifest = _manifest(parts, card, sum(array.size for array in arrays.values()))
    manifest["probe"] = parts.check(folder)
    manifest["files"] = {
        path.name: {"bytes": path.stat().st_size, "sha256": sha256_of(path)} for path in sorted(folder.iterdir())
    }
    write_atomically(folder / MANIFEST_FILE, (json.dumps(manifest, indent=1, ensure_ascii=False) + "\n").encode())


def _manifest(parts: BundleParts, card: Card, parameters: int) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "name": card.name,
        "version": card.version,
        "title": dict(card.title),
        "tasks": list(parts.tasks),
        "family": parts.family,
        "languages": list(card.languages),
        "licence": card.licence,
        "source": card.source,
        "created_by": f"mmbm-desktop {__version__}",
        "files": {},
        "network": dict(parts.network),
        "preprocessing": dict(parts.preprocessing),
        "calibration": dict(parts.calibration),
        "quality": dict(card.quality),
        "training_data": [dict(entry) for entry in card.training_data],
        "parameters": parameters,
    }

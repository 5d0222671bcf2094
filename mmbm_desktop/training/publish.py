"""Turns a trained image-text network into a bundle: weights, hollow structures, tokenizer, card and manifest.

A bundle is made beside its place and moved there when it has passed its probe: a half-made one is never seen.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors.numpy import save_file

from mmbm_desktop import __version__
from mmbm_desktop.base.files import os_errors_sorted, sha256_of, write_atomically
from mmbm_desktop.bundles.manifest import FORMAT, MANIFEST_FILE, read_manifest
from mmbm_desktop.bundles.store import CARD_FILE
from mmbm_desktop.networks.image_text import weight_names
from mmbm_desktop.networks.tensors import to_numpy
from mmbm_desktop.training.data.augment import PIXEL_MEAN, PIXEL_STD
from mmbm_desktop.training.export.check import check_export
from mmbm_desktop.training.export.hollow import export_structure
from mmbm_desktop.training.export.image_text import structures

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from mmbm_desktop.networks.image_text import ImageTextNetwork
    from mmbm_desktop.training.card import Card

WEIGHTS = "model.safetensors"


def publish(network: ImageTextNetwork, tokenizer: Tokenizer, card: Card, place: Path) -> Path:
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
            _write_parts(network, tokenizer, card, made)
            read_manifest(made)
            if place.exists():
                shutil.rmtree(place)
            made.rename(place)
    return place


def _write_parts(network: ImageTextNetwork, tokenizer: Tokenizer, card: Card, folder: Path) -> None:
    weights = {name: variable for name, variable in weight_names(network).items() if "to_teacher" not in name}
    arrays = {name: np.ascontiguousarray(to_numpy(v)) for name, v in weights.items()}
    save_file(arrays, folder / WEIGHTS)
    for structure in structures(network):
        export_structure(structure, weights, folder / WEIGHTS)
    tokenizer.save(str(folder / "tokenizer.json"))
    write_atomically(folder / CARD_FILE, card.text.encode())
    manifest = _manifest(network, card, sum(array.size for array in arrays.values()))
    manifest["probe"] = check_export(folder, network, manifest["preprocessing"])
    manifest["files"] = {
        path.name: {"bytes": path.stat().st_size, "sha256": sha256_of(path)} for path in sorted(folder.iterdir())
    }
    write_atomically(folder / MANIFEST_FILE, (json.dumps(manifest, indent=1, ensure_ascii=False) + "\n").encode())


def _manifest(network: ImageTextNetwork, card: Card, parameters: int) -> dict[str, Any]:
    config = network.config
    rules = config.rules
    text = {
        "max_tokens": config.max_tokens,
        "pad": rules.pad,
        "bos": {"en": rules.bos_en, "zh": rules.bos_zh},
        "eos": rules.eos,
        "unk": rules.unk,
        "lowercase": True,
    }
    image = {
        "size": config.image_size,
        "resize": "squash",
        "filter": "bilinear-antialias",
        "mean": PIXEL_MEAN,
        "std": PIXEL_STD,
    }
    return {
        "format": FORMAT,
        "name": card.name,
        "version": card.version,
        "title": dict(card.title),
        "tasks": ["caption", "embed-image", "embed-text"],
        "family": "mmbm-image-text",
        "languages": list(card.languages),
        "licence": card.licence,
        "source": card.source,
        "created_by": f"mmbm-desktop {__version__}",
        "files": {},
        "network": asdict(config),
        "preprocessing": {"image": image, "text": text},
        "calibration": {},
        "quality": dict(card.quality),
        "training_data": [dict(entry) for entry in card.training_data],
        "parameters": parameters,
    }
